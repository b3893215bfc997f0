from datetime import date

import pytest
from attrs import evolve

import publishers
from archive.errors import ConfigurationError
from publishers.spec import NewsSitemap, SectionFeed, SectionPage, SitemapIndex

HERALD = publishers.get("nzherald")
LOCAL = HERALD.with_origin("http://127.0.0.1:1234")
ID = "5FAGHAJZ65CFRN6RPI4R4DZDKY"
WWW = "https://www.nzherald.co.nz"


@pytest.mark.parametrize(
    ("path", "section"),
    [
        (f"/world/hamas-releases-hostage-video/{ID}/", "world"),
        (f"/world/hamas-releases-hostage-video/{ID}", "world"),
        (f"/world/hamas-releases-hostage-video/{ID}/?c_id=2&objectid=12350135#:~:text=x", "world"),
        (
            f"/business/companies/airlines/air-new-zealand/premium/{ID}/",
            "business/companies/airlines",
        ),
        (f"/nz/politics/golriz-ghahraman-case/{ID}/", "nz/politics"),
        (f"/nz/editorial/{ID}/", "nz"),
        (f"/the-country/video/focus/{ID}/", "the-country/video"),
        (f"/world/m%C4%81ori-leaders/{ID}/", "world"),
    ],
)
def test_article_addresses_are_known_by_their_id(path: str, section: str):
    for origin in (WWW, "https://nzherald.co.nz", "http://WWW.nzherald.co.nz:80"):
        assert HERALD.article_id(origin + path) == ID
        assert HERALD.section_of(origin + path) == section
    assert LOCAL.article_id("http://127.0.0.1:1234" + path) == ID


@pytest.mark.parametrize(
    "url",
    [
        f"{WWW}/world/a/{ID.lower()}/",
        f"{WWW}/world/a/{ID[:-1]}/",
        f"{WWW}/world/a/{ID}A/",
        f"{WWW}/world/a/{ID[:-1]}1/",
        f"{WWW}/World/a/{ID}/",
        f"{WWW}/world/{ID}/",
        f"{WWW}/world/a/{ID}/2/",
        f"{WWW}/resizer/v2/{ID}.jpg",
        f"{WWW}/world/",
        f"{WWW}/world/a/{ID[:-1]}Z/",
        f"https://play.nzherald.co.nz/world/a/{ID}/",
        f"https://www.nzherald.co.nz.example/world/a/{ID}/",
        f"https://www.nzherald.co.nz:8443/world/a/{ID}/",
        f"ftp://www.nzherald.co.nz/world/a/{ID}/",
        f"//www.nzherald.co.nz/world/a/{ID}/",
        f"/world/a/{ID}/",
        "http://[",
        "",
    ],
)
def test_other_addresses_are_no_articles(url: str):
    assert HERALD.article_id(url) is None
    assert HERALD.section_of(url) is None
    assert not HERALD.is_in_section(url)


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("/world/news/article.cfm?c_id=2&objectid=11892211", "11892211"),
        ("/world/news/article.cfm?c_id=2&amp;objectid=12292631&amp;ref=rss", "12292631"),
        ("/world/article.cfm?objectid=12292631", "12292631"),
        ("/world/news/article.cfm?c_id=2", None),
        ("/world/news/article.cfm?objectid=12x", None),
        ("/world/news/video.cfm?gallery_id=214561", None),
    ],
)
def test_an_old_address_is_listed_under_its_number(path: str, number: str | None):
    expected = f"objectid:{number}" if number else None
    assert HERALD.listed_id(f"http://nzherald.co.nz{path}") == expected
    assert HERALD.article_id(f"{WWW}{path}") is None
    assert HERALD.section_of(f"{WWW}{path}") == ("world" if number else None)
    assert HERALD.is_in_section(f"{WWW}{path}") == bool(number)
    assert not HERALD.is_in_section(f"{WWW}{path}".replace("/world", "/nz"))


@pytest.mark.parametrize(
    "link",
    [
        f"{WWW}/world/a/{ID}/",
        f"/world/a/{ID}",
        f"//www.nzherald.co.nz/world/a/{ID}/?c_id=2&amp;amp;objectid=1",
        f"www.nzherald.co.nz/world/a/{ID}/",
        f"nzherald.co.nz/world/a/{ID}/",
        f" http://nzherald.co.nz/world/a/{ID}/#x ",
        f"{WWW}/world/a/{ID}/?utm_content={'x' * 9000}",
    ],
)
def test_a_link_in_any_form_is_the_same_address(link: str):
    assert HERALD.resolve(f"{WWW}/", link) == f"{WWW}/world/a/{ID}/"


