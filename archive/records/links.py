"""Links between articles that share text: always linked, never dropped."""

from typing import Literal

from attrs import frozen

LinkMethod = Literal["exact", "near"]
"""How it was found: the same words, or shared stretches of words."""

LinkRelation = Literal["copy", "wire_copy", "part_of", "extends", "follow_up", "series", "related"]
"""What an article is to the other one: the same text (``wire_copy`` when a news agency wrote it), a part
of it, one that holds it and says more, a later report of the same, another issue of a recurring text, or
one that shares some."""


@frozen(kw_only=True)
class Sketch:
    """What leads to other articles with the same words: a row of ``sketches/<day>/<run>.parquet``."""

    article_id: str
    """The publisher's own id."""

    revision: str
    """The revision that it is of."""

    text_digest: str
    """SHA-256 of the text's words, without case and punctuation: 64 hexadecimal digits."""

    hashes: tuple[int, ...]
    """Hashes of some of its stretches of words, below 2 to the 47, ascending."""

    version: str
    """Version of the rules that made it, such as ``fracminhash@1``."""


@frozen(kw_only=True)
class DuplicateLink:
    """What one article is to another that shares text with it."""

    article_id: str
    """The article that the link is about: of two, the later one."""

    other_id: str
    """The earlier one, by first publication or, where that is not known, by id."""

    relation: LinkRelation
    """What the first is to the second."""

    method: LinkMethod
    """How it was found."""

    score: float
    """Containment: the share of the shorter text's shingles that stand in the longer, 0 to 1."""

    jaccard: float
    """Shingles that stand in both, as a share of those that stand in either, 0 to 1."""

    agency: str | None = None
    """News agency the text came from, as one of the two names it. None when neither does."""

    version: str
    """Version of the rules that decided it, such as ``fracminhash@1``."""
