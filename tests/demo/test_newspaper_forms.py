"""The odd shapes of sitemaps, feeds and robots.txt: what goes over the wire is what is promised."""

import http.client
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime

import pytest
from lxml import etree

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


def test_curated_and_site_feeds_are_feeds_and_the_list_of_feeds_is_a_page(edition, paper):
    site = ask(paper, f"{FEEDS}/rss/{XML}").text
    assert site.count("<item>") == 100
    assert f"<link>{paper.origin}{edition.stories[-1].path}</link>" in site
    assert ask(paper, f"{FEEDS}/rss/curated/78/{XML}").text.count("<item>") == 20
    assert ask(paper, f"{FEEDS}/rss/").status == 404
    assert ask(paper, "/rss/").headers["Content-Type"].startswith("text/html")


def items(paper: Newspaper, query: str = "") -> list[str]:
    reply = ask(paper, f"{FEEDS}/rss/section/world/{XML}{query}")
    return re.findall(r"<item>.*?</item>", reply.text, re.DOTALL)


def test_size_and_from_are_ignored_or_honoured(paper):
    everything = items(paper)
    assert items(paper, "&size=5&from=10") == everything
    paper.profile = Profile(rss_parameters="honoured")
    assert items(paper, "&size=5&from=10") == everything[10:15]
    assert len(items(paper, "&from=100")) > 0
    assert items(paper, "&size=many") == everything


def test_an_empty_feed_is_as_long_as_the_real_one_was(paper):
    paper.profile = Profile(rss="empty")
    reply = ask(paper, f"{FEEDS}/rss/section/world/{XML}")
    assert len(reply.body) == 811
    assert etree.fromstring(reply.body).find("channel/item") is None


def test_items_may_come_twice(paper):
    single = items(paper)
    paper.profile = Profile(rss="duplicated")
    assert items(paper) == [item for item in single for _ in range(2)][:100]


def test_without_a_date_an_item_has_the_time_it_was_built(paper):
    paper.profile = Profile(rss="no_date")
    dates = {re.search("<pubDate>(.*?)</pubDate>", item)[1] for item in items(paper)}
    assert dates == {format_datetime(TODAY)}


def test_a_feed_may_carry_the_whole_text_of_premium_stories_too(edition, paper):
    assert not any("HIDDENBODY" in item for item in items(paper))
    paper.profile = Profile(rss="with_text")
    story = [s for s in edition.stories if s.hidden and "world" in s.sections][-1]
    (item,) = [item for item in items(paper) if story.article_id in item]
    assert "<content:encoded>" in item
    assert item.count("HIDDENBODY") == len(story.hidden)


@pytest.mark.parametrize(
    ("rss", "link"),
    [
        ("long_urls", r"<link>http://[^<]{9000,}</link>"),
        ("homepage_urls", r"<link>http://127\.0\.0\.1:\d+/</link>"),
        ("schemeless", r"<link>//127\.0\.0\.1:\d+/world/[^<]*</link>"),
        ("relative", r"<link>/world/[^<]*</link>"),
        ("double_escaped", r"<link>http://[^<]*/\?c_id=2&amp;amp;ref=rss</link>"),
        ("guid_only", r"^(?!.*<link>).*<guid isPermaLink=\"true\">http://[^<]*/world/"),
    ],
)
def test_the_links_of_a_feed_may_be_odd(paper, rss, link):
    paper.profile = Profile(rss=rss)
    assert all(re.search(link, item) for item in items(paper) if "/world/" in item or "home" in rss)
    assert len(items(paper)) == 100


def test_a_feed_may_forget_what_is_two_days_old(edition, paper):
    paper.profile = Profile(rss="two_days")
    since = TODAY - timedelta(days=2)
    recent = [s for s in edition.stories if "world" in s.sections and s.date_modified > since]
    assert len(items(paper)) == len(recent)


ANNOUNCEMENTS = {
    "sitemap_index": f"{FEEDS}/sitemap-index/{XML}",
    "sitemap": f"{FEEDS}/sitemap/latest/{XML}",
    "sitemap_news": f"{FEEDS}/sitemap-news/{XML}",
    "rss": f"{FEEDS}/rss/section/world/{XML}",
}
forms = pytest.mark.parametrize("announcement", sorted(ANNOUNCEMENTS))


