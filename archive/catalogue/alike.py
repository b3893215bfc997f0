"""Articles that share text: an inverted index of sketches, the same in whatever order runs arrive.

A hash that stands in many articles of a publisher is boilerplate: from then on it is kept as such, and
no longer leads from one article to another.
"""

import hashlib
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, func, select

from archive.catalogue.rows import Row, chunks, put_rows
from archive.catalogue.tables import boilerplate, postings, texts
from archive.records import Sketch

MOST_POSTINGS = 10
"""Articles of one publisher that may share a hash before it counts as boilerplate: a story is seldom told
so often in one newspaper, and what stands under every article is met so often within a day."""

_DOCUMENT_BITS = 31
_DIGEST_BITS = 63


def document_of(publisher: str, article_id: str) -> int:
    """Return the number of an article in the index, below 2 to the 31: it follows from its id alone.

    Two of a million articles may share one: then one text more is compared than is needed.
    """
    digest = hashlib.blake2b(f"{publisher}/{article_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> (64 - _DOCUMENT_BITS)


def take_in(connection: Connection, publisher: str, sketches: Sequence[Sketch]) -> None:
    """Add the sketches of a run; adding them again changes nothing."""
    rows = [_text_row(publisher, one) for one in sketches]
    put_rows(connection, texts, rows)
    pairs = {
        (value, row["document"])
        for row, one in zip(rows, sketches, strict=True)
        for value in one.hashes
    }
    known = boilerplate_among(connection, publisher, (value for value, _ in pairs))
    new = sorted(pair for pair in pairs if pair[0] not in known)
    put_rows(connection, postings, ({"hash": value, "document": n} for value, n in new))
    for chunk in chunks(dict.fromkeys(value for value, _ in new)):
        _set_apart(connection, publisher, chunk)


def forget(connection: Connection, publisher: str) -> None:
    """Drop what is known of a publisher's texts, to be taken in again."""
    own = select(texts.c.document).where(texts.c.publisher == publisher)
    connection.execute(delete(postings).where(postings.c.document.in_(own)))
    connection.execute(delete(texts).where(texts.c.publisher == publisher))
    connection.execute(delete(boilerplate).where(boilerplate.c.publisher == publisher))


def alike(
    connection: Connection, publisher: str, sketch: Sketch, least_common: int, limit: int
) -> list[str]:
    """Return the ids of other articles with the same words or common hashes, most in common first."""
    own = [texts.c.publisher == publisher, texts.c.article_id != sketch.article_id]
    same = select(texts.c.article_id).where(*own, texts.c.digest == _number(sketch.text_digest))
    common = func.count().label("common")
    near = (
        select(postings.c.document, common)
        .where(postings.c.hash.in_(sketch.hashes))
        .group_by(postings.c.document)
        .having(common >= least_common)
        .subquery()
    )
    shared = (
        select(texts.c.article_id, near.c.common)
        .join(near, texts.c.document == near.c.document)
        .where(*own)
        .distinct()
        .order_by(near.c.common.desc(), texts.c.article_id)
    )
    found = dict.fromkeys(connection.scalars(same.order_by(texts.c.article_id).limit(limit)))
    found |= dict.fromkeys(connection.scalars(shared.limit(limit)))
    return list(found)[:limit]


def boilerplate_among(connection: Connection, publisher: str, hashes: Iterable[int]) -> set[int]:
    """Return those of these hashes that stand in many articles of a publisher."""
    query = select(boilerplate.c.hash).where(boilerplate.c.publisher == publisher)
    found: set[int] = set()
    for chunk in chunks(dict.fromkeys(hashes)):
        found.update(connection.scalars(query.where(boilerplate.c.hash.in_(chunk))))
    return found


def _text_row(publisher: str, sketch: Sketch) -> Row:
    return {
        "publisher": publisher,
        "article_id": sketch.article_id,
        "digest": _number(sketch.text_digest),
        "document": document_of(publisher, sketch.article_id),
    }


def _number(digest: str) -> int:
    return int(digest[:16], 16) >> (64 - _DIGEST_BITS)


def _set_apart(connection: Connection, publisher: str, hashes: list[int]) -> None:
    """Turn those of these hashes into boilerplate that stand in more articles than is allowed."""
    many = func.count(postings.c.document.distinct()) > MOST_POSTINGS
    crowded = select(postings.c.hash).group_by(postings.c.hash).having(many)
    found = connection.scalars(crowded.where(postings.c.hash.in_(hashes))).all()
    if not found:
        return
    # Counted again for this publisher alone: what many publishers print is syndication.
    is_own = (texts.c.document == postings.c.document) & (texts.c.publisher == publisher)
    counted = crowded.join_from(postings, texts, is_own).where(postings.c.hash.in_(found))
    apart = connection.scalars(counted).all()
    put_rows(connection, boilerplate, ({"publisher": publisher, "hash": one} for one in apart))
    own = select(texts.c.document).where(is_own).correlate(postings).exists()
    connection.execute(delete(postings).where(postings.c.hash.in_(apart), own))
