"""Bytes to a tree, and text out of a tree. Nothing here knows what an article is."""

import codecs
import html
import re
from collections.abc import Iterator
from email.message import Message
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from archive.errors import UnreadablePage
from pipelines.pages.simplify import simplify
from publishers.page_limits import (
    MAX_ATTRIBUTES,
    MAX_ELEMENTS,
    has_crowded_tags,
    has_crowded_tree,
)
from publishers.page_source import DecodedPage, wide_charset

MAX_BYTES = 20_000_000
"""Larger pages are refused: no article has that size, and parsing one takes 300 MB."""

_LAST_ASCII = 0x7F
_SNIFFED_BYTES = 4096
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = {
    b"%PDF-": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "compressed",
    b"PK\x03\x04": "a ZIP archive",
}
_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE)
# Control characters that XML text can't hold; a NUL would end the text in the parser.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_LINK = re.compile(rb"<(?:link|meta)\b[^>]{0,2000}>", re.IGNORECASE)
_STATES_ADDRESS = (
    re.compile(rb"""\brel\s*=\s*["']?canonical\b""", re.IGNORECASE),
    re.compile(rb"""\bproperty\s*=\s*["']?og:url\b""", re.IGNORECASE),
)
_ADDRESS = re.compile(rb"""\b(?:href|content)\s*=\s*["']?(https?://[^\s"'>]+)""", re.IGNORECASE)
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


def tree_of(content: bytes, *, url: str, content_type: str | None = None) -> HtmlElement:
    """Return the page as a tree; raises :class:`UnreadablePage` when it is no HTML we can take."""
    check(content, url=url)
    text = _CONTROL.sub("", decode(content, content_type))
    if not text.strip():
        raise UnreadablePage(url, "empty page")
    whole = text.encode("utf-8")
    if has_crowded_tags(whole):
        raise UnreadablePage(url, f"over size: over {MAX_ATTRIBUTES} attributes on an element")
    parser = HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        tree = document_fromstring(whole, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError) as error:
        raise UnreadablePage(url, f"no HTML: {error}") from error
    if has_crowded_tree(tree):
        raise UnreadablePage(url, f"over size: over {MAX_ELEMENTS} elements")
    simplify(tree)
    return tree


def tree_of_decoded(source: DecodedPage, tree: HtmlElement) -> HtmlElement | None:
    """Return a tree that was parsed before as :func:`tree_of` would make it; it is changed in place.

    None where that would decode the bytes otherwise: the page has to be parsed again.
    """
    if source.charset != "utf-8" or "\ufffd" in source.text or _CONTROL.search(source.text):
        return None
    etree.strip_tags(tree, etree.Comment, etree.ProcessingInstruction)
    simplify(tree)
    return tree


def check(content: bytes, *, url: str) -> None:
    """Raise :class:`UnreadablePage` for content that is no page, or too large to be an article."""
    if len(content) > MAX_BYTES:
        raise UnreadablePage(url, f"over size: {len(content)} bytes")
    for magic, kind in _MAGIC.items():
        if content.startswith(magic):
            raise UnreadablePage(url, f"no HTML but {kind}")
    if not content.strip():
        raise UnreadablePage(url, "empty page")


def decode(content: bytes, content_type: str | None = None) -> str:
    """Return the text of a page.

    Asked in this order: byte order mark (which beats the header, as in browsers: WHATWG's Encoding
    Standard), the NUL bytes of UTF-16 without one, HTTP header, ``meta`` element, UTF-8, Windows-1252.
    Bytes beyond ASCII that fit UTF-8 throughout are UTF-8 whatever is stated: chance does not do that.
    """
    for mark, name in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content.decode(name, errors="replace")
    if wide := wide_charset(content):
        return content.decode(wide, errors="replace")
    stated = _stated(content, content_type)
    for name in stated if content.isascii() else ("utf-8", *stated):
        text = _try(content, name)
        if text is not None:
            return text
    return _lenient(content, stated)


def _lenient(content: bytes, stated: list[str]) -> str:
    """Decode a page in which no encoding fits throughout."""
    as_utf8 = content.decode("utf-8", errors="replace")
    letters = sum(byte > _LAST_ASCII for byte in content)
    # A page that says UTF-8 and holds a few broken bytes is UTF-8; so is one whose other letters fit.
    if "utf-8" in stated or as_utf8.count("\ufffd") * 20 < letters:
        return as_utf8
    return content.decode("windows-1252", errors="replace")


