"""One story is one entry of the books, whatever address it is met under and wherever that leads."""

from datetime import timedelta

import pytest
from attrs import evolve

from archive.codec import decode_lines
from archive.records import CrawlSummary, Listing
from demo.newspaper import Fault, Story
from demo.newspaper.objectid import objectid
from tests.crawler.crawling import Crawling, change_profile
from tests.crawler.odd_site import OddSite, response

HTML = "Content-Type: text/html; charset=utf-8"
XML = "Content-Type: text/xml"
FEEDS = "/arc/outboundfeeds"


@pytest.fixture
def small(crawling: Crawling) -> Crawling:
    """Crawls of the last two days of a small site."""
    change_profile(crawling.newspaper, day_limit=3)
    settings = crawling.archive.settings.model_copy(update={"listing_days": 2})
    return Crawling(evolve(crawling.archive, settings=settings), crawling.newspaper)


def rows(crawling: Crawling, summary: CrawlSummary) -> list[Listing]:
    assert summary.listings_key is not None
    return list(decode_lines(crawling.archive.store.get(summary.listings_key), Listing))


def run_newest(crawling: Crawling) -> CrawlSummary:
    """Crawl a site on which everything of today is announced, and little else."""
    days = crawling.newspaper.edition.days
    change_profile(crawling.newspaper, day_limit=dict.fromkeys(days[:-1], 3))
    return crawling.run()


def two_stories(crawling: Crawling) -> tuple[Story, Story]:
    """One that is announced, and one that is on the site though nobody announces it."""
    newspaper = crawling.newspaper
    listed = newspaper.publish("ap_wire")
    # Of older days the first three stories alone are announced, so this one comes late in its day.
    evening = newspaper.clock.now().replace(hour=23) - timedelta(days=12)
    hidden = newspaper.publish("ap_wire", evening)
    return listed, hidden


def test_a_story_under_many_addresses_is_one_entry_with_all_of_them(small: Crawling) -> None:
    summary = small.run()
    lines = small.lines(summary)
    ids = [row.article_id for row in rows(small, summary)]
    assert len(ids) > len(set(ids)) == len(lines)
    mentions = [
        row for row in rows(small, summary) if row.source == "sitemap:" + str(row.seen_at.date())
    ]
    assert [row.position for row in mentions] == sorted(row.position for row in mentions)
    assert all(row.lastmod and row.section.startswith("world") for row in mentions)
    announced = [one for one in summary.announcements if one.links]
    urls = {page.url for page in small.pages(summary)}
    # Every announcement stands in the WARC itself; pages are what the reader of it knows.
    assert {one.url for one in announced if one.source.startswith("section:")} <= urls


def test_who_is_in_the_sections_feed_is_in_the_section(small: Crawling) -> None:
    story = small.newspaper.publish("ap_wire", section="nz", sections=("nz", "world"))
    summary = run_newest(small)
    line = small.lines(summary)[story.article_id]
    assert (line.state, line.sources) == ("fetched", ("rss:world",))
    by = {row.source: row.by for row in rows(small, summary) if row.article_id == story.article_id}
    assert by == {"rss:world": "taxonomy"}
    assert {row.section for row in rows(small, summary) if row.by == "taxonomy"} == {"nz"}


def test_a_forward_lists_its_target_once_and_asks_for_it(small: Crawling) -> None:
    listed, hidden = two_stories(small)
    other = small.newspaper.publish("ap_wire")
    small.newspaper.newsroom.forward(listed.article_id, hidden.article_id)
    third = small.newspaper.publish("ap_wire")
    small.newspaper.newsroom.forward(third.article_id, other.article_id)
    summary = run_newest(small)
    lines = small.lines(summary)
    for forwarded in (listed, third):
        line = lines[forwarded.article_id]
        assert (line.state, line.reason) == ("skipped", "forwarded")
        assert line.asked_at is not None
    assert lines[hidden.article_id].state == "fetched"
    assert lines[hidden.article_id].sources == (f"forward:{listed.article_id}",)
    assert f"forward:{third.article_id}" in lines[other.article_id].sources
    assert small.newspaper.log.paths().count(other.path) == 1
    (row,) = (r for r in rows(small, summary) if r.article_id == hidden.article_id)
    assert row.source == f"forward:{listed.article_id}"


def test_a_story_with_a_new_slug_keeps_its_entry(small: Crawling) -> None:
    first = small.run()
    small.take_in(first)
    listed = small.lines(first).keys()
    story = next(s for s in small.listed_stories(1).values() if s.article_id in listed)
    old = story.path
    small.newspaper.clock.advance(timedelta(minutes=1))
    story = small.newspaper.change(story.article_id, slug="quite-another-slug")
    assert story.path != old
    second = small.run()
    line = small.lines(second)[story.article_id]
    assert line.state == "fetched"
    assert line.url.endswith(story.path)


