"""What a crawl does when the publisher, or the store, says no or says nothing."""

import socket
import threading
from datetime import timedelta

import pytest

from archive.errors import (
    ConfigurationError,
    CrawlRefused,
    FailedError,
    StoreUnavailable,
)
from demo.newspaper import Fault
from tests.crawler.crawling import Crawling, change_profile, events

FEEDS = "/arc/outboundfeeds"


@pytest.mark.parametrize(
    "robots", ["blocks_all", "server_error", "html", "huge", "forbidden", "time_out"]
)
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
    with pytest.raises(
        CrawlRefused, match=rf"127.0.0.1:{port}.*ARCHIVE_PUBLISHER_ORIGIN"
    ) as caught:
        crawling.run(settings={"publisher_origin": f"http://127.0.0.1:{port}"})
    assert caught.value.exit_code == 4
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


@pytest.mark.parametrize("path", ["/world/", "article"])
def test_a_challenge_ends_the_crawl_whatever_its_status(crawling: Crawling, path: str) -> None:
    story = sorted(crawling.listed_stories().values(), key=lambda s: s.date_modified)[-3]
    asked = story.path if path == "article" else path
    change_profile(crawling.newspaper, faults={asked: Fault(kind="captcha")})
    gently = {"delay_seconds": 0.2}
    with pytest.raises(CrawlRefused, match="200 with a challenge"):
        crawling.run(settings=gently)
    assert crawling.newspaper.log.paths()[-1] == asked
    with pytest.raises(CrawlRefused, match="newsarchive resume"):
        crawling.run(settings=gently)
    assert crawling.newspaper.log.paths()[-1] == asked


def test_a_spent_byte_budget_leaves_the_rest_pending(crawling: Crawling) -> None:
    summary = crawling.run(settings={"byte_budget": 300_000})
    assert summary.ending == "byte_budget"
    # The last body may be the one too many.
    assert 300_000 <= summary.bytes < 600_000
    pending = [line for line in crawling.lines(summary).values() if line.state == "pending"]
    assert {line.reason for line in pending} == {"byte_budget"}


def test_a_pause_until_a_date_is_kept(crawling: Crawling) -> None:
    fault = Fault(429, times=1, retry_after=timedelta(seconds=5))
    change_profile(crawling.newspaper, faults={"/world/": fault})
    crawling.run(settings={"request_budget": 30})
    asked = [entry.at for entry in crawling.newspaper.log if entry.path == "/world/"]
    assert len(asked) == 2
    # HTTP dates are whole seconds.
    assert asked[1] - asked[0] >= timedelta(seconds=4)


def test_a_site_in_trouble_is_left_alone(crawling: Crawling) -> None:
    change_profile(crawling.newspaper, faults={"/world/*": 500})
    summary = crawling.run()
    assert summary.states["failed"] == 5
    world = [line for line in crawling.lines(summary).values() if "/world/" in line.url]
    assert {line.reason for line in world} == {"http_500", "back_off"}


def test_announcements_that_fail_do_not_end_the_crawl(crawling: Crawling) -> None:
    crawling.listing_days = 4
    day = crawling.newspaper.edition.days[-3]
    change_profile(
        crawling.newspaper,
        rss="html",
        faults={f"{FEEDS}/sitemap-news/": 404, f"{FEEDS}/sitemap2/{day}/": 404},
    )
    first = crawling.run()
    assert {line.fields["source"] for line in events(crawling, "warning")} == {
        "rss:world",
        "news-sitemap",
        f"sitemap:{day}",
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


def test_a_store_that_is_away_ends_the_crawl_before_the_first_request(crawling: Crawling) -> None:
    with pytest.raises(StoreUnavailable):
        crawling.run(settings={"s3_endpoint": "http://127.0.0.1:9"})
    assert len(crawling.newspaper.log) == 0


def test_a_live_crawl_without_contact_asks_nobody(crawling: Crawling) -> None:
    with pytest.raises(ConfigurationError, match="ARCHIVE_CONTACT") as caught:
        crawling.run(settings={"publisher_origin": "https://www.nzherald.co.nz"})
    assert caught.value.exit_code == 2
