"""Announcements are read for their addresses, and refused with a reason when they are something else."""

import gzip
from datetime import UTC, datetime

import pytest

import publishers
from archive.errors import UnreadablePage
from crawler import feeds
from crawler.feeds import Link, Reading
from crawler.section_pages import read_section_page, subsections
from demo.newspaper import Newspaper
from demo.newspaper.section_pages import listing_page
from publishers.spec import SectionPage

SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
SITEMAP = (
    f'<?xml version="1.0" encoding="UTF-8"?><urlset {SPACE} '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url>'
    "<loc>http://a/world/x/ID/</loc><lastmod>2026-03-01T22:05:12.101Z</lastmod>"
    "<image:image><image:loc>http://a/p.jpg</image:loc></image:image></url></urlset>"
).encode()
LASTMOD = datetime(2026, 3, 1, 22, 5, 12, 101000, tzinfo=UTC)


def test_a_sitemap_gives_addresses_and_changes() -> None:
    assert feeds.read_sitemap(SITEMAP, name="s") == Reading([Link("http://a/world/x/ID/", LASTMOD)])


def test_a_gzipped_sitemap_is_unpacked() -> None:
    assert feeds.read_sitemap(gzip.compress(SITEMAP), name="s").links[0].lastmod == LASTMOD


def test_utf_16_is_read() -> None:
    text = SITEMAP.decode().replace("UTF-8", "UTF-16").replace("/x/", "/Māori/")
    (link,) = feeds.read_sitemap(text.encode("utf-16"), name="s").links
    assert link.url == "http://a/world/Māori/ID/"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01", datetime(2026, 3, 1, 23, 59, 59, 999999, tzinfo=UTC)),
        ("2026-03-02T11:05:12+13:00", datetime(2026, 3, 1, 22, 5, 12, tzinfo=UTC)),
        ("2026-03-01T22:05:12", datetime(2026, 3, 1, 22, 5, 12, tzinfo=UTC)),
        ("yesterday", None),
        ("0001-01-01T00:00:00+12:00", None),
        ("9999-12-31T23:59:59-12:00", None),
        ("", None),
    ],
)
def test_lastmod_in_every_form(text: str, expected: datetime | None) -> None:
    content = SITEMAP.replace(b"2026-03-01T22:05:12.101Z", text.encode())
    assert feeds.read_sitemap(content, name="s").links[0].lastmod == expected


def test_an_index_gives_its_sitemaps_with_their_queries() -> None:
    content = (
        f"<sitemapindex {SPACE}><!-- by day --><sitemap><loc>http://a/sitemap/latest/?outputType=xml"
        "&amp;_website=nzh</loc></sitemap><sitemap><loc></loc></sitemap></sitemapindex>"
    )
    expected = [Link("http://a/sitemap/latest/?outputType=xml&_website=nzh")]
    for read in (feeds.read_sitemap_index, feeds.read_sitemap):
        assert read(content.encode(), name="i") == Reading(expected, is_index=True)
    with pytest.raises(UnreadablePage, match="wrong_root: urlset"):
        feeds.read_sitemap_index(SITEMAP, name="i")


def test_a_feed_gives_links_and_no_dates() -> None:
    content = (
        "<rss><channel><link>http://a</link><item><title><![CDATA[]]></title>"
        "<link>http://a/world/x/ID/</link><pubDate>Sun, 01 Mar 2026 20:30:00 +0000</pubDate></item>"
        "<item><guid>http://a/world/y/ID/</guid></item>"
        '<item><atom:link xmlns:atom="a" href="x"/><link>/world/z/ID/</link></item>'
        '<item><guid isPermaLink="false">ID</guid></item></channel></rss>'
    )
    found = feeds.read_feed(content.encode(), name="f")
    urls = ["http://a/world/x/ID/", "http://a/world/y/ID/", "/world/z/ID/"]
    assert found == Reading([Link(url) for url in urls])


def test_an_address_with_a_bare_ampersand_is_whole_and_told() -> None:
    bare = (
        f"<urlset {SPACE}><url><loc>http://a/b/?outputType=xml&_website=nzh&x</loc></url></urlset>"
    )
    read = feeds.read_sitemap(bare.encode(), name="s")
    assert read.links == [Link("http://a/b/?outputType=xml&_website=nzh&x")]
    assert read.flaw == "bad_characters"


def test_elements_of_other_vocabularies_say_nothing() -> None:
    sitemap = (
        f'<urlset {SPACE} xmlns:x="urn:x"><url><x:loc>http://a/wrong/</x:loc>'
        "<loc>http://a/right/</loc></url><x:url><loc>http://a/none/</loc></x:url></urlset>"
    )
    feed = (
        '<rss xmlns:atom="http://www.w3.org/2005/Atom"><channel><item><atom:link>http://a/wrong/'
        "</atom:link><link>http://a/right/</link></item></channel></rss>"
    )
    assert feeds.read_sitemap(sitemap.encode(), name="s").links == [Link("http://a/right/")]
    assert feeds.read_feed(feed.encode(), name="f").links == [Link("http://a/right/")]


def test_an_empty_feed_is_read_and_lists_nothing() -> None:
    assert feeds.read_feed(b"<rss><channel></channel></rss>", name="f") == Reading([])


def in_title(text: bytes) -> bytes:
    return SITEMAP.replace(b"<image:loc>", b"<image:title>" + text + b"</image:title><image:loc>")