def _stated(content: bytes, content_type: str | None) -> list[str]:
    names = []
    if content_type:
        message = Message()
        message["content-type"] = content_type
        names.append(str(message.get_param("charset") or ""))
    found = _CHARSET.search(content[:_SNIFFED_BYTES])
    if found:
        names.append(found[1].decode("ascii"))
    return [known for name in names if (known := _known(name))]


def _known(name: str) -> str | None:
    try:
        known = codecs.lookup(name.strip().strip("\"'")).name
    except (LookupError, ValueError):
        return None
    # As browsers do: what calls itself Latin-1 is Windows-1252, and a meta element that can be
    # read byte by byte is not UTF-16.
    aliases = {"iso8859-1": "windows-1252", "ascii": "windows-1252", "cp1252": "windows-1252"}
    return "utf-8" if known.startswith(("utf-16", "utf-32")) else aliases.get(known, known)


def _try(content: bytes, name: str) -> str | None:
    try:
        text = content.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None
    return text if isinstance(text, str) else None


def stated_address(content: bytes) -> str | None:
    """Return the absolute address that a saved page states as its own. None when it states none."""
    elements = _LINK.findall(content)
    for states in _STATES_ADDRESS:
        for element in elements:
            found = _ADDRESS.search(element) if states.search(element) else None
            if found:
                return html.unescape(found[1].decode("utf-8", errors="replace"))
    return None


def absolute(base: str, address: str | None) -> str | None:
    """Return an address on a page made absolute. None when there is none or it is malformed."""
    try:
        return urljoin(base, address.strip()) if address and address.strip() else None
    except ValueError:  # such as an open bracket in the host
        return None


def host(url: str) -> str:
    """Return the host in an address, in lower case; empty when there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def clean(text: str | None) -> str:
    """Return ``text`` on one line: white space collapsed, invisible characters dropped."""
    return " ".join(_INVISIBLE.sub("", text or "").split())


def plain(text: str | None) -> str:
    """Return ``text`` from an attribute or from JSON: entities and tags resolved, then cleaned."""
    value = html.unescape(text or "")
    if "&" in value and ";" in value:
        value = html.unescape(value)
    return clean(_TAG.sub(" ", value) if "<" in value else value)


def text_of(element: HtmlElement) -> str:
    """Return the text inside an element on one line; ``br`` and blocks inside it count as a space."""
    tags = {node.tag for node in element.iter()}
    if tags.isdisjoint(_SILENT) and tags.isdisjoint(_BREAKS - {element.tag}):
        return clean("".join(str(piece) for piece in element.itertext()))
    return clean("".join(_pieces(element)))


_SILENT = frozenset({"script", "style", "noscript", "template", "svg", "button", "iframe"})
_BREAKS = frozenset({"br", "p", "div", "li", "td", "tr", "h1", "h2", "h3", "h4", "section"})


def _pieces(element: HtmlElement) -> Iterator[str]:
    """Yield the text below an element without recursion: pages can nest thousands deep."""
    skipped: etree._Element | None = None
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if skipped is None and event == "start" and isinstance(node.tag, str):
            if node.tag in _SILENT:
                skipped = node
                continue
            yield from _opening(node, element)
        if event == "end":
            skipped = None if node is skipped else skipped
            if skipped is None and node is not element:
                yield from _closing(node)


def _opening(node: etree._Element, root: etree._Element) -> Iterator[str]:
    if node.tag in _BREAKS and node is not root:
        yield " "
    yield node.text or ""


def _closing(node: etree._Element) -> Iterator[str]:
    if node.tag in _BREAKS:
        yield " "
    yield node.tail or ""


_NAMED = etree.XPath("descendant-or-self::*[@data-test-ui=$name]")


def named(tree: HtmlElement, name: str) -> Iterator[HtmlElement]:
    """Yield the elements called ``name`` in ``data-test-ui``, in the order of the page."""
    found = _NAMED(tree, name=name)
    yield from (e for e in (found if isinstance(found, list) else []) if isinstance(e, HtmlElement))


def remove(element: HtmlElement) -> None:
    """Take an element out of its tree and leave the text that follows it."""
    if element.getparent() is not None:
        element.drop_tree()
