"""JSON that stands anywhere on a page or in a script: behind a prefix, in a comment, as ``window.X = …``.

It is looked for where a key stands under which text may stand, so that a page without one costs
nearly nothing.
"""

import json
import re
from collections.abc import Iterable, Iterator

from publishers.fusion import Assignment
from publishers.page_source import lone_surrogates_out

NAME = "embedded"
"""Name of what is found here."""

Span = tuple[int, int]
"""Where something starts and ends, in characters of the text."""

_KEYS = ("elements", "content", "body", "articleBody")
_COLON = re.compile(r"""\\*["']?\s*:""")
# Only where JSON can start: scripts are full of brackets, and a failed attempt is dear.
_BRACKET = re.compile(r"""\{\s*["}]|\[\s*["\[{\]\d\-tfn]""")
_MOST_TRIES = 3000
_DECODER = json.JSONDecoder(strict=False)
# A literal of JavaScript, or JSON inside a string: text under the key, and a word about its access
# or its story near it.
_LONG_TEXT = re.compile(r"""\s*\\*(?:["'`][^"'`<>\\]{40}|["'`]\s*\\*<|\[\s*\\*["'`\[{])""")
_STORY_WORD = re.compile(
    r"isPremium|content_code|content_restrictions|canonical_url|website_url|headlines|taxonomy"
)


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


def embedded_json(text: str, within: Iterable[Span], known: Iterable[Span]) -> Iterator[Assignment]:
    """Yield the JSON with a text key that stands ``within`` these places and outside the ``known`` ones.

    ``unreadable`` is a place in which such a key stands in what is no JSON, when it looks like a
    story's.
    """
    done = 0
    tries = 0
    taken = sorted(known)
    for span in within:
        for start, end in _gaps(span, taken):
            for key, after in _keys(text, start, end):
                if key < done:
                    continue
                found = None
                if text[key - 1 : key] == '"' or text[max(0, key - 9) : key] == '"content_':
                    found, tries = _around(text, max(start, done), key, tries)
                if found is None and _looks_like_a_story(text, (start, end), after):
                    found = Assignment(NAME, start, end, "unreadable", None)
                if found is not None:
                    yield found
                    done = found.end


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


def _keys(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return where text keys stand, and where their values start, in order."""
    found = []
    for key in _KEYS:
        place = text.find(key, start, end)
        while place >= 0:
            colon = _COLON.match(text, place + len(key), end)
            if colon:
                found.append((place, colon.end()))
            place = text.find(key, place + len(key), end)
    return sorted(found)


def _around(text: str, begin: int, key: int, tries: int) -> tuple[Assignment | None, int]:
    """Return the outermost JSON around a key. None when what stands there is no JSON."""
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
