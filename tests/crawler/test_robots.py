"""Robots.txt is obeyed, and read as "no" when it can't be read."""

from datetime import UTC, datetime

import pytest

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
    text = "\ufeffUser-agent: *\n" + "Disallow: /private/\n" * 60_000 + "\0Disallow: /world/\n"
    robots = read(text)
    assert not robots.allows("http://a/world/")
    assert robots.allows("http://a/sport/")


def test_retry_after_in_every_form() -> None:
    def now() -> datetime:
        return datetime(2026, 3, 1, 22, 0, 0, tzinfo=UTC)

    assert retry_after_seconds("120", now) == 120
    assert retry_after_seconds("Sun, 01 Mar 2026 22:01:00 GMT", now) == 60
    assert retry_after_seconds("Sun, 01 Mar 2026 21:00:00 GMT", now) == 0
    assert retry_after_seconds("soon", now) is None
    assert retry_after_seconds(None, now) is None
