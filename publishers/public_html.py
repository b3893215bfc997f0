"""The public parts of a page as HTML text, element by element from a white list."""

import re
from html import escape
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from publishers.page_parts import PageParts, is_hidden, names_of
from publishers.rules import AccessRules

_BLOCKS = frozenset({"p", "h2", "h3", "blockquote", "li", "figcaption"})
_CONTAINERS = frozenset({"div", "section", "ul", "ol", "figure"})
_INLINE = frozenset(
    {"a", "abbr", "b", "br", "cite", "em", "i", "mark", "q", "s", "small", "span", "strong", "sub"}
    | {"sup", "time", "u"}
)
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Names as layouts give them (``article__body``, ``hero-figure``): lower case, joined words.
_LAYOUT_NAME = re.compile(r"[a-z][a-z0-9]{0,20}(?:(?:--?|__)[a-z0-9]{1,20}){1,4}")
_DATETIME = re.compile(r"[0-9TZ:.+-]{4,40}")
_LONGEST_LINE = 300


def public_blocks(parent: HtmlElement, parts: PageParts) -> str:
    """Return the blocks of text in a public part; loose text between them is left out."""
    return "".join(_element(child, parts) for child in parent if child.tag in _BLOCKS | _CONTAINERS)


def public_line(element: HtmlElement, parts: PageParts) -> str:
    """Return a short element (headline, byline, caption). Empty when it is hidden or no line."""
    inside = _inline(element, parts)
    too_long = len(" ".join(element.text_content().split())) > _LONGEST_LINE
    if too_long or not inside.strip() or not parts.is_shown(element):
        return ""
    return f"<{element.tag}{attributes(element, parts.rules)}>{inside}</{element.tag}>"


def attributes(element: HtmlElement, rules: AccessRules) -> str:
    """Return the attributes that are kept, with values that can only be names, links or times."""
    kept = {
        "class": " ".join(_layout_names(element, "class", rules)),
        rules.name_attribute: " ".join(_layout_names(element, rules.name_attribute, rules)),
        "id": " ".join(_layout_names(element, "id", rules)[:1]),
        "href": _link(element.get("href") or ""),
        "datetime": _whole(_DATETIME, element.get("datetime") or ""),
    }
    return "".join(f' {name}="{quoted(value)}"' for name, value in kept.items() if value)


def quoted(value: str) -> str:
    """Return text for a double-quoted attribute."""
    return escape(_UNWRITABLE.sub("", value), quote=True)


def plain(text: str | None) -> str:
    """Return text for the inside of an element."""
    return escape(_UNWRITABLE.sub("", text or ""), quote=False)


def _element(element: HtmlElement, parts: PageParts) -> str:
    if is_hidden(element) or parts.is_side(element) or _is_for_subscribers(element, parts):
        return ""
    is_block = element.tag in _BLOCKS
    inside = _inline(element, parts) if is_block else public_blocks(element, parts)
    if is_block and element.tag in {"blockquote", "li"}:
        inside += public_blocks(element, parts)
    if not inside.strip():
        return ""
    return f"<{element.tag}{attributes(element, parts.rules)}>{inside}</{element.tag}>"


def _inline(element: HtmlElement, parts: PageParts) -> str:
    written = [plain(element.text)]
    for child in element:
        if child.tag == "br":
            written.append("<br>")
        elif (
            child.tag in _INLINE and not is_hidden(child) and not _is_for_subscribers(child, parts)
        ):
            inside = _inline(child, parts)
            written.append(f"<{child.tag}{attributes(child, parts.rules)}>{inside}</{child.tag}>")
        written.append(plain(child.tail))
    return "".join(written)


def _is_for_subscribers(element: HtmlElement, parts: PageParts) -> bool:
    return not names_of(element, parts.rules).isdisjoint(parts.rules.subscriber_sections)


def _layout_names(element: HtmlElement, attribute: str, rules: AccessRules) -> list[str]:
    words = (element.get(attribute) or "").split()
    return [word for word in words if word in rules.shown_names or _whole(_LAYOUT_NAME, word)]


def _whole(pattern: re.Pattern[str], value: str) -> str:
    return value if pattern.fullmatch(value) else ""


def _link(href: str) -> str:
    """Return a web address without its query and fragment. Empty when it is none."""
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return ""
    if parts.scheme.lower() not in {"http", "https", ""} or not parts.path.startswith("/"):
        return ""
    return parts._replace(query="", fragment="").geturl()
