"""What a page is, apart from who may read it: an article, or one of the things shown in its place.

Whatever carries an article is one, whatever it writes about. Only of the others it is asked what they
are: by signatures (``publishers.walls``), by the address they call their own, by their whole title.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

from attrs import frozen
from lxml.html import HtmlElement

from publishers.marks import MarkedPage
from publishers.page_parts import marked
from publishers.page_source import Json
from publishers.robots_words import header_forbids_archiving, page_forbids_archiving
from publishers.spec import Publisher
from publishers.walls import wall_in_headers, wall_on_page

PageKind = Literal[
    "article",
    "soft_404",
    "block",
    "consent_wall",
    "empty",
    "section_front",
    "video",
    "gallery",
    "quiz",
    "sponsored",
    "noarchive",
    "unknown_layout",
]
"""``block`` is a challenge or refusal of the site's defences; ``unknown_layout`` an article, as far as
its meta elements say, on a page of which we know no part."""

Headers = Iterable[tuple[str, str]]

_UNSHOWN = frozenset({"script", "style", "noscript", "template", "svg", "head"})
_MEDIA = ("iframe", "img", "video", "video-js", "audio", "figure", "picture", "table", "blockquote")


@frozen
class PageState:
    """What a page is, and why we think so."""

    kind: PageKind
    """What it is."""

    evidence: tuple[str, ...] = ()
    """The marks that decided it, such as ``canonical:/world/``; empty for an article."""


NO_ARTICLE = frozenset({"video", "gallery", "quiz", "sponsored"})
"""Kinds that are no article by the publisher's own word: skipped, and nothing went wrong."""

EMPTY = PageState("empty", ("body:nothing in it",))
"""Of an answer without a body."""


def page_state(
    page: MarkedPage | None, url: str, publisher: Publisher, headers: Headers = ()
) -> PageState:
    """Return what a page is that answered at ``url``, given its headers as well.

    ``page`` is None for one that can't be parsed. A page at another address than an article's is an
    ``article`` only when it carries one, else a ``section_front`` at best.
    """
    sent = tuple(headers)
    if wall := wall_in_headers(sent):
        return PageState("block", (f"{wall.name}:header {wall.header and wall.header[0]}",))
    if page is None:
        unread = PageState("unknown_layout", ("page:unreadable",))
        return _withheld((), sent, publisher) or unread
    story = _own_story(page)
    # Not the mark in the address: it stands there whatever answers.
    marks = any(not mark.startswith("url:") for mark in page.marks.premium)
    carries = bool(story) or page.marks.has_body or marks
    if not carries and (wall_state := _wall(page)):
        return wall_state
    withheld = _withheld(page.parts.about, sent, publisher)
    elsewhere = None if _is_own(story, url, publisher) else _elsewhere(page, url, publisher)
    found = withheld or elsewhere or _other_kind(page, story)
    if found or carries:
        return found or _empty_body(page, story) or _article(page)
    return _without_article(page, url, publisher)


def _withheld(
    about: Iterable[HtmlElement], headers: Headers, publisher: Publisher
) -> PageState | None:
    token = publisher.agent_token
    if header_forbids_archiving(headers, token):
        return PageState("noarchive", ("header:x-robots-tag",))
    if page_forbids_archiving(about, token):
        return PageState("noarchive", ("meta:robots",))
    return None


def _wall(page: MarkedPage) -> PageState | None:
    tree = page.parts.tree
    wall = wall_on_page(tree, frozenset(_titles(page)), _text_of(tree))
    return PageState(wall.kind, (f"{wall.name}:{_parts_of(wall)}",)) if wall else None


def _parts_of(wall: object) -> str:
    given = ("titles", "scripts", "marks", "words")
    return "+".join(name for name in given if getattr(wall, name))


def _elsewhere(page: MarkedPage, url: str, publisher: Publisher) -> PageState | None:
    """Return what a page is that says that its address is another than an article's."""
    if not publisher.listed_id(url):
        return None
    address = next((a for a in page.parts.canonical() if publisher.is_ours(a)), None)
    if address is None or publisher.article_id(address):
        return None
    if found := _not_found(page, publisher):
        return found
    return PageState("section_front", (f"canonical:{_path(address)}",))


