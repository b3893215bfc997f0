"""Whole crawls: the real newspaper, the real store, the real child process."""

import dataclasses
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from archive.errors import (
    ConfigurationError,
    CrawlRefused,
    FailedError,
    KeyConflict,
    PublisherUnreachable,
    StoreUnavailable,
)
from archive.records import CrawlSummary
from archive.warc import read_pages
from crawler.child import LogLine
from demo.newspaper import Fault, Newspaper
from tests.crawler.crawling import Crawling, records

FEEDS = "/arc/outboundfeeds"


def change_profile(newspaper: Newspaper, **changes: object) -> None:
    newspaper.profile = dataclasses.replace(newspaper.profile, **changes)


def events(crawling: Crawling, level: str) -> list[LogLine]:
    return [line for line in crawling.log if line.level == level]


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
    assert second.states == {"not_due": sum(second.states.values())}
    assert crawling.asked_articles() == []
    assert second.days == crawling.newspaper.edition.days[-2:]
    assert {line.reason for line in crawling.lines(second).values()} == {"not_due"}


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
        ("not_modified", "same_validators")
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
    assert summary.days == (day - timedelta(days=1), day)
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


def test_a_day_without_a_sitemap_is_reported(crawling: Crawling) -> None:
    oldest = crawling.newspaper.edition.days[0]
    crawling.run(since=oldest, until=oldest)
    warned = [line.event for line in events(crawling, "warning")]
    missing = f"sitemap:{oldest - timedelta(days=1)} could not be read"
    assert warned == [f"{missing}: the sitemap index does not list that day"]
    long_ago = oldest - timedelta(days=900)
    with pytest.raises(FailedError, match=r"no announcement .* does not list that day"):
        crawling.run(since=long_ago, until=long_ago)


def test_a_dry_run_fetches_and_writes_nothing(crawling: Crawling) -> None:
    before = list(crawling.archive.store.list_keys(""))
    summary = crawling.run(dry_run=True)
    assert crawling.listed_stories().keys()
    assert summary.states["pending"] >= len(crawling.listed_stories())
    assert (summary.crawl_key, summary.warc_keys) == (None, ())
    assert crawling.asked_articles() == []
    assert list(crawling.archive.store.list_keys("")) == before
    assert not list(crawling.settings.home.rglob("*.warc.gz*"))


@pytest.mark.parametrize("robots", ["blocks_all", "server_error", "html"])
def test_robots_that_forbid_or_cannot_be_read_end_the_crawl(
    crawling: Crawling, robots: str
) -> None:
    change_profile(crawling.newspaper, robots=robots)
    with pytest.raises(CrawlRefused) as caught:
        crawling.run()
    assert caught.value.exit_code == 4
    assert "/robots.txt" in str(caught.value)
    assert set(crawling.newspaper.log.paths()) == {"/robots.txt"}
    assert len(events(crawling, "error")) == 1
    assert "exc" not in crawling.log[-1].fields


@pytest.mark.parametrize("status", [403, 429])
def test_robots_behind_a_refusal_end_the_crawl(crawling: Crawling, status: int) -> None:
    fault = Fault(status, retry_after="3600" if status == 429 else None)
    change_profile(crawling.newspaper, faults={"/robots.txt": fault})
    with pytest.raises(CrawlRefused):
        crawling.run()
    assert set(crawling.newspaper.log.paths()) == {"/robots.txt"}


def test_nobody_at_the_address_is_one_clear_line(crawling: Crawling) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(PublisherUnreachable, match=f"127.0.0.1:{port}") as caught:
        crawling.run(settings={"publisher_origin": f"http://127.0.0.1:{port}"})
    assert caught.value.exit_code == 1
    assert "exc" not in crawling.log[-1].fields


def test_a_server_that_hangs_up_on_robots_is_a_refusal(crawling: Crawling) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            for _ in range(3):
                server.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        origin = f"http://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(CrawlRefused, match="connection_lost"):
            crawling.run(settings={"publisher_origin": origin})
        thread.join()


def test_a_refused_article_ends_the_crawl_and_keeps_what_was_fetched(
    crawling: Crawling,
) -> None:
    story = sorted(crawling.listed_stories().values(), key=lambda s: s.date_modified)[-9]
    change_profile(crawling.newspaper, faults={story.path: 451})
    process = crawling.process(crawling.plan())
    process.start()
    with pytest.raises(CrawlRefused, match="451"):
        process.wait()
    assert crawling.newspaper.log.paths()[-1] == story.path
    assert process.summary is not None
    lines = crawling.lines(process.summary)
    assert lines[story.article_id].reason == "refused"
    assert process.summary.states["fetched"] >= 8
    assert len(crawling.pages(process.summary)) >= 8


def test_errors_of_one_article_cost_only_that_article(crawling: Crawling) -> None:
    stories = list(crawling.listed_stories().values())
    gone, broken, busy = stories[3], stories[8], stories[13]
    faults = {
        broken.path: Fault(500),
        busy.path: Fault(503, times=1, retry_after="2"),
    }
    crawling.newspaper.remove(gone.article_id)
    change_profile(crawling.newspaper, faults=faults)
    # Its sitemap stays as it was; the story is gone by the time it is asked for.
    summary = crawling.run()
    lines = crawling.lines(summary)
    assert lines[broken.article_id].state == "failed"
    assert lines[broken.article_id].reason == "http_500"
    assert lines[busy.article_id].state == "fetched"
    paths = crawling.newspaper.log.paths()
    assert paths.count(broken.path) == 3
    asked = [entry.at for entry in crawling.newspaper.log if entry.path == busy.path]
    assert len(asked) == 2
    assert asked[1] - asked[0] >= timedelta(seconds=2)


