"""What the demo shows: a crawl, a backfill of two older days, and the enrichment that both start."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import frozen

import publishers
from archive.errors import FailedError
from demo.airflow_api import FINISHED, Json
from demo.stack import Stack

ZONE = ZoneInfo(publishers.get("nzherald").timezone)
"""Where the made-up newspaper, which plays this publisher, has its days."""

BACKFILL_DAYS = (12, 11)
"""How many days ago the backfill begins and ends: before what a first crawl reads, still listed."""

WAIT_SECONDS = 1200
"""Most time for a run; on a quiet machine the longest takes a minute."""

_POLL_SECONDS = 0.5

Say = Callable[[str], None]

Announced = tuple[str, datetime]
"""A New Zealand date and when it was announced, or a little before."""


@frozen(kw_only=True)
class Shown:
    """What the demo has done."""

    report: Json
    """Report of the first crawl."""

    backfilled: Sequence[Json]
    """A line for each day of the backfill."""

    days_enriched: int
    """Days that were announced and enriched."""

    annotated: int
    """Annotations that were made."""


def show(stack: Stack, today: datetime, say: Say) -> Shown:
    """Run everything once; raises :class:`FailedError` when a run ends red."""
    director = _Director(stack, say)
    for dag_id in (
        "enrich_articles",
        "backfill_world",
        "repair_gaps",
        "audit_archive",
        "take_down",
    ):
        stack.api.pause(dag_id, paused=False)
    enriched_before = director.ids("enrich_articles")
    crawls = director.crawl()
    reports: list[Json] = [
        stack.api.result("crawl_world", crawl["dag_run_id"], "reconcile") for crawl in crawls
    ]
    first, last = (today.astimezone(ZONE).date() - timedelta(n) for n in BACKFILL_DAYS)
    backfill = director.backfill(first, last)
    backfilled = stack.api.result("backfill_world", backfill["dag_run_id"], "report")
    announced = director.announced(backfill, backfilled)
    for crawl, report in zip(crawls, reports, strict=True):
        announced += director.announced(crawl, [report])
    counts = director.enrichment(announced, enriched_before)
    return Shown(
        report=reports[0],
        backfilled=backfilled,
        days_enriched=len({count["day"] for count in counts}),
        annotated=sum(count["annotated"] for count in counts),
    )


class _Director:
    """Starts runs and waits for them, watching the stack meanwhile."""

    def __init__(self, stack: Stack, say: Say) -> None:
        self._stack = stack
        self._api = stack.api
        self._say = say

    def ids(self, dag_id: str) -> set[str]:
        """Return the ids of a DAG's runs."""
        return {run["dag_run_id"] for run in self._api.runs(dag_id)}

    def crawl(self) -> list[Json]:
        """Let the crawl run once; returns the run, and further ones that the schedule began."""
        before = self.ids("crawl_world")
        due = self._api.get("/dags/crawl_world")["next_dagrun_run_after"]
        # A run that the schedule owes is begun as soon as the DAG may run; a second one is not needed.
        if due is None or datetime.fromisoformat(due) > datetime.now(UTC):
            self._api.trigger("crawl_world")
        self._api.pause("crawl_world", paused=False)
        found: list[Json] = []

        def over() -> bool:
            found[:] = [r for r in self._api.runs("crawl_world") if r["dag_run_id"] not in before]
            for run in found:
                self._tell("crawl_world", run["dag_run_id"])
            return bool(found) and all(run["state"] in FINISHED for run in found)

        self._wait(over, "crawl_world")
        for run in found:
            self._require_success("crawl_world", run)
        return sorted(found, key=lambda run: run["start_date"])

    def run(self, dag_id: str, conf: Mapping[str, object]) -> Json:
        """Trigger a DAG and return the finished run."""
        run_id = self._api.trigger(dag_id, conf)

        def over() -> bool:
            self._tell(dag_id, run_id)
            return self._api.run(dag_id, run_id)["state"] in FINISHED

        self._wait(over, dag_id)
        run = self._api.run(dag_id, run_id)
        self._require_success(dag_id, run)
        return run

    def backfill(self, first: date, last: date) -> Json:
        """Archive a range of days; returns the finished run."""
        conf = {"since": first.isoformat(), "until": last.isoformat(), "dry_run": False}
        return self.run("backfill_world", conf)

    def announced(self, run: Json, reports: Sequence[Json]) -> list[Announced]:
        """Return the days that a run announced, with the instant after which it did."""
        tasks = self._api.tasks(run["dag_id"], run["dag_run_id"])
        (started,) = (task["start_date"] for task in tasks if task["task_id"] == "announce")
        days = {day for report in reports for day in report["changed_days"]}
        return [(day, datetime.fromisoformat(started)) for day in sorted(days)]

    def enrichment(self, announced: Sequence[Announced], before: set[str]) -> list[Json]:
        """Wait until each announcement has been followed by a run; returns the count of each run."""
        finished: list[Json] = []

        def over() -> bool:
            runs = [r for r in self._api.runs("enrich_articles") if r["dag_run_id"] not in before]
            finished[:] = [run for run in runs if run["state"] in FINISHED]
            answered = [one for one in announced if any(_answers(run, one) for run in finished)]
            self._say(f"enrich_articles: {len(answered)} of {len(announced)} announced days")
            return len(answered) == len(announced) and len(finished) == len(runs)

        self._wait(over, "enrich_articles")
        for run in finished:
            self._require_success("enrich_articles", run)
        ids = [run["dag_run_id"] for run in finished]
        return [self._api.result("enrich_articles", run_id, "enrich") for run_id in ids]

    def _tell(self, dag_id: str, run_id: str) -> None:
        tasks = self._api.tasks(dag_id, run_id)
        running = [_shown(task) for task in tasks if task["state"] == "running"]
        done = sum(task["state"] in {"success", "skipped"} for task in tasks)
        self._say(f"{dag_id}: {done} of {len(tasks)} tasks done {', '.join(running)}".rstrip())

    def _wait(self, over: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + WAIT_SECONDS
        while not over():
            self._stack.check()
            if time.monotonic() > deadline:
                message = f"{what} is not over after {WAIT_SECONDS} s; see {self._api.base_url}"
                raise FailedError(message)
            time.sleep(_POLL_SECONDS)

    def _require_success(self, dag_id: str, run: Json) -> None:
        if run["state"] == "success":
            return
        tasks = self._api.tasks(dag_id, run["dag_run_id"])
        failed = ", ".join(_shown(task) for task in tasks if task["state"] == "failed")
        note = f": {run['note']}" if run.get("note") else ""
        logs = self._stack.airflow.folder / "logs"
        message = f"{dag_id} failed in {failed or 'no task'}{note} (logs of the tasks: {logs})"
        raise FailedError(message)


def _answers(run: Json, announced: Announced) -> bool:
    """Whether a run took a day up after its announcement; two of them may share one run."""
    day, at = announced
    return bool(run["partition_key"] == day and datetime.fromisoformat(run["run_after"]) >= at)


def _shown(task: Json) -> str:
    name = str(task["task_id"])
    label = task.get("rendered_map_index")
    return f"{name} [{label}]" if label else name