def _not_found(page: MarkedPage, publisher: Publisher) -> PageState | None:
    rules = publisher.access.states
    if title := next((t for t in _titles(page) if t in rules.not_found), None):
        return PageState("soft_404", (f"title:{title}",))
    mark = next((mark for _, mark in marked(page.parts.tree, rules.not_found_marks)), None)
    return PageState("soft_404", (f"mark:{mark}",)) if mark else None


def _other_kind(page: MarkedPage, story: dict[str, Json]) -> PageState | None:
    rules = page.parts.rules.states
    for path, value, kind in rules.kinds:
        if str(_at(story, path)).strip().lower() == value:
            return PageState(kind, (f"fusion:{path}={value}",))
    if not page.marks.has_body:
        key = next((key for key in rules.player_keys if story.get(key)), None)
        if key or next(page.parts.tree.iter("video-js"), None) is not None:
            return PageState("video", (f"fusion:{key}" if key else "html:video-js",))
    return None


def _empty_body(page: MarkedPage, story: dict[str, Json]) -> PageState | None:
    """Return that there is no text where it should be: of a page that everybody may read."""
    if page.marks.premium or not page.marks.has_body or _has_text(story.get("elements")):
        return None
    rules = page.parts.rules
    classes = tuple(f".{name}" for name in rules.body_classes)
    named = page.parts.with_names(rules.body_names)
    bodies = [*named, *(element for element, _ in marked(page.parts.tree, classes))]
    if any(_text_of(body) or next(body.iter(*_MEDIA), None) is not None for body in bodies):
        return None
    return PageState("empty", ("body:no text",))


def _has_text(elements: Json) -> bool:
    keys = ("content", "content_elements", "items")
    return isinstance(elements, list) and any(
        isinstance(element, dict) and any(element.get(key) for key in keys) for element in elements
    )


def _article(page: MarkedPage) -> PageState:
    if page.marks.has_body or page.marks.premium:
        return PageState("article")
    return PageState("unknown_layout", ("layout:no known body",))


def _without_article(page: MarkedPage, url: str, publisher: Publisher) -> PageState:
    if found := _not_found(page, publisher):
        return found
    if not _text_of(page.parts.tree):
        return PageState("empty", ("page:no text",))
    section = next((path for path in _sections(page)), None)
    if section or not publisher.listed_id(url):
        return PageState("section_front", (f"fusion:{section}",) if section else ())
    if any(content.state == "decoded" and not content.value for content in page.marks.contents):
        return PageState("soft_404", ("fusion:globalContent empty",))
    return PageState("unknown_layout", ("layout:no known part",))


def _own_story(page: MarkedPage) -> dict[str, Json]:
    """Return the page's own story in its JSON; empty when it has none, or that of a section."""
    objects = (content.value for content in page.marks.contents)
    stories = (value for value in objects if isinstance(value, dict) and value)
    return next((value for value in stories if not _is_section(value)), {})


def _sections(page: MarkedPage) -> Iterator[str]:
    for content in page.marks.contents:
        if isinstance(content.value, dict) and _is_section(content.value):
            yield str(content.value.get("_id"))


def _is_section(value: dict[str, Json]) -> bool:
    return value.get("node_type") == "section" or str(value.get("_id")).startswith("/")


def _is_own(story: dict[str, Json], url: str, publisher: Publisher) -> bool:
    return bool(story) and story.get("_id") == publisher.article_id(url)


def _titles(page: MarkedPage) -> Iterator[str]:
    """Yield title and headlines in lower case, the title also without the site's name."""
    titles = page.parts.tree.xpath("//title[not(ancestor::svg)]")[:1]
    for element in [*titles, *page.parts.tree.iter("h1")]:
        text = " ".join(element.text_content().split()).lower()
        yield text
        for dash in (" - ", " | ", " – "):
            if dash in text:
                yield text.rpartition(dash)[0]


def _text_of(element: HtmlElement) -> str:
    """Return the text that is shown inside an element, on one line."""
    # A stack instead of recursion: pages can nest thousands deep.
    pieces: list[str] = []
    waiting: list[HtmlElement | str] = [element]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            pieces.append(item)
        elif isinstance(item.tag, str) and item.tag not in _UNSHOWN:
            pieces.append(item.text or "")
            for child in reversed(item):
                waiting += [child.tail or "", child]
    return " ".join(" ".join(pieces).split())


def _at(value: Json, path: str) -> Json:
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _path(address: str) -> str:
    return "/" + address.split("://", 1)[-1].partition("/")[2].partition("?")[0]
