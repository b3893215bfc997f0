"""Which block of one body became which of the other: exact ones first, then by their words."""

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from attrs import field, frozen

from pipelines.diff.words import Word, letters, opcodes, words_of

Pair = tuple[int | None, int | None]
"""Places before and after of one block; None where it is not."""

_ALIKE, _ENTRIES_ALIKE = 0.5, 0.6
_CONTAINED, _FEWEST_CONTAINED = 0.85, 5
_MOST_COMMON = 20
"""A word in more blocks than this says nothing about which became which."""

_CANDIDATES = 6


@frozen
class Part:
    """A block or a caption, with what is compared."""

    kind: str
    text: str
    posted: datetime | None
    words: tuple[Word, ...] = field(eq=False)
    bag: Counter[str] = field(eq=False)
    letters: str = field(eq=False)

    @property
    def key(self) -> str:
        """What an unchanged one keeps."""
        return f"{self.kind} {self.text}"

    @property
    def is_entry(self) -> bool:
        """Whether it is an entry of a live blog."""
        return self.kind == "update"

    @property
    def title(self) -> str:
        """First line of several, or nothing."""
        title, _, rest = self.text.partition("\n")
        return title if rest else ""


def part(kind: str, text: str, posted: datetime | None = None) -> Part:
    """Return a block or a caption as it is compared."""
    words = words_of(text)
    return Part(kind, text, posted, words, Counter(w.norm for w in words), letters(words))


def align(before: Sequence[Part], after: Sequence[Part]) -> list[Pair]:
    """Return the places of all parts of both sides in order, those that belong together as one."""
    one, two = [item.key for item in before], [item.key for item in after]
    if two < one:
        matched = [(i, j) for j, i in _matched(after, before, two, one)]
    else:
        matched = _matched(before, after, one, two)
    return list(_in_order(matched, len(before), len(after)))


def _in_order(
    matched: Iterable[tuple[int, int]], before: int, after: int
) -> Iterator[tuple[int | None, int | None]]:
    i = j = 0
    for next_i, next_j in [*matched, (before, after)]:
        yield from ((gone, None) for gone in range(i, next_i))
        yield from ((None, new) for new in range(j, next_j))
        if next_i < before:
            yield next_i, next_j
        i, j = next_i + 1, next_j + 1


def _matched(
    before: Sequence[Part], after: Sequence[Part], one: list[str], two: list[str]
) -> list[tuple[int, int]]:
    matched: list[tuple[int, int]] = []
    for op, i1, i2, j1, j2 in opcodes(one, two):
        if op == "equal":
            matched.extend(zip(range(i1, i2), range(j1, j2), strict=True))
        elif op == "replace":
            pairs = _alike(before[i1:i2], after[j1:j2])
            matched.extend((i1 + i, j1 + j) for i, j in pairs)
    return matched


def _alike(before: Sequence[Part], after: Sequence[Part]) -> list[tuple[int, int]]:
    scored = sorted(
        (-score, abs(i - j), i, j)
        for i, j in _candidates(before, after)
        if (score := _score(before[i], after[j])) > 0
    )
    chosen: list[tuple[int, int]] = []
    for *_, i, j in scored:
        _add_unless_crossing(chosen, i, j)
    return chosen


def _add_unless_crossing(chosen: list[tuple[int, int]], i: int, j: int) -> None:
    insort(chosen, (i, j))
    place = bisect_left(chosen, (i, j))
    around = chosen[max(0, place - 1) : place + 2]
    if any(a[0] >= b[0] or a[1] >= b[1] for a, b in pairwise(around)):
        del chosen[place]


def _candidates(before: Sequence[Part], after: Sequence[Part]) -> Iterator[tuple[int, int]]:
    places: defaultdict[Hashable, list[int]] = defaultdict(list)
    for i, item in enumerate(before):
        for feature in _features(item):
            places[feature].append(i)
    for j, item in enumerate(after):
        found = (places.get(feature, ()) for feature in _features(item))
        votes = Counter(i for known in found if len(known) <= _MOST_COMMON for i in known)
        yield from ((i, j) for i, _ in votes.most_common(_CANDIDATES))


def _features(item: Part) -> set[Hashable]:
    own: set[Hashable] = {("letters", item.letters), *item.bag}
    if item.is_entry:
        own |= {("posted", item.posted), ("title", item.title)}
    return own


def _score(one: Part, two: Part) -> float:
    if one.letters == two.letters and one.letters:
        return 3
    alike = likeness(one.bag, two.bag)
    if one.is_entry and two.is_entry:
        return _entry_score(one, two, alike)
    return alike if alike >= _ALIKE else 0


def _entry_score(one: Part, two: Part, alike: float) -> float:
    if one.posted and one.posted == two.posted:
        return 2 + alike
    if one.title and one.title == two.title:
        return 1 + alike
    are_others = one.posted is not None and two.posted is not None
    return 0 if are_others or alike < _ENTRIES_ALIKE else alike


def likeness(one: Counter[str], two: Counter[str]) -> float:
    """Return how much two texts share by their words, 0 to 1; one that holds the other is alike."""
    shared, sizes = (one & two).total(), sorted((one.total(), two.total()))
    if not sizes[0]:
        return 0
    dice = 2 * shared / sum(sizes)
    is_contained = sizes[0] >= _FEWEST_CONTAINED and shared >= _CONTAINED * sizes[0]
    return max(dice, _ENTRIES_ALIKE) if is_contained else dice
