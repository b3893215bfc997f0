"""Looking at articles over time: what is held of them, what stood at an instant, what is due."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, select

from archive.catalogue.rows import chunks
from archive.catalogue.tables import articles, asks, ledger, validators
from archive.catalogue.taking_in import captures_of, is_of, sequence_in
from archive.codec import decode
from archive.intervals import Band, Intervals
from archive.records import Asked, Capture, Original, Seen


def known(connection: Connection, publisher: str, article_ids: Iterable[str]) -> dict[str, Asked]:
    """Return when each article was last answered, and with which validators; others are absent."""
    found: dict[str, Asked] = {}
    for chunk in chunks(dict.fromkeys(article_ids)):
        wanted = _KNOWN.where(asks.c.publisher == publisher, asks.c.article_id.in_(chunk))
        for row in connection.execute(wanted).mappings():
            # What went wrong with a later look does not undo what is held.
            stands = row["access"] is None and row["outcome"] in {"skipped", "failed"}
            names = (
                "article_id",
                "asked_at",
                "etag",
                "last_modified",
                "lastmod",
                "fresh_at",
                "access",
            )
            found[row["article_id"]] = Asked(
                **{name: row[name] for name in names},
                original=decode(row["original"].encode(), Original) if row["original"] else None,
                standing=row["outcome"] if stands else None,
                standing_reason=row["reason"] if stands else None,
            )
    return found


def _same_article(other: Table) -> ColumnElement[bool]:
    same_publisher = asks.c.publisher == other.c.publisher
    return and_(same_publisher, asks.c.article_id == other.c.article_id)


_KNOWN = select(
    *asks.c,
    validators.c.etag,
    validators.c.last_modified,
    validators.c.original,
    articles.c.access,
    ledger.c.outcome,
    ledger.c.reason,
).select_from(
    asks.outerjoin(validators, _same_article(validators))
    .outerjoin(articles, _same_article(articles))
    .outerjoin(ledger, _same_article(ledger))
)


def seen(connection: Connection, publisher: str, article_ids: Iterable[str]) -> dict[str, Seen]:
    """Return what is held of each article; those without a capture of a page are absent."""
    found: dict[str, Seen] = {}
    for chunk in chunks(dict.fromkeys(article_ids)):
        for article_id, rows in captures_of(connection, publisher, chunk).items():
            sequence = sequence_in(rows)
            if sequence.standing is None:
                continue
            found[article_id] = Seen(
                first_seen_at=sequence.steps[0].look.captured_at,
                latest_revision=sequence.standing.revision,
                latest_access=sequence.standing.access,
                revisions=frozenset(row["revision"] for row in rows),
                gone_in=tuple(dict.fromkeys(look.run_id for look in sequence.gone)),
                removed_at=sequence.gone[0].captured_at if sequence.is_removed else None,
            )
    return found


def due(
    connection: Connection, publisher: str, intervals: Intervals, now: datetime, limit: int
) -> list[tuple[str, str]]:
    """Return id and address of held articles that are to be looked at again, the longest overdue first.

    Costs the same whatever is held: bands of young articles are small, and of the last, which holds
    all others, only the first ``limit`` by time are read.
    """
    found: list[tuple[datetime, str]] = []
    for band in intervals.bands:
        rows = connection.execute(due_in(band, publisher, now, limit))
        found += [(asked_at + band.pause, article_id) for article_id, asked_at in rows]
    ids = [article_id for _, article_id in sorted(found)[:limit]]
    urls: dict[str, str] = {}
    query = select(articles.c.article_id, articles.c.record).where(
        articles.c.publisher == publisher
    )
    for chunk in chunks(ids):
        for article_id, record in connection.execute(query.where(articles.c.article_id.in_(chunk))):
            urls[article_id] = decode(record.encode(), Capture).url
    return [(article_id, urls[article_id]) for article_id in ids]


def due_in(band: Band, publisher: str, now: datetime, limit: int) -> Select[Any]:
    """Return the query for id and last look of what is due in one band of ages."""
    query = (
        select(asks.c.article_id, asks.c.asked_at)
        .where(asks.c.publisher == publisher, asks.c.fresh_at <= now - band.youngest)
        .where(asks.c.asked_at <= now - band.pause)
    )
    if band.oldest is not None:
        # Not in order: for that SQLite would go through all others by time instead of these by age.
        return query.where(asks.c.fresh_at > now - band.oldest)
    return query.order_by(asks.c.asked_at, asks.c.article_id).limit(limit)


def standing_at(
    connection: Connection, publisher: str, article_ids: Sequence[str], moment: datetime
) -> dict[str, Capture]:
    """Return the capture of each article that stood at an instant; those not there by then, or gone, are absent."""
    found: dict[str, Capture] = {}
    for article_id, rows in captures_of(connection, publisher, article_ids).items():
        known = [row for row in rows if row["captured_at"] <= moment]
        sequence = sequence_in(known)
        if sequence.standing is not None and not sequence.is_removed:
            row = next(row for row in known if is_of(row, sequence.standing))
            found[article_id] = decode(row["record"].encode(), Capture)
    return found
