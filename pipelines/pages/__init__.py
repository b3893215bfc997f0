"""Readers: what a page says, by the reader that fits its publisher, its date and its layout.

Whoever may see the page is decided first: of a known publisher's page for subscribers the readers
are given the cut page only (:mod:`publishers.access`), so no reader can meet subscriber text.
"""

from collections.abc import Iterable
from datetime import datetime

from attrs import evolve

from archive.errors import NotAnArticle, UnreadablePage
from archive.records import Access
from pipelines.pages.base import Page, Reader, page_of
from pipelines.pages.general import GeneralReader
from pipelines.pages.markup import check, tree_of
from pipelines.pages.nzherald import NZHeraldReader
from pipelines.pages.reading import PageReading
from pipelines.pages.remarks import remarked
from publishers.access import decide_page
from publishers.page_state import EMPTY, Headers, PageState, page_state
from publishers.spec import Publisher

__all__ = ["READERS", "PageReading", "read"]

READERS: dict[str, tuple[Reader, ...]] = {"nzherald": (NZHeraldReader(),)}
"""The readers of each publisher (``Publisher.reader``), the newest first. A retired version is never
edited: the one that takes its place is put before it."""

GENERAL = GeneralReader()
"""The reader for whatever no other reader knows."""


def read(  # noqa: PLR0913 - what is known of a page, each by its name
    html: bytes,
    *,
    url: str,
    captured_at: datetime,
    publisher: Publisher | None,
    content_type: str | None = None,
    headers: Headers = (),
    state: PageState | None = None,
) -> PageReading:
    """Return what a page says.

    ``state`` is what the gate found it to be, for a page of which only a part was kept; None to
    decide it here, as the gate does. Raises :class:`UnreadablePage` when no article can be read from
    it, :class:`NotAnArticle` when it is something else, such as a video.
    """
    if publisher is not None and not html.strip():
        raise NotAnArticle(url, EMPTY.kind, EMPTY.evidence)
    check(html, url=url)
    if publisher is None:
        page = page_of(tree_of(html, url=url, content_type=content_type), url)
        return remarked(GENERAL.read(page), page.data)
    decision = decide_page(html, url, publisher.access, content_type or "")
    found = state or page_state(decision.page, url, publisher, headers)
    refuse(found, url, publisher)
    if decision.page is None:
        raise UnreadablePage(
            url, f"the access gate found no way through it ({decision.evidence[0]})"
        )
    # A page that is free but for the text of others keeps its charset; a cut one is UTF-8.
    kept = html if decision.kept is None else decision.kept
    kind = content_type if decision.access == "free" else "text/html; charset=utf-8"
    page = page_of(tree_of(kept, url=url, content_type=kind), url)
    reader = _choose(READERS.get(publisher.reader, ()), page, captured_at)
    reading = remarked(_read(reader, page, decision.access, found), page.data)
    return evolve(reading, access=decision.access, access_evidence=decision.evidence)


def _choose(readers: Iterable[Reader], page: Page, captured_at: datetime) -> Reader:
    """Return the first reader that was valid at the time and knows the layout, else the general one."""
    for reader in readers:
        valid = reader.valid_until is None or captured_at.date() <= reader.valid_until
        if valid and reader.matches(page):
            return reader
    return GENERAL


def _read(reader: Reader, page: Page, access: Access, state: PageState) -> PageReading:
    """Read a page. One that everybody may read must have text; of others there may be none to keep."""
    if reader is not GENERAL:
        reading = reader.read(page)
        if reading.body or access != "free":
            return reading
        if state.kind == "article":
            raise NotAnArticle(page.url, EMPTY.kind, ("body:no text",))
    reading = GENERAL.read(page) if access == "free" else GENERAL.read_head(page)
    notes = reading.provenance | {"reader": f"{GENERAL.name}: no known layout"}
    return evolve(reading, provenance=notes)


def refuse(state: PageState, url: str, publisher: Publisher) -> None:
    """Raise :class:`NotAnArticle` for a page that is something else.

    A saved page may have come from any address, so that not every one without an article in a known
    layout is a section's front.
    """
    is_guess = state.kind in {"section_front", "empty"} and not publisher.article_id(url)
    if state.kind not in {"article", "unknown_layout"} and not is_guess:
        raise NotAnArticle(url, state.kind, state.evidence)
