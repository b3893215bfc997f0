"""The JSON that a page carries for its own scripts: ``Fusion.globalContent={…};``.

Page readers take the page's own object from here::

    content = global_content(html)      # bytes or text as received, or a parsed tree
    headline = content and content.get("headline")

Decoded with a JSON decoder from the ``=`` on: a pattern up to the first ``};`` breaks on body text.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Literal

from attrs import frozen
from lxml.html import HtmlElement

from publishers.page_source import decode_html, lone_surrogates_out

# It starts with fixed letters so that the search is fast. Names are compared whole:
# ``globalContentConfig`` is something else.
_ASSIGNMENT = re.compile(
    r"""Fusion\s*(?:\.\s*(?P<dotted>[A-Za-z_$][\w$]*)|\[\s*(["'])(?P<quoted>\w+)\2\s*\])\s*=(?!=)\s*"""
)
_DECODER = json.JSONDecoder()


@frozen
class Assignment:
    """One ``Fusion.<name>=<JSON>`` of a page."""

    name: str
    """What is assigned: ``globalContent``, ``contentCache`` …"""

    start: int
    """Where the JSON starts, in characters of the text."""

    end: int
    """Where it ends; equal to ``start`` when it could not be decoded."""

    state: Literal["decoded", "unreadable"]
    """Whether what stands there is JSON."""

    value: Any
    """The value. None when it is null or unreadable."""


def global_content(page: bytes | str | HtmlElement) -> dict[str, Any] | None:
    """Return the page's own object: the first ``Fusion.globalContent`` that is not empty.

    Pages may start with an empty stub (``{}``). None when there is no such object, when it is
    ``null`` (an empty section, a soft 404), or when it can't be decoded.
    """
    for assignment in assignments(script_text(page)):
        found = assignment.value if assignment.name == "globalContent" else None
        if found and isinstance(found, dict):
            return found
    return None


def script_text(page: bytes | str | HtmlElement) -> str:
    """Return the text in which to look for assignments: the page itself, or a tree's scripts."""
    if isinstance(page, bytes):
        return decode_html(page).text
    if isinstance(page, str):
        return page
    return "\n".join(script.text or "" for script in page.iter("script"))


def assignments(text: str) -> Iterator[Assignment]:
    """Yield the assignments in ``text``, in order.

    What stands inside the JSON of an earlier one is text, not an assignment.
    """
    place = 0
    while found := _ASSIGNMENT.search(text, place):
        assignment = _decoded(found["dotted"] or found["quoted"], text, found.end())
        yield assignment
        place = max(found.end(), assignment.end)


def _decoded(name: str, text: str, start: int) -> Assignment:
    try:
        value, end = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        return Assignment(name, start, start, "unreadable", None)
    # Half an emoji, cut off by the publisher's system, could not be written down again.
    if "\\ud" in text[start:end].lower():
        value = lone_surrogates_out(value)
    return Assignment(name, start, end, "decoded", value)
