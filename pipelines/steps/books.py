"""Catalogue and reconcile: the books of a run, in the bucket first, then in the catalogue."""

import logging
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from itertools import chain, repeat

from attrs import evolve

from archive import sketch_columns
from archive.catalogue import local_day
from archive.codec import decode, encode, encode_lines
from archive.connect import Archive
from archive.errors import BrokenRecord
from archive.keys import (
    captures_key,
    crawl_key,
    ledger_key,
    run_key,
    sketches_key,
)
from archive.object_store import ObjectStore
from archive.records import (
    Capture,
    CrawlLine,
    CrawlSummary,
    LedgerLine,
    Listing,
    Outcome,
    RunBooks,
    RunReport,
    Sketch,
)
from pipelines import catalogue as catalogue_stage
from pipelines import reconcile as reconcile_stage
from pipelines.gaps import Past, gaps_of, repair_dates
from pipelines.health import examine
from pipelines.steps.manifests import close_days, manifest_crawl
from pipelines.steps.objects import fetch, keep, lines
from pipelines.store import StoredObject
from pipelines.usual import dates_of_interest
from publishers import get

logger = logging.getLogger(__name__)

_READERS = 4


def catalogue(archive: Archive, summary: CrawlSummary, outcome_keys: Sequence[str]) -> str:
    """Write down the captures of a run, and the sketches of what is new; returns the captures' key."""
    key = captures_key(summary.publisher, summary.run_id)
    if not archive.store.exists(key):
        outcomes = list(_outcomes(archive, outcome_keys))
        captures = catalogue_stage.catalogue(outcomes, _crawl_lines(archive, summary))
        _keep_sketches(archive, summary, outcomes)
        archive.store.put_once(key, encode_lines(captures))
    return key


def reconcile(
    archive: Archive,
    summary: CrawlSummary,
    outcome_keys: Sequence[str],
    *,
    error: str | None = None,
) -> RunReport:
    """Write ledger, report and manifest of a run, take it into the catalogue, return the report.

    ``error`` is what ended the crawl before its time, in one line. A run without a report is
    unfinished; its manifest names everything else that it left, and comes last. Its books may not
    balance, and it may say that something looks wrong; whoever called decides what to do about it.
    """
    publisher, run_id = summary.publisher, summary.run_id
    close_days(archive, summary.ended_at)
    if not archive.store.exists(run_key(publisher, run_id)):
        books = _books(archive, summary, outcome_keys)
        books = evolve(books, report=evolve(books.report, error=error))
        report = _judged(archive, books, summary)
        archive.store.put_once(ledger_key(publisher, run_id), encode_lines(books.ledger))
        archive.store.put_once(run_key(publisher, run_id), encode(report))
    manifest_crawl(archive, run_id)
    stored = _stored_books(archive, publisher, run_id)
    archive.catalogue.take_in(stored)
    return stored.report


def repair_plans(archive: Archive) -> list[tuple[date, date]]:
    """Return the New Zealand dates, both inclusive, to be listed again for open gaps, oldest first."""
    publisher = get(archive.settings.publisher)
    return repair_dates(archive.catalogue.gaps(publisher.name), publisher.timezone)


def take_in(archive: Archive, publisher: str, run_ids: Sequence[str]) -> Iterator[bool]:
    """Take the books of runs into the catalogue, in this order; yields for each whether it could be read.

    The books of the next few are read meanwhile.
    """
    with ThreadPoolExecutor(_READERS) as pool:
        ahead: deque[Future[RunBooks | None]] = deque()
        for run_id in chain(run_ids, repeat(None, _READERS)):
            if run_id is not None:
                ahead.append(pool.submit(_readable_books, archive, publisher, run_id))
            if ahead and (run_id is None or len(ahead) > _READERS):
                books = ahead.popleft().result()
                if books is not None:
                    archive.catalogue.take_in(books)
                yield books is not None


