"""Troubles that pass, and oddities that cost at most themselves."""

from datetime import timedelta

import pytest

from archive.errors import CrawlRefused
from demo.newspaper import Fault
from tests.crawler.crawling import Crawling, change_profile, events
from tests.crawler.odd_site import FEEDS, OddSite, response


def test_an_error_that_passes_costs_nothing(crawling: Crawling) -> None:
    newspaper = crawling.newspaper
    stories = {status: newspaper.publish("ap_wire") for status in (500, 502, 503)}
    faults = {story.path: Fault(status, times=1) for status, story in stories.items()}
    days = newspaper.edition.days[:-1]
    change_profile(newspaper, faults=faults, day_limit=dict.fromkeys(days, 1))
    lines = crawling.lines(crawling.run())
    for status, story in stories.items():
        assert lines[story.article_id].state == "fetched", status
        assert newspaper.log.paths().count(story.path) == 2, status


def test_a_pause_in_seconds_is_kept(crawling: Crawling) -> None:
    fault = Fault(429, times=1, retry_after="3")
    change_profile(crawling.newspaper, faults={f"{FEEDS}/sitemap-index/": fault})
    crawling.run(settings={"request_budget": 3})
    first, second = (e.at for e in crawling.newspaper.log if e.path.endswith("/sitemap-index/"))
    assert second - first >= timedelta(seconds=3)


def test_bodies_in_chunks_are_whole_or_marked(crawling: Crawling) -> None:
    newspaper = crawling.newspaper
    whole, broken = newspaper.publish("ap_wire"), newspaper.publish("ap_wire")
    faults = {whole.path: "chunked", broken.path: "truncated_chunked"}
    days = newspaper.edition.days[:-1]
    change_profile(newspaper, faults=faults, day_limit=dict.fromkeys(days, 1))
    summary = crawling.run()
    lines = crawling.lines(summary)
    assert lines[whole.article_id].state == "fetched"
    line = lines[broken.article_id]
    assert (line.state, line.reason, line.http_status) == ("failed", "truncated", 200)
    pages = {page.url: page for page in crawling.pages(summary)}
    assert pages[newspaper.origin + whole.path].content == newspaper.page(whole)
    assert pages[newspaper.origin + broken.path].truncated == "disconnect"


def test_one_link_that_is_no_address_costs_no_other(crawling: Crawling) -> None:
    good = "/world/a-slug/" + "B" * 25 + "A/"
    links = ("http://[broken/", "mailto:desk@example.nz", good)
    items = "".join(f"<item><link>{link}</link></item>" for link in links)
    feed = f"<rss><channel>{items}</channel></rss>".encode()
    with OddSite() as site:
        site.answers[f"{FEEDS}/rss/section/world/"] = response("200 OK", feed)
        settings = {"publisher_origin": site.origin, "listing_days": 2}
        summary = crawling.run(settings=settings, dry_run=True)
    (read,) = (one for one in summary.announcements if one.source == "rss:world")
    assert (read.problem, read.links, read.listed) == (None, 3, 1)
    (told,) = (line for line in events(crawling, "warning") if "no addresses" in line.event)
    assert told.fields["links"] == list(links[:2])


def test_a_name_that_nobody_knows_is_one_clear_line(crawling: Crawling) -> None:
    live = {"contact": "archive@example.org", "permitted": "yes", "delay_seconds": 0.1}
    with pytest.raises(CrawlRefused, match=r"nobody\.invalid.*nobody answers there"):
        crawling.run(settings={"publisher_origin": "http://nobody.invalid", **live})
    assert len(events(crawling, "error")) == 1
