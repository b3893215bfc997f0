"""The body of an NZ Herald page: its blocks in order, told apart by what the markup calls them."""

import re
from collections.abc import Iterator
from datetime import datetime

from attrs import frozen
from lxml.html import HtmlElement
from msgspec import UNSET, UnsetType

from archive.records import Block, BlockKind
from pipelines.pages import dates
from pipelines.pages.markup import absolute, clean, text_of

PUBLIC_BODIES = frozenset({"article__body", "article-top-body"})
"""Names of the sections that any visitor is shown."""

SUBSCRIBER_BODY = "article-bottom-body"
"""Name of the section that is never read."""

_BODY_CLASSES = frozenset({"article__body", "article-viva__body", "article__raw-html"})
_LEFT_OUT_NAMES = frozenset(
    {
        "ad", "audio", "article__action-bar", "article-media", "article-media__image",
        "figure__caption", "hero-container", "hero-figure", "video-figure", "article-sidebar-bottom",
        "author--details", "author--text--body", "author--information", "follow-authors-skeleton",
        "newsletter", "newsletter-signup", SUBSCRIBER_BODY,
    }
)  # fmt: skip
_LEFT_OUT_IDS = frozenset(
    {
        "ad-container",
        "share-bar-above",
        "share-bar-below",
        "premium-toaster",
        "article-RHRLatestfrom",
    }
)
_LEFT_OUT_CLASSES = frozenset(
    {"article__ad-wrapper", "related-articles", "article__action-bar", "article-media", "article-offer",
     "caption--mobile"}
)  # fmt: skip
_LEFT_OUT_TAGS = frozenset(
    {"script", "style", "noscript", "template", "figure", "figcaption", "img", "picture", "button", "aside",
     "form", "nav", "svg", "video", "video-js", "audio", "footer", "header", "time", "input", "select"}
)  # fmt: skip
_UPDATE = "live-blog__entry"
_PARTS = frozenset(
    {
        "p",
        "div",
        "section",
        "ul",
        "ol",
        "blockquote",
        "table",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "figure",
        "iframe",
    }
)
_SOCIAL = re.compile(
    r"social-post|twitter-tweet|twitter-video|instagram-media|tiktok-embed|fb-post|bluesky-embed"
)
_KINDS: dict[str, BlockKind] = {
    "p": "paragraph", "blockquote": "quote", "ul": "list", "ol": "list", "table": "list", "pre": "paragraph",
    "h1": "heading", "h2": "heading", "h3": "heading", "h4": "heading", "h5": "heading", "h6": "heading",
}  # fmt: skip
# Lines that the site puts among the paragraphs; only a whole paragraph is left out for them.
_SITE_LINE = re.compile(
    r"Advertisement|Advertise with NZME\.?|Learn more|Save|Share this article|Latest from World|sponsored",
    re.IGNORECASE,
)
_PROMOTED = re.compile(r"^(?:READ MORE|• ?Read more|LISTEN LIVE|WATCH|Sign up)\b", re.IGNORECASE)


@frozen
class Part:
    """A block and the element it was read from."""

    block: Block
    element: HtmlElement


def bodies(tree: HtmlElement) -> list[HtmlElement]:
    """Return the sections that hold the public body, the outermost ones in document order."""
    found = [element for element in tree.iter("section", "div") if _is_body(element)]
    known = set(found)
    return [element for element in found if known.isdisjoint(element.iterancestors())]


def _is_body(element: HtmlElement) -> bool:
    name = element.get("data-test-ui")
    if name in PUBLIC_BODIES:
        return True
    return name != SUBSCRIBER_BODY and not _BODY_CLASSES.isdisjoint(_classes(element))


def parts(body: HtmlElement, url: str) -> Iterator[Part]:
    """Yield the blocks of one body section in document order."""
    # A stack instead of recursion: pages can nest thousands deep.
    waiting: list[HtmlElement | Part] = [body]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Part):
            yield item
        elif (block := _block(item, url)) is not None:
            if block.text and not is_site_line(block, item):
                yield Part(block, item)
        else:
            waiting.extend(reversed(_inside(item)))


