"""What our own code can't cope with costs one address, and nobody overlooks it."""

import logging
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import attrs
import pytest

from archive.codec import decode_lines
from archive.connect import Archive
from archive.records import CrawlLine, CrawlSummary, RunReport
from crawler.context import CrawlContext
from crawler.spiders.articles import MOST_TROUBLE
from demo.newspaper import Newspaper, Profile, Story
from pipelines.pages.workers import Readers
from publishers.spec import Publisher
from tests.crawler.in_process import InProcess
from tests.crawler.random_site import Visit

ODD_ONE = ValueError("odd")


@attrs.frozen(kw_only=True)
class Stumbling(Publisher):
    """A publisher with rules that break down over some addresses."""

    words: tuple[str, ...] = ()
    error: Exception = ODD_ONE

    def is_denied(self, url: str) -> bool:
        if any(word in url for word in self.words):
            raise self.error
        return super().is_denied(url)


@attrs.define(kw_only=True)
class Site(InProcess):
    """Crawls by such rules."""

    words: tuple[str, ...] = ()
    error: Exception = ODD_ONE

    def _context(self, visit: Visit) -> CrawlContext:
        context = super()._context(visit)
        values = {one.name: getattr(context.publisher, one.name) for one in attrs.fields(Publisher)}
        context.publisher = Stumbling(**values, words=self.words, error=self.error)
        return context

    def crawl(self) -> tuple[CrawlSummary, RunReport]:
        self.newspaper.clock.advance(timedelta(hours=3))
        at = self.newspaper.clock.now()
        ended = self.visit(Visit(at=at, profile=Profile(), request_budget=500, pages=False))
        assert ended is not None
        return ended

    def lines(self, summary: CrawlSummary) -> dict[str, CrawlLine]:
        assert summary.crawl_key is not None
        content = self.archive.store.get(summary.crawl_key)
        return {line.article_id: line for line in decode_lines(content, CrawlLine)}

    def stories(self) -> list[Story]:
        found = [one for one in self.newspaper.newsroom.stories() if one.path.startswith("/world/")]
        return sorted(found, key=lambda story: story.date_modified, reverse=True)


@pytest.fixture
def site(archive: Archive, newspaper: Newspaper, tmp_path: Path) -> Iterator[Site]:
    with Readers() as readers:
        yield Site(archive=archive, newspaper=newspaper, readers=readers, folder=tmp_path)


@pytest.mark.parametrize(
    "error",
    [
        ODD_ONE,
        OverflowError("odd"),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "odd"),
    ],
)
def test_a_bug_over_one_address_costs_that_one_and_is_told(
    site: Site, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    odd = site.stories()[20]
    site.words, site.error = (odd.article_id,), error
    summary, report = site.crawl()
    lines = site.lines(summary)
    reason = f"bug_{type(error).__name__}"
    failed = {k: line.reason for k, line in lines.items() if line.state == "failed"}
    assert failed == {odd.article_id: reason}
    assert (report.pending, report.error, report.ending) == (0, None, None)
    assert report.reasons[reason] == 1
    (told,) = (record for record in caplog.records if "broke down over" in record.getMessage())
    assert odd.path in told.getMessage()
    assert told.levelno == logging.WARNING
    assert told.exc_info is not None
    site.words = ()
    second, _ = site.crawl()
    assert site.lines(second)[odd.article_id].state == "fetched"


def test_a_bug_over_every_address_ends_the_run_soon(site: Site) -> None:
    site.words = tuple(story.article_id for story in site.stories())
    summary, report = site.crawl()
    states = Counter((line.state, line.reason) for line in site.lines(summary).values())
    assert states["failed", "bug_ValueError"] == MOST_TROUBLE
    assert states["pending", "failed"] > 20
    assert report.error is not None


def test_a_bug_that_ends_the_run_does_not_end_the_next_one_at_the_same_place(site: Site) -> None:
    odd = site.stories()[20]
    site.words, site.error = (odd.article_id,), LookupError("unheard of")
    summary, report = site.crawl()
    assert report.error is not None
    assert report.pending > 20
    assert site.lines(summary)[odd.article_id].reason == "bug_LookupError"
    second, _ = site.crawl()
    states = Counter(line.state for line in site.lines(second).values())
    assert (states["failed"], states["pending"]) == (1, 0)


def test_a_bug_over_an_announcement_costs_that_one(site: Site) -> None:
    site.words = ("/rss/",)
    summary, report = site.crawl()
    problems = {one.source: one.problem for one in report.announcements if one.problem}
    assert problems == {"rss:world": "bug_ValueError"}
    assert summary.states["fetched"] > 20
