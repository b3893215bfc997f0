"""Duplicates: articles that share text, found by sketches and decided on the texts themselves.

A sketch is a FracMinHash: of all stretches of five words (shingles), hashed, every sixteenth by its
hash. Two texts that share a third have some of these in common, however long either is. The numbers
follow from measurements (``benchmarks/near_duplicates.py``).
"""

import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from attrs import frozen

from archive.keys import sha256_hex
from archive.records import Article, ArticleContent, DuplicateLink, LinkMethod, LinkRelation, Sketch
from pipelines.compare import text_of

VERSION = "fracminhash@1"
"""Version of these rules; a link says which made it."""

SHINGLE_WORDS = 5
"""Words of a shingle: fewer are phrases that everybody writes, more are broken by every edit."""

KEPT_SHARES = ((100, 1), (400, 4))
"""Below so many different shingles, one of so many is kept in a sketch: a sixteenth of a short text would be chance.
What a long text keeps, a short one with the same shingle keeps too, so that sketches stay comparable."""

KEPT_SHARE = 16
"""One of so many shingles is kept of longer texts: about 37 of an article of 600 words."""

MOST_HASHES = 1000
"""Hashes of a sketch, the smallest: those of 16,000 words. Nobody writes that; hostile pages do."""

LEAST_WORDS = 25
"""Words of a text below which it is a caption or a notice, which says nothing of the story."""

LEAST_COMMON = 3
"""Hashes that two sketches must share before their texts are compared."""

SAME_STORY = 0.5
"""Containment from which on two articles tell the same story; below, false pairs begin to outnumber true."""

SAME_TEXT = 0.7
"""Jaccard index from which on one is a copy of the other, and not a part of it."""

SOME_TEXT = 0.25
"""Containment from which on two articles are linked at all."""

SAME_FACTS = 0.4
"""Share of numbers and names from which on two articles that share some text report of the same."""

SERIES = 0.8
"""Containment below which two articles under headlines that differ in numbers and dates alone are a series."""

_BITS = 47
"""Bits of a hash: what a database keeps in six bytes."""

_WORD = re.compile(r"\w+(?:[’'.,]\w+)*")
_SENTENCE_END = re.compile(r"[.!?:]\W*$")


@frozen(kw_only=True)
class SharedText:
    """An article as far as duplicates go."""

    article_id: str
    """The publisher's own id."""

    headline: str
    """Its headline."""

    text: str
    """Its text."""

    agency: str | None = None
    """News agency that the copy came from. None for staff copy."""

    date: datetime | None = None
    """First publication, or when it was first seen. None when neither is known."""


def words_of(text: str) -> list[str]:
    """Return the words of a text, without case, punctuation and typographic differences."""
    return [word.casefold().replace("’", "'") for word in _WORD.findall(text)]


def digest_of(text: str) -> str:
    """Return the digest by which texts of the same words are found: 64 hexadecimal digits."""
    return sha256_hex(" ".join(words_of(text)).encode())


def shingles_of(text: str, *, boilerplate: Collection[int] = frozenset()) -> frozenset[int]:
    """Return the hashes of a text's shingles; of a text of fewer words, of all its words at once.

    ``boilerplate`` are hashes of sketches that stand in many articles of a site. Left out is what stands
    between two of them, between one and the text's end, and they themselves.
    """
    shingles = _in_order(text)
    share = _share(shingles)
    own: set[int] = set()
    passed: list[int] = []
    was_own = False
    for one in shingles:
        passed.append(one)
        if one % share == 0:
            is_own = one not in boilerplate
            own.update(passed if is_own else passed[:-1] if was_own else ())
            was_own, passed = is_own, []
    is_known = not was_own and len(passed) < len(shingles)
    return frozenset(own if is_known else own.union(passed))


def sketch_of(text: str) -> tuple[int, ...]:
    """Return the sketch of a text, sorted: the same in every process, for ever."""
    shingles = frozenset(_in_order(text))
    share = _share(shingles)
    return tuple(sorted(one for one in shingles if one % share == 0)[:MOST_HASHES])


def sketch(article: Article | ArticleContent) -> Sketch | None:
    """Return the sketch of a revision; None when it has too little text to be told from others."""
    text = text_of(article.body)
    if len(words_of(text)) < LEAST_WORDS:
        return None
    return Sketch(
        article_id=article.article_id,
        revision=article.revision,
        text_digest=digest_of(text),
        hashes=sketch_of(text),
        version=VERSION,
    )


