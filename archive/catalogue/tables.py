"""The catalogue's tables. Queryable columns stand beside the whole record as JSON.

Instants are text of one width in UTC, so that SQLite and PostgreSQL compare and sort them alike.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Dialect,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

SCHEMA_VERSION = 8
"""Raised with every change of the tables; a catalogue of another version is rebuilt."""


class Instant(TypeDecorator[datetime]):
    """An instant as text such as ``2026-03-01T22:15:00.000000Z``."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the text of an instant."""
        if value is None:
            return None
        text = value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
        return f"{text}Z"

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the instant of a text."""
        if value is None:
            return None
        return datetime.fromisoformat(value)


metadata = MetaData()


def _key(name: str) -> Column[str]:
    return Column(name, String, primary_key=True)


schema = Table("schema_version", metadata, Column("version", Integer, primary_key=True))

# One row for as long as a rebuild has not gone to its end.
filling = Table("filling", metadata, Column("version", Integer, primary_key=True))

runs = Table(
    "runs",
    metadata,
    _key("publisher"),
    _key("run_id"),
    Column("started_at", Instant, nullable=False),
    Column("day", Date, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("record", Text, nullable=False),
    Index("runs_by_time", "publisher", "started_at"),
)

# The newest day manifest that was seen: a witness for the chain, outside the bucket.
heads = Table(
    "heads",
    metadata,
    _key("publisher"),
    Column("day", Date, nullable=False),
    Column("sha256", String, nullable=False),
)

# Tombstones whose articles the catalogue has forgotten, by key.
takedowns = Table("takedowns", metadata, _key("publisher"), _key("key"))

# The newest line of each article; every line of every run stays in the bucket. A row a run would
# grow by millions a year, nearly all of them saying "not due".
ledger = Table(
    "ledger",
    metadata,
    _key("publisher"),
    _key("article_id"),
    Column("run_id", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("record", Text, nullable=False),
    # Of the first listing or change that was announced: the earliest of all lines, unlike the rest.
    Column("day", Date, nullable=False),
    Index("ledger_by_outcome", "publisher", "outcome"),
    Index("ledger_by_day", "publisher", "day"),
)

# The newest state of each gap; a gap once closed stays so.
gaps = Table(
    "gaps",
    metadata,
    _key("publisher"),
    _key("opened_by"),
    Column("since", Instant, primary_key=True),
    Column("rank", String, nullable=False),
    Column("record", Text, nullable=False),
)

# What the due decision needs: the newest answer to a request for an article, and the instant from
# which its age counts (of what is held). Each index answers one of the two questions of ``due``.
asks = Table(
    "asks",
    metadata,
    _key("publisher"),
    _key("article_id"),
    Column("asked_at", Instant, nullable=False),
    Column("lastmod", Instant),
    Column("fresh_at", Instant),
    Index("asks_by_age", "publisher", "fresh_at", "asked_at", "article_id"),
    Index("asks_by_time", "publisher", "asked_at", "article_id", "fresh_at"),
)

# Beside it, the validators of the newest page that we could read: a 304 need not repeat them.
validators = Table(
    "validators",
    metadata,
    _key("publisher"),
    _key("article_id"),
    Column("validated_at", Instant, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("original", Text),
)

captures = Table(
    "captures",
    metadata,
    _key("publisher"),
    _key("article_id"),
    Column("captured_at", Instant, primary_key=True),
    _key("run_id"),
    Column("revision", String, nullable=False),
    Column("access", String, nullable=False),
    Column("removed", Boolean, nullable=False),
    Column("date_published", Instant),
    Column("record", Text, nullable=False),
)

# One row an article, worked out of its captures; the newest capture's record stands in it.
articles = Table(
    "articles",
    metadata,
    _key("publisher"),
    _key("article_id"),
    Column("first_seen_at", Instant, nullable=False),
    Column("captured_at", Instant, nullable=False),
    Column("revision", String, nullable=False),
    Column("access", String, nullable=False),
    Column("date_published", Instant),
    Column("day", Date, nullable=False),
    Column("changed_at", Instant),
    Column("removed_at", Instant),
    Column("record", Text, nullable=False),
    Index("articles_by_day", "publisher", "day", "article_id"),
    Index("articles_by_change", "publisher", "changed_at"),
)

annotations = Table(
    "annotations",
    metadata,
    _key("publisher"),
    _key("annotator"),
    _key("article_id"),
    _key("revision"),
)

# What shares text, an inverted index: numbers instead of names, for there are 40 postings an article.
texts = Table(
    "texts",
    metadata,
    _key("publisher"),
    _key("article_id"),
    Column("digest", BigInteger, primary_key=True, autoincrement=False),
    Column("document", Integer, nullable=False),
    Index("texts_by_digest", "digest"),
    Index("texts_by_document", "document"),
    sqlite_with_rowid=False,
)

postings = Table(
    "postings",
    metadata,
    Column("hash", BigInteger, primary_key=True, autoincrement=False),
    Column("document", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

boilerplate = Table(
    "boilerplate",
    metadata,
    _key("publisher"),
    Column("hash", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