def formed(paper: Newspaper, announcement: str, form: str) -> tuple[bytes, bytes]:
    paper.profile = Profile(**{announcement: form})
    return raw(paper, ANNOUNCEMENTS[announcement])


@forms
def test_an_announcement_is_normally_well_formed(paper, announcement):
    head, body = formed(paper, announcement, "normal")
    assert b"application/xml" in head
    assert len(etree.fromstring(body)) > 0


@forms
@pytest.mark.parametrize(
    ("form", "status", "part"),
    [
        ("missing", 404, b"not here"),
        ("server_error", 500, b"internal error"),
        ("html", 200, b"<!doctype html>"),
        ("wrong_root", 200, b"<error>"),
    ],
)
def test_an_announcement_may_be_something_else(paper, announcement, form, status, part):
    head, body = formed(paper, announcement, form)
    assert head.startswith(f"HTTP/1.1 {status} ".encode())
    assert part in body


@forms
def test_an_announcement_may_be_empty_in_two_ways(paper, announcement):
    _, body = formed(paper, announcement, "empty")
    root = etree.fromstring(body)
    assert not root.findall("{*}url") + root.findall("{*}sitemap") + root.findall(".//item")
    head, body = formed(paper, announcement, "blank")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert body == b""


@forms
@pytest.mark.parametrize("form", ["malformed", "nul"])
def test_an_announcement_may_be_no_xml(paper, announcement, form):
    _, body = formed(paper, announcement, form)
    assert (b"\0" in body) == (form == "nul")
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(body)


@forms
def test_an_announcement_may_be_utf_16(paper, announcement):
    plain = etree.fromstring(formed(paper, announcement, "normal")[1])
    head, body = formed(paper, announcement, "utf16")
    assert body.startswith((b"\xff\xfe", b"\xfe\xff"))
    assert b"utf-8" not in head.lower()
    assert etree.tostring(etree.fromstring(body)) == etree.tostring(plain)


@pytest.mark.parametrize("announcement", ["sitemap", "sitemap_news", "rss"])
def test_an_announcement_may_be_windows_1252_under_the_name_of_utf_8(paper, announcement):
    head, body = formed(paper, announcement, "windows_1252")
    assert b"charset=utf-8" in head
    with pytest.raises(UnicodeDecodeError):
        body.decode()
    assert "’" in body.decode("cp1252")


@forms
def test_an_announcement_may_declare_an_entity_that_explodes(paper, announcement):
    _, body = formed(paper, announcement, "doctype")
    assert body.count(b"<!ENTITY") == 7
    assert b"&e6;" in body.partition(b"]>")[2]


@forms
def test_an_announcement_may_have_more_than_a_hundred_headers(paper, announcement):
    head, body = formed(paper, announcement, "many_headers")
    assert head.count(b"\r\n") > 100
    etree.fromstring(body)
    with pytest.raises(http.client.HTTPException, match="100 headers"):
        ask(paper, ANNOUNCEMENTS[announcement])


@pytest.mark.parametrize(
    ("form", "loc"),
    [
        ("relative", rf"{FEEDS}/sitemap/latest/?outputType=xml&amp;_website=nzh"),
        ("double_escaped", r"?outputType=xml&amp;amp;_website=nzh"),
        ("schemeless", r"<loc>//127.0.0.1"),
    ],
)
def test_the_links_of_the_index_may_be_odd(paper, form, loc):
    _, body = formed(paper, "sitemap_index", form)
    assert loc.encode() in body
    assert (b"<loc>http://" in body) == (form == "double_escaped")


def test_one_day_alone_may_be_ill_formed(paper):
    day = f"{FEEDS}/sitemap2/2026-02-25/"
    paper.profile = Profile(faults={day: "utf16"})
    assert raw(paper, day + XML)[1].startswith((b"\xff\xfe", b"\xfe\xff"))
    assert listed(paper, f"{FEEDS}/sitemap2/2026-02-26/")


def test_an_index_may_list_indexes(paper):
    plain = listed(paper, f"{FEEDS}/sitemap-index/")
    paper.profile = Profile(index="nested")
    outer = listed(paper, f"{FEEDS}/sitemap-index/")
    assert not [loc for loc in outer if re.search(r"/sitemap\d?/", loc)]
    inner = [loc for one in outer[:2] for loc in listed(paper, one.removesuffix(XML))]
    assert inner == plain[:-1]


