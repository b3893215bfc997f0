"""JSON that stands anywhere on a page: behind a prefix, in a comment, an attribute, as ``window.X = …``.

It is looked for where a key stands under which text may stand, so that a page without one costs
nearly nothing.
"""

import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator

from publishers.fusion import Assignment
from publishers.page_source import DecodedPage, lone_surrogates_out
from publishers.spellings import respelled, signs, text_keys

NAME = "embedded"
"""Name of what is found here."""

RESPELLED = "respelled"
"""Name of a whole place that only decoding could read; the value is what it says."""

Span = tuple[int, int]
"""Where something starts and ends, in characters of the text."""

# Only where JSON can start: scripts are full of brackets, and a failed attempt is dear.
_BRACKET = re.compile(r"""\{\s*["}]|\[\s*["\[{\]\d\-tfn]""")
_MOST_TRIES = 3000
_DECODER = json.JSONDecoder(strict=False)
# A literal of JavaScript, or JSON inside a string: text under the key, and a word about its access
# or its story near it.
_LONG_TEXT = re.compile(r"""\s*\\*(?:["'`][^"'`<>\\]{40}|["'`]\s*\\*<|\[\s*\\*["'`\[{])""")
_STORY_WORD = re.compile(
    r"isPremium|isAccessibleForFree|content_code|content_restrictions|canonical_url|website_url"
    r"|headlines|taxonomy|articleBody"
)
_TAG_OR_TEXT = re.compile(r"""<[a-zA-Z/!?](?P<inside>(?:=\s*(?:"[^"]*"|'[^']*')|[^>])*+)|[^<]+|<""")
_VALUE = re.compile(r"""=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>][^\s>]*))""")


def scripts_and_comments(lower: str) -> Iterator[tuple[str, Span]]:
    """Yield the scripts and comments of a page, given in lower case: the tag's inside, and the place."""
    for opening, closing in (("<script", "</script"), ("<!--", "-->")):
        place = lower.find(opening)
        while place >= 0:
            start = place + len(opening)
            tag = ""
            if opening == "<script":
                inside = max(lower.find(">", start), start)
                tag, start = lower[start:inside], inside + 1
            end = lower.find(closing, start)
            end = len(lower) if end < 0 else end
            yield tag, (start, end)
            place = lower.find(opening, end)


def markup(source: DecodedPage, regions: Iterable[Span]) -> Iterator[Span]:
    """Yield the attributes and pieces of text outside the scripts in which a text key stands."""
    for start, end in _gaps((0, len(source.text)), sorted(regions)):
        if keys := signs(source.lower, start, end):
            values = _values(source.text, start, end)
            yield from (span for span in values if _is_any_in(keys, span))


def _is_any_in(places: list[int], span: Span) -> bool:
    nearest = bisect_left(places, span[0])
    return nearest < len(places) and places[nearest] < span[1]


def _values(text: str, start: int, end: int) -> Iterator[Span]:
    for token in _TAG_OR_TEXT.finditer(text, start, end):
        if token["inside"] is None:
            yield token.span()
        else:
            for value in _VALUE.finditer(text, *token.span("inside")):
                yield value.span(value.lastindex or 0)


def embedded_json(text: str, within: Iterable[Span], known: Iterable[Span]) -> Iterator[Assignment]:
    """Yield the JSON with a text key that stands ``within`` these places and outside the ``known`` ones.

    ``unreadable`` is a place in which such a key stands in what is no JSON, when it looks like a
    story's.
    """
    tries = 0
    taken = sorted(known)
    done = 0
    for span in within:
        for start, end in _gaps(span, taken):
            keys = text_keys(text, start, end)
            for key, after in keys:
                if key < done:
                    continue
                found, tries = _around(text, max(start, done), key, tries)
                if found is None and _looks_like_a_story(text, (start, end), after):
                    found = Assignment(NAME, start, end, "unreadable", None)
                if found is not None:
                    yield found
                    done = found.end
            for plain in respelled(text[start:end], keyed=bool(keys)):
                yield Assignment(RESPELLED, start, end, "decoded", plain)


def _looks_like_a_story(text: str, place: Span, after: int) -> bool:
    return bool(_LONG_TEXT.match(text, after) and _STORY_WORD.search(text, *place))


def _gaps(span: Span, taken: list[Span]) -> Iterator[Span]:
    place, last = span
    for start, end in taken:
        if start > place and start < last:
            yield place, start
        if end > place and start < last:
            place = end
    if place < last:
        yield place, last


def _around(text: str, begin: int, key: int, tries: int) -> tuple[Assignment | None, int]:
    """Return the outermost JSON around a key. None when what stands there is no JSON."""
    if text[key - 1 : key] != '"' and text[max(0, key - 9) : key] != '"content_':
        return None, tries
    place = begin
    while tries < _MOST_TRIES and (bracket := _BRACKET.search(text, place, key)):
        tries += 1
        try:
            value, end = _DECODER.raw_decode(text, bracket.start())
        except (ValueError, RecursionError):
            place = bracket.start() + 1
            continue
        if end > key:
            value = lone_surrogates_out(value)
            return Assignment(NAME, bracket.start(), end, "decoded", value), tries
        place = end
    return None, tries
