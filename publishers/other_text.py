"""Text of other articles that a response carries in its JSON, and how it is cut out.

It stands in the lists and caches of scripts, and wherever else ``publishers.embedded_json`` looks.

Not found is text in a language of its own: the flattened stores of other frameworks, in which a key
holds a number and the text stands elsewhere, and streams that split a story over several scripts.
"""

import json
import re
from collections.abc import Iterator
from itertools import chain

from attrs import frozen

from publishers.embedded_json import NAME as EMBEDDED
from publishers.embedded_json import RESPELLED, embedded_json, markup, raw_regions
from publishers.fusion import Assignment
from publishers.marks import MarkedPage
from publishers.page_source import DecodedPage, Json
from publishers.public_fields import script_json
from publishers.rules import AccessRules
from publishers.story_text import TEXT_KEYS, StoryText, path_of

_JSON_SCRIPTS = frozenset({"json", "ld+json"})
_LISTED = frozenset({"globalContent", "contentCache"})
# Keys may be written with escapes; then only decoding tells.
_TEXT_KEY = re.compile(rf'"(?:{"|".join(sorted(TEXT_KEYS))})\\*"|\\u00')
_JSON_TYPE = re.compile(r"""\btype\s*+=\s*+(?:["']\s*+)?application/((?:ld\+)?json)\b""")


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


def cut_json(text: str, rules: AccessRules) -> Cut | None:
    """Return a JSON response without other people's text. None when it may be kept as it is."""
    try:
        value: Json = json.loads(text)
    except ValueError:
        return Cut(text="null", stated=False, cuts=("everything: no readable JSON",))
    judge = StoryText(rules=rules)
    barred = list(judge.barred(value, free=False))
    if not barred:
        return None
    kept = script_json(judge.without(value, free=False))
    return Cut(text=kept, stated=any(barred), cuts=("json",))


def cut_own_page(page: MarkedPage, url: str) -> Cut | None:
    """Return the page of a free article without the text of others. None when there is none."""
    judge = StoryText(rules=page.parts.rules, own=_own(page, url), trusts=False)
    edits = []
    for place in _places(page):
        # The page's own object is free, whatever it is; the stories inside it are judged alone.
        is_own = _is_own(place) and place.value.get("_id", "") in {"", *judge.own}
        is_cache = place.name == "contentCache"
        parts = place.value if is_own else {"": place.value}
        free = is_own or not (is_cache or judge.bars(place.value))
        barred = [b for part in parts.values() for b in judge.barred(part, free=free)]
        if place.state == "unreadable" and place.name == EMBEDDED:
            barred = [False]
        if barred:
            left = {key: judge.without(part, free=free) for key, part in parts.items()}
            kept = {} if is_cache else left if is_own else left[""]
            edits.append((place, _written(place, kept), any(barred)))
    return _edited(page.source.text, edits)


def cut_listing(page: MarkedPage) -> Cut | None:
    """Return a listing page without text of articles in its lists, or text that is not free elsewhere.

    None when it carries none.
    """
    judge = StoryText(rules=page.parts.rules, trusts=False)
    edits = []
    for place in _places(page):
        free = place.name not in _LISTED | {"ld+json"} and not judge.bars(place.value)
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
    barred = list(StoryText(rules=rules).in_text(text, free=True))
    return Cut(text="", stated=any(barred), cuts=("text:everything",)) if barred else None


def _edited(text: str, edits: list[tuple[Assignment, str, bool]]) -> Cut | None:
    if not edits:
        return None
    pieces, end = [], 0
    for place, replacement, _ in sorted(edits, key=lambda edit: (edit[0].start, -edit[0].end)):
        if place.start < end:
            continue
        # An attribute without quotes would take the next one for its value.
        empty = '""' if text[place.start - 1 : place.start] == "=" else ""
        pieces += [text[end : place.start], replacement or empty]
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
    """Return the id and the paths by which a page's JSON may name the page itself."""
    named = [place.value.get("_id") for place in page.data if _is_own(place)]
    ids = [name for name in named if isinstance(name, str) and name]
    own = [name for name in ids if name in url] or ids[:1]
    paths = filter(None, map(path_of, [url, *page.parts.canonical()]))
    return frozenset([*paths, *own])


def _is_own(place: Assignment) -> bool:
    return place.name == "globalContent" and bool(place.value) and isinstance(place.value, dict)


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
    held = [
        place
        for place in page.data
        if place.name == "globalContent" or _TEXT_KEY.search(text, place.start, place.end)
    ]
    regions = list(raw_regions(page.source.lower))
    held += _json_scripts(page.source, regions)
    yield from held
    known = [(place.start, place.end) for place in held if place.state == "decoded"]
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