def shared_text(article: Article) -> SharedText:
    """Return an article as far as duplicates go."""
    return SharedText(
        article_id=article.article_id,
        headline=article.headline,
        text=article.text,
        agency=article.agency,
        date=article.date_published or article.first_seen_at,
    )


def link(
    one: SharedText, other: SharedText, *, boilerplate: Collection[int] = frozenset()
) -> DuplicateLink | None:
    """Return what two articles are to each other; None when they share too little to be linked.

    ``boilerplate`` is as for :func:`shingles_of`: what stands in many articles of a site says nothing.
    """
    earlier, later = sorted((one, other), key=_by_time)
    if min(len(words_of(x.text)) for x in (one, other)) < LEAST_WORDS:
        return None
    if digest_of(one.text) == digest_of(other.text):
        return _link(later, earlier, ("copy", "exact"), (1.0, 1.0))
    new, old = (shingles_of(x.text, boilerplate=boilerplate) for x in (later, earlier))
    common = len(new & old)
    if not common:
        return None
    score, jaccard = common / min(len(new), len(old)), common / len(new | old)
    relation = _relation(later, earlier, (score, jaccard), is_longer=len(new) > len(old))
    return _link(later, earlier, (relation, "near"), (score, jaccard)) if relation else None


def _relation(
    later: SharedText, earlier: SharedText, scores: tuple[float, float], *, is_longer: bool
) -> LinkRelation | None:
    score, jaccard = scores
    if score < SOME_TEXT:
        return None
    if score < SERIES and _is_series(later.headline, earlier.headline):
        return "series"
    if score >= SAME_STORY:
        if jaccard >= SAME_TEXT:
            return "copy"
        return "extends" if is_longer else "part_of"
    return "follow_up" if _shared_facts(later.text, earlier.text) >= SAME_FACTS else "related"


def _link(
    later: SharedText,
    earlier: SharedText,
    verdict: tuple[LinkRelation, LinkMethod],
    scores: tuple[float, float],
) -> DuplicateLink:
    relation, method = verdict
    agency = earlier.agency or later.agency
    is_wire = agency is not None and scores[0] >= SAME_STORY and relation != "series"
    return DuplicateLink(
        article_id=later.article_id,
        other_id=earlier.article_id,
        relation="wire_copy" if is_wire else relation,
        method=method,
        score=round(scores[0], 4),
        jaccard=round(scores[1], 4),
        agency=agency if is_wire else None,
        version=VERSION,
    )


def _by_time(article: SharedText) -> tuple[bool, float, str]:
    moment = article.date.timestamp() if article.date else 0.0
    return article.date is None, moment, article.article_id


def _in_order(text: str) -> list[int]:
    words = words_of(text)
    last = max(len(words) - SHINGLE_WORDS + 1, 1 if words else 0)
    return [_hash(words[place : place + SHINGLE_WORDS]) for place in range(last)]


def _share(shingles: Collection[int]) -> int:
    """Return of how many shingles one is kept, for a text with so many."""
    return next((share for limit, share in KEPT_SHARES if len(shingles) < limit), KEPT_SHARE)


def _hash(words: Sequence[str]) -> int:
    digest = hashlib.blake2b(" ".join(words).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> (64 - _BITS)


def _is_series(one: str, other: str) -> bool:
    masked = _masked(one)
    return bool(masked) and one != other and masked == _masked(other)


def _masked(headline: str) -> str:
    """Return a headline without its numbers and names of months and days."""
    return " ".join(_DATED.sub("#", word) for word in words_of(headline))


_DATED = re.compile(
    r"\S*\d\S*|(?:jan|febr)uary|march|april|may|june|july|august|(?:septem|octo|novem|decem)ber"
    r"|(?:sun|mon|tues|wednes|thurs|fri|satur)day"
)


def _shared_facts(one: str, other: str) -> float:
    """Return how many of the fewer numbers and names of two texts stand in both, 0 to 1."""
    first, second = frozenset(_facts(one)), frozenset(_facts(other))
    return len(first & second) / max(min(len(first), len(second)), 1)


def _facts(text: str) -> Iterator[str]:
    """Yield numbers, and words with a capital that does not begin a sentence."""
    before = ""
    for word in text.split():
        bare = word.strip("“”‘’\"'(),.;:!?–—-")
        if any(letter.isdigit() for letter in bare):
            yield bare
        elif bare[:1].isupper() and before and not _SENTENCE_END.search(before):
            yield bare.removesuffix("’s").removesuffix("'s")
        before = word
