"""Whether a bucket holds what its manifests say: claims against a listing, and digests. Pure."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta

from attrs import field, frozen

from archive.keys import run_of_key, run_started_at, sha256_hex
from archive.records import ObjectEntry, Problem

STALE = timedelta(days=1)
"""How long a run may be without its books before what it left counts as a problem."""

_POINTERS = ("leases", "feeds", "exports", "manifests")
"""Kinds of objects that no run manifest names: replaced as things change, made again, or chained."""

_LOOSE = ("articles", "enrichments", "readings", "quarantine")
"""Kinds of objects that do not say by their keys which run is at work on them."""


@frozen
class Share:
    """Which objects are read in full: every one, or one of so many, by a hash of its key."""

    turns: int = 1
    """One of so many objects is read."""

    taken: frozenset[int] = frozenset({0})
    """Which of them, counted from 0: who takes every turn has read every object once."""

    salt: str = ""
    """Gives other shares. Empty for the same each time."""

    def takes(self, key: str) -> bool:
        """Whether this object is read."""
        return int(sha256_hex(f"{self.salt}{key}".encode())[:12], 16) % self.turns in self.taken


def turns_due(today: date, last: date | None, turns: int) -> frozenset[int]:
    """Return the turns of an audit: that of the day, and those since the day of the last audit.

    So every object is read within ``turns`` days, or as soon as there are audits again. The first audit
    takes all.
    """
    days = turns if last is None else min((today - last).days, turns)
    return frozenset((today.toordinal() - back) % turns for back in range(max(days, 1)))


@frozen(kw_only=True)
class UnderWay:
    """What no manifest can name yet."""

    runs: frozenset[str]
    """Ids of runs that left something and wrote no manifest."""

    since: datetime | None
    """When the oldest of them, or of the steps without a crawl, began. None when there is none."""

    stale: frozenset[str] = field(factory=frozenset)
    """Those of ``runs`` that began so long ago, or so far in the future, that nobody is at work on them."""


@frozen(kw_only=True)
class Compared:
    """A listing against the claims."""

    problems: tuple[Problem, ...]
    """What is missing or unexpected."""

    in_the_making: tuple[str, ...]
    """Keys that no manifest can name yet."""


def under_way(
    modified: Mapping[str, datetime],
    finished: Iterable[str],
    notes: Iterable[datetime],
    now: datetime,
) -> UnderWay:
    """Return what is under way.

    ``modified`` says when each object was written, ``finished`` are runs with a manifest, and
    ``notes`` are the times of the notes that steps without a crawl leave while they work.
    """
    runs = {run for key in modified if _is_counted(key) and (run := run_of_key(key))}
    left = frozenset(runs - set(finished))
    # Nor is anybody at work on a run that is still to come, but for clocks that go apart.
    fresh = {run for run in left if abs(now - run_started_at(run)) < STALE}
    begun = [*map(run_started_at, fresh), *(note for note in notes if now - note < STALE)]
    return UnderWay(runs=left, since=min(begun, default=None), stale=left - fresh)


def compare(
    claims: Collection[str],
    modified: Mapping[str, datetime],
    busy: UnderWay,
    gone: Mapping[str, str | None] | None = None,
) -> Compared:
    """Return where a listing, the times of all objects by key, differs from the keys that are claimed.

    ``gone`` gives the tombstone of each object that was taken down; None for one at which a takedown is at work.
    """
    gone = gone or {}
    problems = [
        Problem(key=key, problem="missing: a manifest names it, and it is not there")
        for key in claims
        if key not in modified
    ]
    making = []
    for key in filter(_is_counted, modified.keys() - set(claims)):
        run = run_of_key(key)
        if key in gone:
            if tombstone := gone[key]:
                text = f"unexpected: it was taken down ({tombstone}), and is there"
                problems.append(Problem(key=key, problem=text))
            else:
                making.append(key)
        elif run in busy.stale:
            text = f"unfinished: run {run} left it and wrote no books"
            problems.append(Problem(key=key, problem=text))
        elif run in busy.runs or (_is_loose(key) and _is_since(modified[key], busy.since)):
            making.append(key)
        else:
            problems.append(Problem(key=key, problem="unexpected: no manifest names it"))
    return Compared(problems=tuple(problems), in_the_making=tuple(making))


def altered(claim: ObjectEntry, found: ObjectEntry, by_digest: Mapping[str, str]) -> Problem:
    """Return what is said of an object whose bytes are others; ``by_digest`` gives the key of each digest."""
    other = by_digest.get(found.sha256)
    what = f"it holds the content of {other}" if other else f"its SHA-256 is {found.sha256}"
    return Problem(
        key=claim.key, problem=f"altered: {what}, not {claim.sha256} as when it was written"
    )


def _is_counted(key: str) -> bool:
    return key.split("/")[1] not in _POINTERS


def _is_loose(key: str) -> bool:
    return key.split("/")[1] in _LOOSE


def _is_since(modified_at: datetime, since: datetime | None) -> bool:
    # Run ids have no fractions of a second.
    return since is not None and modified_at >= since
