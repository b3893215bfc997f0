"""Archive what the publisher lists at present, every half hour.

`discover_and_fetch` reads the announcements, asks politely for what is due and puts every exchange into
WARC files in the object store. Each of these files is then read (`normalise_and_store`), the captures
are taken into the catalogue, and `reconcile` balances the books: the run report becomes the run's note,
and a run whose books do not balance is red. `announce` adds the New Zealand days on which something
changed as partitions of the asset `articles`, which starts one `enrich_articles` run for each; when
nothing changed it is skipped and nothing is announced.

One crawl at a time: the pool `publisher` has one slot, shared with `backfill_world`. A fault that may
pass is tried again after a minute; a refusal (robots.txt, 401, 403, 451, the store's probe) or a wrong
setting fails at once, with the reason as the run's note. When the crawl ended in an error after it had
fetched something, the books of that are kept first, and then `conclude` fails with the error. Clearing
any task is safe: nothing is written twice.
"""

from typing import Any

from airflow.sdk import dag, task
from airflow.sdk.types import OutletEventAccessorsProtocol as OutletEvents

from plugins.common import (  # noqa: TID253 - nothing but Airflow
    CRAWL_TIME_LIMIT,
    DEFAULT_ARGS,
    articles,
    conclude,
)
from plugins.crawl_operator import CrawlOperator  # noqa: TID253 - light: no Scrapy, no boto3


@dag(
    schedule="*/30 * * * *",
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    tags=["archive", "crawl"],
    doc_md=__doc__,
)
def crawl_world() -> None:
    """Discover, fetch, preserve, normalise, compare, store, catalogue, reconcile, announce."""
    crawl = CrawlOperator(
        task_id="discover_and_fetch",
        pool="publisher",
        execution_timeout=CRAWL_TIME_LIMIT,
        doc_md="Ask for what is listed and due, in a child process; gives the WARC files.",
    )

    @task(
        map_index_template="{{ task.op_kwargs['warc_key'].rpartition('/')[2] }}",
        doc_md="Read one WARC file, compare with what is held, store; gives the key of its outcomes.",
    )
    def normalise_and_store(summary: dict[str, Any], warc_key: str) -> str:
        from plugins import stages

        return stages.normalise_and_store(summary, warc_key)

    # A crawl that fetched no page maps over no file, and still has books to keep.
    @task(trigger_rule="none_failed", doc_md="Write down the run's captures; gives their key.")
    def catalogue(summary: dict[str, Any], outcome_keys: list[str]) -> str:
        from plugins import stages

        return stages.catalogue(summary, outcome_keys)

    @task(trigger_rule="none_failed", doc_md="Balance the books, report; red when they do not.")
    def reconcile(summary: dict[str, Any], outcome_keys: list[str]) -> dict[str, Any]:
        from plugins import stages

        return stages.reconcile(summary, outcome_keys)

    @task(outlets=[articles], doc_md="Announce the New Zealand days that changed, if any.")
    def announce(report: dict[str, Any], *, outlet_events: OutletEvents) -> None:
        from plugins import stages

        stages.announce([report], outlet_events[articles])

    summary = crawl.output["summary"]
    outcomes = normalise_and_store.partial(summary=summary).expand(warc_key=crawl.output)
    report = reconcile(summary, outcomes)
    catalogue(summary, outcomes) >> report >> [announce(report), conclude(summary)]


crawl_world()
