"""How a key under which text stands may be spelled: plainly, escaped for an attribute, or packed."""

import base64
import html
import re
from collections.abc import Iterator
from urllib.parse import unquote

_KEYS = ("elements", "content", "body", "articleBody")
_ESCAPE = r"(?:\\|&(?:amp;)*#(?:92|x5c);|%(?:25)*5c)*+"
_ENTITY_QUOTE = r"&(?:amp;)*(?:quot|apos|#0*3[49]|#x0*2[27]);"
_PERCENT_QUOTE = r"%(?:25)*2[27]"
_QUOTE = rf"""{_ESCAPE}(?:["'`]|(?:u00|x)2[27]|{_ENTITY_QUOTE}|{_PERCENT_QUOTE})"""
_COLON = re.compile(rf"{_QUOTE}?\s*(?::|%(?:25)*3a|&(?:amp;)*(?:colon|#58|#x3a);)", re.IGNORECASE)
# How each spelling is known, and how all its layers are undone at once.
_ENTITY = re.compile(_ENTITY_QUOTE, re.IGNORECASE)
_AMPERSANDS = re.compile(r"&(?:amp;)+")
_LONG_NUMBER = re.compile(r"&#x?[0-9a-fA-F]{8,}")
_PERCENT = re.compile(_PERCENT_QUOTE)
_PERCENTS = re.compile(r"%(?:25)+")
_BACKSLASH = re.compile(r"(?<!\\)\\++(?:u00|x)22")
_CODE = re.compile(r"(?<!\\)\\++(?:u00|x)([2-7][0-9a-fA-F])")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{40,}")
_SHORTEST = 40
# A quote, the end of an escaped one, an object's start, a space, or the first half of content_elements:
# in style sheets keys end longer words.
_BEFORE = "\"'`;27_{, \n"
# How {" and [{" start in base64.
_PACKED = ("eyJ", "W3si")


def text_keys(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return where text keys stand in a part of a text, and where their values start, in order."""
    return sorted(
        (place, colon.end())
        for key in _KEYS
        for place in _places(text, key, start, end)
        if (colon := _COLON.match(text, place + len(key), end))
    )


def packed_runs(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return where base64 stands that may be JSON."""
    return [span for opening in _PACKED for span in _runs(text, opening, start, end)]


def signs(lower: str, start: int, end: int) -> list[int]:
    """Return where any of both may stand in a part of a page in lower case, in order."""
    keys = [
        place
        for key in _KEYS
        for place in _places(lower, key.lower(), start, end)
        if lower[place - 1] in _BEFORE and _COLON.match(lower, place + len(key), end)
    ]
    packed = [
        place for opening in _PACKED for place, _ in _runs(lower, opening.lower(), start, end)
    ]
    return sorted(keys + packed)


def may_hold_text(text: str) -> bool:
    """Tell whether a text key stands in a text, however spelled, or may be packed in it; it is quick."""
    if len(text) < _SHORTEST:
        return False
    return bool(text_keys(text, 0, len(text)) or text.startswith(_PACKED))


def respelled(text: str, *, keyed: bool) -> Iterator[str]:
    """Yield what a text says in plain letters, once for each way in which a key in it is spelled.

    ``keyed`` is whether a key stands in it that is not packed.
    """
    if keyed and _ENTITY.search(text):
        # The numbers of characters that do not exist: the library can't read the longest.
        yield html.unescape(_LONG_NUMBER.sub("", _AMPERSANDS.sub("&", text)))
    if keyed and _PERCENT.search(text):
        yield unquote(_PERCENTS.sub("%", text))
    # The pattern starts anywhere: without the words it ends in, it would walk through all of the text.
    if keyed and ("u0022" in text or "x22" in text) and _BACKSLASH.search(text):
        yield _CODE.sub(lambda code: chr(int(code[1], 16)), text)
    for start, end in packed_runs(text, 0, len(text)):
        yield _unpacked(text[start:end])


def _places(text: str, word: str, start: int, end: int) -> Iterator[int]:
    place = text.find(word, start, end)
    while place >= 0:
        yield place
        place = text.find(word, place + len(word), end)


def _runs(text: str, opening: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    place = text.find(opening, start, end)
    while place >= 0:
        run = _BASE64.match(text, place, end)
        if run:
            yield run.span()
        place = text.find(opening, run.end() if run else place + len(opening), end)


def _unpacked(run: str) -> str:
    plain = run.translate({ord("-"): "+", ord("_"): "/"})
    whole = plain[:-1] if len(plain) % 4 == 1 else plain
    return base64.b64decode(whole + "=" * (-len(whole) % 4)).decode("utf-8", "replace")
