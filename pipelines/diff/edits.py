"""What was edited between two texts: runs of words, without what is only cosmetic."""

from collections.abc import Sequence

from attrs import frozen

from pipelines.diff.spelling import says_the_same
from pipelines.diff.words import Word, opcodes

MANY = 5
"""As many words in a row are an addition, fewer a correction."""

_LOOSE, _LARGE = 2, 3
_MOST = 0.7


@frozen
class Edit:
    """A run of words that became another; either may be empty."""

    before: tuple[Word, ...]
    after: tuple[Word, ...]
    previous: str = ""
    following: str = ""

    @property
    def shown(self) -> tuple[str, str]:
        """Both sides as text; what was replaced with the word beside it."""
        one, two = (" ".join(word.raw for word in side) for side in (self.before, self.after))
        if not (one and two):
            return one, two
        if one[0].isdigit() or two[0].isdigit():
            return f"{one} {self.following}".strip(), f"{two} {self.following}".strip()
        return f"{self.previous} {one}".strip(), f"{self.previous} {two}".strip()

    @property
    def is_rewritten(self) -> bool:
        """Whether whole sentences took the place of others."""
        return _is_most(self.before) and _is_most(self.after)


Span = tuple[int, int, int, int]


def edits(before: Sequence[Word], after: Sequence[Word]) -> list[Edit]:
    """Return the edits that make one text of another, in order."""
    changed = [
        (i1, i2, j1, j2)
        for op, i1, i2, j1, j2 in opcodes([w.norm for w in before], [w.norm for w in after])
        if op != "equal" and not says_the_same(before[i1:i2], after[j1:j2])
    ]
    slid = [_slid(span, before, after) for span in changed]
    return [_edit(span, before, after) for span in _joined(slid)]


def _edit(span: Span, before: Sequence[Word], after: Sequence[Word]) -> Edit:
    i1, i2, j1, j2 = span
    has_previous = 0 < i1 < len(before) and not before[i1].opens
    has_following = 0 < i2 < len(before) and not before[i2 - 1].closes
    return Edit(
        tuple(before[i1:i2]),
        tuple(after[j1:j2]),
        before[i1 - 1].raw if has_previous else "",
        before[i2].raw if has_following else "",
    )


def _joined(spans: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        if joined and _is_one(joined[-1], span):
            joined[-1] = (joined[-1][0], span[1], joined[-1][2], span[3])
        else:
            joined.append(span)
    return joined


def _is_one(one: Span, two: Span) -> bool:
    is_near = two[0] - one[1] <= _LOOSE
    are_large = min(max(s[1] - s[0], s[3] - s[2]) for s in (one, two)) >= _LARGE
    gone = one[1] - one[0] + two[1] - two[0]
    new = one[3] - one[2] + two[3] - two[2]
    return is_near and are_large and min(gone, new) >= _LARGE


def _slid(span: Span, before: Sequence[Word], after: Sequence[Word]) -> Span:
    # difflib may tell an inserted run from where it repeats its neighbours: let it start a sentence.
    i1, i2, j1, j2 = span
    if i1 == i2:
        by = _slide(after, j1, j2)
    elif j1 == j2:
        by = _slide(before, i1, i2)
    else:
        by = 0
    return i1 - by, i2 - by, j1 - by, j2 - by


def _slide(words: Sequence[Word], start: int, end: int) -> int:
    by = 0
    while not words[start - by].opens:
        by += 1
        if start - by < 0 or words[start - by].norm != words[end - by].norm:
            return 0
    return by


def _is_most(words: Sequence[Word]) -> bool:
    """Whether a run is at least a sentence, or begins or ends one and is long."""
    if len(words) < MANY:
        return False
    bounds = [n for n, word in enumerate(words) if word.opens]
    ends = [n for n, word in enumerate(words) if word.closes]
    if bounds and ends and ends[-1] - bounds[0] + 1 >= _MOST * len(words):
        return True
    return bool(ends) and words[-1].closes and len(words) >= 2 * MANY