def test_a_publisher_that_asks_for_an_hour_gets_it(crawling: Crawling) -> None:
    story = sorted(crawling.listed_stories().values(), key=lambda s: s.date_modified)[-9]
    change_profile(crawling.newspaper, faults={story.path: Fault(503, retry_after="3600")})
    summary = crawling.run()
    assert crawling.newspaper.log.paths()[-1] == story.path
    lines = crawling.lines(summary)
    assert lines[story.article_id].reason == "back_off"
    assert summary.states["pending"] > 20


def test_a_site_in_trouble_is_left_alone(crawling: Crawling) -> None:
    change_profile(crawling.newspaper, faults={"/world/*": 500})
    summary = crawling.run()
    assert summary.states["failed"] == 5
    assert {line.reason for line in crawling.lines(summary).values()} == {"http_500", "back_off"}


def test_announcements_that_fail_do_not_end_the_crawl(crawling: Crawling) -> None:
    crawling.listing_days = 4
    day = crawling.newspaper.edition.days[-3]
    change_profile(
        crawling.newspaper,
        rss="html",
        faults={f"{FEEDS}/sitemap-news/": 404, f"{FEEDS}/sitemap2/{day}/": 404},
    )
    first = crawling.run()
    assert {line.fields["reason"] for line in events(crawling, "warning")} == {
        "HTML in place of XML",
        "http_404",
    }
    assert day not in first.days
    crawling.take_in(first)
    change_profile(crawling.newspaper, rss="normal", faults={})
    second = crawling.run()
    # The hole is seen and filled by the next run.
    assert day in second.days
    assert (
        crawling.listed_stories().keys()
        <= crawling.lines(first).keys() | crawling.lines(second).keys()
    )


def test_no_announcement_at_all_is_a_failure_that_names_the_causes(crawling: Crawling) -> None:
    change_profile(crawling.newspaper, faults={f"{FEEDS}/*": 404, "/world/*": 404})
    with pytest.raises(FailedError, match=r"sitemap-index: http_404; .*section:world: http_404"):
        crawling.run()


def test_an_index_that_is_down_leaves_the_other_announcements(crawling: Crawling) -> None:
    change_profile(crawling.newspaper, faults={f"{FEEDS}/sitemap-index/": 404})
    summary = crawling.run()
    assert summary.days == ()
    assert summary.states["fetched"] > 20


def test_the_budget_leaves_the_rest_for_the_next_run(crawling: Crawling) -> None:
    first = crawling.run(settings={"request_budget": 30})
    assert first.requests == 30 == len(crawling.newspaper.log)
    left = {k for k, line in crawling.lines(first).items() if line.state == "pending"}
    assert {crawling.lines(first)[k].reason for k in left} == {"request_budget"}
    crawling.take_in(first)
    crawling.newspaper.log.clear()
    second = crawling.run()
    lines = crawling.lines(second)
    assert {lines[article_id].state for article_id in left} == {"fetched"}
    assert len(crawling.asked_articles()) == len(left)


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


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_stop_in_the_middle_leaves_everything_in_order(crawling: Crawling) -> None:
    process = crawling.process(crawling.plan(), delay_seconds=0.05)
    process.start()
    wait_for(lambda: len(crawling.newspaper.log) > 25)
    process.stop()
    process.stop()
    summary = process.wait()
    asked = len(crawling.newspaper.log)
    assert summary.stopped
    assert summary.requests == asked
    lines = crawling.lines(summary)
    assert summary.states["fetched"] == len(crawling.asked_articles())
    assert {line.reason for line in lines.values() if line.state == "pending"} == {"stopped"}
    for key in summary.warc_keys:
        assert len(list(read_pages(crawling.archive.store.get(key), file=key))) > 5
    assert not list(crawling.settings.home.rglob("*.warc.gz*"))
    crawling.take_in(summary)
    second = crawling.run()
    assert second.states.get("pending", 0) == 0
    everything = crawling.lines(second)
    assert crawling.listed_stories().keys() <= everything.keys()


def test_a_stop_does_not_wait_for_a_slow_server(crawling: Crawling) -> None:
    process = crawling.process(crawling.plan(), delay_seconds=30)
    process.start()
    wait_for(lambda: len(crawling.newspaper.log) == 1)
    started = time.monotonic()
    process.stop()
    assert process.wait().stopped
    assert time.monotonic() - started < 20


def test_a_killed_crawl_costs_no_evidence(crawling: Crawling) -> None:
    process = crawling.process(plan := crawling.plan(), delay_seconds=0.05)
    process.start()
    wait_for(lambda: len(crawling.newspaper.log) > 25)
    assert process._process is not None
    os.killpg(process._process.pid, signal.SIGKILL)
    with pytest.raises(FailedError, match="signal 9"):
        process.wait()
    crawling.run(ask="missing")
    rescued = next(
        key
        for key in crawling.archive.store.list_keys("nzherald/warc/")
        if plan.run_id in key and key.endswith(".gz")
    )
    assert len(list(read_pages(crawling.archive.store.get(rescued), file=rescued))) > 5
    assert not list(crawling.settings.home.rglob("*.warc.gz*"))


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


def test_a_store_that_is_away_ends_the_crawl_before_the_first_request(crawling: Crawling) -> None:
    with pytest.raises(StoreUnavailable):
        crawling.run(settings={"s3_endpoint": "http://127.0.0.1:9"})
    assert len(crawling.newspaper.log) == 0


def test_a_live_crawl_without_contact_asks_nobody(crawling: Crawling) -> None:
    with pytest.raises(ConfigurationError, match="ARCHIVE_CONTACT") as caught:
        crawling.run(settings={"publisher_origin": "https://www.nzherald.co.nz"})
    assert caught.value.exit_code == 2
