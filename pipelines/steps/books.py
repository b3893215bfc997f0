"""Catalogue and reconcile: the books of a run, in the bucket first, then in the catalogue."""

import logging
from collections.abc import Iterable, Sequence
from datetime import timedelta

from archive.codec import decode, encode, encode_lines
from archive.connect import Archive
from archive.errors import BrokenRecord
from archive.keys import captures_key, crawl_key, ledger_key, run_day, run_key
from archive.records import (
    Capture,
    CrawlLine,
    CrawlSummary,
    LedgerLine,
    Outcome,
    RunBooks,
    RunReport,
)
from pipelines import catalogue as catalogue_stage
from pipelines import reconcile as reconcile_stage
from pipelines.steps.objects import fetch, lines
from publishers import get

logger = logging.getLogger(__name__)


def catalogue(archive: Archive, summary: CrawlSummary, outcome_keys: Sequence[str]) -> str:
    """Write down the captures of a run; returns their key."""
    key = captures_key(summary.publisher, summary.run_id)
    if not archive.store.exists(key):
        outcomes = _outcomes(archive, outcome_keys)
        captures = catalogue_stage.catalogue(outcomes, _crawl_lines(archive, summary))
        archive.store.put_once(key, encode_lines(captures))
    return key


def reconcile(archive: Archive, summary: CrawlSummary, outcome_keys: Sequence[str]) -> RunReport:
    """Write the ledger and the report of a run, take it into the catalogue, return the report.

    The report comes last in the bucket: a run without one is unfinished. Its books may not balance;
    whoever called decides what to do about it.
    """
    publisher, run_id = summary.publisher, summary.run_id
    if not archive.store.exists(run_key(publisher, run_id)):
        books = _books(archive, summary, outcome_keys)
        ledger = encode_lines(books.ledger)
        archive.store.put_once(ledger_key(publisher, run_id), ledger)
        archive.store.put_once(run_key(publisher, run_id), encode(books.report))
    stored = _stored_books(archive, publisher, run_id)
    archive.catalogue.take_in(stored)
    return stored.report


def catch_up(archive: Archive) -> int:
    """Take runs into the catalogue that the bucket has and it lacks; returns how many.

    After a lost catalogue these are all runs. Otherwise only those are looked for that started on
    the day of the newest known run, the day before it, or later.
    """
    publisher = archive.settings.publisher
    known = archive.catalogue.run_ids(publisher)
    prefix = f"{publisher}/runs/"
    start = prefix
    if known:
        start += (run_day(max(known)) - timedelta(days=1)).isoformat()
    taken = 0
    for key in archive.store.list_keys(prefix, after=start):
        run_id = key.rsplit("/", 1)[1].removesuffix(".json")
        if run_id not in known:
            taken += _take_in(archive, publisher, run_id)
    return taken


def _take_in(archive: Archive, publisher: str, run_id: str) -> bool:
    try:
        books = _stored_books(archive, publisher, run_id)
    except BrokenRecord:
        # One damaged object must not keep every later run from starting.
        logger.exception("run %s cannot be taken into the catalogue", run_id)
        return False
    archive.catalogue.take_in(books)
    return True


def _books(archive: Archive, summary: CrawlSummary, outcome_keys: Iterable[str]) -> RunBooks:
    outcomes = list(_outcomes(archive, outcome_keys))
    ids = {outcome.article_id for outcome in outcomes}
    seen = archive.catalogue.seen(summary.publisher, ids)
    calendar = reconcile_stage.Calendar(
        timezone=get(summary.publisher).timezone,
        first_seen={article_id: known.first_seen_at for article_id, known in seen.items()},
    )
    crawl_lines = _crawl_lines(archive, summary)
    return reconcile_stage.reconcile(crawl_lines, outcomes, summary, calendar)


def _stored_books(archive: Archive, publisher: str, run_id: str) -> RunBooks:
    store = archive.store
    key = run_key(publisher, run_id)
    return RunBooks(
        report=decode(fetch(store, key), RunReport, name=key),
        crawl_lines=tuple(lines(store, crawl_key(publisher, run_id), CrawlLine)),
        ledger=tuple(lines(store, ledger_key(publisher, run_id), LedgerLine)),
        captures=tuple(lines(store, captures_key(publisher, run_id), Capture)),
        timezone=get(publisher).timezone,
    )


def _crawl_lines(archive: Archive, summary: CrawlSummary) -> list[CrawlLine]:
    key = summary.crawl_key or crawl_key(summary.publisher, summary.run_id)
    return list(lines(archive.store, key, CrawlLine))


def _outcomes(archive: Archive, keys: Iterable[str]) -> Iterable[Outcome]:
    for key in keys:
        yield from lines(archive.store, key, Outcome)
