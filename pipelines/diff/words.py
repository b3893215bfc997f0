"""Words of a text as a reader takes them: without case, punctuation, quotes and dashes."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from attrs import frozen

from archive.records import WordChange

_WORD = re.compile(
    r"\d{1,2}[.:]\d\d(?=\s?[ap]\.?m)|(?<!\w)[-\u2212]?\d+(?:[.,:/–-]\d+)*|\d+"
    r"|[^\W\d_]+(?:['’`][^\W\d_]+)*|[$€£¥%°]"
)
_CLOCK = re.compile(r"(\d{1,2})[.:](\d\d)(?=\s?[ap]\.?m)")
_THOUSANDS = re.compile(r",(?=\d{3}(?!\d))")
_SAME_SIGN = str.maketrans({"–": "-", "\u2212": "-", "'": None, "’": None, "`": None})
_SENTENCE_ENDS = re.compile(r"[.!?…]")
_ABBREVIATED = frozenset({"mr", "mrs", "ms", "dr", "st", "prof", "gen", "sen", "rep", "lt", "col"})
_JUNK_FROM = 1000
"""Above this many parts, those that are everywhere no longer anchor a comparison, or it would not end."""


@frozen
class Word:
    """A word, where it stands, and whether a sentence starts or ends with it."""

    norm: str
    raw: str
    start: int
    end: int
    opens: bool
    closes: bool


Opcode = tuple[str, int, int, int, int]


def words_of(text: str) -> tuple[Word, ...]:
    """Return the words of a text."""
    found = list(_WORD.finditer(text))
    breaks = [_ends_sentence(text, one, two) for one, two in pairwise(found)]
    opens, closes = [True, *breaks], [*breaks, True]
    return tuple(
        Word(_norm(text, match), match[0], match.start(), match.end(), opening, closing)
        for match, opening, closing in zip(found, opens, closes, strict=False)
    )


def _norm(text: str, match: re.Match[str]) -> str:
    if clock := _CLOCK.match(text, match.start(), match.end() + 4):
        return f"{clock[1]}:{clock[2]}"
    return _THOUSANDS.sub("", match[0]).translate(_SAME_SIGN).casefold()


def _ends_sentence(text: str, one: re.Match[str], two: re.Match[str]) -> bool:
    gap = text[one.end() : two.start()]
    if "\n" in gap:
        return True
    is_short = one[0].casefold() in _ABBREVIATED or (len(one[0]) == 1 and one[0].isupper())
    return (
        _SENTENCE_ENDS.search(gap) is not None
        and " " in gap
        and not is_short
        and not two[0][:1].islower()
    )


def letters(words: Sequence[Word]) -> str:
    """Return what two spellings of the same words share, hyphenated or not."""
    return "".join(
        f" {word.norm} " if not word.norm.isalpha() or word.norm.isdigit() else word.norm
        for word in words
    )


def opcodes(before: Sequence[str], after: Sequence[str]) -> list[Opcode]:
    """Return difflib's opcodes, the same both ways round (difflib's own are not)."""
    if list(after) < list(before):
        turned = {"insert": "delete", "delete": "insert"}
        return [
            (turned.get(op, op), i1, i2, j1, j2) for op, j1, j2, i1, i2 in _opcodes(after, before)
        ]
    return _opcodes(before, after)


def _opcodes(before: Sequence[str], after: Sequence[str]) -> list[Opcode]:
    is_long = max(len(before), len(after)) > _JUNK_FROM
    matcher = SequenceMatcher(None, before, after, autojunk=is_long)
    return [(op, i1, i2, j1, j2) for op, i1, i2, j1, j2 in matcher.get_opcodes()]


def word_changes(before: str, after: str) -> tuple[WordChange, ...]:
    """Return all words of a replaced block in order; joined with spaces they are the block."""
    one, two = before.split(" "), after.split(" ")
    return tuple(
        WordChange(
            op=op,  # type: ignore[arg-type]  # difflib's names are ours
            before=None if op == "insert" else " ".join(one[i1:i2]),
            after=None if op == "delete" else " ".join(two[j1:j2]),
        )
        for op, i1, i2, j1, j2 in opcodes(one, two)
    )
