"""Archive past days: whatever the publisher lists for them and we do not hold.

Fill in the first and the last New Zealand date. A dry run, which is the default, only asks for the
announcements of each day and says how many articles are missing; nothing is written. Without it each
day goes through the same steps as in `crawl_world`, one after the other in the one slot of the pool
`publisher`, so that a backfill is never less polite than the schedule. The days on which something was
archived are announced at the end, which starts their enrichment.

The run's note is a table of the days. A day whose crawl ended in an error keeps the books of what it
fetched, and is red. Running it again asks only for what is still missing; a day that failed can also be
cleared alone.
"""

from collections.abc import Iterable
from typing import Any

from airflow.sdk import Param, XComArg, dag, task, task_group
from airflow.sdk.types import DagRunProtocol, OutletEventAccessorsProtocol

from plugins.common import (  # noqa: TID253 - nothing but Airflow
    CRAWL_TIME_LIMIT,
    DEFAULT_ARGS,
    articles,
    conclude,
)
from plugins.crawl_operator import CrawlOperator  # noqa: TID253 - light: no Scrapy, no boto3

Line = dict[str, Any]


@dag(
    schedule=None,
    max_active_runs=1,
    params={
        "since": Param(type="string", format="date", title="First day (New Zealand date)"),
        "until": Param(type="string", format="date", title="Last day (New Zealand date), included"),
        "dry_run": Param(default=True, type="boolean", title="Only say what is missing"),
    },
    default_args=DEFAULT_ARGS,
    tags=["archive", "crawl", "backfill"],
    doc_md=__doc__,
)
def backfill_world() -> None:
    """Take each New Zealand day of a range through the steps of a crawl."""

    @task(doc_md="Check the range; gives its days.")
    def days(*, params: Line, dag_run: DagRunProtocol) -> list[str]:
        from plugins import stages

        return stages.days(params["since"], params["until"], asked_at=dag_run.run_after)

    # The later a step, the sooner its turn: a day is in the catalogue before the next is asked for.
    @task(
        priority_weight=2,
        doc_md="Read the day's WARC files, compare, store; gives the keys of the outcomes.",
    )
    def normalise_and_store(summary: Line) -> list[str]:
        from plugins import stages

        return [stages.normalise_and_store(summary, key) for key in summary["warc_keys"]]

    @task(priority_weight=3, doc_md="Write down the day's captures; a dry run has none.")
    def catalogue(summary: Line, outcome_keys: list[str]) -> str | None:
        from plugins import stages

        return stages.catalogue(summary, outcome_keys) if summary["crawl_key"] else None

    @task(priority_weight=4, doc_md="Balance the day's books; gives the day's line of the report.")
    def reconcile(day: str, summary: Line, outcome_keys: list[str]) -> Line:
        from plugins import stages

        return stages.reconcile_day(day, summary, outcome_keys)

    # Airflow maps nothing inside a mapped group, so a day reads its WARC files in one task.
    @task_group(default_args={"pool": "publisher", "weight_rule": "absolute"})
    def each_day(day: str) -> XComArg:
        summary = CrawlOperator(
            task_id="discover_and_fetch",
            since=day,
            until=day,
            ask="missing",
            only_count="{{ params.dry_run }}",
            execution_timeout=CRAWL_TIME_LIMIT,
            map_index_template="{{ task.since }}",
            doc_md="Ask for what is listed for the day and not held; a dry run only counts it.",
        ).output["summary"]
        outcomes = normalise_and_store(summary)
        line = reconcile(day, summary, outcomes)
        catalogue(summary, outcomes) >> line >> conclude.override(priority_weight=5)(summary)
        return line

    # One failed day keeps neither the others from being announced nor the run from being red.
    @task(
        trigger_rule="all_done_min_one_success", outlets=[articles], doc_md="Announce changed days."
    )
    def announce(lines: Iterable[Line], *, outlet_events: OutletEventAccessorsProtocol) -> None:
        from plugins import stages

        stages.announce(lines, outlet_events[articles])

    @task(trigger_rule="all_done_min_one_success", doc_md="Report the days; red when one failed.")
    def report(asked: list[str], lines: Iterable[Line]) -> list[Line]:
        from plugins import stages

        return stages.report_days(asked, list(lines))

    asked = days()
    lines = each_day.expand(day=asked)
    announce(lines)
    report(asked, lines)


backfill_world()
