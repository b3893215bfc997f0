"""What goes wrong turns the one task red that it is about, whatever the exit code of the crawl."""

import os
import signal
import threading
import time
from datetime import date, datetime
from datetime import time as time_of_day
from pathlib import Path

import pytest

from archive.closing import read, turnstile_key, write
from archive.connect import Archive
from archive.records import Lease
from demo.newspaper import Edition, Newspaper, Profile
from tests.dags.test_dag_runs import (
    NEW_ZEALAND,
    announced_by,
    day_ago,
    ends,
    note_of,
    reds,
    returned,
    states,
)

pytestmark = pytest.mark.usefixtures("environment")

ROOT = Path(__file__).resolve().parents[2]

# A bug that only the third page brings to light, in the crawl's process and nowhere else.
BUG = """
import sys
if "crawler.run" in sys.orig_argv:
    from crawler.book import Entry
    become, pages = Entry.become, []
    def broken(self, state, reason):
        pages.extend([state] if state == "fetched" else [])
        if len(pages) == 3:
            raise LookupError("a bug in the spider")
        become(self, state, reason)
    Entry.become = broken
"""


FEW = 4
"""Stories that a small newspaper announces a day: enough for a crawl that goes wrong."""


def articles_asked(newspaper: Newspaper) -> list[str]:
    return [one.path for one in newspaper.log if one.path.count("/") > 4]


def end_the_crawl(newspaper: Newspaper, ended: list[int]) -> None:
    """Kill the crawl of this process, as a machine out of memory does, once it has fetched a page."""
    deadline = time.monotonic() + 60
    while len(articles_asked(newspaper)) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    for listed in Path("/proc/self/task").glob("*/children"):
        for pid in map(int, listed.read_text().split()):
            if b"crawler.run" in Path(f"/proc/{pid}/cmdline").read_bytes():
                os.kill(pid, signal.SIGKILL)
                ended.append(pid)


def give_back_the_turn(archive: Archive) -> None:
    """Do what the next run does after two minutes: take the turn of one that was killed in it."""
    key = turnstile_key("nzherald")
    lease, tag = read(archive.store, key)
    assert lease.holder is not None
    assert write(archive.store, key, Lease(), tag)


def test_robots_that_forbid_all_turn_the_crawl_red_and_nothing_is_asked(
    dags, newspaper: Newspaper, archive: Archive
):
    newspaper.profile = Profile(robots="blocks_all")
    run = dags["crawl_world"].test()
    assert str(run.state) == "failed"
    assert reds(run) == {"discover_and_fetch"}
    assert {"conclude", "examine", "announce", "all_well"} <= {
        task for task, found in states(run).items() if found == {"upstream_failed"}
    }
    assert note_of(run).startswith("**CrawlRefused**: ")
    assert "robots.txt" in note_of(run)
    assert {one.path for one in newspaper.log} == {"/robots.txt"}
    assert list(archive.store.list_keys("nzherald/runs/")) == []


def test_a_bug_in_the_spider_has_its_books_kept_and_its_run_is_red(
    dags, newspaper: Newspaper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    newspaper.profile = Profile(day_limit=FEW)
    (tmp_path / "sitecustomize.py").write_text(BUG)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{ROOT}")
    run = dags["crawl_world"].test()
    assert str(run.state) == "failed"
    assert reds(run) == {"conclude"}
    assert note_of(run).startswith("**FailedError**: the crawl broke down: LookupError(")
    assert "The books balance." in note_of(run)
    report = returned(run, "reconcile")
    assert "a bug in the spider" in report["error"]
    assert report["archived"] > 0
    assert report["pending"] > 0


def test_a_crawl_whose_process_is_killed_is_red_and_the_next_one_brings_in_what_it_had(
    dags, newspaper: Newspaper, archive: Archive
):
    newspaper.profile = Profile(day_limit=FEW, delay_seconds=0.1)
    ended: list[int] = []
    killer = threading.Thread(target=end_the_crawl, args=(newspaper, ended))
    killer.start()
    run = dags["crawl_world"].test()
    killer.join()
    assert len(ended) == 1
    assert str(run.state) == "failed"
    assert reds(run) == {"discover_and_fetch"}
    assert "ended with signal 9" in note_of(run)
    assert list(archive.store.list_keys("nzherald/runs/")) == []

    newspaper.profile = Profile(day_limit=FEW)
    give_back_the_turn(archive)
    again = dags["crawl_world"].test()
    assert str(again.state) == "success"
    runs = {key.split("/")[-1][:25] for key in archive.store.list_keys("nzherald/warc/")}
    assert len(runs) == 2


def test_pages_that_all_answer_503_turn_reconcile_red(dags, newspaper: Newspaper):
    everything = {story.path: 503 for story in newspaper.newsroom.stories()}
    newspaper.profile = Profile(day_limit=FEW, faults=everything)
    run = dags["crawl_world"].test()
    assert str(run.state) == "failed"
    assert "reconcile" in reds(run)
    assert note_of(run).startswith("**reconcile**: only 0 of ")
    assert states(run)["announce"] == {"skipped"}


def test_nothing_listed_at_all_turns_conclude_red(dags, newspaper: Newspaper, archive: Archive):
    newspaper.profile = Profile(rss="empty", sitemap="empty", sitemap_news="empty", listing="empty")
    run = dags["crawl_world"].test()
    assert str(run.state) == "failed"
    assert reds(run) == {"conclude"}
    cause = note_of(run).splitlines()[0]
    assert "nothing is listed" in cause
    assert "(empty)" in note_of(run)
    # The books of the announcements are kept all the same.
    assert len(list(archive.store.list_keys("nzherald/runs/"))) == 1


def test_coverage_below_the_floor_turns_reconcile_red_and_what_is_archived_is_announced(
    dags, edition: Edition, newspaper: Newspaper
):
    stories = edition.in_section("world")
    newspaper.profile = Profile(faults={story.path: 404 for story in stories[::2] + stories[1::4]})
    run = dags["crawl_world"].test()
    assert str(run.state) == "failed"
    assert reds(run) == {"reconcile"}
    assert states(run)["conclude"] == states(run)["examine"] == {"success"}
    assert states(run)["all_well"] == {"upstream_failed"}
    cause = note_of(run).splitlines()[0]
    assert cause.startswith("**reconcile**: only ")
    assert "floor" in cause
    assert len(note_of(run)) <= 1000
    assert announced_by(run)


def test_a_redesign_turns_examine_red_on_the_day_that_it_came(
    dags, edition: Edition, newspaper: Newspaper
):
    days = [day_ago(10), day_ago(9)]
    # So late in New Zealand that the UTC day is the same: the day before lists them not.
    evening = datetime.combine(date.fromisoformat(days[1]), time_of_day(20), NEW_ZEALAND)
    for number in range(14):
        newspaper.newsroom.add(edition.make("redesign", at=evening, number=number))
    conf = {"since": days[0], "until": days[1], "dry_run": False}
    run = dags["backfill_world"].test(run_conf=conf)
    assert str(run.state) == "failed"
    assert reds(run) == {"each_day.examine", "report"}
    assert ends(run, "each_day.examine") == {0: "success", 1: "failed"}
    assert ends(run, "each_day.conclude") == {0: "success", 1: "success"}
    assert note_of(run).startswith(f"{days[1]}: **normalise**: the access of 14 of ")
    assert {f"| {day} |" in note_of(run) for day in days} == {True}
    assert set(days) <= set(announced_by(run))
