"""The catalogue's database: opening it, transactions, and its errors in our words."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, insert, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from archive.catalogue.tables import SCHEMA_VERSION, filling, metadata, schema
from archive.errors import ArchiveError, CatalogueUnavailable, ConfigurationError, DiskFull

SETTING = "ARCHIVE_CATALOGUE_URL"
BUSY_SECONDS = 30
"""How long a writer waits for another process before the catalogue counts as unavailable."""

_WRITERS_LOCK = 0x6E657773
"""PostgreSQL's advisory lock of our writers: an article's row is worked out of all its captures, and
two writers at once would not see each other's."""


class Database:
    """An open database with the catalogue's tables in it."""

    def __init__(self, url: str, *, fresh: bool = False) -> None:
        """Open it; ``fresh`` drops what is in the tables, and makes them anew."""
        self._url = _checked(url)
        self.name = self._url.render_as_string(hide_password=True)
        if self._url.database and self._is_sqlite:
            _make_folder(Path(self._url.database))
        try:
            self._engine = _engine(self._url)
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
            message = (
                f"{SETTING}={self.name} cannot be used: {error} (PostgreSQL needs "
                "newsarchive[production])"
            )
            raise ConfigurationError(message) from error
        try:
            self._create(fresh=fresh)
        except BaseException:
            self._engine.dispose()
            raise

    @property
    def _is_sqlite(self) -> bool:
        return self._url.get_backend_name() == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Begin a transaction that only reads."""
        with self._translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Begin a transaction that writes: all of it or nothing, and one writer after the other."""
        engine = self._engine.execution_options(immediate=True)
        with self._translated(), engine.begin() as connection:
            if not self._is_sqlite:
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_WRITERS_LOCK})"))
            yield connection

    def scrub(self) -> None:
        """Bring what was deleted out of SQLite's log too, unless somebody reads just now."""
        if self._is_sqlite:
            with self._translated(), closing(self._engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()

    def _create(self, *, fresh: bool) -> None:
        with self.reading() as connection:
            ready = inspect(connection).has_table(schema.name)
        if fresh or not ready:
            with self.writing() as connection:
                if fresh:
                    metadata.drop_all(connection)
                metadata.create_all(connection)
                if connection.scalar(select(schema.c.version)) is None:
                    connection.execute(insert(schema).values(version=SCHEMA_VERSION))
                if fresh:
                    connection.execute(insert(filling).values(version=SCHEMA_VERSION))
        with self.reading() as connection:
            self._check_version(connection.scalar(select(schema.c.version)))

    def _check_version(self, version: int | None) -> None:
        if version == SCHEMA_VERSION:
            return
        message = (
            f"the catalogue {self.name} has tables of version {version}, this program needs "
            f"{SCHEMA_VERSION}: newsarchive rebuild fills it again from the bucket"
        )
        raise ConfigurationError(message)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            known = self._explain(error.orig)
            if known is None:
                raise
            raise known from error
        except sqlite3.Error as error:  # while a connection is being prepared
            known = self._explain(error)
            if known is None:
                raise
            raise known from error

    def _explain(self, error: BaseException | None) -> ArchiveError | None:
        reason = " ".join(str(error).split())
        if "not a database" in reason or "malformed" in reason:
            message = (
                f"the catalogue {self.name} is damaged or no SQLite file ({reason}): delete it; it "
                "fills itself again from the bucket"
            )
            return ConfigurationError(message)
        if "disk is full" in reason or "No space left" in reason:
            return DiskFull(self.name, reason)
        if type(error).__name__ in {"OperationalError", "InterfaceError"}:
            return CatalogueUnavailable(self.name, reason)
        return None


def _checked(url: str) -> URL:
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, ValueError) as error:
        message = f"{SETTING} is no address of a database, such as sqlite:////data/catalogue.db"
        raise ConfigurationError(message) from error
    if backend not in {"sqlite", "postgresql"}:
        message = f"{SETTING} names {backend}: only sqlite and postgresql are supported"
        raise ConfigurationError(message)
    # SQLAlchemy would take psycopg 3 for the plain name; psycopg2 is what we install.
    plain = parsed.drivername == "postgresql"
    return parsed.set(drivername="postgresql+psycopg2") if plain else parsed


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CatalogueUnavailable(str(path), str(error)) from error


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI connection has no common type
    # Python's driver would begin transactions late and never IMMEDIATE; _begin_sqlite does it.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    # What was taken down must not stay in the file's free pages.
    connection.execute("PRAGMA secure_delete = ON")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later can fail at once when two do so together.
    immediate = connection.get_execution_options().get("immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
