"""The marks on a page that decide who may read it."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote, urlsplit

from attrs import field, frozen
from lxml.html import HtmlElement

from publishers.fusion import Assignment, assignments
from publishers.page_parts import PageParts, marked, page_parts
from publishers.page_source import DecodedPage, Json, linked_data, parse_html
from publishers.public_fields import linked_data_types
from publishers.rules import AccessRules

# Not behind a bracket: style sheets name the section on free pages too.
_ATTRIBUTE = r"""(?<!\[){}\s*=\s*["']?[^"'<>]*$"""
_NEAR = 100
UNREADABLE = "fusion:unreadable"
"""The doubt about a page whose JSON is there and can't be decoded."""

# It may hold anything, so a page with one is judged as one whose own object can't be read.
_UNREADABLE_CACHE = ("contentCache", "unreadable")
_TRUTHS: dict[str, bool] = {"true": True, "1": True, "false": False, "0": False}


@frozen(kw_only=True)
class Marks:
    """What a page says about who may read it."""

    premium: tuple[str, ...]
    """Hard marks: each alone means subscribers only."""

    free: tuple[str, ...]
    """Statements that the article is free; together with a hard mark they contradict."""

    doubts: tuple[str, ...]
    """Why the page can't be judged."""

    notes: tuple[str, ...]
    """What decides nothing, and is worth keeping as evidence."""

    contents: tuple[Assignment, ...] = field(repr=False)
    """The page's own objects in its JSON, in order."""

    has_script: bool
    """Whether the script is there that should carry them."""

    badges: tuple[bool, ...]
    """For each badge that is not on a card: whether it stands in the header."""

    sections: tuple[str, ...]
    """Names of the subscribers' sections that are there."""

    historic: tuple[str, ...]
    """Marks of former layouts that are there."""

    has_body: bool
    """Whether there is a body with a name that we know."""


@frozen(kw_only=True)
class MarkedPage:
    """A page with its parts and marks; what the cut page is built from."""

    source: DecodedPage
    """The page as text."""

    parts: PageParts
    """Its parts."""

    data: tuple[Assignment, ...] = field(repr=False)
    """Everything its scripts are given as ``Fusion.<name>``."""

    marks: Marks
    """Its marks."""


def marked_page(source: DecodedPage, url: str, rules: AccessRules) -> MarkedPage | None:
    """Read the marks of a page. None when it can't be parsed to its end."""
    tree = parse_html(source.text)
    if tree is None:
        return None
    parts = page_parts(tree, rules)
    data = tuple(assignments(source.text))
    found = _Found(source, url, parts, data, tuple(_contents(source, data, rules)))
    return MarkedPage(source=source, parts=parts, data=data, marks=_marks(found))


def verdict(value: dict[str, Json], rules: AccessRules) -> bool | None:
    """Return what a JSON object says of itself: True free, False not. None when it says nothing."""
    said = [not truth for key in rules.flags if (truth := _truth(value.get(key))) is not None]
    code = _code(value)
    said += [] if code is None else [code in rules.free_codes]
    return all(said) if said else None


@frozen
class _Found:
    source: DecodedPage
    url: str
    parts: PageParts
    data: tuple[Assignment, ...]
    contents: tuple[Assignment, ...]

    @property
    def objects(self) -> list[dict[str, Json]]:
        return [c.value for c in self.contents if isinstance(c.value, dict)]


def _marks(found: _Found) -> Marks:
    rules = found.parts.rules
    sections = tuple(name for name in rules.subscriber_sections if _has_section(found, name))
    historic = _historic(found)
    badges = _badges(found.parts)
    true_flags, false_flags, odd_flags = _flags(found.objects, rules)
    paid_codes, free_codes = _codes(found.objects, rules)
    free = (*false_flags, *free_codes)
    has_script = _has_script(found)
    has_body = _has_body(found.parts)
    doubts = [*odd_flags, *_json_doubts(found, has_script=has_script)]
    if not has_body and not any(found.objects):
        doubts.append("layout:unrecognised")
    # Cards may carry badges too; one that we can't place counts unless the page says it is free.
    if False in badges and not free:
        doubts.append("badge:outside the header")
    return Marks(
        premium=(
            *(*true_flags, *paid_codes, *_segments(found)),
            *(f"section:{name}" for name in sections),
            *(("badge",) if True in badges else ()),
            *(f"historic:{mark}" for mark in historic),
        ),
        free=free,
        doubts=tuple(doubts),
        notes=tuple(_notes(found.parts.tree)),
        contents=found.contents,
        has_script=has_script,
        badges=badges,
        sections=sections,
        historic=historic,
        has_body=has_body,
    )


def _contents(
    source: DecodedPage, data: tuple[Assignment, ...], rules: AccessRules
) -> Iterator[Assignment]:
    """Yield the page's own objects; copies of them in its cache that say subscribers only, too."""
    text = source.text
    own: set[str] = set()
    for place in data:
        if place.state == "unreadable" and not _is_in_script(source.lower, place.start):
            continue
        if place.name == "globalContent" or (place.name, place.state) == _UNREADABLE_CACHE:
            yield place
        if place.name == "globalContent" and isinstance(place.value, dict):
            own.add(str(place.value.get("_id")))
    for cache in data:
        if cache.name == "contentCache" and any(i in text[cache.start : cache.end] for i in own):
            yield from _copies(cache, own, rules)


def _copies(cache: Assignment, own: set[str], rules: AccessRules) -> Iterator[Assignment]:
    for value in _objects(cache.value):
        if str(value.get("_id")) in own and verdict(value, rules) is False:
            yield Assignment(cache.name, cache.start, cache.end, "decoded", value)


def _objects(value: Json) -> Iterator[dict[str, Json]]:
    if isinstance(value, dict):
        yield value
    items: Iterable[Json] = value.values() if isinstance(value, dict) else ()
    for item in value if isinstance(value, list) else items:
        yield from _objects(item)


def _flags(
    objects: list[dict[str, Json]], rules: AccessRules
) -> tuple[list[str], list[str], list[str]]:
    """Return the flags that are true, those that are false (in no object true), and unclear ones."""
    true, false, odd = [], [], []
    for key in rules.flags:
        values = [value[key] for value in objects if value.get(key) is not None]
        truths = [_truth(value) for value in values]
        if True in truths:
            true.append(f"fusion:{key}=true")
        elif None in truths:
            odd.append(f"fusion:{key} unclear")
        elif truths:
            false.append(f"fusion:{key}=false")
    return true, false, odd


def _codes(objects: list[dict[str, Json]], rules: AccessRules) -> tuple[list[str], list[str]]:
    codes = sorted({code for value in objects if (code := _code(value)) is not None})
    paid = [code for code in codes if code not in rules.free_codes]
    return [f"fusion:content_code={code}" for code in paid], [
        f"fusion:content_code={code}" for code in codes if not paid
    ]


def _code(value: dict[str, Json]) -> str | None:
    restrictions = value.get("content_restrictions")
    code = restrictions.get("content_code") if isinstance(restrictions, dict) else None
    return None if code is None else str(code).strip().lower()[:40]


def _truth(value: Json) -> bool | None:
    return _TRUTHS.get(str(value).strip().lower()) if isinstance(value, int | str) else None


def _has_script(found: _Found) -> bool:
    """Look for its id, then for anything that it assigns: either may be damaged."""
    lower, script_id = found.source.lower, found.parts.rules.script_id
    by_id = found.parts.tree.xpath("//script[@id=$id]", id=script_id)
    return bool(by_id) or any(_is_in_script(lower, place.start) for place in found.data)


def _json_doubts(found: _Found, *, has_script: bool) -> list[str]:
    if any(content.state == "unreadable" for content in found.contents):
        return [UNREADABLE]
    return ["fusion:globalContent absent"] if has_script and not any(found.objects) else []


def _segments(found: _Found) -> list[str]:
    parts = found.parts
    addresses: list[Json] = [found.url, *parts.canonical()]
    addresses += [e.get("content") for e in parts.about if e.get("property") == "og:url"]
    addresses += [
        value.get(key) for value in found.objects for key in ("canonical_url", "website_url")
    ]
    # Only spelled with escapes could a segment be there and not be seen.
    wanted = (*found.parts.rules.url_segments, "%")
    segments = {
        segment
        for address in addresses
        if isinstance(address, str) and any(word in address.lower() for word in wanted)
        for segment in _path_of(address)
    }
    return [f"url:/{segment}/" for segment in found.parts.rules.url_segments if segment in segments]


def _path_of(url: str) -> list[str]:
    try:
        return unquote(urlsplit(url).path).lower().split("/")
    except ValueError:
        return url.lower().split("/")


def _badges(parts: PageParts) -> tuple[bool, ...]:
    badges = [b for b in parts.with_names(parts.rules.badges) if not parts.is_beside(b)]
    placed = [(parts.is_in_header(badge), badge) for badge in badges]
    # After the header, a badge inside a link belongs to the article that the link leads to.
    return tuple(
        top for top, badge in placed if top or next(badge.iterancestors("a"), None) is None
    )


def _has_section(found: _Found, name: str) -> bool:
    """Look in the tree, then in the text: comments and the like are no part of the tree."""
    if name in found.parts.named:
        return True
    lower = found.source.lower
    attribute = re.compile(_ATTRIBUTE.format(re.escape(found.parts.rules.name_attribute)))
    place = lower.find(name)
    while place >= 0:
        near = lower[max(0, place - _NEAR) : place]
        if attribute.search(near) and not _is_in_script(lower, place):
            return True
        place = lower.find(name, place + 1)
    return False


def _is_in_script(lower: str, place: int) -> bool:
    opened = max(lower.rfind(word, 0, place) for word in ("<script", "<style"))
    return opened > max(lower.rfind(word, 0, place) for word in ("</script", "</style"))


def _historic(found: _Found) -> tuple[str, ...]:
    parts, text = found.parts, found.source.lower
    # Looking through the text first saves a walk through the tree on nearly every page.
    written = tuple(
        mark for mark in parts.rules.historic if mark.strip("#.").split(".")[0].lower() in text
    )
    there = {mark for element, mark in marked(parts.tree, written) if not parts.is_beside(element)}
    return tuple(mark for mark in written if mark in there)


def _has_body(parts: PageParts) -> bool:
    classes = tuple(f".{name}" for name in parts.rules.body_classes)
    return bool(parts.with_names(parts.rules.body_names)) or any(marked(parts.tree, classes))


def _notes(tree: HtmlElement) -> Iterator[str]:
    for block in linked_data(tree):
        for value in _objects(block):
            said = value.get("isAccessibleForFree")
            if said is not None and linked_data_types(value):
                yield f"json-ld:isAccessibleForFree={str(said).lower()[:10]}"
