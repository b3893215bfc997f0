"""Runs that were killed: what they had fetched gets its books, and everything verifies."""

import os
import signal
from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve

from archive.closing import turnstile_key
from archive.codec import decode
from archive.connect import Archive
from archive.errors import FailedError
from archive.keys import run_key, summary_key
from archive.records import CrawlSummary, RunReport
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


def later() -> datetime:
    return datetime.now(UTC) + timedelta(hours=2)


def report(crawling: Crawling, run_id: str) -> RunReport:
    key = run_key(PUBLISHER, run_id)
    return decode(crawling.archive.store.get(key), RunReport, name=key)


def killed(crawling: Crawling) -> str:
    """Kill a crawl in mid-flight, as a machine that loses its power; returns its run id."""
    process = crawling.process(plan := crawling.plan(), delay_seconds=0.05)
    process.start()
    wait_for(lambda: len(crawling.newspaper.log) > 40)
    assert process._process is not None
    os.killpg(process._process.pid, signal.SIGKILL)
    with pytest.raises(FailedError, match="signal 9"):
        process.wait()
    # As if the two minutes had passed after which its turn counts as lost.
    crawling.archive.store.delete(turnstile_key(PUBLISHER))
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
    assert steps.finish_left(archive, later()) == [run_id, summary.run_id]
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
    found = steps.verify(
        archive.store, PUBLISHER, VerifyPlan(now=datetime.now(UTC)), archive.catalogue
    )
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
