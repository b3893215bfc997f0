"""Finish what was left: runs whose crawl was killed, or whose books nobody kept."""

import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from archive.closing import read, turnstile_key
from archive.codec import decode, encode_lines
from archive.connect import Archive
from archive.errors import PermanentError
from archive.holdings import Listed
from archive.keys import (
    crawl_key,
    from_day,
    listings_key,
    run_of_key,
    run_started_at,
    summary_key,
)
from archive.records import CrawlLine, CrawlSummary, Listing
from archive.warc_pages import PageRecord
from pipelines.page_task import publisher_at
from pipelines.steps.books import catalogue, reconcile
from pipelines.steps.day_chain import LATE
from pipelines.steps.manifests import claim_killed
from pipelines.steps.normalising import normalise_warc
from pipelines.steps.objects import fetch, good_pages, keep, lines, scratch
from pipelines.store import StoredObject

logger = logging.getLogger(__name__)

QUIET = timedelta(hours=1)
"""How long a run whose crawl has ended must have left nothing new before others take its books over."""

LOST = timedelta(hours=6)
"""The same for a crawl that may still be going on, having left a file at midnight; and how old the note of
a step must be that counts as killed. No crawl and no step takes as long."""

KILLED = "killed"
"""Reason of what a killed run had listed and not fetched."""

_ERROR = "the crawl was killed before it wrote its books; this is what its WARC files hold"
_OK = 200


def finish_left(archive: Archive, now: datetime) -> list[str]:
    """Keep the books of the runs of the last weeks that left something and no report; returns their ids.

    A run whose crawl had ended gets the books it would have had. Of one that was killed in mid-crawl, the
    pages in its WARC files are read; what it had listed besides is lost with it, and found again by the
    runs after it. A run is left alone while it asks the publisher, while its files wait in the spool, and until it
    has written nothing for an hour, or for six when its crawl left no word of its end. Should two
    finish one run at once, what is there stays.
    """
    store, publisher = archive.store, archive.settings.publisher
    lease, _ = read(store, turnstile_key(publisher))
    claim_killed(archive, now - LOST)
    done = []
    for run_id, left in sorted(_left(archive, now).items()):
        is_asking = run_id == lease.holder or run_id in lease.waiting
        if is_asking or _is_spooled(archive, run_id) or not _is_quiet(left, now):
            continue
        logger.warning("finishing run %s, which left no books", run_id)
        try:
            _finish(archive, run_id, left)
        except PermanentError:
            # One damaged run must not keep every later one from starting.
            logger.exception("run %s can't be finished", run_id)
        else:
            done.append(run_id)
    return done


def unfinished(archive: Archive, now: datetime) -> list[str]:
    """Return the runs that somebody is at work on: no report yet, and something new not long ago."""
    return sorted(run for run, left in _left(archive, now).items() if not _is_quiet(left, now))


def _is_quiet(left: Sequence[Listed], now: datetime) -> bool:
    has_ended = any("/summaries/" in one.key for one in left)
    return now - max(one.modified_at for one in left) >= (QUIET if has_ended else LOST)


def _is_spooled(archive: Archive, run_id: str) -> bool:
    """Whether files of a run wait on this machine: a crawl is at work on them, or the next brings them in."""
    return (archive.settings.home / "spool" / run_id).exists()


def _finish(archive: Archive, run_id: str, left: Iterable[Listed]) -> None:
    warcs = sorted(one.key for one in left if one.key.endswith(".warc.gz"))
    summary = _summary(archive, run_id, warcs)
    keys = [normalise_warc(archive, run_id, key) for key in summary.warc_keys]
    catalogue(archive, summary, keys)
    reconcile(archive, summary, keys, error=summary.failure)


def _left(archive: Archive, now: datetime) -> dict[str, list[Listed]]:
    """Return what runs without a report left, by run."""
    store, publisher = archive.store, archive.settings.publisher
    since = (now - LATE).date()
    found: dict[str, list[Listed]] = defaultdict(list)
    for kind in ("warc", "crawls", "listings", "summaries"):
        prefix = f"{publisher}/{kind}/"
        for one in store.list_objects(prefix, after=from_day(prefix, since)):
            if run_id := run_of_key(one.key):
                found[run_id].append(one)
    prefix = f"{publisher}/runs/"
    for key in store.list_keys(prefix, after=from_day(prefix, since)):
        found.pop(run_of_key(key) or "", None)
    return found


def _summary(archive: Archive, run_id: str, warcs: list[str]) -> CrawlSummary:
    """Return how a crawl ended; of a killed one what its WARC files say, and write its lines."""
    store, publisher = archive.store, archive.settings.publisher
    key = summary_key(publisher, run_id)
    if store.exists(key):
        return decode(fetch(store, key), CrawlSummary, name=key)
    pages = [page for warc in warcs for page in _pages(archive, warc)]
    listed = listings_key(publisher, run_id)
    rows = list(lines(store, listed, Listing)) if store.exists(listed) else []
    crawled = crawl_key(publisher, run_id)
    if not store.exists(crawled):
        made = _lines(archive, run_id, pages, rows)
        keep(store, StoredObject(crawled, encode_lines(made.values())))
    states: Counter[str] = Counter(line.state for line in lines(store, crawled, CrawlLine))
    return CrawlSummary(
        run_id=run_id,
        publisher=publisher,
        started_at=run_started_at(run_id),
        ended_at=max((page.captured_at for page in pages), default=run_started_at(run_id)),
        stopped=False,
        warc_keys=tuple(warcs),
        crawl_key=crawled,
        states=dict(states),
        requests=len(pages),
        bytes=sum(len(page.content) for page in pages),
        listings_key=listed if rows else None,
        ending=KILLED,
        failure=_ERROR,
    )


def _pages(archive: Archive, warc: str) -> Iterator[PageRecord]:
    with scratch(archive.settings.home) as folder:
        path = folder / "pages.warc.gz"
        archive.store.download(warc, path)
        yield from good_pages(path, warc)


def _lines(
    archive: Archive, run_id: str, pages: Iterable[PageRecord], rows: Iterable[Listing]
) -> Mapping[str, CrawlLine]:
    """Return a line for each article that the WARC files hold a page of, or the listing named."""
    publisher = publisher_at(archive.settings.publisher, archive.settings.publisher_origin)
    found: dict[str, CrawlLine] = {}
    for row in rows:
        found[row.article_id] = CrawlLine(
            article_id=row.article_id,
            url=row.url,
            state="pending",
            reason=KILLED,
            sources=(row.source,),
            listed_at=row.seen_at,
        )
    for page in pages:
        if article_id := publisher.article_id(page.url):
            is_page = page.http_status == _OK
            found[article_id] = CrawlLine(
                article_id=article_id,
                url=page.url,
                state="fetched" if is_page else "failed",
                reason=None if is_page else f"http_{page.http_status}",
                listed_at=run_started_at(run_id),
                asked_at=page.captured_at,
                http_status=page.http_status,
                access=page.access,
            )
    return dict(sorted(found.items()))
