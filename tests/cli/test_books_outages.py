"""Outages of an hour, a day and a week: everything is found, or a gap says what is not, until repaired."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from attrs import evolve

from archive.connect import Archive
from archive.records import RunReport
from demo.newspaper import Newspaper, Profile
from pipelines import steps
from pipelines.gaps import stretches
from tests.crawler.crawling import Crawling
from tests.pipelines.support import PUBLISHER, take_steps

LISTING_DAYS = 2
BEFORE = timedelta(days=9)

Crawl = Callable[..., RunReport]


@pytest.fixture
def began_at(newspaper: Newspaper) -> datetime:
    """Noon some days ago: the newspaper's clock stands there."""
    day = newspaper.edition.today.date() - BEFORE
    at = datetime.combine(day, time(12), UTC)
    newspaper.clock.set(at)
    return at


@pytest.fixture
def crawl(archive: Archive, newspaper: Newspaper) -> Crawl:
    """Crawl at the newspaper's time and keep the books, as every door to the archive does."""
    crawling = Crawling(archive, newspaper)
    opened = evolve(archive, settings=crawling.settings)

    def crawl(**plan: object) -> RunReport:
        summary = crawling.run(settings={"listing_days": LISTING_DAYS}, **plan)
        report = take_steps(opened, summary)
        assert report.balanced
        assert report.adds_up
        return report

    return crawl


def missing(archive: Archive, newspaper: Newspaper, since: datetime) -> set[str]:
    """Stories of the section that came out since then and are not held."""
    out = [s for s in newspaper.newsroom.stories() if s.path.startswith("/world/") and s.body]
    ids = {story.article_id for story in out if story.date_published >= since}
    assert ids
    return ids - archive.catalogue.seen(PUBLISHER, ids).keys()


@pytest.mark.parametrize("outage", [timedelta(hours=1), timedelta(days=1)])
def test_after_a_short_outage_the_next_run_finds_everything(
    archive: Archive, newspaper: Newspaper, began_at: datetime, crawl: Crawl, outage: timedelta
) -> None:
    crawl()
    newspaper.clock.advance(outage)
    crawl()
    assert archive.catalogue.gaps(PUBLISHER) == []
    assert steps.repair_plans(archive) == []
    assert missing(archive, newspaper, began_at - timedelta(hours=12)) == set()


def test_after_a_week_a_gap_says_what_was_missed_until_it_is_repaired(
    archive: Archive, newspaper: Newspaper, began_at: datetime, crawl: Crawl
) -> None:
    crawl()
    newspaper.clock.advance(timedelta(days=7))
    # Neither the feed nor the section's front reaches back so far.
    newspaper.profile = Profile(rss="two_items", faults={"/world/": 404})
    back = crawl()
    seen_from = datetime.combine(back.days[0], time(), UTC)
    (gap,) = stretches(archive.catalogue.gaps(PUBLISHER))
    assert (gap.since, gap.until, gap.state) == (began_at, seen_from, "open")
    lost = missing(archive, newspaper, began_at)
    assert len(lost) > 20

    # A day that can't be had keeps its part of the gap open, with the reason; the rest is closed.
    dark = began_at.date() + timedelta(days=2)
    newspaper.profile = Profile(
        faults={
            f"/arc/outboundfeeds/{name}/{dark}/": 404
            for name in ("sitemap", "sitemap2", "sitemap3")
        }
    )
    # A run's id is its second: later books are told from earlier ones by it.
    newspaper.clock.advance(timedelta(hours=1))
    for since, until in steps.repair_plans(archive):
        crawl(since=since, until=until, ask="missing", repairs=True)
    left = [one for one in archive.catalogue.gaps(PUBLISHER) if one.state == "open"]
    assert [(one.since.date(), one.reason) for one in left] == [(dark, f"sitemap:{dark}: http_404")]
    still = missing(archive, newspaper, began_at)
    dark_ids = {story.article_id for story in newspaper.edition.on_utc_day(dark)}
    assert still <= dark_ids

    newspaper.profile = Profile()
    newspaper.clock.advance(timedelta(hours=2))
    ((since, until),) = steps.repair_plans(archive)
    crawl(since=since, until=until, ask="missing", repairs=True)
    gaps = archive.catalogue.gaps(PUBLISHER)
    assert {one.state for one in gaps} == {"closed"}
    assert all(one.closed_at and one.closed_at > one.opened_at for one in gaps)
    assert missing(archive, newspaper, began_at) == set()
    assert steps.repair_plans(archive) == []


def test_what_a_run_left_pending_is_in_the_next_ones_books(
    archive: Archive, newspaper: Newspaper, began_at: datetime, crawl: Crawl
) -> None:
    crawling = Crawling(archive, newspaper)
    opened = evolve(archive, settings=crawling.settings)
    cut = crawling.run(settings={"listing_days": LISTING_DAYS, "request_budget": 25})
    first = take_steps(opened, cut)
    assert (first.ending, first.pending > 0) == ("request_budget", True)
    left = {line.article_id for line in archive.catalogue.pending(PUBLISHER)}
    assert len(left) == first.pending
    newspaper.clock.advance(timedelta(hours=1))
    crawling.runs += 1
    second = crawl()
    assert second.pending == 0
    assert archive.catalogue.pending(PUBLISHER) == []
    assert missing(archive, newspaper, began_at - timedelta(hours=12)) == set()