@pytest.mark.parametrize("link", ["", "#top", "mailto:x@y", f"/world/a/?x={'y' * 3000}", "/a b"])
def test_other_links_are_no_addresses(link: str):
    with pytest.raises(ValueError, match=r"address|link"):
        HERALD.resolve(f"{WWW}/", link)


def test_latest_has_an_address_under_its_date():
    latest = f"{WWW}/arc/outboundfeeds/sitemap/latest/?outputType=xml"
    dated = latest.replace("latest", "2026-03-01")
    assert HERALD.sitemap_under_date(latest, date(2026, 3, 1)) == dated
    assert HERALD.sitemap_under_date(f"{WWW}/world/", date(2026, 3, 1)) == f"{WWW}/world/"


def test_an_index_may_lie_below_the_index():
    assert HERALD.is_sitemap_index(f"{WWW}/arc/outboundfeeds/sitemap-index/older/?outputType=xml")
    assert not HERALD.is_sitemap_index(f"{WWW}/arc/outboundfeeds/sitemap/latest/")
    assert not HERALD.is_sitemap_index("https://example.com/arc/outboundfeeds/sitemap-index/")


def test_the_section_is_told_by_the_first_segments():
    assert HERALD.is_in_section(f"{WWW}/world/a/{ID}/")
    assert HERALD.is_in_section(f"{WWW}/world/europe/a/{ID}/")
    assert not HERALD.is_in_section(f"{WWW}/world-cup/a/{ID}/")
    assert not HERALD.is_in_section(f"{WWW}/nz/world/a/{ID}/")


@pytest.mark.parametrize(
    "path",
    [
        "/pf/api/v3/content/fetch/content-by-id?query={}",
        "/pf",
        "/PF/resources/x.js",
        "//pf/api",
        "/world/../pf/api",
        "/%70f/api",
        "/%2570f/api",
        "/search",
        "/search/?q=x",
        f"/resizer/v2/{ID}.jpg",
        "/login/",
        "/my-account/x",
        "/subscribe",
        "/comments/1",
        f"/world/a/{ID}/?outputType=json",
        f"/world/a/{ID}/?x=1&OutputType=JSON",
    ],
)
def test_denied_paths_are_denied_however_they_are_written(path: str):
    assert HERALD.is_denied(WWW + path)
    assert LOCAL.is_denied("http://127.0.0.1:1234" + path)


@pytest.mark.parametrize(
    "path",
    ["/", "/robots.txt", "/world/", f"/world/search/{ID}/", "/searching/", "/accounting/"],
)
def test_other_paths_are_not_denied(path: str):
    assert not HERALD.is_denied(WWW + path)


def test_every_announcement_may_be_asked_for():
    for announcement in HERALD.announcements:
        assert not HERALD.is_denied(HERALD.address(announcement))


@pytest.mark.parametrize("url", ["https://example.com/world/", "mailto:x@y", "/world/", ""])
def test_other_sites_are_denied(url: str):
    assert HERALD.is_denied(url)


def test_announcements_are_data_and_their_addresses_follow_the_origin():
    kinds = [type(announcement) for announcement in HERALD.announcements]
    assert kinds == [SitemapIndex, NewsSitemap, SectionFeed, SectionPage]
    addresses = [LOCAL.address(announcement) for announcement in LOCAL.announcements]
    feeds = "http://127.0.0.1:1234/arc/outboundfeeds"
    assert addresses == [
        f"{feeds}/sitemap-index/?outputType=xml&_website=nzh",
        f"{feeds}/sitemap-news/?outputType=xml&_website=nzh",
        f"{feeds}/rss/section/world/?outputType=xml&_website=nzh",
        "http://127.0.0.1:1234/world/",
    ]


def test_further_pages_of_a_section_lie_below_a_number():
    front = next(a for a in HERALD.announcements if isinstance(a, SectionPage))
    assert HERALD.address(front, 2) == f"{WWW}/world/2/"


def test_the_same_publisher_from_another_origin_knows_only_that_host():
    assert LOCAL.hosts == ("127.0.0.1:1234",)
    assert (LOCAL.name, LOCAL.access) == (HERALD.name, HERALD.access)
    assert not LOCAL.is_ours(f"{WWW}/world/")
    assert HERALD.with_origin(f"{WWW}/") is HERALD
    assert HERALD.with_origin("HTTP://LocalHost:80/").origin == "http://localhost"