def _inside(container: HtmlElement) -> list[HtmlElement | Part]:
    """Return what stands in a container: elements, and bare text as paragraphs."""
    inside: list[HtmlElement | Part] = []
    line = [container.text or ""]
    for element in container:
        if not isinstance(element.tag, str) or is_left_out(element):
            line.append(element.tail or "")
            continue
        if element.tag in _PARTS or element.tag in _KINDS:
            _end_line(line, container, inside)
            inside.append(element)
            line = [element.tail or ""]
        else:
            line += [" " if element.tag == "br" else text_of(element), element.tail or ""]
    _end_line(line, container, inside)
    return inside


def _end_line(line: list[str], container: HtmlElement, inside: list[HtmlElement | Part]) -> None:
    text = clean("".join(line))
    if text and not _SITE_LINE.fullmatch(text):
        inside.append(Part(Block(kind="paragraph", text=text), container))


def _block(element: HtmlElement, url: str) -> Block | None:
    """Return the block that an element is. None for a container of blocks."""
    if _is_update(element):
        return Block(
            kind="update", text=_update_text(element), date_published=_update_time(element)
        )
    if address := embedded(element, url):
        return Block(kind="embed", text=address)
    kind = _KINDS.get(str(element.tag))
    if kind is None:
        return None
    return Block(kind=kind, text=_list_text(element) if kind == "list" else text_of(element))


def _is_update(element: HtmlElement) -> bool:
    return element.get("data-test-ui") == _UPDATE or _UPDATE in _classes(element)


def _update_text(element: HtmlElement) -> str:
    lines = (text_of(part) for part in element.iter("h2", "h3", "h4", "p", "li"))
    return "\n".join(filter(None, lines))


def _update_time(element: HtmlElement) -> datetime | UnsetType:
    """Return the instant that an entry states; UNSET without one, or without its zone."""
    stated = next(
        (time.get("datetime") for time in element.iter("time") if time.get("datetime")), ""
    )
    return dates.instant(stated or "") or UNSET


def _list_text(element: HtmlElement) -> str:
    if element.tag == "table":
        rows = ([text_of(cell) for cell in row.iter("th", "td")] for row in element.iter("tr"))
        return "\n".join(filter(None, (" | ".join(filter(None, row)) for row in rows)))
    return "\n".join(filter(None, (text_of(item) for item in element.iter("li"))))


def embedded(element: HtmlElement, url: str) -> str | None:
    """Return the address of what an element embeds. None when it embeds nothing."""
    if element.tag == "iframe":
        address = element.get("src") or element.get("data-src")
        return None if (address or "").startswith("about:") else absolute(url, address)
    if element.tag != "blockquote":
        return None
    links = [link.get("href") for link in element.iter("a") if link.get("href")]
    permanent = element.get("data-instgrm-permalink") or element.get("cite")
    if links and (_SOCIAL.search(element.get("class") or "") or not text_of(element)):
        return str(permanent or links[-1])
    return None


def is_left_out(element: HtmlElement) -> bool:
    """Whether an element in the body is none of the story: advert, picture, share bar, offer."""
    return (
        element.tag in _LEFT_OUT_TAGS
        or element.get("data-test-ui") in _LEFT_OUT_NAMES
        or element.get("id") in _LEFT_OUT_IDS
        or not _LEFT_OUT_CLASSES.isdisjoint(_classes(element))
        or ("article__raw-html" in _classes(element) and _is_promotion(element))
    )


def _is_promotion(raw: HtmlElement) -> bool:
    """Whether raw HTML only leads elsewhere: a picture with a link, a button, a mail address."""
    holds_text = any(True for _ in raw.iter("blockquote", "iframe", "p", "li", "table"))
    return not holds_text or _leads_elsewhere(raw)


def _leads_elsewhere(raw: HtmlElement) -> bool:
    linked = "".join(text_of(link) for link in raw.iter("a")).replace(" ", "")
    whole = text_of(raw).replace(" ", "")
    quotes = any(True for _ in raw.iter("blockquote", "iframe"))
    invites = bool(linked) and _PROMOTED.match(text_of(raw)) is not None
    return (whole == linked or invites) and not quotes


def is_site_line(block: Block, element: HtmlElement) -> bool:
    """Whether a whole block is a line of the site, not of the story."""
    if block.kind not in {"paragraph", "heading"}:
        return False
    if _SITE_LINE.fullmatch(block.text):
        return True
    linked = " ".join(text_of(link) for link in element.iter("a"))
    return (
        bool(linked)
        and _PROMOTED.match(block.text) is not None
        and len(linked) * 2 > len(block.text)
    )


def _classes(element: HtmlElement) -> set[str]:
    return set((element.get("class") or "").split())
