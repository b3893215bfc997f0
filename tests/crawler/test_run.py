"""What a crawl asks for: the real newspaper, the real store, the real child process."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from archive.errors import KeyConflict
from archive.records import CrawlSummary
from tests.crawler.crawling import Crawling, change_profile, events, records

VIDEO = ("skipped", "not_an_article_video")


@pytest.fixture
def first(crawling: Crawling) -> CrawlSummary:
    return crawling.run()


def test_a_second_run_asks_for_nothing_that_is_not_due(
    crawling: Crawling, first: CrawlSummary
) -> None:
    crawling.take_in(first)
    crawling.newspaper.log.clear()
    second = crawling.run()
    # The newest stories change most; whatever is older than a few minutes was asked just now.
    assert crawling.asked_articles() == []
    assert second.days == crawling.newspaper.edition.days[-2:]
    # All is listed again, and what nobody asked for is no less unchanged.
    lines = crawling.lines(second)
    assert len(lines) > 50
    assert lines.keys() <= crawling.lines(first).keys()
    kept = {(line.state, line.reason) for line in lines.values()}
    assert kept == {("not_due", "not_due"), VIDEO}


def test_asking_for_all_gets_304_for_what_is_unchanged(
    crawling: Crawling, first: CrawlSummary
) -> None:
    crawling.take_in(first)
    changed = next(iter(crawling.listed_stories(2)))
    crawling.newspaper.change(changed, headline="Something else entirely")
    second = crawling.run(ask="all")
    lines = crawling.lines(second)
    assert lines.pop(changed).state == "fetched"
    assert {(line.state, line.reason) for line in lines.values()} == {
        ("not_modified", "same_validators"),
        VIDEO,
    }
    assert all(line.etag for line in lines.values())
    revisits = [
        member
        for key in second.warc_keys
        for member in records(crawling.archive.store.get(key))
        if b"WARC-Type: revisit" in member.content
    ]
    assert len(revisits) == len(lines)


def test_a_changed_story_is_asked_for_alone(crawling: Crawling, first: CrawlSummary) -> None:
    crawling.take_in(first)
    changed = next(iter(crawling.listed_stories(1)))
    crawling.newspaper.clock.advance(timedelta(minutes=1))
    crawling.newspaper.change(changed, headline="Something else entirely")
    crawling.newspaper.log.clear()
    second = crawling.run()
    assert second.states["fetched"] == 1
    assert crawling.lines(second)[changed].state == "fetched"
    assert len(crawling.asked_articles()) == 1


def test_dates_read_their_utc_days_and_nothing_else(crawling: Crawling) -> None:
    day = crawling.newspaper.edition.days[5]
    summary = crawling.run(since=day, until=day, ask="all")
    # The date begins in the middle of the UTC day before, of which only that half is listed.
    assert summary.days == (day,)
    stories = {
        story.article_id
        for story in crawling.newspaper.edition.on_local_day(day)
        if story.path.startswith("/world/")
    }
    lines = crawling.lines(summary)
    assert stories <= lines.keys()
    # What last changed before the date began can't have been published on it.
    begins = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=13)
    assert all(line.lastmod and line.lastmod >= begins for line in lines.values())
    announced = [
        path for path in crawling.newspaper.log.paths() if path not in crawling.asked_articles()
    ]
    assert len(announced) == 4
    sources = {source.split(":")[0] for line in lines.values() for source in line.sources}
    assert sources == {"sitemap"}


def test_a_dry_run_fetches_and_writes_nothing(crawling: Crawling) -> None:
    summary = crawling.run(dry_run=True)
    assert crawling.listed_stories().keys()
    assert summary.states["pending"] >= len(crawling.listed_stories())
    assert (summary.crawl_key, summary.warc_keys) == (None, ())
    assert crawling.asked_articles() == []
    # Only its turns, and the rules that it read, leave a trace.
    keys = list(crawling.archive.store.list_keys(""))
    assert [key for key in keys if "/leases/" not in key] == []
    assert not list(crawling.settings.home.rglob("*.warc.gz*"))


def test_the_budget_leaves_the_rest_for_the_next_run(crawling: Crawling) -> None:
    first = crawling.run(settings={"request_budget": 30})
    assert first.requests == 30 == len(crawling.newspaper.log)
    left = {k for k, line in crawling.lines(first).items() if line.state == "pending"}
    assert {crawling.lines(first)[k].reason for k in left} == {"request_budget"}
    crawling.take_in(first)
    crawling.newspaper.log.clear()
    second = crawling.run()
    lines = crawling.lines(second)
    assert {lines[article_id].state for article_id in left} <= {"fetched", "skipped"}
    assert len(crawling.asked_articles()) == len(left)


def test_a_budget_too_small_for_all_announcements_is_told_and_archives_from_the_next_run_on(
    crawling: Crawling,
) -> None:
    first = crawling.run(settings={"request_budget": 10})
    assert (first.ending, first.requests) == ("request_budget", 10)
    assert crawling.asked_articles() == []
    (told,) = (line for line in events(crawling, "warning") if "request_budget" in line.fields)
    needed = told.fields["needed"]
    assert f"raise ARCHIVE_REQUEST_BUDGET to at least {needed}" in told.event
    crawling.take_in(first)
    second = crawling.run(settings={"request_budget": 10})
    assert (second.ending, second.requests) == ("request_budget", 10)
    assert len(crawling.asked_articles()) == 2
    crawling.take_in(second)
    crawling.log.clear()
    third = crawling.run(settings={"request_budget": needed})
    assert not third.unread_days
    assert third.states["fetched"] > 0
    assert not [line for line in crawling.log if "request_budget" in line.fields]


def test_the_delay_is_kept_between_all_requests(crawling: Crawling) -> None:
    crawling.run(settings={"delay_seconds": 0.2, "request_budget": 12})
    at = [entry.at for entry in crawling.newspaper.log]
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(at)]
    assert len(gaps) == 11
    assert min(gaps) >= 0.2


def test_a_crawl_delay_longer_than_ours_is_kept(crawling: Crawling) -> None:
    change_profile(crawling.newspaper, robots="crawl_delay")
    crawling.run(settings={"request_budget": 2})
    at = [entry.at for entry in crawling.newspaper.log]
    assert all((b - a).total_seconds() >= 5 for a, b in pairwise(at))


def test_a_run_is_not_crawled_twice(crawling: Crawling) -> None:
    day = crawling.newspaper.edition.days[3]
    plan = crawling.plan(since=day, until=day)
    for expected in (None, KeyConflict):
        process = crawling.process(plan)
        process.start()
        if expected is None:
            process.wait()
            continue
        crawling.newspaper.log.clear()
        with pytest.raises(expected):
            process.wait()
        assert len(crawling.newspaper.log) == 0
