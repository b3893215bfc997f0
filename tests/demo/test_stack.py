"""The whole stack: one start of the demo as a user makes it, and what must stop a start."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from archive.embedded_store import EmbeddedStore
from archive.errors import FailedError, PortTaken
from archive.ports import is_free
from demo.airflow_api import FINISHED, AirflowApi
from demo.stack import Stack, _only_one
from docs.screenshot import has_browser, shows, signed_in, wait_for

# Two starts of everything: a minute and a half each on a quiet machine of two cores.
pytestmark = pytest.mark.timeout(1500)

COMMAND = Path(sys.executable).with_name("newsarchive")
ROOT = Path(__file__).resolve().parents[2]


def demo(home: Path, *options: str) -> subprocess.Popen[str]:
    """Start the demo in a home of its own; what it logs stands beside it."""
    strange = ("ARCHIVE_", "AIRFLOW")
    env = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
    with home.with_suffix(".log").open("w") as log:
        return subprocess.Popen(
            [COMMAND, "demo", "--home", str(home), *options],
            cwd=ROOT,
            env={**env, "COLUMNS": "200"},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )


def log_of(home: Path) -> str:
    return home.with_suffix(".log").read_text()


def processes_of(home: Path) -> list[str]:
    """Every process that was started for a home: it stands in their environment or command line."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            continue
        if str(home).encode() in words and int(process.name) != os.getpid():
            found.append(f"{process.name}: {words[:200]!r}")
    return found


def ports_of(home: Path) -> list[int]:
    airflow = re.search(r"API__PORT=(\d+)", (home / "airflow" / "airflow.env").read_text())
    assert airflow is not None
    return [int(airflow[1]), json.loads((home / "newspaper.json").read_text())["port"]]


def is_left(home: Path) -> list[str]:
    return [*processes_of(home), *(str(port) for port in ports_of(home) if not is_free(port))]


def in_the_bucket(home: Path, prefix: str) -> list[str]:
    with EmbeddedStore(home) as server:
        return list(server.open().list_keys(f"nzherald/{prefix}/"))


def reports(home: Path) -> list[dict[str, Any]]:
    with EmbeddedStore(home) as server:
        store = server.open()
        return [json.loads(store.get(key)) for key in store.list_keys("nzherald/runs/")]


def number_after(words: str, out: str) -> int:
    found = re.search(words + r"\D*(\d+)", out)
    assert found is not None, out
    return int(found[1])


