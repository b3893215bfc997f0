"""Side parts: what stands among the text of an article without belonging to it.

Publishers name such parts alike: newsletter, related, promo. A name alone decides nothing, as there are
bodies called ``body-with-newsletter``: what holds a tenth of the page's prose stays, whatever its name, and
so does what shares its name with others that together hold as much.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache

from lxml.html import HtmlElement

from pipelines.pages.passages import Passage, length

MARK = "data-newsarchive-side"
"""Attribute of side parts while the text is looked for."""

_NAMES = re.compile(
    r"newsletter|sign-?up|subscri(?:be|ption)|related|recirc|recommend|trending|promo|sponsor|advert|"
    r"read-?(?:more|next|also)|see-?also|more-?(?:from|on|stories|news)|most-?(?:read|popular|viewed)|"
    r"share-?(?:bar|tools|buttons|links)|sharing|social-?(?:share|bar|links|icons)|"
    r"comments?-(?:section|area|form|list)|disqus|author-?(?:bio|box|info|card)|biograph|breadcrumb|"
    r"taboola|outbrain|toolbar|article-?tools|reprint|copyright|disclaimer|disclosure|modal|popup|cookie|"
    r"consent|infobox|caption|photo-?credit|image-?credit|\bcta\b|\bnav(?:bar|igation)?\b|\bbio\b|\bads?\b|\btags?\b",
    re.IGNORECASE,
)
_PICTURE_BOX = re.compile(r"\b(?:image|photo|picture)s?\b", re.IGNORECASE)
_ALWAYS = frozenset({"figcaption", "nav", "footer", "form", "button"})
_TAGS = (*_ALWAYS, "div", "section", "aside", "ul", "ol", "li", "p", "h2", "h3", "h4", "figure", "details")  # fmt: skip
_ATTRIBUTES = ("class", "data-testid", "data-component", "data-module")
_WORD_BORDER = re.compile(r"(?<=[a-z])(?=[A-Z])|_")
_MOST_OF_PROSE = 0.1


@contextmanager
def side_parts(tree: HtmlElement, prose: list[Passage]) -> Iterator[set[HtmlElement]]:
    """Give the page's side parts, which carry ``MARK`` for as long as the block runs."""
    held, most = _held(prose), _MOST_OF_PROSE * length(prose)
    found = [e for e in tree.iter(*_TAGS) if held[e] <= most and _is_side(e)]
    by_name: Counter[str] = Counter()
    for element in found:
        by_name[_name(element)] += held[element]
    marked = {element for element in found if by_name[_name(element)] <= most}
    for element in marked:
        element.set(MARK, "")
    try:
        yield marked
    finally:
        for element in marked:
            del element.attrib[MARK]


def is_inside(element: HtmlElement, parts: set[HtmlElement]) -> bool:
    """Whether an element is one of the parts, or stands in one."""
    return element in parts or not parts.isdisjoint(element.iterancestors())


def _held(prose: Iterable[Passage]) -> Counter[HtmlElement]:
    """Return how many characters of prose each element holds."""
    held: Counter[HtmlElement] = Counter()
    for passage in prose:
        for holder in (passage.element, *passage.element.iterancestors()):
            held[holder] += len(passage.text)
    return held


def _name(element: HtmlElement) -> str:
    return element.get("class") or ""


def _is_side(element: HtmlElement) -> bool:
    if element.tag in _ALWAYS:
        return True
    # Ids of paragraphs are made by machines, and spell anything.
    names = _ATTRIBUTES if element.tag == "p" else ("id", *_ATTRIBUTES)
    if any(_names_a_side_part(value) for name in names if (value := element.get(name))):
        return True
    return _names_a_picture(_name(element)) and next(element.iter("img"), None) is not None


@lru_cache(maxsize=4096)
def _names_a_side_part(name: str) -> bool:
    return _NAMES.search(_spread(name)) is not None


@lru_cache(maxsize=4096)
def _names_a_picture(name: str) -> bool:
    return _PICTURE_BOX.search(_spread(name)) is not None


def _spread(name: str) -> str:
    """Return a name such as ``articleTools`` with its words apart."""
    return _WORD_BORDER.sub("-", name)
