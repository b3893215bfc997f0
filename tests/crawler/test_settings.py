"""Every setting and every choice of a plan that the crawl reads changes what it does."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import crawler
from archive.records import CrawlSummary
from archive.settings import ArchiveSettings
from tests.crawler.crawling import Crawling, change_profile

Look = Callable[[Crawling, CrawlSummary], object]


def requests(_: Crawling, summary: CrawlSummary) -> object:
    return summary.requests


def days(_: Crawling, summary: CrawlSummary) -> object:
    return len(summary.days)


def seconds(_: Crawling, summary: CrawlSummary) -> object:
    return (summary.ended_at - summary.started_at) > timedelta(seconds=6)


def agent(crawling: Crawling, _: CrawlSummary) -> object:
    return crawling.newspaper.log[-1].headers["user-agent"]


def ending(_: Crawling, summary: CrawlSummary) -> object:
    return summary.ending


SETTINGS: dict[str, tuple[Any, Look]] = {
    "request_budget": (9, requests),
    "byte_budget": (1000, ending),
    "listing_days": (4, days),
    "delay_seconds": (0.5, seconds),
    "contact": ("desk@example.nz", agent),
}

ELSEWHERE = {"home", "publisher_origin", "revisit_intervals", "warc_bytes"}
"""Where everything is and whom to ask: every test here would fail without them. The last two have their own,
of ``warc_bytes`` in ``test_kept_records``."""


@pytest.fixture
def small(crawling: Crawling) -> Crawling:
    change_profile(crawling.newspaper, day_limit=1)
    return crawling


def run(crawling: Crawling, settings: dict[str, Any], **plan: Any) -> CrawlSummary:
    crawling.newspaper.log.clear()
    return crawling.run(settings={"listing_days": 2} | settings, **plan)


@pytest.mark.parametrize("name", SETTINGS)
def test_each_setting_changes_the_result(small: Crawling, name: str) -> None:
    value, look = SETTINGS[name]
    plain = look(small, run(small, {}, dry_run=True))
    assert look(small, run(small, {name: value}, dry_run=True)) != plain


def test_the_intervals_decide_what_is_due(small: Crawling) -> None:
    small.take_in(run(small, {}))
    small.newspaper.clock.advance(timedelta(minutes=31))
    often = run(small, {"revisit_intervals": "10m"}, dry_run=True).states
    seldom = run(small, {"revisit_intervals": "9d"}, dry_run=True).states
    assert often["pending"] > seldom.get("pending", 0)


def test_no_setting_that_the_crawl_reads_is_left_out() -> None:
    folder = Path(crawler.__file__).parent
    sources = [path.read_text() for path in folder.rglob("*.py")]
    read = {name for text in sources for name in re.findall(r"\bsettings\.([a-z_]+)", text)}
    assert (read & ArchiveSettings.model_fields.keys()) - ELSEWHERE == SETTINGS.keys()


@pytest.mark.parametrize("change", ["since", "until", "repairs", "dry_run", "ask"])
def test_each_choice_of_a_plan_changes_the_result(small: Crawling, change: str) -> None:
    last = small.newspaper.edition.days[-1]
    base: dict[str, Any] = {"since": last, "until": last, "ask": "missing", "dry_run": True}
    changes = {
        "since": last - timedelta(days=3),
        "until": last - timedelta(days=1),
        "repairs": True,
        "dry_run": False,
        "ask": "all",
    }
    if change == "ask":
        base["dry_run"] = False
        small.take_in(run(small, {}, **base))
    elif change == "until":
        base["since"] = last - timedelta(days=2)
    plain, changed = run(small, {}, **base), run(small, {}, **base | {change: changes[change]})
    seen = [(s.states, s.days, [a.source for a in s.announcements]) for s in (plain, changed)]
    assert seen[0] != seen[1]
