"""Announcements are read for their addresses, and refused with a reason when they are something else."""

import gzip
from datetime import UTC, datetime

import pytest

from archive.errors import UnreadablePage
from crawler import feeds
from crawler.feeds import Link
from demo.newspaper import Newspaper
from demo.newspaper import feeds as printed
from demo.newspaper.section_pages import listing_page

SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
SITEMAP = (
    f'<?xml version="1.0" encoding="UTF-8"?><urlset {SPACE} '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url>'
    "<loc>http://a/world/x/ID/</loc><lastmod>2026-03-01T22:05:12.101Z</lastmod>"
    "<image:image><image:loc>http://a/p.jpg</image:loc></image:image></url></urlset>"
).encode()
LASTMOD = datetime(2026, 3, 1, 22, 5, 12, 101000, tzinfo=UTC)


def test_a_sitemap_gives_addresses_and_changes() -> None:
    assert feeds.read_sitemap(SITEMAP, name="s") == [Link("http://a/world/x/ID/", LASTMOD)]


def test_a_gzipped_sitemap_is_unpacked() -> None:
    assert feeds.read_sitemap(gzip.compress(SITEMAP), name="s")[0].lastmod == LASTMOD


def test_utf_16_is_read() -> None:
    text = SITEMAP.decode().replace("UTF-8", "UTF-16").replace("/x/", "/Māori/")
    (link,) = feeds.read_sitemap(text.encode("utf-16"), name="s")
    assert link.url == "http://a/world/Māori/ID/"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01", datetime(2026, 3, 1, 23, 59, 59, 999999, tzinfo=UTC)),
        ("2026-03-02T11:05:12+13:00", datetime(2026, 3, 1, 22, 5, 12, tzinfo=UTC)),
        ("2026-03-01T22:05:12", datetime(2026, 3, 1, 22, 5, 12, tzinfo=UTC)),
        ("yesterday", None),
        ("", None),
    ],
)
def test_lastmod_in_every_form(text: str, expected: datetime | None) -> None:
    content = SITEMAP.replace(b"2026-03-01T22:05:12.101Z", text.encode())
    assert feeds.read_sitemap(content, name="s")[0].lastmod == expected


def test_an_index_gives_its_sitemaps_with_their_queries() -> None:
    content = (
        f"<sitemapindex {SPACE}><!-- by day --><sitemap><loc>http://a/sitemap/latest/?outputType=xml"
        "&amp;_website=nzh</loc></sitemap><sitemap><loc></loc></sitemap></sitemapindex>"
    )
    assert feeds.read_sitemap_index(content.encode(), name="i") == [
        "http://a/sitemap/latest/?outputType=xml&_website=nzh"
    ]


def test_a_feed_gives_links_and_no_dates() -> None:
    content = (
        "<rss><channel><link>http://a</link><item><title><![CDATA[]]></title>"
        "<link>http://a/world/x/ID/</link><pubDate>Sun, 01 Mar 2026 20:30:00 +0000</pubDate></item>"
        "<item><guid>http://a/world/y/ID/</guid></item></channel></rss>"
    )
    found = feeds.read_feed(content.encode(), name="f")
    assert found == [Link("http://a/world/x/ID/"), Link("http://a/world/y/ID/")]


def test_an_empty_feed_is_read_and_lists_nothing() -> None:
    assert feeds.read_feed(b"<rss><channel></channel></rss>", name="f") == []


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE u [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    b"<urlset><url><loc>&b;</loc></url></urlset>"
)
EXTERNAL = b'<!DOCTYPE u [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset><url><loc>&a;</loc></url></urlset>'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"\n<!-- x --><!DOCTYPE html><html><body>Sorry</body></html>", "HTML in place of XML"),
        (b"<html lang=en><head></head></html>", "HTML in place of XML"),
        (SITEMAP[:-20], "malformed XML"),
        (b"<rss><channel/></rss>", "rss in place of urlset"),
        (gzip.compress(SITEMAP)[:-10], "ends early"),
        (BOMB, "document type"),
        (EXTERNAL, "document type"),
        (b"\x00\x01\x02", "malformed XML"),
    ],
)
def test_what_is_no_sitemap_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadablePage, match=reason) as caught:
        feeds.read_sitemap(content, name="http://a/sitemap")
    assert "http://a/sitemap" in str(caught.value)


def test_a_section_page_gives_each_link_once_and_absolute() -> None:
    content = (
        '<html><body><a href="/world/a/">A</a><a href="https://x/y">B</a><a href="/world/a/">A</a>'
        '<a href="mailto:me@x">C</a><a href="#top">D</a><a>E</a><a href="javascript:go()">F</a>'
    )
    assert feeds.read_section_page(content.encode(), base="http://a/world/", name="p") == [
        "http://a/world/a/",
        "https://x/y",
    ]


@pytest.mark.parametrize("content", [b"", b"<html><body><p>Loading</p></body></html>", b"\x00"])
def test_a_page_without_links_is_not_an_empty_section(content: bytes) -> None:
    with pytest.raises(UnreadablePage):
        feeds.read_section_page(content, base="http://a/", name="p")


def test_subsections_are_what_the_menu_names() -> None:
    links = [
        "http://a/world/",
        "http://a/world/asia/",
        "http://a/world/asia",
        "http://a/world/middle-east/?ref=menu",
        "http://a/world/2/",
        "http://b/world/europe/",
        "http://a/sport/rugby/",
        "http://a/world/a-slug/AAAAAAAAAAAAAAAAAAAAAAAAAA/",
    ]
    assert feeds.subsections(links, "http://a/world/") == [
        "http://a/world/asia/",
        "http://a/world/middle-east/",
    ]


def test_everything_the_newspaper_prints_is_read(newspaper: Newspaper) -> None:
    newsroom, origin = newspaper.newsroom, newspaper.origin
    stories = newsroom.stories()
    index = printed.sitemap_index(newsroom, origin, newspaper.profile).encode()
    assert len(feeds.read_sitemap_index(index, name="i")) == 15
    addresses = [f"{origin}{story.path}" for story in stories]
    listed = feeds.read_sitemap(printed.sitemap(stories, origin).encode(), name="s")
    assert [link.url for link in listed] == addresses
    assert [link.lastmod for link in listed] == [story.date_modified for story in stories]
    news = feeds.read_sitemap(printed.news_sitemap(stories, origin).encode(), name="n")
    assert news == listed
    rss = printed.rss(stories, origin, "world", datetime.now(UTC)).encode()
    assert [link.url for link in feeds.read_feed(rss, name="f")] == addresses
    page = listing_page("World", "/world/", stories[:30], [], origin).encode()
    links = feeds.read_section_page(page, base=f"{origin}/world/", name="p")
    assert f"{origin}/world/asia/" in feeds.subsections(links, f"{origin}/world/")