def test_what_leads_away_is_looked_at_as_rarely_as_a_page(small: Crawling) -> None:
    newspaper = small.newspaper
    away, loop, gone, large = (newspaper.publish("ap_wire") for _ in range(4))
    faults = {
        away.path: Fault(kind="redirect", status=302, to="/world/"),
        loop.path: "redirect_loop",
        gone.path: Fault(418),
        large.path: "oversize",
    }
    change_profile(newspaper, day_limit=None, faults=faults)
    first = small.run()
    left = {story.article_id for story in (away, loop, gone, large)}
    before = {k: (small.lines(first)[k].state, small.lines(first)[k].reason) for k in left}
    assert {state for state, _ in before.values()} == {"failed"}
    assert before[away.article_id] == ("failed", "redirected_away")
    assert before[gone.article_id] == ("failed", "http_418")
    small.take_in(first)
    newspaper.log.clear()
    second = small.run()
    lines = small.lines(second)
    assert {k: (lines[k].state, lines[k].reason) for k in left} == before
    assert not set(newspaper.log.paths()) & {story.path for story in (away, loop, gone, large)}
    small.take_in(second)
    newspaper.clock.advance(timedelta(hours=6))
    small.run()
    for story in (away, gone):
        assert newspaper.log.paths().count(story.path) == 1


@pytest.mark.parametrize("listed", [True, False], ids=["listed", "not listed"])
def test_an_old_address_leads_to_its_article(crawling: Crawling, *, listed: bool) -> None:
    """The feed names a story by the address it had on the former platform."""
    story = next(iter(crawling.newspaper.newsroom.newest_in("world", 1)))
    page = crawling.newspaper.page(story)
    number = objectid(story.article_id)
    old = f"/world/news/article.cfm?c_id=2&amp;amp;objectid={number}&amp;amp;ref=rss"
    feed = f"<rss><channel><item><link>{old}</link></item></channel></rss>".encode()
    with OddSite() as site:
        site.announce([story.path] if listed else ["/world/other/" + "B" * 25 + "A/"])
        site.answers[f"{FEEDS}/rss/section/world/"] = response("200 OK", feed, XML)
        moved = f"Location: {story.path}?c_id=2&objectid={number}"
        site.answers["/world/news/article.cfm"] = response("301 Moved", b"", moved)
        site.answers[story.path] = response("200 OK", page, HTML)
        summary = crawling.run(settings={"publisher_origin": site.origin, "listing_days": 2})
    lines = crawling.lines(summary)
    line = lines[f"objectid:{number}"]
    assert (line.state, line.reason) == ("skipped", "alias")
    assert line.url == f"{site.origin}/world/news/article.cfm?c_id=2&objectid={number}"
    assert lines[story.article_id].state == "fetched"
    assert line.url in lines[story.article_id].aliases
    assert site.asked.count(story.path) == 1


def test_an_old_address_that_shows_a_page_itself_is_no_article(crawling: Crawling) -> None:
    page = crawling.newspaper.page(crawling.newspaper.newsroom.newest_in("world", 1)[0])
    old = "/world/news/article.cfm?c_id=2&amp;objectid=12345678"
    with OddSite() as site:
        site.announce([old])
        site.answers["/world/news/article.cfm"] = response("200 OK", page, HTML)
        summary = crawling.run(settings={"publisher_origin": site.origin, "listing_days": 2})
    (line,) = crawling.lines(summary).values()
    assert (line.article_id, line.state) == ("objectid:12345678", "failed")
    assert line.reason == "not_redirected"


def test_lower_case_ids_are_no_articles(crawling: Crawling) -> None:
    story = crawling.newspaper.newsroom.newest_in("world", 1)[0]
    lower = story.path.replace(story.article_id, story.article_id.lower())
    with OddSite() as site:
        site.announce([lower, "/world/a/" + "A" * 26 + "/"])
        summary = crawling.run(settings={"publisher_origin": site.origin, "listing_days": 2})
    assert crawling.lines(summary).keys() == {"A" * 26}
    assert lower not in site.asked


@pytest.mark.parametrize("fault", ["canonical_wrong", "canonical_many", "canonical_home"])
def test_a_canonical_address_changes_no_identity(small: Crawling, fault: str) -> None:
    story = small.newspaper.publish("ap_wire")
    change_profile(small.newspaper, faults={story.path: fault}, day_limit=None)
    first = small.run()
    line = small.lines(first)[story.article_id]
    # A page that calls the home page its own address may be no article; it is never another one.
    expected = ("failed", "fetched") if fault == "canonical_home" else ("fetched",)
    assert line.state in expected
    assert line.aliases == () or all(story.article_id in alias for alias in line.aliases)
