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

from archive.closing import turnstile_key
from archive.codec import decode, decode_lines, encode
from archive.errors import (
    FailedError,
)
from archive.keys import crawl_key
from archive.records import CrawlLine, CrawlSummary
from archive.settings import ArchiveSettings
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
    # As if the two minutes had passed after which its turn counts as lost.
    crawling.archive.store.delete(turnstile_key("nzherald"))
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


def _settings_json(settings: ArchiveSettings) -> str:
    secret = settings.s3_secret_key.get_secret_value() if settings.s3_secret_key else ""
    return json.dumps(settings.model_dump(mode="json") | {"s3_secret_key": secret})


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
    values = json.loads(_settings_json(settings)) | {"delay_seconds": 0.05}
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


def test_a_stop_at_once_is_a_clean_end_before_the_first_request(crawling: Crawling) -> None:
    process = crawling.process(crawling.plan())
    process.start()
    assert process._process is not None
    status = Path(f"/proc/{process._process.pid}/status")
    wait_for(lambda: _catches(status.read_text(), signal.SIGTERM))
    process.stop()
    summary = process.wait()
    assert (summary.stopped, summary.states, summary.requests) == (True, {}, 0)
    assert len(crawling.newspaper.log) == 0


def _catches(status: str, number: int) -> bool:
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught.split()[1], 16) >> (number - 1) & 1)


def test_signals_are_taken_over_before_anything_large_is_imported() -> None:
    program = "import sys, crawler.run; print(*sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", program], check=True, stdout=subprocess.PIPE, text=True
    )
    assert {name for name in told.stdout.split() if name.startswith("crawler")} == {
        "crawler",
        "crawler.run",
        "crawler.stopping",
    }
    assert {"asyncio", "attrs", "pydantic", "scrapy"}.isdisjoint(told.stdout.split())


def test_a_parent_that_was_dead_before_we_looked_leaves_no_orphan(crawling: Crawling) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    plan, home = crawling.plan(), crawling.settings.home
    (home / "plan.json").write_bytes(encode(plan))
    command = [sys.executable, "-m", "crawler.run", "--settings-on-stdin"]
    command += ["--plan", str(home / "plan.json"), "--summary", str(home / "summary.json")]
    ended = subprocess.run(
        [*command, "--parent", str(gone.pid)],
        input=_settings_json(crawling.settings),
        text=True,
        check=False,
        stderr=subprocess.DEVNULL,
    )
    assert ended.returncode == 3
    assert decode((home / "summary.json").read_bytes(), CrawlSummary).states == {}
    assert len(crawling.newspaper.log) == 0