@pytest.mark.parametrize(
    "origin", ["", "127.0.0.1:1", "ftp://a", "http://a/world", "http://u:p@a", "http://a?b"]
)
def test_an_origin_is_scheme_and_host(origin: str):
    with pytest.raises(ConfigurationError, match="ARCHIVE_PUBLISHER_ORIGIN"):
        HERALD.with_origin(origin)


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("sitemap/latest/?outputType=xml", "latest"),
        ("sitemap/latest-1/?outputType=xml", "latest"),
        ("sitemap/2026-03-01/?outputType=xml&_website=nzh", date(2026, 3, 1)),
        ("sitemap2/2026-02-27", date(2026, 2, 27)),
        ("sitemap3/2024-02-01-2/?outputType=xml", date(2024, 2, 1)),
        ("sitemap3/2024-02-31/", None),
        ("sitemap4/2024-02-01/", None),
        ("sitemap-index/?outputType=xml", None),
        ("sitemap-video/latest/", None),
        ("sitemap/2024-02-01-x/", None),
    ],
)
def test_a_daily_sitemap_is_about_a_utc_day(path: str, day: object):
    assert HERALD.sitemap_day(f"{WWW}/arc/outboundfeeds/{path}") == day
    assert HERALD.sitemap_day(f"https://example.com/arc/outboundfeeds/{path}") is None


@pytest.mark.parametrize(
    ("url", "spelled"),
    [
        (f"http://nzherald.co.nz/world/a/{ID}", f"{WWW}/world/a/{ID}/"),
        (
            f"{WWW}/world/a/{ID}/?c_id=2&amp;objectid=1&utm_source=x&outputType=amp",
            f"{WWW}/world/a/{ID}/",
        ),
        (f"{WWW}/world/a/{ID}/?page=2#x", f"{WWW}/world/a/{ID}/?page=2"),
        (
            f"{WWW}/world/news/article.cfm?c_id=2&objectid=12292631&amp;ref=rss",
            f"{WWW}/world/news/article.cfm?c_id=2&objectid=12292631",
        ),
        (f"{WWW}/topic/x?utm_medium=y", f"{WWW}/topic/x"),
        ("https://Example.com/A?ref=b", "https://example.com/A"),
    ],
)
def test_addresses_have_one_spelling(url: str, spelled: str):
    assert HERALD.normalise(url) == spelled
    assert HERALD.normalise(spelled) == spelled


def test_article_addresses_end_as_the_publisher_has_them():
    bare = evolve(HERALD, article_ending="")
    assert bare.normalise(f"http://nzherald.co.nz/world/a/{ID}/?c_id=2") == f"{WWW}/world/a/{ID}"


def test_a_publisher_may_have_no_older_addresses_and_no_daily_sitemaps():
    young = evolve(HERALD, old_pattern=None, old_key="", sitemap_day_pattern=None)
    assert young.listed_id(f"{WWW}/world/news/article.cfm?objectid=11892211") is None
    latest = f"{WWW}/arc/outboundfeeds/sitemap/latest/"
    assert young.sitemap_day(latest) is None
    assert young.sitemap_under_date(latest, date(2026, 3, 1)) == latest


def test_the_agent_name_is_honest():
    assert HERALD.user_agent("desk@example.nz", "0.1.0") == "newsarchive/0.1.0 (+desk@example.nz)"
    assert HERALD.user_agent(None, "0.1.0") == "newsarchive/0.1.0 (made-up newspaper)"
    with pytest.raises(ConfigurationError, match="ARCHIVE_CONTACT"):
        HERALD.user_agent("desk\r\nX-Header: 1", "0.1.0")


def test_publishers_are_found_by_name_and_by_address():
    assert publishers.names() == ["nzherald"]
    assert publishers.for_url(f"{WWW}/world/") is HERALD
    assert publishers.for_url("http://127.0.0.1:1234/world/") is None
    assert publishers.for_url("http://127.0.0.1:1234/world/", LOCAL) is LOCAL
    assert publishers.for_url(f"{WWW}/world/", LOCAL) is HERALD
    with pytest.raises(ConfigurationError, match=r"unknown publisher 'smh'.*nzherald"):
        publishers.get("smh")


def test_the_site_of_another_publisher_is_no_origin():
    assert publishers.served("nzherald", "http://127.0.0.1:1234") == LOCAL
    assert publishers.served("nzherald", WWW) is HERALD
