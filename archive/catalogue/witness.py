"""What the catalogue knows that the bucket is held against, and what it has forgotten on purpose."""

from collections.abc import Iterable, Iterator

from archive.catalogue import proof
from archive.catalogue.engine import Database
from archive.records import DayLink


class Witness:
    """The part of a catalogue that verify, rebuild and takedowns ask."""

    _database: Database

    def head(self, publisher: str) -> DayLink | None:
        """Return the newest day manifest that was seen here. None when none was."""
        with self._database.reading() as connection:
            return proof.head(connection, publisher)

    def note_head(self, publisher: str, link: DayLink) -> None:
        """Note a day manifest, unless a newer one is noted: a day cut off in the bucket stays known."""
        with self._database.writing() as connection:
            proof.note_head(connection, publisher, link)

    def revisions(self, publisher: str) -> Iterator[tuple[str, str]]:
        """Yield article id and revision of every revision held, removals included, by id."""
        with self._database.reading() as connection:
            yield from proof.revisions(connection, publisher)

    def is_filling(self) -> bool:
        """Tell whether a rebuild has begun and not gone to its end: it was killed, or is at work."""
        with self._database.reading() as connection:
            return proof.is_filling(connection)

    def note_filled(self) -> None:
        """Note that a rebuild has gone to its end."""
        with self._database.writing() as connection:
            proof.note_filled(connection)

    def takedowns(self, publisher: str) -> set[str]:
        """Return the keys of the tombstones whose articles were forgotten."""
        with self._database.reading() as connection:
            return proof.takedowns(connection, publisher)

    def note_takedowns(self, publisher: str, keys: Iterable[str]) -> None:
        """Note tombstones whose articles were forgotten."""
        with self._database.writing() as connection:
            proof.note_takedowns(connection, publisher, keys)

    def forget(self, publisher: str, article_id: str) -> None:
        """Drop what was read of an article; that it was listed and asked for stays."""
        with self._database.writing() as connection:
            proof.forget(connection, publisher, article_id)
        self._database.scrub()
