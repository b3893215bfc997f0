"""What kind of content a body is, by itself first and by its label last: labels are often wrong."""

import re
from typing import Literal

from publishers.other_text import is_json
from publishers.page_source import DecodedPage

ContentKind = Literal["html", "json", "xml", "text", "packed", "other"]
"""``text`` is whatever can be read and is none of the former; ``packed`` can't be read yet."""

_NO_TEXT = frozenset({"image", "video", "audio", "font"})
_ARCHIVES = frozenset({"application/gzip", "application/x-gzip", "application/zip"})
_PACKED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"BZh", b"\xfd7zXZ\x00")
_XML_START = re.compile(
    r"(?:<\?xml\b[^>]*>|<!--(?:(?!-->).)*+-->|<\?xml-stylesheet\b[^>]*>|\s)*+"
    r"<(?:rss|feed|urlset|sitemapindex|rdf:rdf)\b",
    re.DOTALL,
)
_HTML_TAG = re.compile(
    r"<(?:!doctype html|a|article|body|div|figure|h1|head|html|main|p|section|script|span|ul)[\s/>]"
)
# Whatever it is called: no picture starts like this.
_HTML_START = re.compile(
    r"[\ufeff?\s]*(?:<!--(?:(?!-->).)*+-->\s*)*+<(?:!doctype html|html)\b", re.DOTALL
)
_START = 4096
# Before JSON, so that a script element can't run it.
_PREFIX = re.compile(r"\s*(?:\)\]\}'?,?|while\s*\(1\);|for\s*\(;;\);)\s*")


def kind_of(content: bytes, source: DecodedPage, content_type: str) -> ContentKind:
    """Return the kind of a body, given as bytes and as text, that is labelled ``content_type``."""
    declared = content_type.partition(";")[0].strip().lower()
    if declared.split("/")[0] in _NO_TEXT and not _HTML_START.match(source.lower[:_START]):
        return "other"
    if content.startswith(_PACKED):
        return "other" if declared in _ARCHIVES else "packed"
    start = source.lower.lstrip("\ufeff \t\r\n")
    if _XML_START.match(start):
        return "xml"
    bare = without_prefix(source.text)
    if "json" in declared or (bare.lstrip("\ufeff \t\r\n")[:1] in {"{", "["} and is_json(bare)):
        return "json"
    if "html" in declared or (_HTML_TAG.search(start) and not _is_code(declared)):
        return "html"
    return "xml" if "xml" in declared or start.startswith("<?xml") else "text"


def without_prefix(text: str) -> str:
    """Return JSON without what keeps a browser from running it."""
    found = _PREFIX.match(text)
    return text[found.end() :] if found else text


def _is_code(declared: str) -> bool:
    return any(word in declared for word in ("javascript", "ecmascript", "css"))
