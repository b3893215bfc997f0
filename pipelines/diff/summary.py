"""The change in one line, the most important first."""

from collections.abc import Iterator, Sequence

from archive.records import FieldChange
from pipelines.diff.kinds import Found

_LONGEST = 160
_FEW = 6
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
    known = {change.field: change for change in fields}
    if change := known.get("headline"):
        yield f"headline {_arrow(change.before, change.after)}"
    if change := known.get("access"):
        yield _ACCESS.get(change.after or "", "access changed")
    note = found.counts["correction note", "added"]
    yield from ["correction note added"] * note
    for edit in found.wordings[:2]:
        words = [" ".join(w.raw for w in side) for side in (edit.before, edit.after)]
        yield _arrow(*words)
    for (unit, done), count in found.counts.items():
        if unit != "correction note":
            name = unit if count == 1 else _PLURAL.get(unit, f"{unit}s")
            yield f"{count} {name} {done}"
    for name in ("description", "authors", "agency"):
        if change := known.get(name):
            yield f"{name} {_arrow(change.before, change.after)}"


def _arrow(before: str | None, after: str | None) -> str:
    if not before:
        return f"“{_cut(after)}” added"
    return f"“{_cut(before)}” → “{_cut(after)}”" if after else f"“{_cut(before)}” deleted"


def _cut(text: str | None) -> str:
    words = (text or "").split()
    cut = " ".join(words[:_FEW])
    return f"{cut[:60]}…" if len(words) > _FEW or len(cut) > 60 else cut  # noqa: PLR2004 - a line's share