def test_an_index_may_list_itself_or_what_is_not_there(paper):
    paper.profile = Profile(index="nested_loop")
    assert f"{FEEDS}/sitemap-index/{XML}" in listed(paper, f"{FEEDS}/sitemap-index/")
    paper.profile = Profile(index="dead")
    dead = listed(paper, f"{FEEDS}/sitemap-index/")[0]
    assert ask(paper, dead).status == 404


def test_a_whole_index_goes_back_to_the_first_day_and_no_further(paper):
    paper.profile = Profile(index="whole")
    index = listed(paper, f"{FEEDS}/sitemap-index/")
    assert index[-2] == f"{FEEDS}/sitemap3/2024-02-01/{XML}"
    assert len(index) == (TODAY.date() - date(2024, 2, 1)).days + 2
    assert ask(paper, index[-2]).status == 200


@pytest.mark.parametrize(("folder", "hours"), [("sitemap2", 1), ("sitemap3", 24)])
def test_a_stale_copy_is_served_for_its_time(edition, paper, folder, hours):
    paper.profile = Profile(sitemap_cache="stale")
    story = edition.stories[5]
    path = f"{FEEDS}/{folder}/{story.date_published.date()}/"
    first = ask(paper, path + XML)
    paper.remove(story.article_id)
    paper.clock.advance(timedelta(hours=hours, seconds=-1))
    assert ask(paper, path + XML).body == first.body
    assert ask(paper, path + XML).headers["ETag"] == first.headers["ETag"]
    paper.clock.advance(timedelta(seconds=1))
    assert story.path not in listed(paper, path)


def test_a_changed_story_moves_to_the_day_of_the_change_or_stays(edition, paper):
    story = edition.stories[5]
    paper.change(story.article_id, headline="Changed")
    before = f"{FEEDS}/sitemap3/{story.date_published.date()}/"
    assert story.path in listed(paper, before)
    paper.profile = Profile(sitemap_date="modified")
    assert story.path not in listed(paper, before)
    assert story.path in listed(paper, f"{FEEDS}/sitemap/latest/")


@pytest.mark.parametrize("path", ["sitemap/2026-02-28", "sitemap-news"])
def test_every_lastmod_may_be_the_time_of_the_answer(paper, path):
    paper.profile = Profile(lastmod="build_time")
    text = ask(paper, f"{FEEDS}/{path}/{XML}").text
    assert set(re.findall("<lastmod>(.*?)</lastmod>", text)) == {"2026-03-01T09:30:00.000Z"}


def test_a_back_dated_story_appears_later_under_its_old_day(edition, paper):
    day = edition.days[-3]
    path = f"{FEEDS}/sitemap2/{day}/"
    before = listed(paper, path)
    story = paper.publish("staff", datetime(day.year, day.month, day.day, 3, tzinfo=UTC))
    assert set(listed(paper, path)) - set(before) >= {story.path}
    assert ask(paper, story.path).status == 200


@pytest.mark.parametrize(("limit", "count"), [(2, 2), (0, 0)])
def test_all_days_may_be_thin_or_empty(paper, limit, count):
    paper.profile = Profile(day_limit=limit)
    for path in (f"{FEEDS}/sitemap/2026-02-28/", f"{FEEDS}/sitemap2/2026-02-26/"):
        assert len([loc for loc in listed(paper, path) if loc.startswith("/world/")]) == count
    assert (len(items(paper)) == 0) == (limit == 0)


def test_one_day_may_be_thin(edition, paper):
    thin, usual = edition.days[-3:-1]
    paper.profile = Profile(day_limit={thin: 1})
    world = [loc for loc in listed(paper, f"{FEEDS}/sitemap2/{thin}/") if loc.startswith("/world/")]
    assert len(world) == 1
    stories = [story.path for story in edition.on_utc_day(usual)]
    assert set(listed(paper, f"{FEEDS}/sitemap2/{usual}/")) >= set(stories)
    assert sum(thin == story.date_published.date() for story in paper.newsroom.stories()) > 20
