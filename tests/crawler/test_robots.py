"""Robots.txt is obeyed, and read as "no" when it can't be read."""

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve

from archive.errors import CrawlRefused
from crawler.pace import retry_after_seconds
from crawler.robots import Robots, read_robots

URL = "http://a/robots.txt"


def read(text: str, status: int = 200, content_type: str = "text/plain") -> Robots:
    return read_robots(status, content_type, text.encode(), url=URL, token="newsarchive")


def test_our_own_group_wins_over_everybodys() -> None:
    robots = read("User-agent: *\nDisallow:\n\nUser-agent: NewsArchive\nDisallow: /world/\n")
    assert not robots.allows("http://a/world/x/")
    assert robots.allows("http://a/sport/")


def test_everybodys_group_is_ours_when_we_have_none() -> None:
    robots = read(
        "User-agent: GPTBot\nDisallow: /\n\nUser-agent: *\nDisallow: /pf/\nCrawl-delay: 7"
    )
    assert robots.allows("http://a/world/")
    assert not robots.allows("http://a/pf/api/")
    assert robots.crawl_delay == 7


def test_no_robots_txt_allows_everything() -> None:
    for status in (404, 410):
        robots = read("", status=status)
        assert robots.allows("http://a/x")
        assert robots.crawl_delay == 0


@pytest.mark.parametrize("status", [301, 304, 400, 418, 429, 500, 503])
def test_any_other_answer_is_a_refusal(status: int) -> None:
    with pytest.raises(CrawlRefused, match=str(status)):
        read("User-agent: *\nDisallow:\n", status=status)


def test_html_is_a_refusal() -> None:
    for text, kind in (("User-agent: *", "text/html"), ("  <!doctype html>", "text/plain")):
        with pytest.raises(CrawlRefused, match="HTML"):
            read(text, content_type=kind)


def test_a_long_file_and_odd_bytes_are_read_whole() -> None:
    # RFC 9309 (2.5) wants at least 500 KiB to be read.
    text = "\ufeffUser-agent: *\n" + "Disallow: /private/\n" * 30_000 + "\0Disallow: /world/\n"
    assert len(text) > 500 * 1024
    robots = read(text)
    assert not robots.allows("http://a/world/")
    assert robots.allows("http://a/sport/")


def test_an_endless_file_is_a_refusal() -> None:
    with pytest.raises(CrawlRefused, match="longer than"):
        read("User-agent: *\n" + "Disallow: /private/\n" * 110_000)


def test_text_without_a_rule_is_a_refusal() -> None:
    with pytest.raises(CrawlRefused, match="no rules"):
        read("The service is busy.\nPlease come back later.\n")
    for text in ("", "# nothing is forbidden here\n", "Sitemap: http://a/s.xml", "user agent *"):
        assert read(text).allows("http://a/world/")


@pytest.mark.parametrize(
    "name", ["newsarchive", "NewsArchive", "NEWSARCHIVE/2.0", "newsarchive (all of it)  # us"]
)
def test_a_group_is_ours_by_its_product_token_whatever_its_case(name: str) -> None:
    assert not read(f"User-agent: {name}\nDisallow: /world/\n").allows("http://a/world/")


@pytest.mark.parametrize(
    "name", ["news", "newsarchive-images", "newsarchive_images", "newsarchiver", "archive", "new"]
)
def test_a_group_whose_name_only_looks_like_ours_is_not_ours(name: str) -> None:
    robots = read(f"User-agent: {name}\nDisallow: /\nCrawl-delay: 9\n")
    assert robots.allows("http://a/world/")
    assert robots.crawl_delay == 0
    both = read(f"User-agent: {name}\nAllow: /\n\nUser-agent: *\nDisallow: /world/\n")
    assert not both.allows("http://a/world/")


def test_several_groups_for_us_are_one() -> None:
    robots = read(
        "User-agent: newsarchive\nDisallow: /a/\n\nUser-agent: GPTBot\nDisallow: /\n\n"
        "User-agent: other\nUser-agent: Newsarchive/1.0\nDisallow: /b/\nCrawl-delay: 3\n\n"
        "User-agent: *\nDisallow: /c/\n"
    )
    assert [robots.allows(f"http://a/{name}/") for name in "abc"] == [False, False, True]
    assert robots.crawl_delay == 3


@pytest.mark.parametrize("delay", ["-5", "nan", "inf", "soon", ""])
def test_a_delay_that_is_no_number_asks_for_none(delay: str) -> None:
    assert read(f"User-agent: *\nCrawl-delay: {delay}\nDisallow: /x\n").crawl_delay == 0


def test_rules_are_obeyed_for_a_day() -> None:
    received_at = datetime(2026, 3, 1, 22, 0, 0, tzinfo=UTC)
    robots = evolve(read("User-agent: *\nDisallow:\n"), received_at=received_at)
    assert not robots.expired_at(received_at + timedelta(hours=23, minutes=59))
    assert robots.expired_at(received_at + timedelta(hours=24))


def test_retry_after_in_every_form() -> None:
    def now() -> datetime:
        return datetime(2026, 3, 1, 22, 0, 0, tzinfo=UTC)

    assert retry_after_seconds("120", now) == 120
    assert retry_after_seconds("Sun, 01 Mar 2026 22:01:00 GMT", now) == 60
    assert retry_after_seconds("Sun, 01 Mar 2026 21:00:00 GMT", now) == 0
    assert retry_after_seconds("soon", now) is None
    assert retry_after_seconds(None, now) is None


@pytest.mark.parametrize(
    "content",
    [
        "User-agent: *\nDisallow: /\n".encode("utf-16"),
        b"Disallow: /\n",
        b"User-agent: *\nCrawl-delay: " + b"9" * 30,
    ],
)
def test_rules_that_cannot_be_kept_are_a_no(content: bytes) -> None:
    with pytest.raises(CrawlRefused):
        read_robots(200, "text/plain", content, url="http://a/robots.txt", token="newsarchive")
