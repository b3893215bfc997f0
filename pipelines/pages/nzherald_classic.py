"""The reader for the pages of NZ Herald from about 2017 to 2020, made by Arc's classic PageBuilder.

In its bylines ``author-title`` is the role beside a name, and the name where nothing else stands.
"""

import re
from collections.abc import Iterator
from datetime import date

from attrs import evolve
from lxml.html import HtmlElement

from archive.errors import UnreadablePage
from archive.records import AuthorDetails, Block, DateCandidate
from pipelines.pages import minutes
from pipelines.pages import nzherald_former as former
from pipelines.pages.base import Page
from pipelines.pages.bylines import fold, is_person
from pipelines.pages.markup import text_of
from pipelines.pages.reading import PageReading

_BESIDE = re.compile(
    r"(?<!\S)(?:pb-f-(?:utilities|global|article-related|article-slimline)[\w-]*|ad-container"
    r"|story-preview-wrapper|byline-shares|story-category|header-label|article-offer)(?!\S)"
)
_ABOUT_AUTHORS = re.compile(
    r"(?<!\S)(?:byline|author-name|bio-text|author-bio|author|publish)(?!\S)"
)
_TITLE = re.compile(r"(?<!\S)author-title(?!\S)")
_TIME = re.compile(r"\d{1,2} \w+,? \d{4}(?: \d{1,2}:\d\d ?[ap]m)?", re.IGNORECASE)
# "By Monday the port was closed" is no byline.
_NAME = r"(?:[A-Z][\w.’'-]*|and|de|der|la|te|van|von)"
_BY = re.compile(rf"By:? {_NAME}(?:,? {_NAME})*(?<!\.)")
_LONGEST_BYLINE = 100
_MOST_AUTHORS = 20


class NZHeraldClassicReader:
    """Reads pages with a body called ``#article-content`` of paragraphs called ``element-paragraph``."""

    name = "nzherald-classic"
    version = "1"
    # The site moved in September or October 2020; which day is not known.
    valid_until: date | None = date(2020, 10, 31)

    def matches(self, page: Page) -> bool:
        """Whether the page has a headline and a body as they were called then, in one article."""
        return _article(page.tree) is not None

    def read(self, page: Page) -> PageReading:
        """Return what the page says.

        Raises :class:`UnreadablePage` for another layout.
        """
        article = _article(page.tree)
        if article is None:
            raise UnreadablePage(page.url, "no headline")
        story = former.without(article, _BESIDE)
        reading = former.head(page, _headings(story)[0], reader=self.name, version=self.version)
        reading = _with_times(reading, story)
        body = former.without(_contents(story)[0], _ABOUT_AUTHORS)
        reading, blocks = _with_byline(reading, story, former.blocks_of(body, page.url))
        return former.with_story(reading, page, story, blocks, "article-content")


def _article(tree: HtmlElement) -> HtmlElement | None:
    """Return the article with body and headline. None for another layout.

    Of a page for subscribers there may be no more than the mark that the body had.
    """
    for content in _contents(tree)[:1]:
        is_cut = "premium-content" in _classes(content)
        article = next(content.iterancestors("article"), None)
        if (
            article is not None
            and _headings(article)
            and (is_cut or _named(content, "element-paragraph"))
        ):
            return article
    return None


def _contents(tree: HtmlElement) -> list[HtmlElement]:
    return [element for element in tree.iter() if element.get("id") == "article-content"]


def _headings(article: HtmlElement) -> list[HtmlElement]:
    return [element for element in article.iter("h1") if text_of(element)]


def _named(around: HtmlElement, name: str) -> list[HtmlElement]:
    return [element for element in around.iter() if name in _classes(element)]


def _classes(element: HtmlElement) -> list[str]:
    return (element.get("class") or "").split()


def _with_times(reading: PageReading, story: HtmlElement) -> PageReading:
    shown = " ".join(text_of(element) for element in _named(story, "publish"))
    times = [DateCandidate(value=t, source="html:publish") for t in _TIME.findall(shown)]
    if length := minutes.shown(shown):
        notes = reading.provenance | {"read_minutes": "html:publish"}
        reading = evolve(reading, read_minutes=length, provenance=notes)
    return former.with_times(reading, times)


def _with_byline(
    reading: PageReading, story: HtmlElement, blocks: list[Block]
) -> tuple[PageReading, list[Block]]:
    """Take the byline, and the role and lines of a single author; return the blocks without it."""
    if names := list(_names(story)):
        reading = former.with_byline(reading, names, "html:author")
        return _with_details(reading, story), blocks
    first = blocks[0].text if blocks else ""
    if len(first) <= _LONGEST_BYLINE and _BY.fullmatch(first):
        return former.with_byline(reading, [first], "html:article-content, first line"), blocks[1:]
    return former.with_byline(reading, [], ""), blocks


def _names(story: HtmlElement) -> Iterator[str]:
    """Yield the names in the byline and beside the lines about authors, as they stand."""
    boxes = _named(story, "author")[:_MOST_AUTHORS]
    for box in boxes or [story]:
        name = text_of(former.without(box, _TITLE)) if boxes else ""
        titles = [text_of(element) for element in _named(box, "author-title")[:_MOST_AUTHORS]]
        yield from filter(is_person, titles) if fold(name) in {"", "by"} else [name]


def _with_details(reading: PageReading, story: HtmlElement) -> PageReading:
    """Add role and lines where there is one author, so that nobody has to guess whose they are."""
    if len(reading.authors) != 1:
        return reading
    name = reading.authors[0]
    titles = [t for e in _named(story, "author-title") if fold(t := text_of(e)) != fold(name)]
    lines = [text_of(element) for element in _named(story, "author-bio")]
    details = AuthorDetails(
        name=name,
        job_title=next(filter(None, titles), None),
        description=next(filter(None, lines), None),
    )
    if details == AuthorDetails(name=name):
        return reading
    notes = reading.provenance | {"author_details": "html:author-title, html:author-bio"}
    return evolve(reading, author_details=(details,), provenance=notes)
