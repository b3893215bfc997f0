"""What every reader is, and the parsed page that it is given."""

from datetime import date
from typing import Any, Protocol

from attrs import field, frozen
from lxml.html import HtmlElement

from pipelines.pages.metadata import site_names
from pipelines.pages.reading import PageReading
from pipelines.pages.structured import Structured, structured
from publishers.fusion import global_content


@frozen
class Page:
    """A parsed page with what it says of itself, made once and handed to the parts of a reader."""

    tree: HtmlElement
    """The page's elements; readers leave them as they are."""

    url: str
    """Address that was asked, after redirects."""

    data: Structured
    """JSON-LD and meta values."""

    sites: list[str] = field(factory=list)
    """Names under which the publisher calls itself on this page."""

    json: dict[str, Any] = field(factory=dict)
    """The page's own JSON of the story (``Fusion.globalContent``); empty when it has none."""


def page_of(tree: HtmlElement, url: str) -> Page:
    """Return a parsed page with the data it carries about itself."""
    data = structured(tree)
    return Page(tree, url, data, site_names(data, url), global_content(tree) or {})


class Reader(Protocol):
    """One version of one publisher's page. Retired versions stay, and are never edited."""

    name: str
    """Name of the reader, as it stands in records."""

    version: str
    """Raised when the same page would give another record."""

    valid_until: date | None
    """Last day on which pages had this layout. None while they have it."""

    def matches(self, page: Page) -> bool:
        """Whether the page has this reader's layout."""
        ...

    def read(self, page: Page) -> PageReading:
        """Return what the page says; raises ``UnreadablePage`` or ``NotAnArticle``."""
        ...
