"""The crawl operator as Airflow treats it: killed, timed out, cut off."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.codec import encode
from archive.keys import new_run_id, takedown_key
from archive.records import Takedown
from archive.tombstones import is_done
from demo.airflow_home import prepare
from tests.cli.support import environment
from tests.faults.processes import alive, until

ROOT = Path(__file__).resolve().parents[2]

# What Airflow does: SIGTERM calls on_kill inside its handler, while execute goes on; a time-out is an
# exception out of an alarm's handler.
TASK = """
import logging, signal, sys
from types import SimpleNamespace
from airflow.sdk.exceptions import AirflowTaskTimeout
from plugins.crawl_operator import CrawlOperator

def timed_out(*_):
    raise AirflowTaskTimeout

operator = CrawlOperator(task_id="crawl")
signal.signal(signal.SIGTERM, lambda *_: operator.on_kill())
signal.signal(signal.SIGALRM, timed_out)
logging.basicConfig(level="INFO", stream=sys.stdout, force=True)
ti = SimpleNamespace(
    run_id="run", task_id="crawl", map_index=-1, try_number=1,
    xcom_push=lambda key, value: print("XCOM", key, value, flush=True),
)
print("RESULT", operator.execute({"ti": ti}), flush=True)
"""


class Task:
    """The operator in a process of its own, as in a real task."""

    def __init__(self, env: dict[str, str], log: Path) -> None:
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", TASK], cwd=ROOT, env=env, stdout=output, stderr=output
            )

    @property
    def said(self) -> str:
        return self.log.read_text()

    def crawl(self) -> int:
        """The pid of the crawl, once it fetches articles."""
        until(lambda: "progress" in self.said or self.process.poll() is not None, 60)
        assert self.process.poll() is None, self.said
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return int(children.split()[0])


@pytest.fixture
def cut_short(archive):
    """A takedown that was killed when all but its manifest was done."""
    at = datetime(2026, 3, 1, tzinfo=UTC)
    made = Takedown(
        article_id="A" * 25 + "4",
        publisher="nzherald",
        run_id=new_run_id(at, "takedown"),
        serial=1,
        taken_down_at=at,
        reason="an order",
        requested_by="the Registrar",
    )
    archive.store.put(takedown_key(made.publisher, made.article_id), encode(made))
    return made


@pytest.fixture
def task(settings, newspaper, archive, tmp_path):
    """A crawl that asks slowly: it is always in the middle when something happens to it."""
    home = prepare(tmp_path, root=ROOT, paused=False, given={})
    env = environment(
        settings, ARCHIVE_PUBLISHER_ORIGIN=newspaper.origin, ARCHIVE_DELAY_SECONDS="0.3"
    )
    task = Task({**env, **home.environment, "PYTHONWARNINGS": "ignore"}, tmp_path / "task.log")
    yield task
    task.process.kill()
    task.process.wait()


def test_a_takedown_that_was_cut_short_is_finished_before_it_crawls(cut_short, task, archive):
    task.crawl()
    assert is_done(archive.store, cut_short)


def test_a_killed_task_closes_its_crawl_and_fails(task):
    crawl = task.crawl()
    task.process.send_signal(signal.SIGTERM)
    assert task.process.wait(30) == 1
    assert not alive(crawl)
    assert "was stopped" in task.said
    assert "RESULT" not in task.said


def test_a_task_that_is_gone_at_once_takes_its_crawl_with_it(task, archive):
    crawl = task.crawl()
    os.kill(task.process.pid, signal.SIGKILL)
    until(lambda: not alive(crawl), 30)
    # Closed, not cut off: what had been fetched is preserved.
    assert list(archive.store.list_keys("nzherald/warc/"))


def test_a_task_out_of_time_closes_its_crawl_and_hands_on_what_it_has(task, settings):
    crawl = task.crawl()
    task.process.send_signal(signal.SIGALRM)
    assert task.process.wait(60) == 0
    assert not alive(crawl)
    # The stages keep the books of what it did, and then the run fails with the reason.
    assert "RESULT ['nzherald/warc/" in task.said
    assert "'error': {'name': 'FailedError'" in task.said
    assert "ended at its time limit" in task.said
    assert list((settings.home / "crawls").iterdir()) == []
