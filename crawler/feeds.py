"""Announcements read: sitemaps and feeds. Pure: bytes in, addresses out."""

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime, time
from typing import Any

from attrs import evolve, frozen
from lxml import etree

from archive.content_coding import decode_body
from archive.errors import BrokenRecord, UnreadablePage

MAX_LINKS = 50_000
"""Most addresses that one announcement may hold: what the sitemap protocol allows."""

BAD_CHARACTERS = "bad_characters"
"""Flaw of an announcement that is whole but for single characters of its text."""

# Errors that harm the text around them, never the elements: characters of another encoding than the
# one that is declared, control characters, names of characters that XML does not know.
_CHARACTERS = {
    etree.ErrorTypes.ERR_INVALID_CHAR,
    etree.ErrorTypes.ERR_INVALID_ENCODING,
    etree.ErrorTypes.ERR_UNSUPPORTED_ENCODING,
    etree.ErrorTypes.ERR_UNDECLARED_ENTITY,
    etree.ErrorTypes.ERR_ENTITYREF_SEMICOL_MISSING,
}
_AMPERSAND = {etree.ErrorTypes.ERR_ENTITYREF_SEMICOL_MISSING, etree.ErrorTypes.ERR_NAME_REQUIRED}
_BARE_AMPERSAND = re.compile(
    rb"&(?!(?:[A-Za-z][A-Za-z0-9]{0,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});)"
)
_GZIP = b"\x1f\x8b"
_HTML = re.compile(
    rb"(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)


@frozen
class Link:
    """An address found in an announcement."""

    url: str
    """The address, as it stands there."""

    lastmod: datetime | None = None
    """Last change as the announcement states it, UTC. None when it states none."""

    text: str = ""
    """Words of a link on a page. Empty in sitemaps and feeds."""


@frozen
class Reading:
    """What was read of an announcement."""

    links: list[Link]
    """Its addresses, in order."""

    flaw: str | None = None
    """What is wrong with it, in one word, though it could be read. None when nothing is."""

    is_index: bool = False
    """Whether the addresses are those of sitemaps."""


def read_sitemap_index(content: bytes, *, name: str) -> Reading:
    """Return the addresses of the sitemaps in an index; raises :class:`UnreadablePage`."""
    root, flaw = _xml(content, name=name, expected=("sitemapindex",))
    return _sitemaps(root, flaw)


def read_sitemap(content: bytes, *, name: str) -> Reading:
    """Return the entries of a sitemap or a news sitemap; raises :class:`UnreadablePage`.

    An index in its place gives the sitemaps that it names.
    """
    root, flaw = _xml(content, name=name, expected=("urlset", "sitemapindex"))
    if _local(root) == "sitemapindex":
        return _sitemaps(root, flaw)
    links = (
        # A news sitemap's publication date is its lastmod again, so it says nothing more.
        Link(url, _instant(_text(entry, "lastmod")))
        for entry in _children(root, "url")
        if (url := _text(entry, "loc"))
    )
    return _reading(links, flaw)


def read_feed(content: bytes, *, name: str) -> Reading:
    """Return the items of an RSS feed; raises :class:`UnreadablePage`.

    ``pubDate`` is not handed on: it does not move when a story changes, and the platform puts the
    time of the request there when it has none.
    """
    root, flaw = _xml(content, name=name, expected=("rss",))
    items = (item for channel in _children(root, "channel") for item in _children(channel, "item"))
    return _reading((Link(url) for item in items if (url := _item_address(item))), flaw)


def _sitemaps(root: etree._Element, flaw: str | None) -> Reading:
    found = (_text(entry, "loc") for entry in _children(root, "sitemap"))
    return evolve(_reading((Link(url) for url in found if url), flaw), is_index=True)


def _item_address(item: etree._Element) -> str:
    if url := _text(item, "link"):
        return url
    is_link = (guid.get("isPermaLink") != "false" for guid in _children(item, "guid"))
    return _text(item, "guid") if all(is_link) else ""


def _reading(links: Iterable[Link], flaw: str | None) -> Reading:
    found = list(links)
    return Reading(found[:MAX_LINKS], "too_many" if len(found) > MAX_LINKS else flaw)


def _xml(
    content: bytes, *, name: str, expected: Collection[str]
) -> tuple[etree._Element, str | None]:
    """Return the root element, and the flaw with which it could be read.

    A broken document is read as far as it goes: its addresses are judged one by one anyway, and what
    it announces would else be lost. Whoever asked must not call it read whole.
    """
    content = _plain(content, name=name).lstrip(b" \t\r\n")
    if not content:
        raise UnreadablePage(name, "empty")
    if _HTML.match(content):
        raise UnreadablePage(name, "html")
    root, errors = _root(content, name=name)
    if errors & _AMPERSAND and b"\0" not in content:
        # Reading on, the parser would drop a part of the address.
        root, left = _root(_BARE_AMPERSAND.sub(b"&amp;", content), name=name)
        errors = left | {etree.ErrorTypes.ERR_ENTITYREF_SEMICOL_MISSING}
    tree: Any = root.getroottree()
    if tree.docinfo.doctype:
        # Feeds need none, and entities are declared there.
        raise UnreadablePage(name, "doctype")
    if _local(root) not in expected:
        raise UnreadablePage(name, f"wrong_root: {_local(root)}")
    if errors - _CHARACTERS:
        return root, "malformed_xml"
    return root, BAD_CHARACTERS if errors else None


def _root(content: bytes, *, name: str) -> tuple[etree._Element, set[int]]:
    """Return the root element of what can be read, and the kinds of errors met."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        collect_ids=False,
        recover=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadablePage(name, f"malformed_xml: {error}") from error
    if root is None:
        raise UnreadablePage(name, "malformed_xml: nothing in it can be read")
    return root, {entry.type for entry in parser.error_log}


def _plain(content: bytes, *, name: str) -> bytes:
    if not content.startswith(_GZIP):
        return content
    try:
        return decode_body(content, "gzip", name=name)
    except BrokenRecord as error:
        raise UnreadablePage(name, f"undecodable: {error.reason}") from error


def _children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the children of a name in the element's own vocabulary: ``atom:link`` is no ``link``."""
    own = _name(element)[0]
    return (child for child in element if _name(child) == (own, name))


def _text(element: etree._Element, name: str) -> str:
    found = ("".join(map(str, child.itertext())).strip() for child in _children(element, name))
    return next(filter(None, found), "")


def _local(element: etree._Element) -> str:
    return _name(element)[1]


def _name(element: etree._Element) -> tuple[str, str]:
    """Return namespace and local name; both are empty where there is none."""
    # Comments and processing instructions have a function in place of a name.
    tag = element.tag
    namespace, _, local = tag.rpartition("}") if isinstance(tag, str) else ("", "", "")
    return namespace, local


def _instant(text: str) -> datetime | None:
    try:
        if len(text) == len("2026-03-01"):
            # Only a day: its end, so that no change on that day seems older than it is.
            return datetime.combine(date.fromisoformat(text), time.max, UTC)
        instant = datetime.fromisoformat(text)
        return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
