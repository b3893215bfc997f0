"""Whoever reads the log knows why nothing happens for a while."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from archive.connect import Archive
from archive.keys import new_run_id
from archive.lease import Clocks, Turnstile
from crawler.endings import BackedOff
from crawler.pace import LONG_SECONDS
from tests.crawler.crawling import PUBLISHER
from tests.crawler.in_process import Ticking, Unhurried

AT = datetime(2026, 3, 1, 22, tzinfo=UTC)


@pytest.fixture
def pace(archive: Archive) -> Callable[..., Unhurried]:
    """Makes runs' paces, over one turnstile and one clock that goes over every wait at once."""
    clock = Ticking(AT)

    def make(token: str, delay_seconds: float = 5) -> Unhurried:
        clocks = Clocks(now=clock, uptime=clock.uptime)
        turnstile = Turnstile(archive.store, PUBLISHER, new_run_id(AT, token), clocks)
        made = Unhurried(
            turnstile, delay_seconds, asyncio.Event(), publisher=PUBLISHER, clock=clock
        )
        made.ticking = clock
        return made

    return make


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    caplog.set_level(logging.INFO, "crawler.pace")
    return lambda: [record.getMessage() for record in caplog.records]


async def ask(pace: Unhurried, times: int) -> None:
    for _ in range(times):
        await pace.turn()
        pace.done()


def test_a_long_crawl_delay_is_told_once(
    pace: Callable[..., Unhurried], told: Callable[[], list[str]]
) -> None:
    slow = pace("slow")
    slow.slow_down_to(1800)
    asyncio.run(ask(slow, 4))
    assert told() == ["waiting 1800 s: the Crawl-delay of robots.txt, between two requests"]


def test_a_long_delay_of_our_own_is_told_as_such(
    pace: Callable[..., Unhurried], told: Callable[[], list[str]]
) -> None:
    slow = pace("slow", delay_seconds=45)
    slow.slow_down_to(10)
    asyncio.run(ask(slow, 3))
    assert told() == ["waiting 45 s: ARCHIVE_DELAY_SECONDS, between two requests"]


def test_a_delay_that_another_run_kept_is_told_by_who_waits_for_it(
    pace: Callable[..., Unhurried], told: Callable[[], list[str]]
) -> None:
    before, after = pace("before", delay_seconds=300), pace("after")
    asyncio.run(ask(before, 1))
    before.close()
    asyncio.run(ask(after, 1))
    (line,) = told()
    assert "so far, for the delay that the run before kept" in line


def test_short_waits_are_nobodys_news(
    pace: Callable[..., Unhurried], told: Callable[[], list[str]]
) -> None:
    quick = pace("quick")
    asyncio.run(ask(quick, 20))
    asyncio.run(quick.pause(LONG_SECONDS, "to try again: 500"))
    assert told() == []


def test_a_long_pause_is_told_once_for_each_cause(
    pace: Callable[..., Unhurried], told: Callable[[], list[str]]
) -> None:
    async def pauses(waiting: Unhurried) -> None:
        for cause in ("timeout", "500", "timeout"):
            await waiting.pause(60, f"to try again: {cause}")
        await waiting.back_off(90, "/world/ answers 503 with Retry-After")

    asyncio.run(pauses(pace("patient")))
    assert told() == [
        "waiting 60 s: to try again: timeout",
        "waiting 60 s: to try again: 500",
        "waiting 90 s: /world/ answers 503 with Retry-After",
    ]


def test_a_pause_too_long_for_a_run_says_why_the_run_ends(
    pace: Callable[..., Unhurried], told: Callable[[], list[str]]
) -> None:
    with pytest.raises(BackedOff):
        asyncio.run(pace("leaves").back_off(3600, "/world/ answers 429"))
    (line,) = told()
    assert line.startswith("/world/ answers 429; nobody asks again before 2026-03-01T23:00:")
