"""The reader for the pages of NZ Herald as they have been since about 2022.

The page names its parts in ``data-test-ui``. The visible time carries no zone and is kept as a
candidate only; instants come from JSON-LD, meta elements and the page's JSON.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from attrs import evolve
from lxml.html import HtmlElement

from archive.errors import UnreadablePage
from archive.records import DateCandidate
from pipelines.pages import (
    authors,
    dates,
    metadata,
    minutes,
    nzherald_2011,
    nzherald_body,
    nzherald_byline,
    nzherald_classic,
    nzherald_pictures,
)
from pipelines.pages.base import Page
from pipelines.pages.bylines import fold
from pipelines.pages.engine import cut_text
from pipelines.pages.general import about
from pipelines.pages.headlines import without_site
from pipelines.pages.markup import clean, named, plain, text_of
from pipelines.pages.nzherald_byline import OWN_NAMES
from pipelines.pages.reading import PageReading

_HEADINGS = ("article__heading", "viva-article__heading")


class NZHeraldReader:
    """Reads pages that name their parts ``article__heading``, ``article__body`` and so on."""

    name = "nzherald"
    version = "2"
    valid_until: date | None = None

    def matches(self, page: Page) -> bool:
        """Whether the page has the headline by a name that it has here."""
        return heading(page.tree) is not None

    def read(self, page: Page) -> PageReading:
        """Return what the page says.

        Raises :class:`UnreadablePage` without headline.
        """
        shown = heading(page.tree)
        if shown is None:
            raise UnreadablePage(page.url, "no headline")
        sections = nzherald_body.bodies(page.tree)
        reading = about(page, reader=self.name, version=self.version)
        reading = _with_headlines(reading, page, shown)
        reading = _with_byline(reading, page)
        reading = _with_data(reading, page)
        return _with_body(reading, page, sections)


def heading(tree: HtmlElement) -> HtmlElement | None:
    """Return the element of the headline. None when the page has none by a known name."""
    return next(
        (e for e in tree.iter("h1") if e.get("data-test-ui") in _HEADINGS and text_of(e)), None
    )


def _with_headlines(reading: PageReading, page: Page, shown: HtmlElement) -> PageReading:
    text = text_of(shown)
    names = {fold(name) for name in (*page.sites, *OWN_NAMES)}
    headlines = page.json.get("headlines")
    web = headlines.get("web") if isinstance(headlines, Mapping) else None
    candidates = [(plain(web) if isinstance(web, str) else "", "fusion:headlines.web")]
    candidates += [
        (without_site(found[0], names), f"meta:{found[1]}")
        for name in ("og:title", "twitter:title")
        if (found := page.data.first(name))
    ]
    candidates += [
        (without_site(text_of(e), names), "title") for e in list(page.tree.iter("title"))[:1]
    ]
    other, source = next(((t, s) for t, s in candidates if t and t != text), (None, ""))
    notes = reading.provenance | {"headline": f"html:{shown.get('data-test-ui')}"}
    notes.pop("alternative_headline", None)
    if other:
        notes["alternative_headline"] = source
    return evolve(reading, headline=text, alternative_headline=other, provenance=notes)


def _with_byline(reading: PageReading, page: Page) -> PageReading:
    """Take people and agency from the byline shown; where it names none, from the page's data."""
    box = next(named(page.tree, "author--information"), None)
    if box is None:
        return reading
    found = nzherald_byline.shown(box, (*page.sites, *OWN_NAMES))
    people = found.authors or reading.authors
    told = {
        "html:author--role": found.details,
        "html:author--text--body": nzherald_byline.bios(page.tree, people),
        "fusion:credits.by": nzherald_byline.in_json(page),
        reading.provenance.get("author_details", ""): reading.author_details,
    }
    details, places = authors.joined(people, told)
    sources = {
        "authors": "html:author--link" if found.authors else None,
        "agency": "html:distributor--name" if found.names_source else None,
        "author_details": places,
        "read_minutes": "html:author-read-time" if found.read_minutes else None,
    }
    return evolve(
        reading,
        authors=people,
        agency=found.agency if found.names_source else reading.agency,
        author_details=details,
        read_minutes=found.read_minutes or reading.read_minutes,
        provenance=reading.provenance | {name: place for name, place in sources.items() if place},
    )


