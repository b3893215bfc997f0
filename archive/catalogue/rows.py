"""Rows: written in statements of bounded size, on SQLite and PostgreSQL alike, and conditions on them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Table, and_, or_
from sqlalchemy.dialects import postgresql, sqlite

from archive.catalogue.tables import articles

CHUNK = 500
"""Most values that go into one statement."""

Item = TypeVar("Item")
Row = Mapping[str, Any]
Insert = sqlite.Insert | postgresql.Insert


def chunks(items: Iterable[Item], size: int = CHUNK) -> Iterator[list[Item]]:
    """Yield items in lists of at most ``size``."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def put_rows(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    """Insert rows; those that are there already stay."""
    for chunk in chunks(rows):
        connection.execute(insert(connection, table).on_conflict_do_nothing(), chunk)


def insert(connection: Connection, table: Table) -> Insert:
    """Return an insert that may say what to do with a row that is there already."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def between(table: Table, since: date | None, until: date | None) -> list[ColumnElement[bool]]:
    """Return the conditions of a range of dates, both inclusive; None is open."""
    after = [table.c.day >= since] if since else []
    return [*after, table.c.day <= until] if until else after


def after(row: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a row has no type of its own
    """Return the condition of what follows a row of articles, by day and id."""
    same_day = and_(articles.c.day == row.day, articles.c.article_id > row.article_id)
    return or_(articles.c.day > row.day, same_day)


def same_article(one: Table, other: Table) -> ColumnElement[bool]:
    """Return the condition that rows of two tables are about one article."""
    same_publisher = one.c.publisher == other.c.publisher
    return and_(same_publisher, one.c.article_id == other.c.article_id)
