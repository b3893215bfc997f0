from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from demo.newspaper import Edition, Newspaper, Profile
from tests.demo.newspaper_support import FEEDS, TODAY, XML, ask, listed, raw


@pytest.fixture(scope="module")
def edition() -> Edition:
    return Edition(TODAY)


@pytest.fixture
def paper(edition: Edition) -> Iterator[Newspaper]:
    with Newspaper(edition) as newspaper:
        newspaper.clock.set(TODAY)
        yield newspaper


def test_sitemaps_have_validators_too(paper):
    path = f"{FEEDS}/sitemap2/2026-02-25/{XML}"
    first = ask(paper, path)
    assert ask(paper, path, If_None_Match=first.headers["ETag"]).status == 304


def test_robots_txt_names_sitemaps_and_forbids_little(paper):
    text = ask(paper, "/robots.txt").text
    assert "User-agent: *\nDisallow: /pf/\nDisallow: /search\n" in text
    assert f"Sitemap: {paper.origin}{FEEDS}/sitemap-index/{XML}" in text
    assert "User-agent: GPTBot\nDisallow: /" in text
    assert "Crawl-delay" not in text


@pytest.mark.parametrize(
    ("robots", "status", "part"),
    [
        ("blocks_all", 200, "User-agent: *\nDisallow: /\n"),
        ("blocks_us", 200, "User-agent: newsarchive\nDisallow: /\n"),
        ("crawl_delay", 200, "Crawl-delay: 5\n"),
        ("not_found", 404, "not here"),
        ("server_error", 500, "error"),
        ("html", 200, "<!doctype html>"),
    ],
)
def test_robots_txt_has_other_profiles(paper, robots, status, part):
    paper.profile = Profile(robots=robots)
    reply = ask(paper, "/robots.txt")
    assert reply.status == status
    assert part in reply.text


def test_the_index_lists_each_day_by_its_age(paper):
    index = listed(paper, f"{FEEDS}/sitemap-index/")
    assert index[0] == f"{FEEDS}/sitemap/latest/{XML}"
    assert index[1] == f"{FEEDS}/sitemap/2026-02-28/{XML}"
    assert index[2] == f"{FEEDS}/sitemap2/2026-02-27/{XML}"
    assert index[7] == f"{FEEDS}/sitemap3/2026-02-22/{XML}"
    assert index[13:] == [f"{FEEDS}/sitemap3/2026-02-16/{XML}", f"{FEEDS}/sitemap-video/{XML}"]


def test_sitemaps_hold_utc_days_and_together_everything(edition, paper):
    for day in edition.days[:-1]:
        paths = listed(paper, f"{FEEDS}/sitemap/{day}/")
        assert paths[:1]
        stories = {story.path for story in edition.on_utc_day(day)}
        assert {path for path in paths if not path.startswith("/resizer/")} == stories
    latest = listed(paper, f"{FEEDS}/sitemap/latest/")
    assert latest == [story.path for story in edition.on_utc_day(TODAY.date())]


def test_latest_starts_again_at_utc_midnight(edition, paper):
    paper.clock.set(datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC))
    eve = [story.path for story in edition.on_utc_day(date(2026, 2, 28))]
    assert listed(paper, f"{FEEDS}/sitemap/latest/") == eve
    paper.clock.advance(timedelta(seconds=1))
    assert listed(paper, f"{FEEDS}/sitemap/latest/") == []
    assert listed(paper, f"{FEEDS}/sitemap/2026-02-28/") == eve


def test_a_busy_day_is_split(edition, paper):
    paper.profile = Profile(sitemap_limit=20)
    day = edition.days[3]
    split = [loc for loc in listed(paper, f"{FEEDS}/sitemap-index/") if str(day) in loc]
    assert [loc.split("/")[-2] for loc in split] == [f"{day}-1", f"{day}-2"]
    paths = [path for loc in split for path in listed(paper, loc.split("?")[0])]
    assert paths == [story.path for story in edition.on_utc_day(day)]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{FEEDS}/sitemap/2026-03-02/{XML}", 500),
        (f"{FEEDS}/sitemap3/2024-01-31/{XML}", 404),
        (f"{FEEDS}/sitemap3/2025-07-01/{XML}", 200),
        (f"{FEEDS}/sitemap/latest/", 404),
        ("/world", 301),
        ("/nowhere/", 404),
        ("/latest-news/", 200),
        ("/world/middle-east/", 200),
    ],
)
def test_routes_answer_as_the_real_ones(paper, path, status):
    assert ask(paper, path).status == status


def test_the_news_sitemap_covers_two_days(edition, paper):
    text = ask(paper, f"{FEEDS}/sitemap-news/{XML}").text
    recent = [s for s in edition.stories if s.date_published > TODAY - timedelta(days=2)]
    assert text.count("<news:news>") == len(recent)


@pytest.mark.parametrize(("rss", "items"), [("normal", 100), ("two_items", 2), ("empty", 0)])
def test_the_section_feed_may_be_thin(paper, rss, items):
    paper.profile = Profile(rss=rss)
    reply = ask(paper, f"{FEEDS}/rss/section/world/{XML}")
    assert reply.status == 200
    assert reply.text.count("<item>") == items


def test_addresses_that_are_not_quite_right(edition, paper):
    story = edition.stories[5]
    slashless = ask(paper, story.path.rstrip("/"))
    wrong_slug = ask(paper, f"/world/something-else/{story.article_id}/")
    for reply in (slashless, wrong_slug):
        assert (reply.status, reply.headers["Location"]) == (301, story.path)
    lower_case = story.path.replace(story.article_id, story.article_id.lower())
    assert ask(paper, lower_case).status == 404


@pytest.mark.parametrize(
    ("robots", "status", "part"), [("forbidden", 403, "forbidden"), ("empty", 200, "")]
)
def test_robots_txt_may_be_forbidden_or_empty(paper, robots, status, part):
    paper.profile = Profile(robots=robots)
    reply = ask(paper, "/robots.txt")
    assert (reply.status, reply.text) == (status, part)


def test_robots_txt_may_be_two_megabytes_long(paper):
    paper.profile = Profile(robots="huge")
    body = ask(paper, "/robots.txt").body
    assert 2_000_000 < len(body) < 2_200_000
    assert body.startswith(b"# Use of this site")


def test_robots_txt_may_never_come(paper):
    paper.profile = Profile(robots="time_out")
    with pytest.raises(TimeoutError):
        raw(paper, "/robots.txt", timeout=0.3)


def test_robots_txt_may_change_while_it_is_used(paper):
    paper.profile = Profile(robots="changes")
    assert "Disallow: /search" in ask(paper, "/robots.txt").text
    assert ask(paper, "/robots.txt").text == "User-agent: *\nDisallow: /\n"
