"""Writing rows, in statements of bounded size, on SQLite and PostgreSQL alike."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

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
