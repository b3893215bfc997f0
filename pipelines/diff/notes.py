"""Which blocks are the newsroom's own corrections; a mere word of an update is none."""

import re
from collections.abc import Sequence
from itertools import pairwise

from archive.records import Block
from pipelines.pages.corrections import is_note, notes

_MERELY_UPDATED = re.compile(r"\bupdated?\b", re.IGNORECASE)
_SAYS_MORE = re.compile(
    r"\b(?:correct|clarif|amend|retract|error|mistake|wrong|inaccura|erroneous|revised|changed"
    r"|mis(?:s?tat|spel|ident|attrib|quot|nam)|earlier|previous|incorrect)",
    re.IGNORECASE,
)


def is_correction(text: str) -> bool:
    """Whether a text, or a line of it, is a note of more than an update."""
    return any(
        is_note(line) and not (_MERELY_UPDATED.search(line) and not _SAYS_MORE.search(line))
        for line in text.split("\n")
    )


def correction_texts(body: Sequence[Block]) -> frozenset[str]:
    """Return the texts that are corrections, with the titles above them."""
    known = notes(body)
    titled = {text for text in known if not is_note(text)}
    titles = {a.text for a, b in pairwise(body) if b.text in titled}
    own = {block.text for block in body if is_correction(block.text)}
    return frozenset(own | titled | titles)
