"""The DAG files as readers and Airflow's parser find them."""

import ast
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow.serialization.serialized_objects import DagSerialization

from archive import errors
from archive.settings import ArchiveSettings
from plugins.common import gaps

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(path for path in (ROOT / "dags").glob("*.py") if path.name != "__init__.py")
HEAVY = ("boto3", "scrapy", "spacy", "sqlalchemy.dialects", "trafilatura", "twisted", "warcio")

_PARSE = """
import json, sys, time
import airflow.sdk, airflow.sdk.definitions.decorators
from airflow.sdk import Asset, DAG, PartitionedAssetTimetable, dag, task
before = set(sys.modules)
start = time.process_time()
import importlib.util
for file in sys.argv[1:]:
    spec = importlib.util.spec_from_file_location("parsed", file)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
json.dump({"seconds": time.process_time() - start, "airflow": start, "new": sorted(set(sys.modules) - before)}, sys.stdout)
"""


@pytest.fixture(scope="module")
def parsed() -> dict[str, Any]:
    """What it costs to parse all files in a process that knows Airflow already."""
    command = [sys.executable, "-c", _PARSE, *map(str, FILES)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    return json.loads(done.stdout)


def test_there_is_one_dag_in_each_file_with_its_name(dags):
    assert set(dags) == {file.stem for file in FILES}
    for file in FILES:
        assert Path(dags[file.stem].fileloc) == file
        functions = [
            node.name for node in ast.parse(file.read_text()).body if hasattr(node, "args")
        ]
        assert functions == [file.stem]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_dag_documents_itself(dags, file):
    dag = dags[file.stem]
    assert dag.doc_md == ast.get_docstring(ast.parse(file.read_text()), clean=False)
    assert "archive" in dag.tags
    for task in dag.tasks:
        assert task.doc_md, task.task_id
        assert task.owner == "archive"
        # What waits for a person has a limit of its own.
        limit = getattr(task, "response_timeout", None) or task.execution_timeout
        assert limit, task.task_id


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_dag_file_is_short(file):
    assert len(file.read_text().splitlines()) <= 120


def test_parsing_imports_nothing_heavy(parsed):
    assert [name for name in parsed["new"] if name.startswith(HEAVY)] == []


def test_parsing_all_files_costs_little_beside_airflow_itself(parsed):
    assert parsed["seconds"] < 0.2 * parsed["airflow"]


def test_the_dags_survive_serialisation(dags):
    for dag in dags.values():
        again = DagSerialization.from_dict(DagSerialization.to_dict(dag))
        assert set(again.task_ids) == set(dag.task_ids)


def test_a_crawl_has_the_publisher_to_itself(dags):
    crawls = [
        task for dag in dags.values() for task in dag.tasks if task.task_type == "CrawlOperator"
    ]
    assert len(crawls) == 3
    assert {task.pool for task in crawls} == {"publisher"}
    # As many requests as one run may make, at the slowest pace that a robots.txt may ask of us.
    slowest = ArchiveSettings.model_fields["request_budget"].default * timedelta(seconds=15)
    assert all(task.execution_timeout > 2 * slowest for task in crawls)


@pytest.mark.parametrize(
    ("dag", "group"), [("backfill_world", "each_day."), ("repair_gaps", "each_gap.")]
)
def test_the_books_of_a_crawl_go_before_the_crawls_that_wait(dags, dag, group):
    steps = [task for task in dags[dag].tasks if task.task_id.startswith(group)]
    assert {task.pool for task in steps} == {"publisher"}
    assert {task.weight_rule for task in steps} == {"absolute"}
    weight = {task.task_id.removeprefix(group): task.priority_weight for task in steps}
    order = ["discover_and_fetch", "normalise_and_store", "catalogue", "reconcile", "conclude"]
    assert [weight[name] for name in order] == [1, 2, 3, 4, 5]
    assert weight["examine"] == 5


def test_gaps_are_repaired_when_one_was_opened_and_every_day(dags):
    schedule = dags["repair_gaps"].timetable
    assert list(schedule.asset_condition.objects) == [gaps]
    assert schedule.timetable.expression == "45 15 * * *"
    openers = [task.task_id for task in dags["crawl_world"].tasks if gaps in task.outlets]
    assert openers == ["ask_for_repair"]


def test_no_red_step_of_a_crawl_leaves_its_run_green(dags):
    """Airflow judges a run by its last tasks alone."""
    last = dags["crawl_world"].get_task("all_well")
    assert last.trigger_rule == "all_success"
    assert last.upstream_task_ids == {"reconcile", "examine", "conclude"}
    assert not last.downstream_task_ids


@pytest.mark.parametrize("kind", ["CrawlRefused", "StoreRefused", "PortTaken", "KeyConflict"])
def test_what_is_final_is_not_tried_again(dags, kind):
    error = getattr(errors, kind)("about", "reason")
    for dag in dags.values():
        for task in dag.tasks:
            assert task.retry_policy.evaluate(error, 1, 3).action.value == "fail"


def test_what_may_pass_is_tried_again(dags):
    for dag in dags.values():
        for task in dag.tasks:
            decision = task.retry_policy.evaluate(errors.PublisherUnreachable("it", "slow"), 1, 3)
            assert decision.action.value == "default"
            # What these two raise has happened already.
            once = task.task_id.endswith(("conclude", "examine"))
            # It waits for as long as runs are under way.
            waits = (dag.dag_id, task.task_id) == ("take_down", "remove")
            assert task.retries == (0 if once else 30 if waits else 2)
