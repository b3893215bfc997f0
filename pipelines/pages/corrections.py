"""Notes in which a newsroom says what it changed: corrections, clarifications, updates.

A note is a whole block at the start or the foot of the story, known by how it begins.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from archive.records import Block
from pipelines.pages.bylines import fold
from pipelines.pages.markup import plain
from pipelines.pages.structured import Structured

_AT_START, _AT_FOOT = 4, 8
"""Blocks at either end among which notes stand: below them come lines about authors and agencies."""

_DATE = r"(?:,? (?:[A-Z][a-z]+\.? \d{1,2}|\d{1,2} [A-Z][a-z]+)(?:,? \d{4})?| \([^)]{1,40}\))?"
_COLON = r"\s*(?::|\s[–—-]\s|—|\|)\s*"
_ITSELF = r"(?:story|article|post|page|column|headline|caption|obituary|live ?blog|newsletter|essay|interview)"
# What others make too: a report in the news is told from the newsroom's own by the fault it had.
_SHARED = r"(?:report|version|review|list|video|graphic|chart|map|photo|picture|image|piece|item|transcript)"
_EARLIER = (
    r"(?:in )?(?:an? |the )?(?:earlier|previous|prior|original|initial)(?: \w+)? versions? of (?:this|the|our)"
    r"(?: \w+)? "
)
_THIS = r"(?:the (?:headline|caption|\w+ (?:version|paragraph)) (?:of|to|on|in|for) )?this(?: \w+){0,2}? "
_CHANGED = (
    r"(?: \w+){0,2}? (?:has|have|was|were)(?: since| now)?(?: been)?"
    r" (?:corrected|amended|clarified|revised|retracted|updated|changed)\b"
)
_EXCUSE = r"(?:(?:because of|due to|owing to) an? (?:\w+ )?(?:error|mistake),? )?"

_LABEL = re.compile(
    rf"(?:correction|clarification)s?(?: (?:and|&) clarifications?| notice| to this \w+| added| appended)?{_DATE}\s*:\s*\S",
    re.IGNORECASE,
)
_LABEL_IN_CAPITALS = re.compile(rf"(?:CORRECTION|CLARIFICATION)S?{_DATE}(?:{_COLON}|\s+)\S")
_TITLE = re.compile(
    rf"(?:correction|clarification)s?(?: (?:and|&) clarifications?)?:?(?: ?{_DATE[:-1]})?:?",
    re.IGNORECASE,
)
_CORRECTING = re.compile(
    rf"{_THIS}{_ITSELF}{_CHANGED}|{_EXCUSE}{_EARLIER}{_ITSELF}\b|this \w+ corrects\b|(?-i:Corrects|Clarifies)\b",
    re.IGNORECASE,
)
_EDITOR = re.compile(r"editor(?:[’'`]?s|s[’'`])? note\b[^:–—]{0,40}(?::|[–—])\s*", re.IGNORECASE)
_PERHAPS = re.compile(
    rf"{_THIS}{_SHARED}{_CHANGED}|{_EXCUSE}{_EARLIER}{_SHARED}\b|an? (?:earlier|previous) version (?!of)",
    re.IGNORECASE,
)
_FAULT = re.compile(
    r"\b(?:mis(?:stat|spel|ident|attrib|quot|characteri|nam|represent)\w*|incorrect\w*|inaccura\w+|erroneous\w*"
    r"|wrong\w*|errors?|mistake\w*|clarif\w+|correct(?:s|ed|ion|ions)|amended|retracted)\b",
    re.IGNORECASE,
)
_UPDATED = re.compile(rf"this \w+{_CHANGED}", re.IGNORECASE)
_UPDATE = re.compile(
    rf"updated?\b.{{0,60}}?: ?(?={_THIS}(?:{_ITSELF}|{_SHARED}){_CHANGED})", re.IGNORECASE
)
_BEFORE = re.compile(r"^[\s•·*(\[_]+")
_LONGEST = 1500


def notes(body: Sequence[Block]) -> tuple[str, ...]:
    """Return the texts of the notes in a body, in its order."""
    return tuple(
        dict.fromkeys(_notes([b for b in body if b.kind in {"paragraph", "heading", "list"}]))
    )


def _notes(blocks: Sequence[Block]) -> Iterator[str]:
    titled = False
    for place, block in enumerate(blocks):
        is_near_an_end = place < _AT_START or place >= len(blocks) - _AT_FOOT
        is_title = _TITLE.fullmatch(block.text) is not None
        if is_near_an_end and not is_title and (titled or is_note(block.text)):
            yield block.text
        titled = is_title


def is_note(text: str) -> bool:
    """Whether a whole block says, by how it begins, that the newsroom changed the story."""
    said = _BEFORE.sub("", text)
    if len(said) > _LONGEST:
        return False
    if editor := _EDITOR.match(said):
        said = said[editor.end() :]
        return bool(_FAULT.search(said) or _CORRECTING.match(said) or _UPDATED.match(said))
    if any(known.match(said) for known in (_LABEL, _LABEL_IN_CAPITALS, _CORRECTING, _UPDATE)):
        return True
    return _PERHAPS.match(said) is not None and _FAULT.search(said) is not None


def stated(data: Structured) -> tuple[str, ...]:
    """Return the notes in the page's own data: JSON-LD ``correction``, as text or as comments."""
    value = data.article.get("correction")
    texts = map(_text, value if isinstance(value, list) else [value])
    return tuple(dict.fromkeys(text for text in texts if " " in text))


def _text(item: object) -> str:
    if isinstance(item, dict):
        item = item.get("text") or item.get("description")
    return plain(item) if isinstance(item, str) else ""


def joined(shown: Iterable[str], data: Iterable[str]) -> tuple[str, ...]:
    """Return the notes shown, then those that only the page's data has."""
    shown = tuple(shown)
    folded = [fold(text) for text in shown]
    hidden = (text for text in data if not any(fold(text) in known for known in folded))
    return (*shown, *hidden)
