"""The chain of day manifests: what a new link holds, and whether links hold together. Pure."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from archive.codec import encode
from archive.keys import day_manifest_key, run_day, run_of_key, sha256_hex
from archive.records import DayLink, DayManifest, ObjectEntry, Problem, RunManifest

_LEAF, _NODE = b"\0", b"\1"

_AHEAD = timedelta(days=35)
"""How far a clock of ours may go wrong: no link of a day so far ahead is ours."""


def merkle_root(entries: Iterable[ObjectEntry]) -> str:
    """Return the root of the Merkle tree over objects, 64 hexadecimal digits.

    As RFC 6962 (section 2.1) has it, with SHA-256. A leaf is an entry's JSON with sorted keys; they
    come in order of key, size and digest, each once, so that equal objects give equal roots.
    """
    ordered = sorted({(one.key, one.size, one.sha256): one for one in entries}.items())
    leaves = [hashlib.sha256(_LEAF + encode(entry)).digest() for _, entry in ordered]
    return (_root(leaves) if leaves else hashlib.sha256().digest()).hex()


def _root(hashes: Sequence[bytes]) -> bytes:
    """Return the root over one hash or more: pairs first, an odd one moves up as it is.

    That is the tree of RFC 6962, which splits at the largest power of two below the number.
    """
    level = list(hashes)
    while len(level) > 1:
        odd = level[-1:] if len(level) % 2 else []
        pairs = zip(level[::2], level[1::2], strict=False)
        level = [hashlib.sha256(_NODE + left + right).digest() for left, right in pairs] + odd
    return level[0]


def link_to(manifest: DayManifest) -> DayLink:
    """Return what the next day manifest, and every run until then, says of this one."""
    return DayLink(day=manifest.day, sha256=sha256_hex(encode(manifest)))


def day_of_key(key: str) -> date | None:
    """Return the day for which a day manifest is named. None for other keys, and a name that is no day."""
    folder, _, name = key.rpartition("/")
    try:
        day = date.fromisoformat(name.removesuffix(".json"))
    except ValueError:
        return None
    return day if folder.endswith("/manifests/days") else None


def is_far_ahead(key: str, at: datetime) -> bool:
    """Whether it is a day manifest of a day so long after an instant that somebody else wrote it."""
    day = day_of_key(key)
    return day is not None and day > at.date() + _AHEAD


def close_day(
    publisher: str,
    day: date,
    previous: DayLink | None,
    runs: Sequence[tuple[ObjectEntry, RunManifest]],
) -> DayManifest:
    """Return the manifest of a day that is over; ``runs`` are those that none before it holds."""
    entries = {(one.key, one.sha256): one for _, run in runs for one in run.objects}
    return DayManifest(
        publisher=publisher,
        day=day,
        previous=previous,
        manifests=tuple(sorted((entry for entry, _ in runs), key=lambda one: one.key)),
        merkle_root=merkle_root(entries.values()),
        objects=len(entries),
        bytes=sum(entry.size for entry in entries.values()),
    )


def days_to_close(
    open_keys: Iterable[str], last: date | None, today: date
) -> dict[date, list[str]]:
    """Return which run manifests, by key, each new link takes; the days are over and come after ``last``.

    One that came late goes into the first link after its day that is not made yet. Keys of no run are left out.
    """
    days: dict[date, list[str]] = {}
    late: list[str] = []
    for key in sorted(open_keys):
        run_id = run_of_key(key)
        if run_id is None or (day := run_day(run_id)) >= today:
            continue
        if last is not None and day <= last:
            late.append(key)
        else:
            days.setdefault(day, []).append(key)
    if late and days:
        days[min(days)] += late
    return dict(sorted(days.items()))


def broken_links(publisher: str, chain: Sequence[tuple[DayManifest, str]]) -> list[Problem]:
    """Return where the chain is broken; it is given with the SHA-256 of what the bucket holds, by day."""
    found = []
    before: DayLink | None = None
    for manifest, sha256 in chain:
        if manifest.previous != before:
            said = manifest.previous
            where = day_manifest_key(publisher, said.day if said else manifest.day)
            is_gone = said is not None and (before is None or before.day < said.day)
            word = "missing" if is_gone else "altered"
            text = f"{word}: it is not the one that the manifest of {manifest.day} follows"
            found.append(Problem(key=where, problem=text))
        before = DayLink(day=manifest.day, sha256=sha256)
    return found
