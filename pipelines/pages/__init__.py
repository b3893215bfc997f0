"""Readers: what a page says, by the reader that fits its publisher, its date and its layout.

Whoever may see the page is decided first: of a known publisher's page for subscribers the readers
are given the cut page only (:mod:`publishers.access`), so no reader can meet subscriber text.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from attrs import evolve
from lxml.html import HtmlElement

from archive.errors import ConfigurationError, NotAnArticle, UnreadablePage
from archive.records import Access
from pipelines.pages.base import Page, Reader, page_of
from pipelines.pages.general import GeneralReader
from pipelines.pages.markup import check, tree_of, tree_of_decoded
from pipelines.pages.reading import PageReading
from pipelines.pages.remarks import remarked
from publishers.access import Decision, decide_page
from publishers.marks import MarkedPage
from publishers.page_state import EMPTY, Headers, PageState, page_state
from publishers.spec import Publisher

__all__ = ["PageReading", "read", "readers_of"]

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
    page = page_of(_tree(decision, decision.page, html, url, content_type), url)
    reader = _choose(readers_of(publisher.reader), page, captured_at)
    reading = _read(reader, page, decision.access, found)
    reading = remarked(_with_period(reading, reader, captured_at), page.data)
    return evolve(reading, access=decision.access, access_evidence=decision.evidence)


@cache
def readers_of(module: str | None) -> tuple[Reader, ...]:
    """Return the ``READERS`` of a module of this package, which is what ``Publisher.reader`` names.

    None has none but the general reader. Raises :class:`ConfigurationError` when there are none.
    """
    if module is None:
        return ()
    is_there = find_spec(f"{__name__}.{module}") is not None
    found = getattr(import_module(f"{__name__}.{module}"), "READERS", ()) if is_there else ()
    if not found:
        message = (
            f"a publisher names the reader {module!r}, and pipelines/pages/{module}.py has no READERS: "
            "write it, or leave out `reader` for the general one (docs/add-a-publisher.md)"
        )
        raise ConfigurationError(message)
    return tuple(found)


def _tree(
    decision: Decision, page: MarkedPage, html: bytes, url: str, content_type: str | None
) -> HtmlElement:
    """Return the tree of what the gate kept: the gate's own, if it kept the page as it is."""
    if decision.kept is None:
        free = decision.access == "free"
        tree = tree_of_decoded(page.source, page.parts.tree) if free else None
        return tree_of(html, url=url, content_type=content_type) if tree is None else tree
    # A page that is free but for the text of others keeps its charset; a cut one is UTF-8.
    kind = content_type if decision.access == "free" else "text/html; charset=utf-8"
    return tree_of(decision.kept, url=url, content_type=kind)


def _choose(readers: Iterable[Reader], page: Page, captured_at: datetime) -> Reader:
    """Return the reader nearest to the time of capture that knows the layout, else the general one."""
    day = captured_at.date()
    by_time = sorted(readers, key=lambda reader: _distance(reader.valid_until, day))
    return next((reader for reader in by_time if reader.matches(page)), GENERAL)


def _distance(valid_until: date | None, day: date) -> tuple[bool, int]:
    """Return how far a layout is from a day: of those that had not ended, the first to end is nearest.

    Those that had ended come last, for pages that are told to be younger than they are: a saved page
    that is imported today.
    """
    left = ((valid_until or date.max) - day).days
    return left < 0, abs(left)


def _with_period(reading: PageReading, reader: Reader, captured_at: datetime) -> PageReading:
    """Note that a page is read by a reader of pages that were gone when it is told to be captured."""
    until = reader.valid_until
    if until is None or captured_at.date() <= until or reading.reader != reader.name:
        return reading
    told = {"reader": f"{reader.name}: layout of pages until {until}"}
    return evolve(reading, provenance=reading.provenance | told)


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
