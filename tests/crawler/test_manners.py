"""The last gate before the wire: whatever asks, nothing goes out that must not."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from scrapy import Request

import publishers
from archive.connect import Archive
from archive.errors import CrawlRefused
from archive.keys import new_run_id
from archive.records import CrawlPlan
from crawler.context import CrawlContext
from crawler.endings import NotAsked, RulesExpired, Why
from crawler.middlewares.manners import MannersMiddleware
from crawler.robots import VALID_FOR, Robots, read_robots
from tests.crawler.crawling import PUBLISHER, Crawling, change_profile

ORIGIN = "http://127.0.0.1:8000"
AT = datetime(2026, 3, 1, 22, tzinfo=UTC)
RULES = "User-agent: *\nDisallow: /world/secret/\n"

# What a run of a day does to the rules, within seconds.
SHORT_LIVED = """
import sys
if "crawler.run" in sys.orig_argv:
    from datetime import timedelta
    import crawler.robots
    crawler.robots.VALID_FOR = timedelta(seconds=2)
"""


def context(archive: Archive, robots: Robots | None, now: datetime = AT) -> CrawlContext:
    plan = CrawlPlan(run_id=new_run_id(AT, "manners"), publisher=PUBLISHER, started_at=AT)
    publisher = publishers.get(PUBLISHER).with_origin(ORIGIN)
    made = CrawlContext(
        plan=plan, publisher=publisher, archive=archive, recorder=None, clock=lambda: now
    )
    made.robots = robots
    return made


def rules() -> Robots:
    url = f"{ORIGIN}/robots.txt"
    found = read_robots(200, "text/plain", RULES.encode(), url=url, token="newsarchive")
    return Robots(found.rules, found.token, AT)


def ask(context: CrawlContext, path: str) -> None:
    middleware = MannersMiddleware(SimpleNamespace(spider=SimpleNamespace(context=context)))

    async def ask() -> None:
        await middleware.process_request(Request(path if "//" in path else f"{ORIGIN}{path}"))
        context.pace.done()

    try:
        asyncio.run(ask())
    finally:
        context.pace.close()


def test_nothing_is_asked_before_robots_txt(archive: Archive) -> None:
    first = context(archive, robots=None)
    for path in ("/", "/world/", "/arc/outboundfeeds/sitemap-index/", "/robots.txt/x"):
        with pytest.raises(NotAsked) as caught:
            ask(first, path)
        assert caught.value.reason is Why.ROBOTS_UNKNOWN
    ask(first, "/robots.txt")
    assert first.requests == 1


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/pf/api/v3/content/fetch/x", Why.DENIED_PATH),
        ("/search/?q=x", Why.DENIED_PATH),
        ("/resizer/x.jpg", Why.DENIED_PATH),
        ("/world/a/?outputType=json", Why.DENIED_PATH),
        ("/world/secret/x/", Why.ROBOTS),
        ("http://127.0.0.1:8000@169.254.169.254/latest/", Why.OTHER_HOST),
        ("http://169.254.169.254/latest/meta-data/", Why.OTHER_HOST),
        ("http://127.0.0.1:8001/world/", Why.OTHER_HOST),
    ],
)
def test_what_is_denied_never_goes_out(archive: Archive, path: str, reason: Why) -> None:
    asked = context(archive, rules())
    with pytest.raises(NotAsked) as caught:
        ask(asked, path)
    assert caught.value.reason is reason
    ask(asked, "/world/")
    assert asked.requests == 1


def test_rules_of_a_day_ago_are_obeyed_no_longer(archive: Archive) -> None:
    ask(context(archive, rules(), AT + VALID_FOR - timedelta(minutes=1)), "/world/")
    with pytest.raises(RulesExpired):
        ask(context(archive, rules(), AT + VALID_FOR), "/world/")


def test_a_robots_txt_whose_connection_drops_is_a_refusal(crawling: Crawling) -> None:
    change_profile(crawling.newspaper, faults={"/robots.txt": "reset"})
    with pytest.raises(CrawlRefused, match="connection_lost"):
        crawling.run()
    assert crawling.newspaper.log.paths() == ["/robots.txt"] * 3


def test_rules_that_grow_too_old_in_mid_run_end_it(
    crawling: Crawling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(SHORT_LIVED)
    found = os.environ.get("PYTHONPATH")
    with monkeypatch.context() as patched:
        patched.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(tmp_path), found))))
        first = crawling.run(settings={"delay_seconds": 0.2})
    assert first.ending == "robots_expired"
    left = {k for k, line in crawling.lines(first).items() if line.state == "pending"}
    assert {crawling.lines(first)[k].reason for k in left} == {"robots_expired"}
    asked = len(crawling.newspaper.log)
    assert asked == first.requests > 1
    crawling.take_in(first)
    rest = crawling.lines(crawling.run())
    assert left <= rest.keys()
    assert {rest[k].state for k in left} <= {"fetched", "skipped"}
