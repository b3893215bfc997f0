"""Runs that were killed: what they had fetched gets its books, and everything verifies."""

from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import evolve

from archive.closing import turnstile_key
from archive.codec import decode
from archive.connect import Archive
from archive.keys import enrichment_key, open_key, run_key, summary_key
from archive.records import CrawlSummary, RunReport, Verification
from archive.warc_pages import read_pages
from demo.newspaper import Newspaper
from pipelines import steps
from pipelines.steps import VerifyPlan
from tests.crawler.crawling import PUBLISHER, Crawling, wait_for


@pytest.fixture
def crawling(archive: Archive, newspaper: Newspaper) -> Crawling:
    return Crawling(archive, newspaper)


def served(crawling: Crawling) -> Archive:
    return evolve(crawling.archive, settings=crawling.settings)


def later(hours: float = 7) -> datetime:
    return datetime.now(UTC) + timedelta(hours=hours)


def verified(archive: Archive) -> Verification:
    plan = VerifyPlan(now=datetime.now(UTC))
    return steps.verify(archive.store, PUBLISHER, plan, archive.catalogue)


def report(crawling: Crawling, run_id: str) -> RunReport:
    key = run_key(PUBLISHER, run_id)
    return decode(crawling.archive.store.get(key), RunReport, name=key)


def killed(crawling: Crawling) -> str:
    """Kill a crawl in mid-flight, as a machine that loses its power; returns its run id."""
    process = crawling.process(plan := crawling.plan(), delay_seconds=0.05)
    process.start()
    wait_for(lambda: len(crawling.newspaper.log) > 40)
    crawling.kill(process)
    return plan.run_id


def articles_in(crawling: Crawling, run_id: str) -> set[str]:
    store, found = crawling.archive.store, set()
    publisher = PUBLISHER
    for key in store.list_keys(f"{publisher}/warc/"):
        if run_id in key and key.endswith(".gz"):
            found |= {page.url for page in read_pages(store.get(key), file=key)}
    stories = crawling.newspaper.edition.stories
    return {
        story.article_id for story in stories if crawling.newspaper.origin + story.path in found
    }


def test_a_killed_crawl_gets_its_books_from_its_pages(crawling: Crawling) -> None:
    run_id = killed(crawling)
    archive = served(crawling)
    summary = crawling.run(ask="missing")
    assert steps.finish_left(archive, datetime.now(UTC)) == [], "somebody may be at work on them"
    assert steps.finish_left(archive, later(2)) == [summary.run_id], "the other may still crawl"
    assert steps.finish_left(archive, later()) == [run_id]
    assert steps.finish_left(archive, later()) == []

    books = report(crawling, run_id)
    fetched = articles_in(crawling, run_id)
    assert fetched
    assert books.balanced
    assert books.listed == len(fetched)
    assert "killed" in str(books.error)
    held = {capture.article_id for capture in archive.catalogue.newest(PUBLISHER)}
    assert len(held & fetched) == books.archived + books.unchanged > 0
    other = report(crawling, summary.run_id)
    assert other.balanced
    assert other.error is None
    found = verified(archive)
    assert (found.problems, found.in_the_making) == ((), 0)


def test_a_crawl_whose_books_nobody_kept_gets_those_it_would_have_had(crawling: Crawling) -> None:
    archive = served(crawling)
    summary = crawling.run()
    key = summary_key(PUBLISHER, summary.run_id)
    assert decode(archive.store.get(key), CrawlSummary, name=key) == summary
    assert steps.finish_left(archive, later()) == [summary.run_id]
    books = report(crawling, summary.run_id)
    assert books.balanced
    assert (books.error, books.listed) == (None, sum(summary.states.values()))
    assert books.announcements == summary.announcements


def test_a_run_that_asks_now_is_left_alone(crawling: Crawling) -> None:
    archive = served(crawling)
    summary = crawling.run()
    lease = b'{"holder": "%s", "turn": 1}' % summary.run_id.encode()
    archive.store.put(turnstile_key(PUBLISHER), lease)
    assert steps.finish_left(archive, later()) == []


def test_one_damaged_run_keeps_no_other_from_being_finished(crawling: Crawling) -> None:
    archive = served(crawling)
    bad, good = crawling.run(), crawling.run()
    assert bad.crawl_key is not None
    archive.store.put(bad.crawl_key, b"{")
    assert steps.finish_left(archive, later()) == [good.run_id]


def test_a_run_whose_files_wait_in_the_spool_gets_its_books_with_them(crawling: Crawling) -> None:
    archive = served(crawling)
    run_id = crawling.run().run_id
    # Killed between a file and its index; the next crawl brings in the rest.
    waiting = archive.settings.home / "spool" / run_id
    waiting.mkdir()
    assert steps.finish_left(archive, later()) == []
    waiting.rmdir()
    assert steps.finish_left(archive, later()) == [run_id]


def test_what_a_killed_enrichment_left_is_claimed_though_the_article_has_changed(
    crawling: Crawling,
) -> None:
    archive = served(crawling)
    crawling.run()
    assert steps.finish_left(archive, later())
    key = enrichment_key(PUBLISHER, "names@1", "A" * 26, "0" * 64)
    archive.store.put(open_key(PUBLISHER, "enrich-2026-03-01"), b"{}")
    archive.store.put_once(key, b"of a revision that is not the newest any more")
    steps.finish_left(archive, later(2))
    assert verified(archive).in_the_making == 1, "somebody may be at work on it"
    steps.finish_left(archive, later())
    found = verified(archive)
    assert (found.problems, found.in_the_making) == ((), 0)
    assert list(archive.store.list_keys(f"{PUBLISHER}/manifests/open/")) == []


def test_what_a_killed_enrichment_left_is_claimed_by_the_next_of_its_day(
    crawling: Crawling,
) -> None:
    archive, day = served(crawling), date(2026, 3, 1)
    key = enrichment_key(PUBLISHER, "names@1", "A" * 26, "0" * 64)
    archive.store.put(open_key(PUBLISHER, f"enrich-{day}"), b"{}")
    archive.store.put_once(key, b"of a revision that is not the newest any more")
    steps.enrich(archive, day, ["names"], run_id="20260305T000000Z-00000000")
    found = verified(archive)
    assert (found.problems, found.in_the_making, found.objects) == ((), 0, 1)
