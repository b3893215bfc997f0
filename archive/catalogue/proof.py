"""What the bucket is held against: the newest day manifest, the revisions held, what was taken down."""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, delete, select

from archive.catalogue.rows import insert, put_rows
from archive.catalogue.tables import annotations, articles, asks, captures, filling, heads
from archive.catalogue.tables import takedowns as gone
from archive.records import DayLink


def head(connection: Connection, publisher: str) -> DayLink | None:
    """Return the newest day manifest that was noted. None when none was."""
    row = connection.execute(select(heads).where(heads.c.publisher == publisher)).one_or_none()
    return None if row is None else DayLink(day=row.day, sha256=row.sha256)


def note_head(connection: Connection, publisher: str, link: DayLink) -> None:
    """Note a day manifest; one of a later day stays."""
    new = insert(connection, heads).values(publisher=publisher, day=link.day, sha256=link.sha256)
    later = {"day": new.excluded.day, "sha256": new.excluded.sha256}
    connection.execute(
        new.on_conflict_do_update(
            index_elements=["publisher"], set_=later, where=heads.c.day < new.excluded.day
        )
    )


def is_filling(connection: Connection) -> bool:
    """Tell whether a rebuild has begun and not gone to its end."""
    return connection.scalar(select(filling.c.version)) is not None


def note_filled(connection: Connection) -> None:
    """Note that a rebuild has gone to its end."""
    connection.execute(delete(filling))


def takedowns(connection: Connection, publisher: str) -> set[str]:
    """Return the keys of the tombstones whose articles were forgotten."""
    query = select(gone.c.key).where(gone.c.publisher == publisher)
    return set(connection.scalars(query))


def note_takedowns(connection: Connection, publisher: str, keys: Iterable[str]) -> None:
    """Note tombstones whose articles were forgotten."""
    put_rows(connection, gone, ({"publisher": publisher, "key": key} for key in keys))


def forget(connection: Connection, publisher: str, article_id: str) -> None:
    """Drop what was read of an article; that it was listed and asked for stays."""
    for table in (captures, articles, annotations):
        of_it = (table.c.publisher == publisher) & (table.c.article_id == article_id)
        connection.execute(delete(table).where(of_it))
    asked = (asks.c.publisher == publisher) & (asks.c.article_id == article_id)
    connection.execute(asks.update().where(asked).values(fresh_at=None))


def revisions(connection: Connection, publisher: str) -> Iterator[tuple[str, str]]:
    """Yield article id and revision of every revision, by id."""
    columns = (captures.c.article_id, captures.c.revision)
    query = select(*columns).where(captures.c.publisher == publisher).distinct().order_by(*columns)
    for row in connection.execute(query.execution_options(yield_per=10_000)):
        yield row.article_id, row.revision
