"""Archive past days: whatever the publisher lists for them and we do not hold.

Fill in the first and the last New Zealand date. A dry run, which is the default, only asks for the
announcements of each day and says how many articles are missing; nothing is written. Without it each
day goes through the same steps as in `crawl_world`, one after the other in the one slot of the pool
`publisher`, so that a backfill is never less polite than the schedule. The days on which something was
archived are announced at the end, which starts their enrichment.

The run's note is a table of the days, with the cause first of what is red. A day whose crawl ended in an
error keeps the books of what it fetched. Once the publisher has refused one day, the others end at once,
without a request. Running it again asks only for what is still missing; a day that failed can also be
cleared alone.
"""

from typing import Any

from airflow.sdk import Param, dag, task, task_group
from airflow.sdk.types import DagRunProtocol
from airflow.sdk.types import OutletEventAccessorsProtocol as OutletEvents

from plugins.common import (  # noqa: TID253 - nothing but Airflow
    ALTHOUGH_RED,
    CRAWLS_IN_TURN,
    DEFAULT_ARGS,
    articles,
)
from plugins.crawl_steps import Json, crawl_in_turn, summaries  # noqa: TID253 - light, too


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
    def days(*, params: Json, dag_run: DagRunProtocol) -> list[str]:
        from plugins import stages

        return stages.days(params["since"], params["until"], asked_at=dag_run.run_after)

    @task_group(default_args=CRAWLS_IN_TURN)
    def each_day(day: str) -> None:
        crawl_in_turn(
            since=day,
            until=day,
            ask="missing",
            only_count="{{ params.dry_run }}",
            map_index_template="{{ task.since }}",
            doc_md="Ask for what is listed for the day and not held; a dry run only counts it.",
        )

    # One failed day keeps neither the others from being announced nor the run from being red.
    @task(trigger_rule=ALTHOUGH_RED, outlets=[articles], doc_md="Announce the days that changed.")
    def announce(crawls: list[Json], *, outlet_events: OutletEvents) -> None:
        from plugins import stages

        stages.announce(crawls, outlet_events[articles])

    @task(trigger_rule=ALTHOUGH_RED, doc_md="Report the days; red when one is.")
    def report(asked: list[str], crawls: list[Json]) -> list[dict[str, Any]]:
        from plugins import stages

        return stages.report_days(asked, crawls)

    asked = days()
    crawled = each_day.expand(day=asked)
    crawls = summaries(crawled)
    crawled >> [announce(crawls), report(asked, crawls)]


backfill_world()
