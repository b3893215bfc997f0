"""Bylines as a page shows them: found by what the markup calls them, or by their wording under the headline."""

import re
from collections.abc import Iterable, Iterator
from itertools import dropwhile, islice

from lxml.html import HtmlElement

from pipelines.pages.bylines import is_person, split
from pipelines.pages.markup import text_of
from pipelines.pages.named import Named

_NO_PICTURE = "not(ancestor-or-self::*[self::figure or contains(@itemtype, 'ImageObject')])"
_MARKED = (
    f"//*[@itemprop='author']//*[@itemprop='name'][{_NO_PICTURE}]",
    f"//*[@itemprop='author'][{_NO_PICTURE}]",
    "//a[@rel='author']",
)
_NAMED = (
    "//*[contains(concat(' ', @class, ' '), ' author-name ')]",
    "//*[contains(@class, 'byline') or contains(@class, 'Byline')]//a[contains(@href, '/author')]",
    "//*[contains(@data-testid, 'uthorName') or contains(@data-testid, 'author-name')]",
    "//*[contains(@class, 'byline') or contains(@class, 'Byline')]//a[contains(@class, 'author')]",
    "//*[contains(concat(' ', @class, ' '), ' byline ')]",
    "//*[contains(@class, 'byline') or contains(@class, 'Byline')]",
    "//*[contains(concat(' ', @class, ' '), ' author ')]",
    "//*[contains(@class, 'author__name') or contains(@class, 'Author-authorName')]",
)
_LINKED = (
    "//a[contains(@href, '/author/') or contains(@href, '/authors/') or contains(@href, '/writer/')]",
)
_LENGTHS = range(3, 121)
_SAID = re.compile(r"(?:by|By|BY)(?:\b[\s:—–-]*|(?=[A-Z]))([^\W\d_].{2,100})")
_FULL_NAME = re.compile(
    r"[^\W\d_a-z]\S*(?: (?:[^\W\d_a-z]\S*|al|bin|da|de|del|der|di|dos|la|le|van|von))+"
)
_LINES = ("p", "div", "span", "address", "a", "li", "h2", "h3", "h4", "em")
_PARAGRAPH_CHARACTERS = 80
_STANDFIRSTS = 2
_MOST_LINES = 400
_MOST_HEADLINES = 20


def marked_bylines(tree: HtmlElement) -> Iterator[Named[list[str]]]:
    """Yield the bylines that the markup itself declares."""
    return _at(tree, _MARKED)


def shown_bylines(tree: HtmlElement) -> Iterator[Named[list[str]]]:
    """Yield the line under the headline that says ``By``, then what class names call a byline."""
    yield from _said(tree)
    yield from _at(tree, _NAMED)


def linked_bylines(tree: HtmlElement) -> Iterator[Named[list[str]]]:
    """Yield the first link to an author's page; it may belong to another article."""
    return _at(tree, _LINKED)


def _said(tree: HtmlElement) -> Iterator[Named[list[str]]]:
    """Yield ``By Jane Example`` where it stands between the headline and the text."""
    for headline in islice(tree.iter("h1"), _MOST_HEADLINES):
        for text in _under(tree, headline):
            found = _SAID.fullmatch(text) if len(text) in _LENGTHS else None
            if found and all(is_person(n) and _FULL_NAME.fullmatch(n) for n in split(found[1])):
                yield Named([found[1]], "html:by")
                return


def _under(tree: HtmlElement, headline: HtmlElement) -> Iterator[str]:
    """Yield the texts that follow a headline, up to the third paragraph of some length."""
    paragraphs = 0
    following = dropwhile(lambda element: element is not headline, tree.iter("h1", *_LINES))
    for element in islice(following, 1, _MOST_LINES):
        text = text_of(element)
        paragraphs += element.tag == "p" and len(text) > _PARAGRAPH_CHARACTERS
        if paragraphs > _STANDFIRSTS:
            return
        yield text


def _at(tree: HtmlElement, paths: Iterable[str]) -> Iterator[Named[list[str]]]:
    """Yield the first byline at each path; those further down belong to other articles."""
    for path in paths:
        found = [(text_of(element), element) for element in _elements(tree, path)]
        found = [(name, element) for name, element in found if len(name) in _LENGTHS]
        if found:
            place = _place(found[0][1])
            names = [name for name, element in found if _place(element) is place]
            yield Named(list(dict.fromkeys(names)), f"html:{path}")


def _place(element: HtmlElement) -> object:
    """Return what the names of one byline have in common: the element around their parents."""
    parent = element.getparent()
    if parent is None:
        return element
    above = parent.getparent()
    return parent if above is None else above


def _elements(tree: HtmlElement, path: str) -> list[HtmlElement]:
    found = tree.xpath(path)
    return (
        [item for item in found if isinstance(item, HtmlElement)] if isinstance(found, list) else []
    )