@pytest.mark.parametrize(
    "content",
    [
        in_title("“Māori”".encode().replace("ā".encode(), b"a").decode().encode("cp1252")),
        in_title(b"a\0b"),
        in_title(b"a\x08b"),
        in_title(b"a&nbsp;b"),
        in_title(b"?a=1&b=2"),
        SITEMAP.replace(b"UTF-8", b"x-unknown"),
    ],
    ids=["windows-1252", "NUL", "control", "entity", "ampersand", "encoding"],
)
def test_a_sitemap_with_bad_characters_is_whole_and_told(content: bytes) -> None:
    expected = Reading([Link("http://a/world/x/ID/", LASTMOD)], feeds.BAD_CHARACTERS)
    assert feeds.read_sitemap(content, name="s") == expected


def test_emoji_macrons_and_both_forms_of_unicode_are_plain() -> None:
    content = in_title("Māori Ma\u0304ori 🗳".encode())
    assert feeds.read_sitemap(content, name="s").flaw is None
    assert feeds.read_sitemap(b"\n" + content, name="s").flaw is None


@pytest.mark.parametrize(
    "content",
    [
        SITEMAP[:-20],
        SITEMAP.replace(b"</url></urlset>", b"<url><loc>http://a/b</loc></urlset>"),
        SITEMAP.replace(b"<image:image>", b"<image:image").replace(b"xmlns:image", b"xmlns:i"),
    ],
    ids=["cut", "not closed", "not well-formed"],
)
def test_a_broken_sitemap_is_read_as_far_as_it_goes_and_told(content: bytes) -> None:
    reading = feeds.read_sitemap(content, name="s")
    assert reading.flaw == "malformed_xml"
    assert reading.links[0].url == "http://a/world/x/ID/"


def test_more_addresses_than_an_announcement_may_hold_are_told() -> None:
    entries = "<url><loc>http://a/</loc></url>" * (feeds.MAX_LINKS + 1)
    reading = feeds.read_sitemap(f"<urlset>{entries}</urlset>".encode(), name="s")
    assert (len(reading.links), reading.flaw) == (feeds.MAX_LINKS, "too_many")


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
        (b"\n<!-- x --><!DOCTYPE html><html><body>Sorry</body></html>", "html"),
        (b"<html lang=en><head></head></html>", "html"),
        (b"<rss><channel/></rss>", "wrong_root: rss"),
        (gzip.compress(SITEMAP, mtime=0)[:-10], "undecodable"),
        (BOMB, "doctype"),
        (EXTERNAL, "doctype"),
        (b"\x00\x01\x02", "malformed_xml"),
    ],
)
def test_what_is_no_sitemap_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadablePage, match=reason) as caught:
        feeds.read_sitemap(content, name="http://a/sitemap")
    assert "http://a/sitemap" in str(caught.value)


WORLD = next(a for a in publishers.get("nzherald").announcements if isinstance(a, SectionPage))


def test_a_section_page_gives_each_link_once_and_absolute() -> None:
    content = (
        '<html><body><a href="/world/a/"><img></a><a href="https://x/y">B</a><a href="/world/a/">A</a>'
        '<a href="mailto:me@x">C</a><a href="#top">D</a><a>E</a><a href="javascript:go()">F</a>'
    )
    reading = read_section_page(content.encode(), base="http://a/world/", name="p")
    assert reading.links == [
        Link("http://a/world/a/", text="A"),
        Link("https://x/y", text="B"),
    ]


def test_a_page_may_say_where_its_links_start_from() -> None:
    page = b'<base href="/world/asia/"><a href="one/">1</a>'
    read = read_section_page(page, base="http://a/world/", name="p")
    assert [link.url for link in read.links] == ["http://a/world/asia/one/"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "empty"), (b"<html><body><p>Loading</p></body></html>", "no_links"), (b"\x00", "no_")],
)
def test_a_page_without_links_is_not_an_empty_section(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadablePage, match=reason):
        read_section_page(content, base="http://a/", name="p")


def test_subsections_are_what_the_menu_names() -> None:
    links = {
        "http://a/world/": "World",
        "http://a/world/asia/": "Asia",
        "http://a/world/asia": "Asia",
        "http://a/world/middle-east/?ref=menu": "Middle East",
        "http://a/world/2/": "2",
        "http://b/world/europe/": "Europe",
        "http://a/sport/rugby/": "Rugby",
        "http://a/topic/united-states/": "United States",
        "http://a/topic/sailing/": "Sailing",
        "http://a/travel/australia/": "Australia",
        "http://a/world/a-slug/AAAAAAAAAAAAAAAAAAAAAAAAAA/": "A story",
    }
    found = subsections([Link(u, text=t) for u, t in links.items()], "http://a/world/", WORLD)
    assert found == [
        "http://a/world/asia/",
        "http://a/world/middle-east/",
        "http://a/topic/united-states/",
    ]


def test_everything_the_newspaper_prints_is_read(newspaper: Newspaper) -> None:
    origin = newspaper.origin
    page = listing_page("World", "/world/", newspaper.newsroom.stories()[:30], [], origin).encode()
    reading = read_section_page(page, base=f"{origin}/world/", name="p")
    assert f"{origin}/world/asia/" in subsections(reading.links, f"{origin}/world/", WORLD)