@frozen
class Shown:
    """A demo that ran once to its end, and was started again and left running."""

    home: Path
    once: str
    left: list[str]
    enriched: list[str]
    runs: list[dict[str, Any]]
    half_hours: int
    articles: list[str]
    again: subprocess.Popen[str]
    said: str


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    home = tmp_path_factory.mktemp("stack") / "demo"
    began = time.time()
    first = demo(home, "--once")
    out, _ = first.communicate(timeout=700)
    # At each of them the demo's own schedule asks for a crawl.
    half_hours = int(time.time() // 1800 - began // 1800)
    assert first.returncode == 0, log_of(home)
    kept = {prefix: in_the_bucket(home, prefix) for prefix in ("enrichments", "articles")}
    runs = reports(home)
    left = is_left(home)
    with demo(home) as again:
        try:
            said = ""
            while "Ctrl-C stops everything" not in said:
                line = again.stdout.readline() if again.stdout else ""
                assert line, log_of(home)
                said += line
            yield Shown(
                home=home,
                once=out,
                left=left,
                enriched=kept["enrichments"],
                runs=runs,
                half_hours=half_hours,
                articles=kept["articles"],
                again=again,
                said=said,
            )
        finally:
            again.terminate()
            again.communicate(timeout=60)


def test_once_archives_backfills_enriches_and_leaves_nothing_running(shown: Shown):
    assert shown.left == []
    assert "The books balance." in shown.once
    assert "Backfill of older days" in shown.once
    assert "Traceback" not in log_of(shown.home)
    assert len(shown.enriched) == number_after("Enriched:", shown.once) > 0
    purposes = Counter(run["purpose"] for run in shown.runs)
    assert purposes.keys() == {"present", "dates"}
    assert purposes["dates"] == 2
    assert 1 <= purposes["present"] <= 1 + shown.half_hours


def test_a_second_start_meets_the_same_newspaper_and_finds_everything_unchanged(shown: Shown):
    new = re.search(r"(\d+) new articles, (\d+) new revisions", shown.said)
    assert new is not None
    assert new.groups() == ("0", "0")
    assert number_after("Enriched:", shown.said) == 0


def test_the_ui_shows_the_run_and_its_report(shown: Shown):
    if not has_browser():
        pytest.skip("needs chromium and chromedriver (Debian: chromium, chromium-driver)")
    url, password = login(shown)
    with signed_in(url, password) as browser:
        browser.get(f"{url}/dags/crawl_world")
        shows(browser, "discover_and_fetch", "normalise_and_store", "reconcile", "announce")
        shows(browser, "articles", "Partition Key")
        wait_for(browser, "a[href*='/crawl_world/runs/']").click()
        shows(browser, "Success", "listed", "archived")


def test_a_takedown_waits_for_a_person_and_then_removes_the_article(shown: Shown):
    url, password = login(shown)
    api = AirflowApi(url, user="admin", password=password)
    article_id = shown.articles[0].split("/")[2]
    asked = {"article_id": article_id, "reason": "Order 26/117", "requested_by": "the Registrar"}

    refused = api.trigger("take_down", asked)
    assert answered(api, refused, "Reject")["state"] == "success"
    states = {task["task_id"]: task["state"] for task in api.tasks("take_down", refused)}
    assert states == {"plan": "success", "approve": "success", "remove": "skipped"}

    approved = api.trigger("take_down", asked)
    run = answered(api, approved, "Approve")
    assert run["state"] == "success"
    assert "is taken down" in run["note"]
    with EmbeddedStore(shown.home) as server:
        store = server.open()
        assert list(store.list_keys(f"nzherald/articles/{article_id}/")) == []
        tombstone = json.loads(store.get(f"nzherald/tombstones/{article_id}.json"))
    assert tombstone["reason"] == "Order 26/117"
    assert tombstone["requested_by"] == "the Registrar"
    assert tombstone["approved_by"] == "admin"


def login(shown: Shown) -> tuple[str, str]:
    url = re.search(r"Airflow +(http\S+)", shown.said)
    password = re.search(r"login +admin / (\S+)", shown.said)
    assert url is not None
    assert password is not None
    return url[1], password[1]


def answered(api: AirflowApi, run_id: str, option: str) -> dict[str, Any]:
    """Answer what a run asks, as a person does under "Required Actions"; return it once it has ended.

    Airflow 3.3 takes an answer that comes within a second or so for a task that was killed, and asks
    again a minute later (apache/airflow#72716). A crawl of the schedule may be under way: then the
    removal is tried again every two minutes.
    """
    quoted = urllib.parse.quote(run_id, safe="")
    path = f"/dags/take_down/dagRuns/{quoted}/taskInstances/approve/-1/hitlDetails"
    deadline = time.monotonic() + 600
    while (run := api.run("take_down", run_id))["state"] not in FINISHED:
        states = {task["task_id"]: task["state"] for task in api.tasks("take_down", run_id)}
        assert time.monotonic() < deadline, states
        if states["approve"] == "awaiting_input":
            api.patch(path, {"chosen_options": [option], "params_input": {}})
        time.sleep(1)
    return run


def test_a_signal_ends_the_demo_and_frees_everything(shown: Shown):
    shown.again.send_signal(signal.SIGTERM)
    shown.again.communicate(timeout=60)
    assert shown.again.returncode == 0, log_of(shown.home)
    assert is_left(shown.home) == []
    taken_down = shown.articles[0].split("/")[2]
    left = {key for key in shown.articles if taken_down not in key}
    found = set(in_the_bucket(shown.home, "articles"))
    assert left <= found
    assert not any(taken_down in key for key in found)


def test_a_signal_during_the_start_leaves_nothing_running(tmp_path):
    home = tmp_path / "demo"
    starting = demo(home)
    deadline = time.monotonic() + 100
    while not (home / "logs" / "scheduler.log").exists():
        assert time.monotonic() < deadline, log_of(home)
        time.sleep(0.1)
    starting.send_signal(signal.SIGINT)
    starting.communicate(timeout=60)
    assert starting.returncode == 3, log_of(home)
    assert is_left(home) == []


def test_the_newspapers_port_is_fixed_and_a_taken_one_is_said(tmp_path, newspaper):
    state = {"origin": newspaper.origin, "port": newspaper.port, "today": "2026-03-01", "seed": 1}
    (tmp_path / "newspaper.json").write_text(json.dumps(state))
    with pytest.raises(PortTaken, match=str(newspaper.port)), Stack(tmp_path, newspaper=True):
        pytest.fail("it started")
    assert processes_of(tmp_path) == []


def test_a_live_stack_needs_a_contact_before_anything_is_started(tmp_path):
    strange = ("ARCHIVE_", "AIRFLOW")
    env = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
    home = tmp_path / "live"
    done = subprocess.run(
        [COMMAND, "up"],
        env={**env, "ARCHIVE_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "ARCHIVE_CONTACT" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not home.exists()


def test_a_home_has_one_runner_at_a_time(tmp_path):
    with (
        _only_one(tmp_path),
        pytest.raises(FailedError, match="running already"),
        Stack(tmp_path, newspaper=True),
    ):
        pytest.fail("it started")