def _with_data(reading: PageReading, page: Page) -> PageReading:
    """Take id, sections and further dates from the page's JSON; add the time as shown."""
    taxonomy = page.json.get("taxonomy")
    listed = taxonomy.get("sections") if isinstance(taxonomy, Mapping) else None
    paths = {_path(item) for item in listed} - {""} if isinstance(listed, list) else set()
    notes = dict(reading.provenance)
    if paths:
        notes["sections"] = "fusion:taxonomy.sections"
    identity = page.json.get("_id")
    reading = evolve(
        reading,
        article_id=identity if isinstance(identity, str) else None,
        sections=tuple(sorted(paths)) or reading.sections,
        provenance=notes,
    )
    return _with_dates(reading, page)


def _path(section: object) -> str:
    value = section.get("_id") if isinstance(section, Mapping) else None
    return value.strip("/") if isinstance(value, str) else ""


def _with_dates(reading: PageReading, page: Page) -> PageReading:
    published = [
        *metadata.first_dates(page.data),
        *_json_dates(page.json, "first_publish_date", "display_date"),
    ]
    modified = [*metadata.modified_dates(page.data), *_json_dates(page.json, "last_updated_date")]
    shown, updates = _shown_time(page.tree), _update_times(page.tree)
    first, last = dates.choose((*published, *shown)), dates.choose(modified)
    sources = {
        "date_published": first.source if first.instant else None,
        "date_published_raw": first.source,
        "date_modified": last.source if last.instant else None,
    }
    notes = {name: source for name, source in (reading.provenance | sources).items() if source}
    return evolve(
        reading,
        date_published=first.instant,
        date_published_raw=first.raw,
        date_modified=last.instant,
        dates=tuple(dict.fromkeys((*published, *modified, *shown, *updates))),
        provenance=notes,
    )


def _json_dates(data: Mapping[str, Any], *keys: str) -> list[DateCandidate]:
    return [
        DateCandidate(value=value, source=f"fusion:{key}")
        for key in keys
        if isinstance(value := data.get(key), str) and value
    ]


def _shown_time(tree: HtmlElement) -> list[DateCandidate]:
    """Return the time beside the byline, without the reading time that may be glued to it."""
    shown = (e for e in tree.iter("time") if e.get("data-test-ui") == "author-display--date")
    texts = (clean(minutes.without(text_of(element))) for element in shown)
    return [DateCandidate(value=t, source="html:author-display--date") for t in texts if t]


def _update_times(tree: HtmlElement) -> list[DateCandidate]:
    """Return the times of the entries of a live blog, in the order of the page."""
    times = (e for section in nzherald_body.bodies(tree) for e in section.iter("time"))
    values = (element.get("datetime") for element in times)
    return [DateCandidate(value=v, source="html:live-blog__entry") for v in values if v]


def _with_body(reading: PageReading, page: Page, sections: list[HtmlElement]) -> PageReading:
    parts = [part for section in sections for part in nzherald_body.parts(section, page.url)]
    images = nzherald_pictures.pictures(page, sections)
    body, source = cut_text([part.block for part in parts])
    names = " + ".join(dict.fromkeys(_name(section) for section in sections))
    notes = (
        reading.provenance | {"body": f"html:{names} ({source})"}
        if body
        else dict(reading.provenance)
    )
    if images:
        notes["images"] = "meta:og:image, html:figure__caption, html:article-media"
    return evolve(reading, body=tuple(body), images=tuple(images), provenance=notes)


def _name(section: HtmlElement) -> str:
    return section.get("data-test-ui") or (section.get("class") or "section").split()[0]


READERS = (
    NZHeraldReader(),
    nzherald_classic.NZHeraldClassicReader(),
    nzherald_2011.NZHerald2011Reader(),
)
"""The newest first. A retired version is never edited: the one that takes its place is put before it."""
