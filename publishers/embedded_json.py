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
_MOST_TRIED = 20_000_000
_DECODER = json.JSONDecoder(strict=False)
# A literal of JavaScript, or JSON inside a string: text under the key, and a word about its access
# or its story not far from it.
_TAG = r"(?:<|\\u003c|\\x3c)"
_LONG_TEXT = re.compile(
    rf"""\s*+(?:\\*+"(?:(?:[^"\\]|\\.){{40}}|\s*{_TAG})|\\*+'(?:(?:[^'\\]|\\.){{40}}|\s*{_TAG})"""
    rf"""|`(?:(?:[^`\\]|\\.){{40}}|\s*{_TAG})|\[\s*+\\*+["'`\[{{])""",
    re.IGNORECASE,
)
_STORY_WORD = re.compile(
    r"isPremium|isAccessibleForFree|content_code|content_restrictions|canonical_url|website_url"
    r"|headlines|taxonomy|articleBody"
)
_NEAR = 20_000
_OPENING = re.compile(r"<(?:(script|style|textarea)\b|!--)")
_TAG_OR_TEXT = re.compile(r"""<[a-zA-Z/!?](?P<inside>(?:=\s*(?:"[^"]*"|'[^']*')|[^>])*+)|[^<]+|<""")
_VALUE = re.compile(r"""=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>][^\s>]*))""")


def raw_regions(lower: str) -> Iterator[tuple[str, Span]]:
    """Yield where a page, given in lower case, has no markup: the tag's inside, and the place.

    Scripts, style sheets, text fields and comments.
    """
    place = 0
    while opening := _OPENING.search(lower, place):
        start, tag, closing = opening.end(), "", "-->"
        if opening[1]:
            inside = max(lower.find(">", start), start)
            tag, start, closing = lower[start:inside], inside + 1, f"</{opening[1]}"
        end = lower.find(closing, start)
        place = len(lower) if end < 0 else end
        yield tag, (start, place)


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
    outermost = _Outermost(text)
    taken = sorted(known)
    for span in within:
        for start, end in _gaps(span, taken):
            keys = text_keys(text, start, end)
            yield from _found(outermost, (start, end), keys)
            for plain in respelled(text[start:end], keyed=bool(keys)):
                yield Assignment(RESPELLED, start, end, "decoded", plain)


def _found(
    outermost: "_Outermost", place: Span, keys: list[tuple[int, int]]
) -> Iterator[Assignment]:
    text, done = outermost.text, place[0]
    words: list[int] | None = None
    for key, after in keys:
        if key < done:
            continue
        found = outermost.around(key, done)
        if found is None and _LONG_TEXT.match(text, after):
            if words is None:
                words = [word.start() for word in _STORY_WORD.finditer(text, *place)]
            if _is_any_in(words, (after - _NEAR, after + _NEAR)):
                found = Assignment(NAME, *place, "unreadable", None)
        if found is not None:
            yield found
            done = found.end


class _Outermost:
    """Finds the outermost JSON around a key, and never tries the same place twice."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tries = self._tried = self._place = 0

    def around(self, key: int, begin: int) -> Assignment | None:
        """Return the JSON around a key that starts at ``begin`` or later. None when there is none."""
        text = self.text
        if text[key - 1 : key] != '"' and text[max(0, key - 9) : key] != '"content_':
            return None
        # Where the last search ended, unless that was in another part of the text.
        place = max(begin, self._place) if self._place <= key else begin
        while (bracket := self._bracket(place, key)) is not None:
            try:
                value, end = _DECODER.raw_decode(text, bracket)
            except json.JSONDecodeError as error:
                self._tried += error.pos - bracket
                place = bracket + 1
                continue
            except (ValueError, RecursionError):
                place = bracket + 1
                continue
            if end > key:
                self._place = end
                return Assignment(NAME, bracket, end, "decoded", lone_surrogates_out(value))
            place = end
        self._place = max(place, key)
        return None

    def _bracket(self, place: int, key: int) -> int | None:
        if self._tries >= _MOST_TRIES or self._tried >= _MOST_TRIED:
            return None
        self._tries += 1
        found = _BRACKET.search(self.text, place, key)
        return found.start() if found else None


def _gaps(span: Span, taken: list[Span]) -> Iterator[Span]:
    place, last = span
    for start, end in taken[max(0, bisect_left(taken, span) - 1) :]:
        if start >= last:
            break
        if start > place:
            yield place, start
        place = max(place, end)
    if place < last:
        yield place, last
