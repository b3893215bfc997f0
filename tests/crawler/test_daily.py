"""A daily sitemap is about a day, whatever it is called and wherever it lies."""

from datetime import UTC, date, datetime

import pytest

import publishers
from crawler.daily import daily_sitemaps

HERALD = publishers.get("nzherald")
FEEDS = f"{HERALD.origin}/arc/outboundfeeds"
TODAY, YESTERDAY, BEFORE = date(2026, 3, 10), date(2026, 3, 9), date(2026, 3, 8)
NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
INDEX = [
    f"{FEEDS}/sitemap/latest/?outputType=xml",
    f"{FEEDS}/sitemap/2026-03-09/?outputType=xml",
    f"{FEEDS}/sitemap2/2026-03-09/?outputType=xml",
    f"{FEEDS}/sitemap2/2026-03-08-1/",
    f"{FEEDS}/sitemap2/2026-03-08-2/",
    f"{FEEDS}/sitemap-video/",
]


def test_a_day_has_every_address_that_names_it() -> None:
    found = daily_sitemaps(HERALD, INDEX, NOON)
    assert found.addresses(TODAY, TODAY) == INDEX[:1]
    assert found.addresses(YESTERDAY, TODAY) == INDEX[1:3]
    assert found.addresses(BEFORE, TODAY) == INDEX[3:5]
    assert found.addresses(date(2026, 3, 7), TODAY) == []


def test_a_day_that_ends_after_the_index_is_asked_for_under_its_date() -> None:
    found = daily_sitemaps(HERALD, INDEX, NOON.replace(hour=23, minute=59))
    tomorrow = date(2026, 3, 11)
    assert found.addresses(TODAY, tomorrow) == [f"{FEEDS}/sitemap/2026-03-10/?outputType=xml"]
    assert found.addresses(tomorrow, tomorrow) == INDEX[:1]


@pytest.mark.parametrize(("minute", "is_stale"), [(4, True), (15, False)])
def test_an_index_of_before_midnight_may_be_kept_for_some_minutes(
    minute: int, *, is_stale: bool
) -> None:
    index = [url for url in INDEX if "03-09" not in url]
    found = daily_sitemaps(HERALD, index, NOON.replace(hour=0, minute=minute))
    dated = [f"{FEEDS}/sitemap/2026-03-09/?outputType=xml"]
    assert found.addresses(YESTERDAY, TODAY) == (dated if is_stale else [])


def test_a_busy_day_keeps_its_parts_under_its_date() -> None:
    index = [f"{FEEDS}/sitemap/latest-1/", f"{FEEDS}/sitemap/latest-2/"]
    found = daily_sitemaps(HERALD, index, NOON)
    assert found.addresses(TODAY, date(2026, 3, 11)) == [
        f"{FEEDS}/sitemap/2026-03-10-1/",
        f"{FEEDS}/sitemap/2026-03-10-2/",
    ]
