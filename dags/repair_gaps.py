"""Fill the gaps: stretches of time of which the publisher's listing was not seen.

`crawl_world` opens a gap when its listing has nothing in common with the one before it, when a day's
sitemap could not be read, or after an outage longer than `ARCHIVE_LISTING_DAYS`; `newsarchive gaps` lists
them. This runs at once when a gap was opened, and every day for those that are still open. For each gap,
the oldest first, it reads the daily sitemaps of its dates and the pages of the section, asks for what
is not held, and keeps the books, one after the other in the one slot of the pool `publisher`.

A gap is closed when each of its days has been listed whole and nothing of them is left pending; otherwise
it stays open with the reason, and is tried again the next day. The run's note is a table of the gaps with
the time it took to close them. A gap that stays open is not red; a crawl that ended in an error is, and
so is one whose books look wrong, as in `crawl_world`.

Clearing any task is safe, and so is triggering it by hand: what is held is not asked for again.
"""

from typing import Any

from airflow.sdk import AssetOrTimeSchedule, CronTriggerTimetable, dag, task, task_group
from airflow.sdk.types import OutletEventAccessorsProtocol as OutletEvents

from plugins.common import (  # noqa: TID253 - nothing but Airflow
    ALTHOUGH_RED,
    CRAWLS_IN_TURN,
    DEFAULT_ARGS,
    articles,
    gaps,
)
from plugins.crawl_steps import Json, crawl_in_turn, summaries  # noqa: TID253 - light, too


@dag(
    # Between two crawls of the schedule, when it is night in New Zealand.
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable("45 15 * * *", timezone="UTC"), assets=[gaps]
    ),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    tags=["archive", "crawl", "repair"],
    doc_md=__doc__,
)
def repair_gaps() -> None:
    """Take each open gap through the steps of a crawl."""

    @task(doc_md="Look up the open gaps; gives their New Zealand dates, the oldest first.")
    def open_gaps() -> list[dict[str, str]]:
        from plugins import stages

        return stages.open_gaps()

    @task_group(default_args=CRAWLS_IN_TURN)
    def each_gap(since: str, until: str) -> None:
        crawl_in_turn(
            since=since,
            until=until,
            repairs=True,
            ask="missing",
            map_index_template="{{ task.since }} to {{ task.until }}",
            doc_md="Ask for what is listed for the days of the gap and not held.",
        )

    @task(trigger_rule=ALTHOUGH_RED, outlets=[articles], doc_md="Announce the days that changed.")
    def announce(crawls: list[Json], *, outlet_events: OutletEvents) -> None:
        from plugins import stages

        stages.announce(crawls, outlet_events[articles])

    @task(trigger_rule=ALTHOUGH_RED, doc_md="Report the gaps; red when a crawl is.")
    def report(asked: list[dict[str, str]], crawls: list[Json]) -> list[dict[str, Any]]:
        from plugins import stages

        return stages.report_gaps(asked, crawls)

    asked = open_gaps()
    crawled = each_gap.expand_kwargs(asked)
    crawls = summaries(crawled)
    crawled >> [announce(crawls), report(asked, crawls)]


repair_gaps()
