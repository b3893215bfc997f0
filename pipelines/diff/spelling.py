"""Obvious misspellings: where a mended one changes nothing of what is said."""

from collections.abc import Sequence

from pipelines.diff.words import Word, letters

# fmt: off
_NUMBERS = frozenset({
    "one", "two", "three", "four", "five", "six", "seven", "eight",
    "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen",
    "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty", "sixty",
    "seventy", "eighty", "ninety", "hundred", "thousand", "million", "billion", "trillion",
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth",
    "ninth", "tenth", "hundreds", "thousands", "millions", "billions", "trillions",
})
# fmt: on
_BOTH_WORDS = frozenset(
    map(
        frozenset,
        [
            ("county", "country"),
            ("countys", "countrys"),
            ("bought", "brought"),
            ("trial", "trail"),
            ("trials", "trails"),
            ("casual", "causal"),
            ("diary", "dairy"),
            ("from", "form"),
            ("united", "untied"),
            ("through", "though"),
            ("though", "tough"),
            ("martial", "marital"),
            ("angel", "angle"),
            ("scared", "sacred"),
            ("injured", "inured"),
            ("statute", "statue"),
            ("desert", "dessert"),
            ("latter", "later"),
            ("heath", "health"),
            ("unclear", "nuclear"),
        ],
    )
)
"""Words that are one slip apart and both right: which of them is said matters."""

_SHORTEST = 5
_SHORTEST_TURNED = 3


def says_the_same(before: Sequence[Word], after: Sequence[Word]) -> bool:
    """Whether two runs of words differ in hyphens or in obvious misspellings only."""
    if letters(before) == letters(after):
        return True
    return len(before) == len(after) and all(
        one.norm == two.norm or _is_slip(one, two) for one, two in zip(before, after, strict=True)
    )


def _is_slip(one: Word, two: Word) -> bool:
    if not (one.raw.islower() and two.raw.islower()):
        return False
    pair = frozenset({one.norm, two.norm})
    if pair & _NUMBERS or pair in _BOTH_WORDS:
        return False
    short, long = sorted(pair, key=len)
    return _is_turned(short, long) or _is_dropped(short, long)


def _is_turned(one: str, two: str) -> bool:
    if len(one) != len(two) or len(one) < _SHORTEST_TURNED:
        return False
    at = next(place for place, letter in enumerate(one) if letter != two[place])
    return two == one[:at] + one[at : at + 2][::-1] + one[at + 2 :]


def _is_dropped(short: str, long: str) -> bool:
    if len(long) != len(short) + 1 or len(short) < _SHORTEST:
        return False
    if (short[0], short[-1]) != (long[0], long[-1]):
        return False
    return any(short == long[:at] + long[at + 1 :] for at in range(1, len(long) - 1))
