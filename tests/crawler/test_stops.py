"""A crawl that is stopped, killed or orphaned: what was fetched is safe, the rest is pending."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from archive.codec import decode_lines, encode
from archive.errors import (
    FailedError,
)
from archive.keys import crawl_key
from archive.records import CrawlLine
from archive.warc import read_pages
from tests.crawler.crawling import Crawling, change_profile, wait_for

FEEDS = "/arc/outboundfeeds"


def test_a_stop_in_the_middle_leaves_everything_in_order(crawling: Crawling) -> None:
    process = crawling.process(crawling.plan(), delay_seconds=0.05)
    process.start()
    wait_for(lambda: len(crawling.newspaper.log) > 25)
    process.stop()
    process.stop()
    summary = process.wait()
    asked = len(crawling.newspaper.log)
    assert summary.stopped
    assert summary.requests == asked
    lines = crawling.lines(summary)
    assert summary.states["fetched"] == len(crawling.asked_articles())
    assert {line.reason for line in lines.values() if line.state == "pending"} == {"stopped"}
    for key in summary.warc_keys:
        assert len(list(read_pages(crawling.archive.store.get(key), file=key))) > 5
    assert not list(crawling.settings.home.rglob("*.warc.gz*"))
    crawling.take_in(summary)
    second = crawling.run()
    assert second.states.get("pending", 0) == 0
    everything = crawling.lines(second)
    assert crawling.listed_stories().keys() <= everything.keys()


def test_a_stop_does_not_wait_for_a_slow_server(crawling: Crawling) -> None:
    process = crawling.process(crawling.plan(), delay_seconds=30)
    process.start()
    wait_for(lambda: len(crawling.newspaper.log) == 1)
    started = time.monotonic()
    process.stop()
    assert process.wait().stopped
    assert time.monotonic() - started < 20


def test_a_killed_crawl_costs_no_evidence(crawling: Crawling) -> None:
    process = crawling.process(plan := crawling.plan(), delay_seconds=0.05)
    process.start()
    wait_for(lambda: len(crawling.newspaper.log) > 25)
    assert process._process is not None
    os.killpg(process._process.pid, signal.SIGKILL)
    with pytest.raises(FailedError, match="signal 9"):
        process.wait()
    crawling.run(ask="missing")
    rescued = next(
        key
        for key in crawling.archive.store.list_keys("nzherald/warc/")
        if plan.run_id in key and key.endswith(".gz")
    )
    assert len(list(read_pages(crawling.archive.store.get(rescued), file=rescued))) > 5
    assert not list(crawling.settings.home.rglob("*.warc.gz*"))


def test_a_stop_does_not_wait_for_an_answer_that_never_comes(crawling: Crawling) -> None:
    process = crawling.process(crawling.plan())
    process.start()
    wait_for(lambda: len(crawling.newspaper.log) > 20)
    change_profile(crawling.newspaper, delay_seconds=300)
    time.sleep(0.5)
    started = time.monotonic()
    process.stop()
    summary = process.wait()
    assert summary.stopped
    assert summary.states["fetched"] > 0
    assert time.monotonic() - started < 25


PARENT = """
import sys
from pathlib import Path
from archive.codec import decode
from archive.records import CrawlPlan
from archive.settings import ArchiveSettings
from crawler.child import CrawlProcess
home = Path(sys.argv[1])
settings = ArchiveSettings.model_validate_json(sys.stdin.read())
plan = decode((home / "plan.json").read_bytes(), CrawlPlan)
child = CrawlProcess(plan, home=home, on_log=lambda line: None, settings=settings)
child.start()
print(child._process.pid, flush=True)
child.wait()
"""


def test_a_crawl_ends_cleanly_when_its_parent_is_killed(crawling: Crawling) -> None:
    plan, settings = crawling.plan(), crawling.settings
    (settings.home / "plan.json").write_bytes(encode(plan))
    secret = settings.s3_secret_key.get_secret_value() if settings.s3_secret_key else ""
    values = settings.model_dump(mode="json") | {"s3_secret_key": secret, "delay_seconds": 0.05}
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(settings.home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdin is not None
        assert parent.stdout is not None
        parent.stdin.write(json.dumps(values))
        parent.stdin.close()
        child = int(parent.stdout.readline())
        wait_for(lambda: len(crawling.newspaper.log) > 25)
        parent.kill()
    wait_for(lambda: not Path(f"/proc/{child}").exists())
    asked = len(crawling.newspaper.log)
    content = crawling.archive.store.get(crawl_key("nzherald", plan.run_id))
    states = Counter(line.state for line in decode_lines(content, CrawlLine))
    assert states["fetched"] == len(crawling.asked_articles())
    assert states["pending"] > 0
    time.sleep(0.3)
    assert len(crawling.newspaper.log) == asked
