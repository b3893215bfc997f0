"""The reader for any publisher: trafilatura for the text, the page's own data for the rest."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from attrs import evolve

from archive.errors import UnreadablePage
from archive.records import Block, Image
from pipelines.pages import authors, dates, live, metadata, minutes
from pipelines.pages.base import Page
from pipelines.pages.bylines import Byline, agency_name, byline, fold
from pipelines.pages.captions import split_credit
from pipelines.pages.engine import VERSION, main_text
from pipelines.pages.headlines import headline
from pipelines.pages.named import Named
from pipelines.pages.pictures import pictures
from pipelines.pages.reading import PageReading

_LONGEST_CAPTION = 400
_NEWSROOM = re.compile(r"[^\W\d_][^\d@/]{1,60}")


class GeneralReader:
    """Reads the pages of any publisher, and those whose own reader does not know the layout."""

    name = "general"
    version = "2"
    valid_until: date | None = None

    def matches(self, page: Page) -> bool:  # noqa: ARG002 - the reader of any page asks none
        """Whether this reader knows the layout: it takes every page."""
        return True

    def read(self, page: Page) -> PageReading:
        """Return what the page says; raises :class:`UnreadablePage` without headline or text."""
        reading = self.read_head(page)
        body = without_repeats(main_text(page.tree), reading.headline, reading.images)
        if not body:
            raise UnreadablePage(page.url, "no article text")
        whole = live.with_entries(body, page.data)
        source = "trafilatura" if whole == body else "trafilatura, json-ld:liveBlogUpdate"
        notes = reading.provenance | {"body": source}
        return evolve(reading, body=tuple(whole), provenance=notes)

    def read_head(self, page: Page) -> PageReading:
        """Return all but the body; raises :class:`UnreadablePage` without headline."""
        reading = about(page, reader=self.name, version=self.version)
        images = pictures(page.tree, page.data, page.url)
        notes = {"images": "json-ld:image, meta:og:image, html:figure"} if images else {}
        return evolve(reading, images=tuple(images), provenance=reading.provenance | notes)


def about(page: Page, *, reader: str, version: str) -> PageReading:
    """Return all that a page says but body and pictures; raises :class:`UnreadablePage`."""
    title = headline(page.tree, page.data, page.sites)
    if title is None:
        raise UnreadablePage(page.url, "no headline")
    notes = {"headline": title.source}
    if title.other_source:
        notes["alternative_headline"] = title.other_source
    access, evidence = metadata.access(page.data)
    reading = PageReading(
        headline=title.text,
        alternative_headline=title.other,
        access=access,
        access_evidence=evidence,
        reader=reader,
        reader_version=f"{version}-{VERSION}",
        provenance=notes,
    )
    return _with_people(_with_dates(_with_labels(reading, page), page), page)


def _with_labels(reading: PageReading, page: Page) -> PageReading:
    found: dict[str, Named[str] | Named[int] | Named[tuple[str, ...]] | None] = {
        "canonical_url": metadata.own_address(page.tree, page.data, page.url),
        "description": metadata.description(page.data),
        "keywords": metadata.keywords(page.data),
        "sections": metadata.sections(page.data),
        "in_language": metadata.language(page.tree, page.data),
        "read_minutes": minutes.stated(page.data),
    }
    stated = {name: named for name, named in found.items() if named is not None}
    values: dict[str, Any] = {name: named.value for name, named in stated.items()}
    notes = reading.provenance | {name: named.source for name, named in stated.items()}
    return evolve(reading, **values, provenance=notes)


def _with_dates(reading: PageReading, page: Page) -> PageReading:
    published = metadata.published_dates(page.tree, page.data)
    modified = metadata.modified_dates(page.data)
    first, last = dates.choose(published), dates.choose(modified)
    notes = dict(reading.provenance)
    if first.source:
        notes["date_published_raw"] = first.source
    if first.source and first.instant:
        notes["date_published"] = first.source
    if last.source and last.instant:
        notes["date_modified"] = last.source
    return evolve(
        reading,
        date_published=first.instant,
        date_published_raw=first.raw,
        date_modified=last.instant,
        dates=(*published, *modified),
        provenance=notes,
    )


def _with_people(reading: PageReading, page: Page) -> PageReading:
    stated, found = _byline(page)
    if stated is None:
        return reading
    notes = dict(reading.provenance)
    if found.people:
        notes["authors"] = stated.source
    agency = agency_of(found)
    if agency:
        notes["agency"] = stated.source
    told = {"json-ld:author": authors.stated(page.data)}
    told.setdefault(stated.source, []).extend(authors.in_bylines(stated.value))
    details, places = authors.joined(found.people, told)
    if details:
        notes["author_details"] = places
    return evolve(
        reading, authors=found.people, agency=agency, author_details=details, provenance=notes
    )


def _byline(page: Page) -> tuple[Named[list[str]] | None, Byline]:
    """Return the first byline that names people or a known agency, else the first that names anyone."""
    newsroom: tuple[Named[list[str]] | None, Byline] = (None, Byline())
    for stated in metadata.bylines(page.tree, page.data):
        found = byline(stated.value, own=page.sites)
        if found.people or any(map(agency_name, found.newsrooms)):
            return stated, found
        if found.newsrooms and newsroom[0] is None:
            newsroom = stated, found
    return newsroom


def agency_of(found: Byline) -> str | None:
    """Return the newsroom the copy came from: a known agency, or whoever stands alone."""
    known = next((name for name in found.newsrooms if agency_name(name)), None)
    if known or found.people:
        return known
    return next((name for name in found.newsrooms if _NEWSROOM.fullmatch(name)), None)


def _as_caption(text: str) -> set[str]:
    """Return how a caption that stands among the paragraphs would read, as it is and credit apart."""
    return {fold(text), fold(" ".join(filter(None, split_credit(text))))}


def without_repeats(blocks: list[Block], shown: str, images: Iterable[Image]) -> list[Block]:
    """Return the blocks without the headline at their start and without captions of pictures."""
    captions = {fold(f"{i.caption or ''} {i.credit or ''}") for i in images}
    captions |= {fold(i.caption) for i in images if i.caption}
    captions.discard("")
    kept = [
        block
        for block in blocks
        if not captions
        or len(block.text) > _LONGEST_CAPTION
        or captions.isdisjoint(_as_caption(block.text))
    ]
    if kept and fold(kept[0].text) == fold(shown):
        del kept[0]
    return kept
