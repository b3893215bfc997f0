"""Normalise: one article for each capture, or the reason why there is none."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import cast, get_args

from attrs import evolve

from archive.errors import NotAnArticle, UnreadablePage
from archive.records import Article
from archive.warc_pages import PageRecord
from pipelines.compare import canonical
from pipelines.pages import PageReading, read
from publishers.page_state import PageKind, PageState
from publishers.spec import Publisher

_OK = 200


def normalise(
    page: PageRecord, *, publisher: Publisher | None, first_seen_at: datetime | None = None
) -> Article:
    """Return the article in a captured page.

    ``first_seen_at`` is when the archive first held it; None when this capture is the first. Raises
    :class:`NotAnArticle` for pages that are something else, and :class:`UnreadablePage` when there
    is no headline, no text though everybody may read it, or not the whole page.
    """
    if page.http_status != _OK:
        raise NotAnArticle(page.url, f"http_{page.http_status}")
    if page.truncated is not None:
        raise UnreadablePage(page.url, f"truncated: {page.truncated}")
    reading = read(
        page.content,
        url=page.url,
        captured_at=page.captured_at,
        publisher=publisher,
        content_type=page.content_type,
        headers=page.headers,
        # The marks that decided it were cut too, so only the gate's own word counts.
        state=_noted(page) if page.is_cut else None,
    )
    if page.is_cut:
        reading = evolve(reading, access=page.access, access_evidence=page.access_evidence)
    article = article_of(reading, url=page.url, captured_at=page.captured_at, publisher=publisher)
    return evolve(article, first_seen_at=first_seen_at or article.captured_at, warc=page.warc)


def _noted(page: PageRecord) -> PageState:
    """Return what the gate found a page to be; of captures that don't tell, an article."""
    kind = page.state if page.state in get_args(PageKind) else "article"
    return PageState(cast("PageKind", kind), page.state_evidence)


def article_of(
    reading: PageReading, *, url: str, captured_at: datetime, publisher: Publisher | None
) -> Article:
    """Return the article of a reading; ``publisher`` is None for a saved page of nobody we know."""
    captured_at = captured_at.astimezone(UTC)
    article = Article(
        article_id=_article_id(reading, url, publisher),
        revision="",
        publisher=publisher.name if publisher else "",
        url=url,
        canonical_url=reading.canonical_url,
        aliases=tuple(sorted(_aliases(reading, url, publisher))),
        headline=reading.headline,
        alternative_headline=reading.alternative_headline,
        description=reading.description,
        authors=reading.authors,
        agency=reading.agency,
        author_details=reading.author_details,
        corrections=reading.corrections,
        section=publisher.section_of(url) if publisher else None,
        sections=reading.sections,
        keywords=reading.keywords,
        access=reading.access,
        access_evidence=reading.access_evidence,
        date_published=reading.date_published,
        date_modified=reading.date_modified,
        date_published_raw=reading.date_published_raw,
        dates=reading.dates,
        date_conflicts=reading.date_conflicts,
        first_seen_at=captured_at,
        captured_at=captured_at,
        in_language=reading.in_language,
        body=reading.body,
        images=reading.images,
        read_minutes=reading.read_minutes,
        reader=reading.reader,
        reader_version=reading.reader_version,
        provenance=reading.provenance,
    )
    return canonical(article)


def _article_id(reading: PageReading, url: str, publisher: Publisher | None) -> str:
    """Return the publisher's own id: the address decides, then the page."""
    if publisher is None:
        return ""
    stated = (url, reading.canonical_url or "")
    by_address = next((found for one in stated if (found := publisher.article_id(one))), None)
    return by_address or reading.article_id or ""


def _aliases(reading: PageReading, url: str, publisher: Publisher | None) -> Iterable[str]:
    """Yield the canonical address where it is another address of the same article."""
    own = reading.canonical_url
    if publisher is None or own is None or not publisher.article_id(own):
        return
    try:
        spelled, asked = publisher.normalise(own), publisher.normalise(url)
    except ValueError:  # white space in the address: nothing that could be asked for
        return
    if spelled != asked and publisher.article_id(own) == publisher.article_id(url):
        yield spelled
