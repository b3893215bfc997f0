"""The text engine: trafilatura on a tree, and its answer as blocks. Only this module calls it."""

from collections.abc import Iterator
from functools import partial

import trafilatura
from attrs import evolve
from lxml import etree
from lxml.html import HtmlElement
from lxml.html.builder import E

from archive.records import Block, BlockKind
from pipelines.pages.completion import completed
from pipelines.pages.furniture import without_furniture
from pipelines.pages.markup import clean, text_of
from pipelines.pages.passages import Passage, boxed_prose, covered, length, passages_of
from pipelines.pages.pruning import MARK, is_inside, side_parts
from pipelines.pages.second_look import alone, joined

VERSION = f"tf{trafilatura.__version__}"
"""What a reader's version says of the library that finds the text: another may find another text."""

_KINDS: dict[str, BlockKind] = {"head": "heading", "list": "list", "quote": "quote"}
_PARTS = frozenset({"p", "head", "list", "quote", "table"})
_SHORT = 600
_ENOUGH = 0.6
_LITTLE = 0.3
_BOX_CHARACTERS = 1000
_MUCH_MORE = 1.4
_CONTAINERS = frozenset({"div", "body"})


def main_text(tree: HtmlElement) -> list[Block]:
    """Return the blocks of a page's main text; empty when there is none.

    trafilatura says what belongs to the text; the page itself gives back what it dropped from within.
    Without ``deduplicate``, which remembers earlier pages, and without metadata, which we read
    ourselves: dates it finds in the text would be inventions.
    """
    passages = passages_of(tree)
    prose = [passage for passage in passages if passage.is_prose]
    with side_parts(tree, prose) as sides:
        found = _found(tree, prose)
    around = [passage for passage in passages if not is_inside(passage.element, sides)]
    return without_furniture(completed(found, around), partial(_links, tree))


def _links(tree: HtmlElement) -> frozenset[str]:
    return frozenset(text for link in tree.iter("a") if (text := text_of(link)))


def _found(tree: HtmlElement, prose: list[Passage]) -> list[Block]:
    """Return the text by the quick way, and by slower ones where it lacks most of the page's prose."""
    every = [*prose, *boxed_prose(tree)]
    found = _extracted(tree, fast=True)
    if length(found) < _SHORT or covered(every, found) < _ENOUGH * length(every):
        found = _extracted(tree)
    whole = joined(tree, prose) if length(found) < _ENOUGH * length(prose) else None
    if (whole is not None and _is_more(again := _extracted(whole), found)) or (
        length(found) < min(_BOX_CHARACTERS, _ENOUGH * length(prose))
        and _is_more(again := _extracted(tree, precision=False), found)
    ):
        found = again
    return _not_links(found, [tree] if whole is None else [tree, whole], prose, every)


def _not_links(
    found: list[Block], trees: list[HtmlElement], prose: list[Passage], every: list[Passage]
) -> list[Block]:
    """Return what holds the page's prose, where the text found is something else, such as a list."""
    if found and covered(every, found) >= _LITTLE * length(found):
        return found
    texts = [_extracted(tree, precision=False) for tree in (*trees, alone(prose))]
    again = max(texts, key=lambda blocks: covered(every, blocks))
    is_prose = covered(every, again) > _ENOUGH * length(again)
    return again if is_prose and length(again) > length(found) else found


def _extracted(tree: HtmlElement, *, precision: bool = True, fast: bool = False) -> list[Block]:
    found = trafilatura.bare_extraction(
        tree,
        fast=fast,
        favor_precision=precision,
        include_comments=False,
        with_metadata=False,
        prune_xpath=f".//*[@{MARK}]",
    )
    if found is None or isinstance(found, dict) or found.body is None:
        return []
    return [block for block in blocks_of(found.body) if block.text]


def _is_more(again: list[Block], found: list[Block]) -> bool:
    return length(again) > _MUCH_MORE * length(found)


def cut_text(known: list[Block]) -> tuple[list[Block], str]:
    """Return the text of a body that was cut out of its page, and who made it.

    trafilatura makes it, and the markup is the check: where trafilatura leaves something out (a
    repeated paragraph, a short line) or glues blocks together, the blocks of the markup stand.
    """
    made = list(_in_kinds(_from_cut(known), known)) if known else []
    return (made, "trafilatura") if made else (known, "markup")


def _from_cut(known: list[Block]) -> list[str]:
    body = E.article()
    for block in known:
        body.append(_element(block))
    page = E.html(E.body(body))
    found = trafilatura.bare_extraction(
        page, fast=True, favor_recall=True, include_comments=False, with_metadata=False
    )
    if found is None or isinstance(found, dict) or found.body is None:
        return []
    return [block.text for block in blocks_of(found.body) if block.text]


def _element(block: Block) -> HtmlElement:
    if block.kind == "list":
        return E.ul(*(E.li(line) for line in block.text.split("\n")))
    if block.kind == "heading":
        return E.h2(block.text)
    return E.blockquote(E.p(block.text)) if block.kind == "quote" else E.p(block.text)


def _in_kinds(texts: list[str], known: list[Block]) -> Iterator[Block]:
    """Yield trafilatura's texts with the kinds of the markup, if they agree block for block."""
    if len(texts) == len(known) and all(
        _letters(text) == _letters(block.text) for text, block in zip(texts, known, strict=True)
    ):
        for text, block in zip(texts, known, strict=True):
            yield block if block.kind in {"list", "update"} else evolve(block, text=text)


def _letters(text: str) -> str:
    return "".join(text.split())


def blocks_of(body: etree._Element) -> Iterator[Block]:
    """Yield the blocks in trafilatura's own tree."""
    yield from _paragraphs(body.text)
    for element in body:
        yield from _block(element)
        yield from _paragraphs(element.tail)


def _block(element: etree._Element) -> Iterator[Block]:
    if element.tag == "list":
        yield Block(kind="list", text="\n".join(filter(None, (_flat(item) for item in element))))
    elif element.tag == "table":
        rows = (" | ".join(filter(None, map(_flat, row))) for row in element.iter("row"))
        yield Block(kind="list", text="\n".join(filter(None, rows)))
    elif element.tag in _CONTAINERS or (element.tag == "p" and _PARTS & {e.tag for e in element}):
        yield from blocks_of(element)
    else:
        kind = _KINDS.get(str(element.tag), "paragraph")
        for line in _lines(element):
            yield Block(kind=kind, text=line)


def _paragraphs(text: str | None) -> Iterator[Block]:
    if line := clean(text):
        yield Block(kind="paragraph", text=line)


def _flat(element: etree._Element) -> str:
    return clean(" ".join(_lines(element)))


def _lines(element: etree._Element) -> list[str]:
    """Return the text in an element, a new line at each line break and each part inside it."""
    pieces: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        breaks = node is not element and node.tag in {*_PARTS, "lb", "item", "row"}
        if breaks:
            pieces.append("\n")
        if event == "start":
            pieces.append(node.text or "")
        elif node is not element:
            pieces.append(node.tail or "")
    return [line for part in "".join(pieces).split("\n") if (line := clean(part))]
