"""Several runs at once are one visitor to the newspaper; who says no to one says no to all."""

import os
import signal
import time
from datetime import timedelta
from itertools import pairwise
from threading import Thread
from typing import Any

import pytest
from attrs import define

from archive.closing import close, read_closure, reopen, turnstile_key
from archive.errors import CrawlHalted, CrawlRefused
from archive.lease import SLICE_SECONDS
from archive.records import Closure, CrawlSummary
from crawler.child import CrawlProcess
from crawler.pace import REFUSED_DELAYS
from demo.newspaper import Fault
from tests.crawler.crawling import PUBLISHER, Crawling, change_profile, wait_for

DELAY = 1.0


@define
class Running:
    """A crawl in a process, waited for by a thread."""

    process: CrawlProcess
    thread: Thread
    ended: list[CrawlSummary | Exception]

    def result(self) -> CrawlSummary:
        self.thread.join()
        (ended,) = self.ended
        if isinstance(ended, Exception):
            raise ended
        return ended


def start(crawling: Crawling, settings: dict[str, Any] | None = None, **plan: Any) -> Running:
    process = crawling.process(crawling.plan(**plan), **(settings or {}))
    ended: list[CrawlSummary | Exception] = []

    def run() -> None:
        try:
            process.start()
            ended.append(process.wait())
        except Exception as error:  # noqa: BLE001 - the test raises it again
            ended.append(error)

    thread = Thread(target=run)
    thread.start()
    return Running(process, thread, ended)


def test_a_live_crawl_and_three_backfills_keep_the_delay_together(crawling: Crawling) -> None:
    newspaper = crawling.newspaper
    settings = {"delay_seconds": DELAY, "request_budget": 6}
    days = newspaper.edition.days
    runs = [start(crawling, settings)]
    for number in (2, 3, 4):
        day = days[-number]
        runs.append(start(crawling, settings, since=day, until=day, ask="missing"))
    summaries = [run.result() for run in runs]
    assert {summary.ending for summary in summaries} == {"request_budget"}
    entries = newspaper.log.entries()
    assert len(entries) == sum(summary.requests for summary in summaries)
    gaps = [(b.at - a.at).total_seconds() for a, b in pairwise(entries)]
    assert min(gaps) >= 0.95 * DELAY
    assert not any(entry.forbidden for entry in entries)
    assert entries[0].path == "/robots.txt"
    # Whoever had to wait said for whom.
    told = [line for line in crawling.log if "waiting_for" in line.fields]
    assert {line.fields["waiting_for"] for line in told} <= {s.run_id for s in summaries}
    assert len(told) >= 3


def test_a_waiting_run_stops_at_once(crawling: Crawling) -> None:
    killed = start(crawling, {"delay_seconds": 0.2})
    wait_for(lambda: len(crawling.newspaper.log) > 3)
    assert killed.process._process is not None
    os.killpg(killed.process._process.pid, signal.SIGKILL)
    killed.thread.join()
    asked = len(crawling.newspaper.log)
    waiting = start(crawling, {"delay_seconds": 0.2})
    wait_for(lambda: any("waiting_for" in line.fields for line in crawling.log))
    began = time.monotonic()
    waiting.process.stop()
    summary = waiting.result()
    assert time.monotonic() - began < 10
    assert (summary.stopped, summary.requests) == (True, 0)
    assert len(crawling.newspaper.log) == asked