def _readable_books(archive: Archive, publisher: str, run_id: str) -> RunBooks | None:
    try:
        return _stored_books(archive, publisher, run_id)
    except BrokenRecord:
        # One damaged object must not keep every later run from starting.
        logger.exception("run %s cannot be taken into the catalogue", run_id)
        return None


def _books(archive: Archive, summary: CrawlSummary, outcome_keys: Iterable[str]) -> RunBooks:
    outcomes = list(_outcomes(archive, outcome_keys))
    ids = {outcome.article_id for outcome in outcomes}
    seen = archive.catalogue.seen(summary.publisher, ids)
    calendar = reconcile_stage.Calendar(
        timezone=get(summary.publisher).timezone,
        first_seen={article_id: known.first_seen_at for article_id, known in seen.items()},
    )
    crawl_lines = _crawl_lines(archive, summary)
    announced = _announced(archive, summary)
    return reconcile_stage.reconcile(crawl_lines, outcomes, summary, calendar, announced)


def _judged(archive: Archive, books: RunBooks, summary: CrawlSummary) -> RunReport:
    """Return a run's report with its gaps and alarms, as the catalogue stood before it."""
    catalogue, report = archive.catalogue, books.report
    day = local_day(report.started_at, books.timezone)
    earlier = [
        run
        for near in dates_of_interest(day)
        for run in catalogue.runs(report.publisher, since=near, until=near)
    ]
    alarms = examine(
        report,
        earlier,
        coverage_floor=archive.settings.coverage_floor,
        timezone=books.timezone,
    )
    gaps = gaps_of(report, summary.unread_days, _past(archive, summary))
    return evolve(report, gaps=gaps, alarms=alarms)


def _past(archive: Archive, summary: CrawlSummary) -> Past:
    catalogue, publisher = archive.catalogue, summary.publisher
    last = catalogue.last_complete_run(publisher, before=summary.started_at)
    since = last.started_at.date() if last else min(summary.unread_days, default=None)
    announced = _announced(archive, summary)
    return Past(
        last=last,
        runs=catalogue.runs(publisher, since=since) if since else (),
        open_gaps=[gap for gap in catalogue.gaps(publisher) if gap.state == "open"],
        overlaps=not announced or catalogue.is_any_listed(publisher, announced),
    )


def _announced(archive: Archive, summary: CrawlSummary) -> set[str]:
    key = summary.listings_key
    return {row.article_id for row in lines(archive.store, key, Listing)} if key else set()


def _keep_sketches(archive: Archive, summary: CrawlSummary, outcomes: Iterable[Outcome]) -> None:
    made = {(one.article_id, one.revision): one for x in outcomes if (one := x.sketch)}
    if made:
        key = sketches_key(summary.publisher, summary.run_id)
        keep(archive.store, StoredObject(key, sketch_columns.encode(made.values())))


def _sketches(store: ObjectStore, key: str) -> tuple[Sketch, ...]:
    """Return the sketches of a run: none for one that kept nothing new."""
    return sketch_columns.decode(fetch(store, key), name=key) if store.exists(key) else ()


def _stored_books(archive: Archive, publisher: str, run_id: str) -> RunBooks:
    store = archive.store
    key = run_key(publisher, run_id)
    books = RunBooks(
        report=decode(fetch(store, key), RunReport, name=key),
        crawl_lines=tuple(lines(store, crawl_key(publisher, run_id), CrawlLine)),
        ledger=tuple(lines(store, ledger_key(publisher, run_id), LedgerLine)),
        captures=tuple(lines(store, captures_key(publisher, run_id), Capture)),
        sketches=_sketches(store, sketches_key(publisher, run_id)),
        timezone=get(publisher).timezone,
    )
    reconcile_stage.check(books, name=key)
    return books


def _crawl_lines(archive: Archive, summary: CrawlSummary) -> list[CrawlLine]:
    key = summary.crawl_key or crawl_key(summary.publisher, summary.run_id)
    return list(lines(archive.store, key, CrawlLine))


def _outcomes(archive: Archive, keys: Iterable[str]) -> Iterable[Outcome]:
    for key in keys:
        yield from lines(archive.store, key, Outcome)
