"""Pages that are more than any article is: not parsed, or their tree not walked, for it would take minutes.

The largest of 378 real pages of 176 publishers have 3,572 elements, and 51 attributes on one element.
"""

import re

from lxml import etree
from lxml.html import HtmlElement

MAX_ELEMENTS = 50_000
"""Elements of a page. With more, one page may keep trafilatura busy for a minute."""

MAX_ATTRIBUTES = 1_000
"""Attributes of one element, or half as many with values without quotes. The parser compares each with
all others: 200,000 take it minutes."""

MAX_EQUALS = 500_000
"""Equals signs in a page, twenty times as many as in any real one measured: two million attributes take
4 GB, and what they are is known only when they are parsed."""

_SHORTEST = 2 * MAX_ATTRIBUTES
_LONG = re.compile(rb">[^>]{%d,}" % _SHORTEST)
_QUOTED = re.compile(rb""""[^"]*"|'[^']*'""")
_BETWEEN = re.compile(rb"[\s/=]+")
_CROWDED = etree.XPath(f"count(//*) > {MAX_ELEMENTS}")


def has_crowded_tags(content: bytes) -> bool:
    """Tell whether there are more attributes than may be parsed. Asked before parsing; it is quick."""
    if content.count(b"=") > MAX_EQUALS:
        return True
    lower, seen, opened, closed = b"", 0, -1, -1
    for found in _LONG.finditer(b">" + content):
        piece = found[0][1:]
        # A tag with ">" in a value is judged part by part.
        tag = piece[piece.rfind(b"<") :]
        if len(tag) > _SHORTEST and _attributes(tag) > MAX_ATTRIBUTES:
            lower, start = lower or content.lower(), found.end() - 1 - len(tag)
            opened = max(opened, lower.rfind(b"<script", seen, start))
            closed = max(closed, lower.rfind(b"</script", seen, start))
            seen = start
            if opened <= closed:
                return True
    return False


def _attributes(tag: bytes) -> int:
    return len(_BETWEEN.findall(_QUOTED.sub(b"", tag)))


def has_crowded_tree(tree: HtmlElement) -> bool:
    """Tell whether a page has more elements than may be read."""
    return bool(_CROWDED(tree))
