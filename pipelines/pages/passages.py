"""The paragraphs and headings of a page as its markup has them, to hold against the text that was found."""

from collections.abc import Iterable, Sequence

from attrs import frozen
from lxml.html import HtmlElement

from archive.records import Block
from pipelines.pages.markup import text_of

_ASIDE = frozenset({"aside", "footer", "nav", "header", "form", "figure", "figcaption"})
_TAGS = ("p", "h2", "h3", "h4")
_BOXES = ("div", "section", "td")
_BLOCKS = (*_TAGS, *_BOXES, "h1", "article", "li", "ul", "ol", "table", "blockquote", "figure", "form")  # fmt: skip
_PROSE_CHARACTERS = 80
_MOSTLY_LINKS = 0.5
_START = 40
_SAMPLE = 1000


@frozen(eq=False)
class Passage:
    """A paragraph or heading outside of asides, headers, footers, forms and figures."""

    element: HtmlElement
    text: str
    """Its text on one line."""

    letters: str
    """The same without spaces: what is compared."""

    @property
    def is_prose(self) -> bool:
        """Whether it is a paragraph of some length."""
        return self.element.tag not in {"h2", "h3", "h4"} and len(self.text) >= _PROSE_CHARACTERS


def passages_of(tree: HtmlElement) -> list[Passage]:
    """Return the paragraphs and headings of a page, in its order."""
    aside = {inner for outer in tree.iter(*_ASIDE) for inner in outer.iter(*_TAGS)}
    return [_passage(e, text) for e in tree.iter(*_TAGS) if e not in aside and (text := text_of(e))]


def boxed_prose(tree: HtmlElement) -> list[Passage]:
    """Return prose that stands in no paragraph: the boxes that hold text and no block."""
    holders = {element.getparent() for element in tree.iter(*_BLOCKS)}
    aside = {inner for outer in tree.iter(*_ASIDE, "a") for inner in outer.iter(*_BOXES)}
    found = (
        _passage(box, text_of(box))
        for box in tree.iter(*_BOXES)
        if box not in holders and box not in aside and len(box) + len(box.text or "")
    )
    return [passage for passage in found if passage.is_prose and not is_linked(passage)]


def _passage(element: HtmlElement, text: str) -> Passage:
    return Passage(element, text, text.replace(" ", ""))


def is_linked(passage: Passage) -> bool:
    """Whether a passage is mostly a link to something else."""
    linked = sum(len(text_of(link)) for link in passage.element.iter("a"))
    return linked > _MOSTLY_LINKS * len(passage.text)


def length(parts: Iterable[Passage | Block]) -> int:
    """Return the characters in passages or blocks."""
    return sum(len(part.text) for part in parts)


def letters_of(blocks: Iterable[Block]) -> str:
    """Return all the text of blocks without white space."""
    return "".join("".join(block.text.split()) for block in blocks)


def covered(passages: Sequence[Passage], blocks: Sequence[Block]) -> float:
    """Return how many characters of the passages begin somewhere in the blocks; of many, a sample tells."""
    letters = letters_of(blocks)
    sample = passages[:: 1 + len(passages) // _SAMPLE]
    there = length(passage for passage in sample if passage.letters[:_START] in letters)
    return there * length(passages) / max(1, length(sample))
