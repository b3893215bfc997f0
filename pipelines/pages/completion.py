"""What the text engine left out of a body, put back from the page.

It drops words that are links, and whole paragraphs between two that it took. A passage that stands
between two of the text's, in a container like theirs, belongs to the text.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from attrs import evolve
from lxml.html import HtmlElement

from archive.records import Block, BlockKind
from pipelines.pages.passages import Passage, is_linked, letters_of

_LEAST_WORDS = 8
_LEAST_SHARE = 0.5
_SAME_WORDS = 0.9
_ENDS = 40
_UNIQUE = 20
_NEARBY = 50
MOST_PASSAGES = 3_000
"""Passages of a page, ten times as many as in any of 378 real ones; with more, nothing is put back."""

Places = dict[int, int]
"""Number of a block to the number of the passage in which it stands on the page."""


def completed(blocks: list[Block], passages: list[Passage]) -> list[Block]:
    """Return the blocks with the words and paragraphs that the page has and they lack."""
    if len(passages) > MOST_PASSAGES:
        return blocks
    places = _places(blocks, passages)
    torn = _torn(blocks, passages, places)
    whole = [
        evolve(block, text=passages[torn[n]].text) if n in torn else block
        for n, block in enumerate(blocks)
    ]
    places = dict(sorted((places | torn).items()))
    if any(later < earlier for earlier, later in pairwise(places.values())):
        return whole  # the page has another order, so nothing is known to stand between
    return list(_filled(whole, passages, places))


def _places(blocks: list[Block], passages: list[Passage]) -> Places:
    """Find the blocks that stand on the page as they are, alone or with others in one passage."""
    by_letters: dict[str, list[int]] = {}
    for place, passage in enumerate(passages):
        by_letters.setdefault(passage.letters, []).append(place)
    found: Places = {}
    start = 0
    for number, block in enumerate(blocks):
        letters = "".join(block.text.split())
        same = by_letters.get(letters, ())
        nearby = range(start, min(start + _NEARBY, len(passages)) if len(letters) > _UNIQUE else 0)
        places = (
            *(place for place in same if place >= start),
            *(place for place in nearby if letters in passages[place].letters),
            *same,
        )
        if places:
            found[number] = start = places[0]
    return found


def _torn(blocks: list[Block], passages: list[Passage], places: Places) -> Places:
    """Find the blocks that lack words of the passage which they are."""
    found: Places = {}
    before = -1
    for number, block in enumerate(blocks):
        before = places.get(number, before)
        words = block.text.split()
        if number in places or block.kind == "list" or len(words) < _LEAST_WORDS:
            continue
        between = range(before + 1, min(before + 1 + _NEARBY, len(passages)))
        same = {p: _same(words, passages[p].text.split()) for p in between}
        place = max(same, key=lambda p: same[p], default=None)
        if place is not None and same[place] >= _SAME_WORDS * len(words):
            found[number] = place
    return found


def _same(words: list[str], whole: list[str]) -> int:
    """Return how many of the words a longer text has too; 0 when it is far longer or no longer."""
    if not len(words) < len(whole) <= len(words) / _LEAST_SHARE:
        return 0
    return (Counter(words) & Counter(whole)).total()


def _filled(blocks: list[Block], passages: list[Passage], places: Places) -> Iterator[Block]:
    """Yield the blocks, and between them what the page has there."""
    known = letters_of(blocks)
    prose = [passages[place] for place in places.values() if _is_long(passages[place])]
    kinds = {_container(passage.element) for passage in prose}

    def fits(passage: Passage) -> bool:
        ends = (passage.letters[:_ENDS], passage.letters[-_ENDS:])
        in_kind = _container(passage.element) in kinds
        return in_kind and not is_linked(passage) and not any(end in known for end in ends)

    last = None
    for number, block in enumerate(blocks):
        place = places.get(number)
        if place is not None:
            missing = _lead(passages, place) if last is None else passages[last + 1 : place]
            yield from (_block(passage) for passage in missing if fits(passage))
            last = place
        yield block


def _lead(passages: list[Passage], first: int) -> Iterable[Passage]:
    """Return the paragraphs right before the first one of the text, in the same container."""
    parent = passages[first].element.getparent()
    start = first
    while (
        start
        and passages[start - 1].element.getparent() is parent
        and _is_long(passages[start - 1])
        and not is_linked(passages[start - 1])
    ):
        start -= 1
    return passages[start:first]


def _is_long(passage: Passage) -> bool:
    return passage.element.tag == "p" and len(passage.text.split()) >= _LEAST_WORDS


def _container(element: HtmlElement) -> tuple[object, ...]:
    """Return what paragraphs of one body have in common; their headings may have any class."""
    parent = element.getparent()
    own = element.get("class") if element.tag == "p" else None
    return () if parent is None else (parent.tag, parent.get("class"), own)


def _block(passage: Passage) -> Block:
    kind: BlockKind = "paragraph" if passage.element.tag == "p" else "heading"
    return Block(kind=kind, text=passage.text)
