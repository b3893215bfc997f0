"""What we hold, in tables that can be asked: a projection that the bucket can rebuild at any time.

The only place with SQL. Works on SQLite and PostgreSQL, for several processes at once.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, Self

from sqlalchemy import Select, and_, select

from archive.catalogue import alike, counting, looking, taking_in
from archive.catalogue.engine import Database
from archive.catalogue.rows import CHUNK, after, between, chunks, put_rows, same_article
from archive.catalogue.tables import annotations, articles, captures, gaps, ledger, runs
from archive.catalogue.taking_in import local_day
from archive.catalogue.witness import Witness
from archive.codec import decode
from archive.intervals import Intervals
from archive.records import (
    Asked,
    Capture,
    DayCoverage,
    DayFields,
    Gap,
    LedgerLine,
    RunBooks,
    RunReport,
    Seen,
    Sketch,
)

__all__ = ["Catalogue", "local_day"]


class Catalogue(Witness):
    """The table of what we hold.

    Every method may raise :class:`CatalogueUnavailable` or :class:`DiskFull`; opening it also
    :class:`ConfigurationError`, for an address we cannot use or tables of another version.
    """

    def __init__(self, url: str, *, fresh: bool = False) -> None:
        """Open it; ``fresh`` drops what is in it, tables of another version too."""
        self._database = Database(url, fresh=fresh)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._database.close()

    # what a crawl and ``compare`` ask

    def known(self, publisher: str, article_ids: Iterable[str]) -> dict[str, Asked]:
        """Return when each article was last answered, and with which validators; others are absent."""
        with self._database.reading() as connection:
            return looking.known(connection, publisher, article_ids)

    def seen(self, publisher: str, article_ids: Iterable[str]) -> dict[str, Seen]:
        """Return what is held of each article; those without a capture are absent."""
        with self._database.reading() as connection:
            return looking.seen(connection, publisher, article_ids)

    def due(
        self, publisher: str, intervals: Intervals, *, now: datetime, limit: int
    ) -> list[tuple[str, str]]:
        """Return id and address of held articles to look at again, the longest overdue first."""
        with self._database.reading() as connection:
            return looking.due(connection, publisher, intervals, now, limit)

    def pending(self, publisher: str) -> list[LedgerLine]:
        """Return the articles that the newest run which listed them left for the next."""
        query = (
            select(ledger.c.record)
            .where(ledger.c.publisher == publisher, ledger.c.outcome == "pending")
            .order_by(ledger.c.article_id)
        )
        return self._records(query, LedgerLine)

    def failed(self, publisher: str, *, since: datetime) -> list[LedgerLine]:
        """Return the articles first met since then that failed last and of which nothing is held."""
        query = (
            select(ledger.c.record)
            .select_from(ledger.outerjoin(articles, same_article(ledger, articles)))
            .where(ledger.c.publisher == publisher, ledger.c.outcome == "failed")
            .where(articles.c.article_id.is_(None))
            .order_by(ledger.c.article_id)
        )
        return [line for line in self._records(query, LedgerLine) if line.listed_at >= since]

    # runs

    def take_in(self, run: RunBooks) -> None:
        """Add a run, all of it or nothing. Again, or in another order, gives the same rows."""
        with self._database.writing() as connection:
            taking_in.take_in(connection, run)

    def last_complete_run(self, publisher: str, *, before: datetime) -> RunReport | None:
        """Return the newest run before an instant that listed its own present; None without one."""
        query = _newest_first(publisher).where(runs.c.complete, runs.c.started_at < before)
        return next(iter(self._records(query.limit(1), RunReport)), None)

    def runs(
        self,
        publisher: str,
        *,
        since: date | None = None,
        until: date | None = None,
        limit: int | None = None,
    ) -> list[RunReport]:
        """Return the runs that started on these dates of the publisher, both inclusive, newest first."""
        query = _newest_first(publisher).where(*between(runs, since, until))
        return self._records(query.limit(limit), RunReport)

    def run_ids(self, publisher: str) -> set[str]:
        """Return the ids of all runs that were taken in."""
        with self._database.reading() as connection:
            query = select(runs.c.run_id).where(runs.c.publisher == publisher)
            return set(connection.scalars(query))

    # what was missed

    def is_any_listed(self, publisher: str, article_ids: Iterable[str]) -> bool:
        """Tell whether any run that was taken in had listed one of these articles."""
        query = select(ledger.c.article_id).where(ledger.c.publisher == publisher).limit(1)
        with self._database.reading() as connection:
            wanted = (query.where(ledger.c.article_id.in_(ids)) for ids in chunks(article_ids))
            return any(connection.scalar(one) is not None for one in wanted)

    def gaps(self, publisher: str) -> list[Gap]:
        """Return the newest state of every gap that was ever opened, by time."""
        query = select(gaps.c.record).where(gaps.c.publisher == publisher)
        return self._records(query.order_by(gaps.c.since, gaps.c.opened_by), Gap)

    def coverage(
        self, publisher: str, *, since: date | None = None, until: date | None = None
    ) -> list[DayCoverage]:
        """Return how much is held of what was listed for each of these dates that has any, in order.

        Articles belong to their date as in ``newest``; what is not held, to its first known one.
        """
        with self._database.reading() as connection:
            return counting.coverage(connection, publisher, since, until)

    def fill_rates(
        self, publisher: str, *, since: date | None = None, until: date | None = None
    ) -> list[DayFields]:
        """Return how often each watched field was found by the runs of these dates, in order."""
        with self._database.reading() as connection:
            return counting.fill_rates(connection, publisher, since, until)

    # captures

    def captures(self, publisher: str, article_id: str, *, removals: bool = False) -> list[Capture]:
        """Return every capture of an article, by time; with ``removals`` also those that found it gone."""
        query = (
            select(captures.c.record)
            .where(captures.c.publisher == publisher, captures.c.article_id == article_id)
            .order_by(captures.c.captured_at, captures.c.run_id)
        )
        return self._records(query if removals else query.where(~captures.c.removed), Capture)

    def newest(
        self,
        publisher: str,
        *,
        since: date | None = None,
        until: date | None = None,
        only: Collection[str] | None = None,
    ) -> Iterator[Capture]:
        """Yield the newest capture of each article of these dates, both inclusive, by date and id.

        An article belongs to its date of publication in the publisher's time zone, or to the date
        on which it was first seen where it states none. ``only`` names the articles; None for all.
        """
        conditions = (articles.c.publisher == publisher, *between(articles, since, until))
        if only is not None:
            conditions += (articles.c.article_id.in_(only),)
        columns = select(articles.c.day, articles.c.article_id, articles.c.record)
        query = columns.order_by(articles.c.day, articles.c.article_id).limit(CHUNK)
        rows = self._rows(query.where(*conditions))
        while rows:
            for row in rows:
                yield decode(row.record.encode(), Capture)
            rows = self._rows(query.where(*conditions, after(rows[-1])))

    def days(
        self, publisher: str, *, since: date | None = None, until: date | None = None
    ) -> list[date]:
        """Return the dates of these bounds, both inclusive, that have articles, in order."""
        query = select(articles.c.day).distinct().where(articles.c.publisher == publisher)
        query = query.where(*between(articles, since, until)).order_by(articles.c.day)
        with self._database.reading() as connection:
            return list(connection.scalars(query))

    def on_day(self, publisher: str, day: date) -> list[Capture]:
        """Return the newest captures of the articles of one date."""
        return list(self.newest(publisher, since=day, until=day))

    def standing_at(
        self,
        publisher: str,
        moment: datetime,
        *,
        since: date | None = None,
        until: date | None = None,
    ) -> Iterator[Capture]:
        """Yield the capture of each article of these dates that stood at an instant, by date and id.

        Articles that were first seen later, or were gone by then, are left out.
        """
        newest = self.newest(publisher, since=since, until=until)
        for chunk in chunks(capture.article_id for capture in newest):
            with self._database.reading() as connection:
                found = looking.standing_at(connection, publisher, chunk, moment)
            yield from (found[article_id] for article_id in chunk if article_id in found)

    def changed(self, publisher: str, *, limit: int) -> list[str]:
        """Return the ids of the articles that changed since their first capture, the newest change first."""
        query = (
            select(articles.c.article_id)
            .where(articles.c.publisher == publisher, articles.c.changed_at.is_not(None))
            .order_by(articles.c.changed_at.desc(), articles.c.article_id)
        )
        with self._database.reading() as connection:
            return list(connection.scalars(query.limit(limit)))

    # what shares text

    def forget_sketches(self, publisher: str) -> None:
        """Drop what is known of shared text, to be taken in again with :meth:`take_in_sketches`."""
        with self._database.writing() as connection:
            alike.forget(connection, publisher)

    def take_in_sketches(self, publisher: str, sketches: Sequence[Sketch]) -> None:
        """Add sketches as :meth:`take_in` does with those of a run."""
        with self._database.writing() as connection:
            alike.take_in(connection, publisher, sketches)

    def alike(self, publisher: str, sketch: Sketch, *, least_common: int, limit: int) -> list[str]:
        """Return the ids of other articles with the same words or so many common hashes, the most first."""
        with self._database.reading() as connection:
            return alike.alike(connection, publisher, sketch, least_common, limit)

    def boilerplate(self, publisher: str, hashes: Iterable[int]) -> set[int]:
        """Return those of these hashes that stand in too many articles to say anything of a story."""
        with self._database.reading() as connection:
            return alike.boilerplate_among(connection, publisher, hashes)

    # annotations

    def annotated(self, publisher: str, annotator: str, article_ids: Iterable[str]) -> set[str]:
        """Return those articles whose newest revision ``annotator`` (``name@version``) has done."""
        same_revision = annotations.c.revision == articles.c.revision
        same = and_(same_article(articles, annotations), same_revision)
        query = (
            select(articles.c.article_id)
            .select_from(articles.join(annotations, same))
            .where(articles.c.publisher == publisher, annotations.c.annotator == annotator)
        )
        found: set[str] = set()
        with self._database.reading() as connection:
            for chunk in chunks(dict.fromkeys(article_ids)):
                found.update(connection.scalars(query.where(articles.c.article_id.in_(chunk))))
        return found

    def note_annotated(
        self, publisher: str, annotator: str, revisions: Sequence[tuple[str, str]]
    ) -> None:
        """Note that ``annotator`` has done these revisions, given as (article id, revision)."""
        done = {"publisher": publisher, "annotator": annotator}
        rows = [{**done, "article_id": one, "revision": revision} for one, revision in revisions]
        with self._database.writing() as connection:
            put_rows(connection, annotations, rows)

    def _rows(self, query: Select[Any]) -> Sequence[Any]:
        with self._database.reading() as connection:
            return connection.execute(query).all()

    def _records(self, query: Select[Any], kind: type[Any]) -> list[Any]:
        with self._database.reading() as connection:
            return [decode(record.encode(), kind) for record in connection.scalars(query)]


def _newest_first(publisher: str) -> Select[Any]:
    order = (runs.c.started_at.desc(), runs.c.run_id.desc())
    return select(runs.c.record).where(runs.c.publisher == publisher).order_by(*order)
