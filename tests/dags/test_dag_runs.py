"""Each DAG through a real Airflow, a real crawl, and the real store."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from airflow.models.asset import AssetEvent
from airflow.models.dagrun import DagRun
from airflow.utils.session import create_session
from sqlalchemy import select

from archive.codec import decode
from archive.connect import Archive
from archive.records import RunReport

pytestmark = pytest.mark.usefixtures("environment")

NEW_ZEALAND = ZoneInfo("Pacific/Auckland")


def states(run) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for task in run.get_task_instances():
        found.setdefault(task.task_id, set()).add(str(task.state))
    return found


def reds(run) -> set[str]:
    return {task for task, found in states(run).items() if "failed" in found}


def ends(run, task_id: str) -> dict[int, str]:
    return {
        task.map_index: str(task.state)
        for task in run.get_task_instances()
        if task.task_id == task_id
    }


def returned(run, task_id: str):
    task = next(task for task in run.get_task_instances() if task.task_id == task_id)
    return task.xcom_pull(task_ids=task_id)


def note_of(run) -> str:
    with create_session() as session:
        return session.get(DagRun, run.id).note or ""


def announced_by(run) -> list[str]:
    with create_session() as session:
        events = select(AssetEvent).where(AssetEvent.source_run_id == run.run_id)
        return sorted(event.partition_key for event in session.scalars(events))


def day_ago(days: int) -> str:
    return (datetime.now(UTC).astimezone(NEW_ZEALAND).date() - timedelta(days)).isoformat()


def test_a_crawl_archives_what_is_listed_and_the_next_finds_it_unchanged(dags, archive: Archive):
    first = dags["crawl_world"].test()
    assert str(first.state) == "success"
    report = returned(first, "reconcile")
    assert report["archived"] > 0
    words = ("archived", "unchanged", "skipped", "failed", "pending")
    assert report["listed"] == sum(report[word] for word in words)
    assert report["run_id"] in note_of(first)
    assert "The books balance." in note_of(first)
    assert announced_by(first) == sorted(report["changed_days"])

    runs = list(archive.store.list_keys("nzherald/runs/"))
    assert [decode(archive.store.get(key), RunReport).run_id for key in runs] == [report["run_id"]]
    articles = list(archive.store.list_keys("nzherald/articles/"))
    assert len(articles) >= report["archived"]

    second = dags["crawl_world"].test()
    assert str(second.state) == "success"
    again = returned(second, "reconcile")
    assert (again["listed"], again["archived"]) == (report["listed"], 0)
    assert states(second)["announce"] == {"skipped"}
    assert announced_by(second) == []
    assert list(archive.store.list_keys("nzherald/articles/")) == articles


def test_a_backfill_goes_through_its_days_one_by_one(dags, archive: Archive):
    days = [day_ago(10), day_ago(9)]
    conf = {"since": days[0], "until": days[1]}

    dry = dags["backfill_world"].test(run_conf={**conf, "dry_run": True})
    assert str(dry.state) == "success"
    missing = {line["day"]: line["missing"] for line in returned(dry, "report")}
    assert list(missing) == days
    assert all(missing.values())
    assert all(day in note_of(dry) for day in days)
    assert states(dry)["announce"] == {"skipped"}
    # Who asks passes the turnstile, and nothing else is written.
    assert {key.split("/")[1] for key in archive.store.list_keys("nzherald/")} == {"leases"}

    real = dags["backfill_world"].test(run_conf={**conf, "dry_run": False})
    assert str(real.state) == "success"
    lines = {line["day"]: line for line in returned(real, "report")}
    assert {day: line["listed"] for day, line in lines.items()} == missing
    assert all(line["archived"] for line in lines.values())
    assert len(list(archive.store.list_keys("nzherald/runs/"))) == len(days)
    assert set(days) <= set(announced_by(real))
    named = {task.rendered_map_index for task in real.get_task_instances() if task.map_index >= 0}
    assert named == set(days)


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("2026-03-02", "2026-03-01", "swap them"),
        (day_ago(1), day_ago(-2), "lies in the future"),
    ],
)
def test_a_range_that_is_none_is_refused_with_the_reason(dags, since, until, words):
    run = dags["backfill_world"].test(run_conf={"since": since, "until": until})
    assert str(run.state) == "failed"
    assert words in note_of(run)
    assert states(run)["days"] == {"failed"}
    assert states(run)["report"] == {"upstream_failed"}


def test_enrichment_annotates_the_articles_of_its_day(dags, archive: Archive):
    crawl = dags["crawl_world"].test()
    day = returned(crawl, "reconcile")["changed_days"][-1]
    enrich = dags["enrich_articles"].get_task("enrich").python_callable

    done = enrich(dag_run=SimpleNamespace(partition_key=day))
    assert done["annotated"] > 0
    keys = list(archive.store.list_keys("nzherald/enrichments/"))
    assert len(keys) == done["annotated"]
    assert json.loads(archive.store.get(keys[0]))["annotator"] == "names"

    again = enrich(dag_run=SimpleNamespace(partition_key=day))
    assert (again["annotated"], again["articles"]) == (0, done["articles"])


def test_enrichment_without_a_day_says_how_to_trigger_it(dags):
    run = dags["enrich_articles"].test()
    assert str(run.state) == "failed"
    assert "partition key such as" in note_of(run)


def test_a_wrong_setting_fails_at_once_and_is_the_runs_note(dags, monkeypatch):
    monkeypatch.setenv("ARCHIVE_PUBLISHER_ORIGIN", "https://news.example")
    run = dags["crawl_world"].test()
    assert str(run.state) == "failed"
    assert "ARCHIVE_CONTACT" in note_of(run)
    tasks = {task.task_id: task.try_number for task in run.get_task_instances()}
    assert tasks["discover_and_fetch"] == 1


def test_an_unreachable_newspaper_is_said_in_the_note(dags, monkeypatch, archive: Archive):
    monkeypatch.setenv("ARCHIVE_PUBLISHER_ORIGIN", "http://127.0.0.1:9")
    # What may pass is tried again after a minute, which we do not wait for.
    monkeypatch.setattr(dags["crawl_world"].get_task("discover_and_fetch"), "retries", 0)
    run = dags["crawl_world"].test()
    assert str(run.state) == "failed"
    assert "127.0.0.1:9" in note_of(run)
    assert list(archive.store.list_keys("nzherald/articles/")) == []
