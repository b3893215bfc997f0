"""The change in one line, the most important first."""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from archive.records import FieldChange
from pipelines.diff.kinds import Found

_LONGEST = 160
_FEW, _LEAD = 6, 2
_ACCESS = {
    "free": "now free",
    "premium": "now for subscribers only",
    "unknown": "access no longer known",
}
_PLURAL = {"entry": "entries"}


def summary(found: Found, fields: Sequence[FieldChange]) -> str:
    """Return at most 160 characters about a change; there is one."""
    line = ""
    for said in [*_parts(found, fields)] or ["small changes of form only"]:
        longer = f"{line}; {said}" if line else said
        if len(longer) > _LONGEST - 3:
            return f"{line or said[: _LONGEST - 5]}; …"
        line = longer
    return line


def _parts(found: Found, fields: Sequence[FieldChange]) -> Iterator[str]:
    known: dict[str, FieldChange] = {change.field: change for change in fields}
    yield from (f"headline {_shown(known[name])}" for name in ("headline",) if name in known)
    yield from (_ACCESS[known[name].after or ""] for name in ("access",) if name in known)
    yield from (
        f"correction note {done}"
        for done in ("added", "changed")
        if found.counts["correction note", done]
    )
    yield from (_arrow(*edit.shown) for edit in found.wordings[:2])
    yield from _counted(found)
    for name in ("description", "authors", "agency"):
        if name in known:
            yield f"{name} {_shown(known[name])}"


def _counted(found: Found) -> Iterator[str]:
    for (unit, done), count in found.counts.items():
        if unit != "correction note":
            name = unit if count == 1 else _PLURAL.get(unit, f"{unit}s")
            yield f"{count} {name} {done}"


def _shown(change: FieldChange) -> str:
    return _arrow(change.before, change.after)


def _arrow(before: str | None, after: str | None) -> str:
    if not before:
        return f"“{_cut(after)}” added"
    if not after:
        return f"“{_cut(before)}” deleted"
    same = len(list(takewhile(_is_same, zip(before.split(), after.split(), strict=False))))
    one, two = (_from(text.split(), same) for text in (before, after))
    return f"“{_cut(one)}” → “{_cut(two)}”"


def _is_same(pair: tuple[str, str]) -> bool:
    return pair[0] == pair[1]


def _from(words: list[str], same: int) -> str:
    start = same - _LEAD if len(words) > _FEW and same > _LEAD else 0
    return ("…" if start else "") + " ".join(words[start:])


def _cut(text: str | None) -> str:
    words = (text or "").split()
    cut = " ".join(words[:_FEW])
    return f"{cut[:60]}…" if len(words) > _FEW or len(cut) > 60 else cut  # noqa: PLR2004 - a line's share