def test_a_halt_reaches_a_running_crawl_and_those_after_it(crawling: Crawling) -> None:
    # Some 160 requests, on the quickest machine too: much longer than a slice.
    running = start(crawling, {"delay_seconds": DELAY / 2})
    wait_for(lambda: len(crawling.newspaper.log) > 25)
    store, now = crawling.archive.store, crawling.newspaper.clock.now
    close(store, PUBLISHER, Closure(kind="halted", reason="a test", closed_at=now()))
    halted_at = now()
    with pytest.raises(CrawlHalted, match=r"a test.*newsarchive resume") as caught:
        running.result()
    assert caught.value.exit_code == 4
    after = [entry for entry in crawling.newspaper.log.entries() if entry.at > halted_at]
    assert len(after) <= SLICE_SECONDS / (DELAY / 2) + 2
    summary = running.process.salvaged
    assert summary is not None
    assert summary.states["fetched"] > 0
    pending = [line for line in crawling.lines(summary).values() if line.state == "pending"]
    assert {line.reason for line in pending} == {"halted"}
    asked = len(crawling.newspaper.log)
    with pytest.raises(CrawlHalted):
        crawling.run()
    assert len(crawling.newspaper.log) == asked
    reopen(store, PUBLISHER)
    crawling.run(settings={"request_budget": 3})
    assert len(crawling.newspaper.log) == asked + 3


def test_a_refusal_closes_for_the_next_run_until_it_is_lifted(crawling: Crawling) -> None:
    change_profile(crawling.newspaper, faults={"/world/": 403})
    gently = {"delay_seconds": 0.2}
    with pytest.raises(CrawlRefused, match=r"403.*nobody asks again before"):
        crawling.run(settings=gently)
    change_profile(crawling.newspaper, faults={})
    asked = len(crawling.newspaper.log)
    with pytest.raises(CrawlRefused, match=r"403.*newsarchive resume"):
        crawling.run(settings=gently)
    with pytest.raises(CrawlRefused):
        crawling.run(dry_run=True, settings=gently)
    assert len(crawling.newspaper.log) == asked
    closure = read_closure(crawling.archive.store, PUBLISHER)
    assert closure is not None
    assert closure.until is not None
    assert closure.until - closure.closed_at == REFUSED_DELAYS * timedelta(seconds=0.2)
    reopen(crawling.archive.store, PUBLISHER)
    assert crawling.run().ending is None


def test_a_pause_that_the_publisher_asks_for_holds_for_the_next_run(crawling: Crawling) -> None:
    index = "/arc/outboundfeeds/sitemap-index/"
    faults = {index: Fault(503, times=1, retry_after="6")}
    change_profile(crawling.newspaper, faults=faults)
    running = start(crawling)
    wait_for(lambda: index in crawling.newspaper.log.paths())
    refused = crawling.newspaper.log[-1]
    running.process.stop()
    assert running.result().stopped
    crawling.run(settings={"request_budget": 2})
    following = crawling.newspaper.log[2]
    assert following.at - refused.at >= timedelta(seconds=6)


def test_a_pause_too_long_to_wait_for_leaves_everything_pending(crawling: Crawling) -> None:
    index = "/arc/outboundfeeds/sitemap-index/"
    change_profile(crawling.newspaper, faults={index: Fault(429, retry_after="99999999999")})
    assert crawling.run().ending == "back_off"
    closure = read_closure(crawling.archive.store, PUBLISHER)
    assert closure is not None
    assert closure.until is not None
    # A publisher can't close itself for years by a slip.
    assert closure.until - closure.closed_at == timedelta(days=1)
    asked = len(crawling.newspaper.log)
    second = crawling.run()
    assert (second.ending, second.requests) == ("back_off", 0)
    assert len(crawling.newspaper.log) == asked


def test_a_publisher_that_stays_busy_is_left_alone_by_all(crawling: Crawling) -> None:
    change_profile(crawling.newspaper, faults={"/world/": 429})
    gently = {"delay_seconds": 1.5}
    assert crawling.run(settings=gently).ending == "back_off"
    assert crawling.newspaper.log.paths().count("/world/") == 3
    # 120 delays are longer than a run waits.
    assert crawling.run(settings=gently).requests == 0


def test_one_run_asks_the_store_for_its_turn_now_and_then(crawling: Crawling) -> None:
    crawling.run()
    content = crawling.archive.store.get(turnstile_key(PUBLISHER))
    assert b'"holder":null' in content
    # As many slices as the seconds it took, each of up to twenty; not as many as requests.
    assert int(content.partition(b'"turn":')[2].partition(b",")[0]) < 15
