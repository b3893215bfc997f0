"""Text of other articles that a response carries in its JSON, and how it is cut out.

Listing pages, caches and JSON carry whole articles. Text is free when the nearest object around it
that says who may read it says free; a story that says nothing is not free.
"""

import json
import re
from collections.abc import Iterator
from itertools import chain
from urllib.parse import urlsplit

from attrs import field, frozen

from publishers.embedded_json import NAME as EMBEDDED
from publishers.embedded_json import RESPELLED, embedded_json, markup, scripts_and_comments
from publishers.fusion import Assignment
from publishers.marks import MarkedPage, verdict
from publishers.page_source import DecodedPage, Json
from publishers.public_fields import public_story, script_json
from publishers.rules import AccessRules
from publishers.spellings import may_hold_text

_TEXT_KEYS = frozenset({"elements", "content_elements", "body", "articleBody", "content"})
_INNER_KEYS = _TEXT_KEYS | {"text", "items", "html"}
_ADDRESS_KEYS = ("url", "@id", "mainEntityOfPage")
_STORY_KEYS = frozenset({"canonical_url", "website_url", "headlines", "taxonomy"})
_JSON_SCRIPTS = frozenset({"json", "ld+json"})
_LISTED = frozenset({"globalContent", "contentCache"})
# Keys may be written with escapes; then only decoding tells.
_TEXT_KEY = re.compile(rf'"(?:{"|".join(sorted(_TEXT_KEYS))})\\*"|\\u00')
_JSON_TYPE = re.compile(r"""\btype\s*=\s*["']?\s*application/((?:ld\+)?json)\b""")


@frozen(kw_only=True)
class Cut:
    """A response without the text that we may not keep."""

    text: str
    """What is kept."""

    stated: bool
    """Whether an object said that the text is for subscribers; else none said that it is free."""

    cuts: tuple[str, ...]
    """Where text was cut."""

    @property
    def evidence(self) -> tuple[str, ...]:
        """Why it was cut."""
        kind = self.cuts[0].partition(":")[0]
        return (f"{kind}:text marked premium" if self.stated else f"{kind}:text not marked free",)


@frozen(kw_only=True)
class _Judge:
    """Goes through JSON and tells which text may stay."""

    rules: AccessRules
    own: frozenset[str] = field(factory=frozenset)
    """Ids and paths of the article whose page this is, which was found free."""

    trusts: bool = True
    """Whether an object is believed that calls its own text free. Not on pages: there the text of another
    article is never needed, and the article's own page may contradict them."""

    def barred(self, value: Json, *, free: bool) -> Iterator[bool]:
        """Yield, for each text that may not stay, whether an object said so."""
        if isinstance(value, list):
            for item in value:
                yield from self.barred(item, free=free)
        elif isinstance(value, dict):
            said = verdict(value, self.rules)
            inside = self._is_free(value, free=free)
            if not inside and any(self._has_text(value[key]) for key in _TEXT_KEYS & value.keys()):
                yield said is False
            for item in value.values():
                yield from self.barred(item, free=inside)
        elif isinstance(value, str) and may_hold_text(value):
            yield from self.in_text(value)

    def in_text(self, text: str) -> Iterator[bool]:
        """Yield the same for the JSON that stands in a text."""
        for place in embedded_json(text, [(0, len(text))], ()):
            if place.state == "unreadable":
                yield False
            else:
                yield from self.barred(place.value, free=True)

    def without(self, value: Json, *, free: bool) -> Json:
        """Return JSON without the text that may not stay; of a barred story, its public fields."""
        if isinstance(value, list):
            return [self.without(item, free=free) for item in value]
        if not isinstance(value, dict):
            # Each that is barred counts, whether or not an object said so.
            return "" if any(True for _ in self.barred(value, free=free)) else value
        inside = self._is_free(value, free=free)
        if not inside and (verdict(value, self.rules) is False or _is_story(value)):
            return public_story(value, self.rules)
        return {
            key: self.without(item, free=inside)
            for key, item in value.items()
            if inside or key not in _TEXT_KEYS or not self._has_text(item)
        }

    def _is_free(self, value: dict[str, Json], *, free: bool) -> bool:
        said = verdict(value, self.rules)
        if isinstance(value.get("_id"), str) and value["_id"] in self.own:
            return said is not False
        if said is not None:
            return said and self.trusts
        return free and not _is_story(value) and not self._is_linked_to_another(value)

    def _is_linked_to_another(self, value: dict[str, Json]) -> bool:
        """Tell whether JSON-LD is of another page; without an address, whether it says not free."""
        if "@type" not in value:
            return False
        addresses = [path for key in _ADDRESS_KEYS for path in _paths(value.get(key))]
        said = str(value.get("isAccessibleForFree")).lower()
        return self.own.isdisjoint(addresses) if addresses else said == "false"

    def _has_text(self, value: Json) -> bool:
        """Tell whether there is text in the value of a text key; stories in it are judged alone."""
        if isinstance(value, str):
            return bool(value.strip())
        if isinstance(value, list):
            return any(self._has_text(item) for item in value)
        if (
            not isinstance(value, dict)
            or _is_story(value)
            or verdict(value, self.rules) is not None
        ):
            return False
        return any(self._has_text(value[key]) for key in _INNER_KEYS & value.keys())


