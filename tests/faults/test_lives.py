"""How long processes live: workers for many crawls, crawls no longer than their worker."""

import dataclasses
import json
import time
from pathlib import Path

import pytest

from archive.codec import decode, encode
from archive.errors import STOPPED
from archive.records import CrawlSummary
from archive.warc_pages import read_pages
from cli.run_flow import make_plan
from demo.airflow_home import prepare
from demo.newspaper import Fault, Newspaper
from tests.faults.checks import assert_whole, spooled
from tests.faults.length import LONG
from tests.faults.many_at_once import AT_ONCE
from tests.faults.processes import ROOT, Killable, module, until
from tests.faults.world import PUBLISHER, World

pytestmark = pytest.mark.timeout(1200)

CRAWLS = 50 if LONG else 5
HANGING = 16


def test_one_worker_crawls_many_times_and_holds_no_more_than_before(
    world: World, tmp_path: Path
) -> None:
    home = prepare(tmp_path, root=ROOT, paused=False, given={})
    env = {**world.env, **home.environment}
    worker = Killable(module("tests.faults.long_worker", str(CRAWLS)), env, tmp_path / "worker.log")
    assert worker.wait(1000) == 0, worker.said
    assert "ReactorNotRestartable" not in worker.said
    lines = [line for line in worker.said.splitlines() if line.startswith("HELD")]
    held = [json.loads(line.removeprefix("HELD ")) for line in lines]
    assert len({one["run_id"] for one in held}) == len(held) == CRAWLS
    settled, last = held[1], held[-1]
    print(settled, last)  # noqa: T201 - shown when the test fails
    assert last["files"] <= settled["files"]
    assert last["threads"] <= settled["threads"]
    assert last["kib"] <= settled["kib"] * 1.1
    assert not worker.living()


def test_a_crawl_ends_with_its_parent_and_asks_for_nothing_more(world: World) -> None:
    crawl = world.start("crawl", ARCHIVE_DELAY_SECONDS="0.3")
    until(lambda: len(world.newspaper.log) > 12)
    crawl.kill_alone()
    began = time.monotonic()
    until(lambda: not crawl.living(), 30)
    asked = len(world.newspaper.log)
    print(f"over after {time.monotonic() - began:.1f} s")  # noqa: T201 - shown when the test fails
    time.sleep(1)
    assert len(world.newspaper.log) == asked
    found = spooled(world.settings.home)
    world.clean_run()
    assert_whole(world, found)


def test_a_stop_does_not_wait_for_sixteen_answers_that_never_come(
    world: World, tmp_path: Path
) -> None:
    plan, summary = tmp_path / "plan.json", tmp_path / "summary.json"
    plan.write_bytes(encode(make_plan(PUBLISHER)))
    newspaper = world.newspaper
    hangs = Fault(kind="hangs", seconds=300, after=AT_ONCE - HANGING)
    faults = {f"*/{'?' * 26}/": hangs}
    newspaper.profile = dataclasses.replace(newspaper.profile, faults=faults)
    files = ("--plan", str(plan), "--summary", str(summary))
    crawl = Killable(module("tests.faults.many_at_once", *files), world.env, tmp_path / "crawl.log")
    until(lambda: len(_unanswered(newspaper)) >= HANGING or crawl.is_over())
    began = time.monotonic()
    crawl.process.terminate()
    assert crawl.wait(30) == STOPPED, crawl.said
    print(f"over after {time.monotonic() - began:.1f} s")  # noqa: T201 - shown when the test fails
    done = decode(summary.read_bytes(), CrawlSummary)
    answered = len(newspaper.log) - len(_unanswered(newspaper))
    assert 0 < done.states["fetched"] <= answered
    assert not crawl.living()
    kept = [
        page.url
        for key in done.warc_keys
        for page in read_pages(world.store.get(key), file=key)
        if len(page.url.rstrip("/").rpartition("/")[2]) == 26
    ]
    assert len(kept) == len(set(kept)) == done.states["fetched"]


def _unanswered(newspaper: Newspaper) -> list[str]:
    return [entry.path for entry in newspaper.log if entry.ended is None]
