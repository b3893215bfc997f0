"""Entries of a live blog that fell off its old end when new ones came."""

from collections.abc import Iterable, Sequence
from itertools import takewhile

from pipelines.diff.align import Pair, Part


def fallen(pairs: Sequence[Pair], before: Sequence[Part], after: Sequence[Part]) -> frozenset[int]:
    """Return the places before of the entries that fell off; none when no entry came."""
    gone = {i for i, j in pairs if i is not None and j is None}
    entries = [i for i, item in enumerate(before) if item.is_entry]
    new = [j for i, j in pairs if i is None and j is not None and after[j].is_entry]
    if not new:
        return frozenset()
    from_the_end = _is_newest_first(after, new)
    ordered: Iterable[int] = reversed(entries) if from_the_end else entries
    return frozenset(takewhile(gone.__contains__, ordered))


def _is_newest_first(after: Sequence[Part], new: Sequence[int]) -> bool:
    dates = [item.posted for item in after if item.posted]
    if dates and dates[0] != dates[-1]:
        return dates[0] > dates[-1]
    entries = [j for j, item in enumerate(after) if item.is_entry]
    return new[0] == entries[0]
