"""The reader for the pages of NZ Herald of about 2011, before the site was made by Arc.

The body has no name of its own there: it is what follows the header of the story.
"""

import re
from collections.abc import Iterator
from datetime import date

from attrs import evolve
from lxml.html import HtmlElement

from archive.errors import UnreadablePage
from archive.records import DateCandidate
from pipelines.pages import nzherald_former as former
from pipelines.pages.base import Page
from pipelines.pages.markup import remove, text_of
from pipelines.pages.reading import PageReading

_HEADER = "storyHeader"
_BESIDE = re.compile(
    r"(?<!\S)(?:(?:related|advert|share|comment)\w*|sectionHeader|tools|credits|callToAction)(?!\S)"
)
_TIME = re.compile(r"\d{1,2}:\d\d [AP]M [A-Z][a-z]+ [A-Z][a-z]+ \d{1,2}, \d{4}")


class NZHerald2011Reader:
    """Reads pages with the headline in ``div.storyHeader``, and names in ``span.credits``."""

    name = "nzherald-2011"
    version = "1"
    # The day before the first page that is known in the layout that followed.
    valid_until: date | None = date(2017, 7, 17)

    def matches(self, page: Page) -> bool:
        """Whether the page has a headline as it was called then, and paragraphs that follow it."""
        header = _header(page.tree)
        return header is not None and _around(header) is not None

    def read(self, page: Page) -> PageReading:
        """Return what the page says.

        Raises :class:`UnreadablePage` for another layout.
        """
        header = _header(page.tree)
        around = _around(header) if header is not None else None
        if header is None or around is None:
            raise UnreadablePage(page.url, "no headline")
        reading = former.head(page, header.findall("h1")[0], reader=self.name, version=self.version)
        reading = former.with_byline(reading, _names(page.tree), "html:credits")
        reading = _with_section(_with_times(reading, page.tree), page)
        story = _story(around)
        blocks = former.blocks_of(story, page.url)
        return former.with_story(reading, page, story, blocks, f"after {_HEADER}")


def _named(around: HtmlElement, tag: str, name: str) -> Iterator[HtmlElement]:
    return (e for e in around.iter(tag) if name in (e.get("class") or "").split())


def _header(tree: HtmlElement) -> HtmlElement | None:
    headers = _named(tree, "div", _HEADER)
    return next((e for e in headers if any(text_of(h1) for h1 in e.findall("h1"))), None)


def _around(header: HtmlElement) -> HtmlElement | None:
    """Return the part of the page that holds the header and the first paragraph after it."""
    following = header.xpath("(following::p[normalize-space()])[1]/ancestor::*")
    shared = set(following if isinstance(following, list) else ())
    around = next((e for e in header.iterancestors() if e in shared), None)
    return around if around is not None and around.tag not in {"body", "html"} else None


def _names(tree: HtmlElement) -> list[str]:
    """Return the byline, ``By Jane Example of AP`` in two: who, and where they are from."""
    shown = next((text_of(e) for e in _named(tree, "span", "credits")), "")
    return re.split(r" of (?=[A-Z])", shown, maxsplit=1) if shown else []


def _with_times(reading: PageReading, tree: HtmlElement) -> PageReading:
    """Add the times beside the headline; the word ``Updated`` stands in an element before its time."""
    published: list[DateCandidate] = []
    updated: list[DateCandidate] = []
    label = ""
    for tools in _named(tree, "div", "tools"):
        for span in tools.iter("span"):
            text = text_of(span)
            if found := _TIME.search(text):
                is_update = "updated" in (label + text).lower()
                source = "html:tools, updated" if is_update else "html:tools"
                (updated if is_update else published).append(
                    DateCandidate(value=found[0], source=source)
                )
            label = text
    return former.with_times(reading, published, updated)


def _with_section(reading: PageReading, page: Page) -> PageReading:
    shown = (text_of(a) for e in _named(page.tree, "div", "sectionHeader") for a in e.iter("a"))
    name = next(filter(None, shown), None)
    if reading.sections or name is None:
        return reading
    notes = reading.provenance | {"sections": "html:sectionHeader"}
    return evolve(reading, sections=(name,), provenance=notes)


def _story(around: HtmlElement) -> HtmlElement:
    """Return a copy of what follows the header."""
    story = former.without(around, _BESIDE)
    header = _header(story)
    if header is None:
        return story
    for place in (header, *header.iterancestors()):
        parent = place.getparent()
        if parent is not None:
            parent.text = None
            parent[: parent.index(place)] = []  # each with the text after it
    remove(header)
    return story
