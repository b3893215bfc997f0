"""A crawl's task in a real Airflow, ended in every way it can be: no child is left, nobody is asked any more."""

import os
import shutil
import signal
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from attrs import define

from demo.stack import Stack
from tests.faults.checks import assert_whole
from tests.faults.length import LONG
from tests.faults.processes import MARK, ROOT, marked, until
from tests.faults.world import World

# A start of everything takes a minute on a quiet machine of two cores.
pytestmark = pytest.mark.timeout(1500)

TASK = "discover_and_fetch"
SCHEDULE = 'schedule="*/30 * * * *"'
LIMITED = "crawl_with_a_limit"
DAG = """
from datetime import timedelta
from airflow.sdk import dag
from plugins.crawl_operator import CrawlOperator

@dag(schedule=None)
def crawl_with_a_limit():
    CrawlOperator(task_id="discover_and_fetch", retries=0, execution_timeout=timedelta(seconds=12))

crawl_with_a_limit()
"""


@define
class Running:
    """A running Airflow whose crawls are slow: each is always in the middle."""

    world: World
    stack: Stack
    mark: str

    def crawls(self) -> list[int]:
        """The processes that crawl."""
        return [pid for pid in marked(self.mark) if b"crawler.run" in _words(pid)]

    def crawl(self, dag_id: str = "crawl_world") -> str:
        """Trigger a crawl, and return the id of its run once it asks for pages."""
        before = len(self.world.newspaper.log)
        run_id = self.stack.api.trigger(dag_id)
        until(lambda: self.crawls() and len(self.world.newspaper.log) > before + 3, 120)
        return run_id

    def assert_over(self, pids: list[int]) -> None:
        """These crawls are over within 30 s, and ask for nothing any more."""
        until(lambda: not set(pids) & set(self.crawls()), 30)
        if not self.crawls():
            asked = len(self.world.newspaper.log)
            time.sleep(3)
            assert len(self.world.newspaper.log) == asked

    def end(self, dag_id: str, run_id: str) -> None:
        """Mark a run failed, and wait until nothing of it is at work."""
        self.stack.api.patch(f"/dags/{dag_id}/dagRuns/{run_id}", {"state": "failed"})
        until(lambda: not self.crawls(), 30)


def _words(pid: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


@pytest.fixture
def running(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    for name in [name for name in os.environ if name.startswith(("AIRFLOW", "ARCHIVE_"))]:
        monkeypatch.delenv(name)
    dags = tmp_path / "dags"
    shutil.copytree(ROOT / "dags", dags, ignore=shutil.ignore_patterns("__pycache__"))
    (dags / f"{LIMITED}.py").write_text(DAG)
    # A crawl of the schedule, at each half hour, is not the one that is ended.
    scheduled = (dags / "crawl_world.py").read_text()
    assert SCHEDULE in scheduled
    (dags / "crawl_world.py").write_text(scheduled.replace(SCHEDULE, "schedule=None"))
    mark = uuid.uuid4().hex
    settings = {
        **{name: value for name, value in world.env.items() if name.startswith("ARCHIVE_")},
        "ARCHIVE_DELAY_SECONDS": "1",
        "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
        # Nothing starts by itself.
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "True",
        MARK: mark,
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with Stack(world.settings.home, newspaper=False, bucket=None) as stack:
        until(lambda: LIMITED in {dag["dag_id"] for dag in stack.api.get("/dags")["dags"]}, 120)
        for dag_id in ("crawl_world", LIMITED):
            stack.api.pause(dag_id, paused=False)
        yield Running(world, stack, mark)
    assert marked(mark) == [os.getpid()] or marked(mark) == []


def marked_failed(running: Running) -> None:
    run_id, pids = running.crawl(), running.crawls()
    path = f"/dags/crawl_world/dagRuns/{run_id}/taskInstances/{TASK}"
    running.stack.api.patch(path, {"new_state": "failed"})
    running.assert_over(pids)
    running.end("crawl_world", run_id)


def cleared(running: Running) -> None:
    run_id, pids = running.crawl(), running.crawls()
    asked = {"dry_run": False, "dag_run_id": run_id, "task_ids": [TASK], "only_failed": False}
    running.stack.api.post("/dags/crawl_world/clearTaskInstances", asked)
    running.assert_over(pids)
    running.end("crawl_world", run_id)


def killed(running: Running) -> None:
    run_id, pids = running.crawl(), running.crawls()
    stat = Path(f"/proc/{pids[0]}/stat").read_text().rpartition(")")[2].split()
    os.kill(int(stat[1]), signal.SIGKILL)
    running.assert_over(pids)
    running.end("crawl_world", run_id)


def out_of_time(running: Running) -> None:
    run_id, pids = running.crawl(LIMITED), running.crawls()
    until(
        lambda: running.stack.api.run(LIMITED, run_id)["state"] == "failed" or not running.crawls(),
        60,
    )
    running.assert_over(pids)


CASES: list[Callable[[Running], None]] = [marked_failed, cleared, killed, out_of_time]


def test_however_a_crawls_task_ends_nothing_of_it_goes_on(running: Running) -> None:
    for case in CASES if LONG else CASES[:1]:
        case(running)
        print(f"{case.__name__}: over")  # noqa: T201 - shown when the test fails
    running.world.clean_run()
    assert_whole(running.world)
