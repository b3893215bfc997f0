"""Announcements read: sitemaps, feeds, section pages. Pure: bytes in, addresses out."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlsplit

from attrs import frozen
from lxml import etree, html

from archive.content_coding import decode_body
from archive.errors import BrokenRecord, UnreadablePage
from archive.urls import join

_MAX_LINKS = 50_000
_GZIP = b"\x1f\x8b"
_HTML = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_SUBSECTION = re.compile(r"[a-z][a-z0-9-]*")


@frozen
class Link:
    """An address found in an announcement."""

    url: str
    """The address, as it stands there."""

    lastmod: datetime | None = None
    """Last change as the announcement states it, UTC. None when it states none."""


def read_sitemap_index(content: bytes, *, name: str) -> list[str]:
    """Return the addresses of the sitemaps in an index; raises :class:`UnreadablePage`."""
    root = _xml(content, name=name, expected="sitemapindex")
    return [url for entry in _children(root, "sitemap") if (url := _text(entry, "loc"))]


def read_sitemap(content: bytes, *, name: str) -> list[Link]:
    """Return the entries of a sitemap or a news sitemap; raises :class:`UnreadablePage`."""
    root = _xml(content, name=name, expected="urlset")
    return [
        # A news sitemap's publication date is its lastmod again, so it says nothing more.
        Link(url, _instant(_text(entry, "lastmod")))
        for entry in _children(root, "url")
        if (url := _text(entry, "loc"))
    ][:_MAX_LINKS]


def read_feed(content: bytes, *, name: str) -> list[Link]:
    """Return the items of an RSS feed; raises :class:`UnreadablePage`.

    ``pubDate`` is not handed on: it does not move when a story changes, and the platform puts the
    time of the request there when it has none.
    """
    root = _xml(content, name=name, expected="rss")
    items = (item for channel in _children(root, "channel") for item in _children(channel, "item"))
    return [Link(url) for item in items if (url := _text(item, "link") or _text(item, "guid"))][
        :_MAX_LINKS
    ]


def read_section_page(content: bytes, *, base: str, name: str) -> list[str]:
    """Return the addresses of a page's links, absolute, each once; raises :class:`UnreadablePage`."""
    if not content.strip():
        raise UnreadablePage(name, "empty")
    try:
        page = html.document_fromstring(content, parser=html.HTMLParser(no_network=True))
    except (etree.LxmlError, ValueError) as error:
        raise UnreadablePage(name, f"no HTML: {error}") from error
    links = list(dict.fromkeys(_links(page, base)))
    if not links:
        # A page without a link is an error message or needs a browser, never an empty section.
        raise UnreadablePage(name, "a page without links")
    return links[:_MAX_LINKS]


def subsections(links: list[str], section_url: str) -> list[str]:
    """Return the addresses right below a section's front, such as ``/world/asia/``."""
    front = urlsplit(section_url)
    found = []
    for link in links:
        parts = urlsplit(link)
        inside = parts.path.removeprefix(front.path).strip("/")
        is_below = parts.netloc == front.netloc and parts.path.startswith(front.path)
        if is_below and _SUBSECTION.fullmatch(inside):
            found.append(f"{front.scheme}://{front.netloc}{front.path}{inside}/")
    return list(dict.fromkeys(found))


def _links(page: html.HtmlElement, base: str) -> Iterator[str]:
    for anchor in page.iter("a"):
        try:
            yield join(base, anchor.get("href") or "")
        except ValueError:
            continue


def _xml(content: bytes, *, name: str, expected: str) -> etree._Element:
    content = _plain(content, name=name)
    if not content.strip():
        raise UnreadablePage(name, "empty")
    if _HTML.match(content):
        raise UnreadablePage(name, "HTML in place of XML")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, collect_ids=False
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadablePage(name, f"malformed XML: {error}") from error
    tree: Any = root.getroottree()
    if tree.docinfo.doctype:
        # Feeds need none, and entities are declared there.
        raise UnreadablePage(name, "XML with a document type")
    if _local(root) != expected:
        raise UnreadablePage(name, f"{_local(root)} in place of {expected}")
    return root


def _plain(content: bytes, *, name: str) -> bytes:
    if not content.startswith(_GZIP):
        return content
    try:
        return decode_body(content, "gzip", name=name)
    except BrokenRecord as error:
        raise UnreadablePage(name, error.reason) from error


def _children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in element if _local(child) == name)


def _text(element: etree._Element, name: str) -> str:
    for child in _children(element, name):
        return "".join(str(part) for part in child.itertext()).strip()
    return ""


def _local(element: etree._Element) -> str:
    # Comments and processing instructions have a function in place of a name.
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _instant(text: str) -> datetime | None:
    try:
        if len(text) == len("2026-03-01"):
            # Only a day: its end, so that no change on that day seems older than it is.
            return datetime.combine(date.fromisoformat(text), time.max, UTC)
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