def cut_json(text: str, rules: AccessRules) -> Cut | None:
    """Return a JSON response without other people's text. None when it may be kept as it is."""
    try:
        value: Json = json.loads(text)
    except ValueError:
        return Cut(text="null", stated=False, cuts=("everything: no readable JSON",))
    judge = _Judge(rules=rules)
    barred = list(judge.barred(value, free=False))
    if not barred:
        return None
    kept = script_json(judge.without(value, free=False))
    return Cut(text=kept, stated=any(barred), cuts=("json",))


def cut_own_page(page: MarkedPage, url: str) -> Cut | None:
    """Return the page of a free article without the text of others. None when there is none."""
    judge = _Judge(rules=page.parts.rules, own=_own(page, url), trusts=False)
    edits = []
    for place in _places(page):
        is_own = place.name == "globalContent" and isinstance(place.value, dict)
        is_cache = place.name == "contentCache"
        # The page's own object is free, whatever it is; the stories inside it are judged alone.
        parts = place.value if is_own else {"": place.value}
        barred = [b for part in parts.values() for b in judge.barred(part, free=not is_cache)]
        if place.state == "unreadable" and place.name == EMBEDDED:
            barred = [False]
        if barred:
            left = {key: judge.without(part, free=True) for key, part in parts.items()}
            kept = {} if is_cache else left if is_own else left[""]
            edits.append((place, _written(place, kept), any(barred)))
    return _edited(page.source.text, edits)


def cut_listing(page: MarkedPage) -> Cut | None:
    """Return a listing page without text of articles in its lists, or text that is not free elsewhere.

    None when it carries none.
    """
    judge = _Judge(rules=page.parts.rules, trusts=False)
    edits = []
    for place in _places(page):
        free = place.name not in _LISTED | {"ld+json"}
        barred = list(judge.barred(place.value, free=free))
        if place.state == "unreadable" and place.name in _JSON_SCRIPTS | {EMBEDDED}:
            barred = [False]
        if barred or place.name in _LISTED:
            kept = {} if place.name in _LISTED else judge.without(place.value, free=free)
            edits.append((place, _written(place, kept), barred))
    if not any(barred for _, _, barred in edits):
        return None
    return _edited(page.source.text, [(place, kept, any(barred)) for place, kept, barred in edits])


def cut_text(text: str, rules: AccessRules) -> Cut | None:
    """Return nothing of a script or other text in which there is text of a story that is not free.

    None when there is none.
    """
    barred = list(_Judge(rules=rules).in_text(text))
    return Cut(text="", stated=any(barred), cuts=("text:everything",)) if barred else None


def _edited(text: str, edits: list[tuple[Assignment, str, bool]]) -> Cut | None:
    if not edits:
        return None
    pieces, end = [], 0
    for place, replacement, _ in sorted(edits, key=lambda edit: (edit[0].start, -edit[0].end)):
        if place.start < end:
            continue
        pieces += [text[end : place.start], replacement]
        end = place.end
    return Cut(
        text="".join([*pieces, text[end:]]),
        stated=any(stated for _, _, stated in edits),
        cuts=tuple(f"json:{place.name}" for place, _, _ in edits),
    )


def _written(place: Assignment, kept: Json) -> str:
    is_whole = place.name == RESPELLED or (place.name, place.state) == (EMBEDDED, "unreadable")
    return "" if is_whole else script_json(kept)


def _own(page: MarkedPage, url: str) -> frozenset[str]:
    """Return the ids and paths by which a page's JSON may name the page itself."""
    objects = [place.value for place in page.data if place.name == "globalContent"]
    own = [value.get("_id") for value in objects if isinstance(value, dict)]
    paths = _paths([url, *page.parts.canonical()])
    return frozenset([*paths, *(i for i in own if isinstance(i, str))])


def _paths(value: Json) -> Iterator[str]:
    """Yield the paths of addresses: a text, an object with ``@id``, or a list of such."""
    if isinstance(value, list):
        for item in value:
            yield from _paths(item)
    elif isinstance(value, dict):
        yield from _paths(value.get("@id"))
    elif isinstance(value, str) and (path := _path(value)):
        yield path


def _path(address: str) -> str:
    try:
        return urlsplit(address).path.rstrip("/")
    except ValueError:
        return address


def is_json(text: str) -> bool:
    """Tell whether a text is JSON, whatever it was declared as."""
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _places(page: MarkedPage) -> Iterator[Assignment]:
    """Yield the JSON of a page, without what has no key under which text stands."""
    text = page.source.text
    for place in page.data:
        if place.name == "globalContent" or _TEXT_KEY.search(text, place.start, place.end):
            yield place
    regions = list(scripts_and_comments(page.source.lower))
    scripts = list(_json_scripts(page.source, regions))
    yield from scripts
    known = [(p.start, p.end) for p in (*page.data, *scripts) if p.state == "decoded"]
    spans = [span for _, span in regions]
    yield from embedded_json(text, chain(spans, markup(page.source, spans)), known)


def _json_scripts(
    source: DecodedPage, regions: list[tuple[str, tuple[int, int]]]
) -> Iterator[Assignment]:
    for tag, (start, end) in regions:
        kind = _JSON_TYPE.search(tag)
        if kind is None or not _TEXT_KEY.search(source.text, start, end):
            continue
        try:
            value: Json = json.loads(source.text[start:end], strict=False)
        except ValueError:
            yield Assignment(kind[1], start, end, "unreadable", None)
        else:
            yield Assignment(kind[1], start, end, "decoded", value)


def _is_story(value: dict[str, Json]) -> bool:
    """Tell whether an object is a story of its own, not a part of the one around it."""
    return not _STORY_KEYS.isdisjoint(value)
