"""Readers: what a page says, by the reader that fits its publisher, its date and its layout.

Whoever may see the page is decided first: of a known publisher's page for subscribers the readers
are given the cut page only (:mod:`publishers.access`), so no reader can meet subscriber text.
"""

from collections.abc import Iterable
from datetime import datetime

from attrs import evolve

from archive.errors import NotAnArticle
from archive.records import Access
from pipelines.pages.base import Page, Reader, page_of
from pipelines.pages.general import GeneralReader
from pipelines.pages.markup import check, tree_of
from pipelines.pages.nzherald import NZHeraldReader
from pipelines.pages.reading import PageReading
from publishers.access import decide_page
from publishers.spec import Publisher

__all__ = ["READERS", "PageReading", "read"]

READERS: dict[str, tuple[Reader, ...]] = {"nzherald": (NZHeraldReader(),)}
"""The readers of each publisher (``Publisher.reader``), the newest first. A retired version is never
edited: the one that takes its place is put before it."""

GENERAL = GeneralReader()
"""The reader for whatever no other reader knows."""


def read(
    html: bytes,
    *,
    url: str,
    captured_at: datetime,
    publisher: Publisher | None,
    content_type: str | None = None,
) -> PageReading:
    """Return what a page says.

    Raises :class:`UnreadablePage` when no article can be read from it, :class:`NotAnArticle` when
    it is something else, such as a video.
    """
    check(html, url=url)
    if publisher is None:
        return GENERAL.read(page_of(tree_of(html, url=url, content_type=content_type), url))
    decision = decide_page(html, url, publisher.access)
    # What the gate kept is UTF-8, whatever the original was.
    kept = html if decision.kept is None else decision.kept
    kind = content_type if decision.kept is None else "text/html; charset=utf-8"
    page = page_of(tree_of(kept, url=url, content_type=kind), url)
    refuse_elsewhere(page, publisher)
    reader = _choose(READERS.get(publisher.reader, ()), page, captured_at)
    reading = _read(reader, page, decision.access)
    return evolve(reading, access=decision.access, access_evidence=decision.evidence)


def _choose(readers: Iterable[Reader], page: Page, captured_at: datetime) -> Reader:
    """Return the first reader that was valid at the time and knows the layout, else the general one."""
    for reader in readers:
        valid = reader.valid_until is None or captured_at.date() <= reader.valid_until
        if valid and reader.matches(page):
            return reader
    return GENERAL


def _read(reader: Reader, page: Page, access: Access) -> PageReading:
    """Read a page. One that everybody may read must have text; of others there may be none to keep."""
    if reader is not GENERAL:
        reading = reader.read(page)
        if reading.body or access != "free":
            return reading
    reading = GENERAL.read(page) if access == "free" else GENERAL.read_head(page)
    notes = reading.provenance | {"reader": f"{GENERAL.name}: no known layout"}
    return evolve(reading, provenance=notes)


def refuse_elsewhere(page: Page, publisher: Publisher) -> None:
    """Raise :class:`NotAnArticle` for a page that says it is another address than an article's.

    That is how a missing story shows: status 200, and the section's front or "page not found".
    """
    link = next((e for e in page.tree.iter("link") if e.get("rel") == "canonical"), None)
    address = (link.get("href") or "") if link is not None else ""
    if (
        publisher.article_id(page.url)
        and publisher.is_ours(address)
        and not publisher.article_id(address)
    ):
        raise NotAnArticle(page.url, "soft_404")
