"""What the bucket is held against: the newest day manifest, and the revisions that are held."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from archive.catalogue.rows import insert
from archive.catalogue.tables import captures, heads
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


def revisions(connection: Connection, publisher: str) -> Iterator[tuple[str, str]]:
    """Yield article id and revision of every revision, by id."""
    columns = (captures.c.article_id, captures.c.revision)
    query = select(*columns).where(captures.c.publisher == publisher).distinct().order_by(*columns)
    for row in connection.execute(query.execution_options(yield_per=10_000)):
        yield row.article_id, row.revision
