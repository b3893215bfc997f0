"""Archive what the publisher lists at present, and look again at what is due, every half hour.

`discover_and_fetch` reads the announcements, asks politely for what is due and puts every exchange into
WARC files in the object store. Each of these files is then read (`normalise_and_store`), the captures
are taken into the `catalogue`, and `reconcile` balances the books: the run report becomes the run's note.

Green means that the books are kept and that nothing looks wrong. The note begins with the cause, and the
red task says what it is about:

- `discover_and_fetch`: the crawl could not begin, or left nothing to keep books of. A refusal (robots.txt,
  401, 403, 451, the store's probe) or a wrong setting fails at once; a fault that may pass is tried again
  after a minute.
- `reconcile`: the books do not balance, or too little of what was asked for is held or archived.
- `examine`: more premium, empty or unreadable pages than is usual, or a field that is found too seldom.
- `conclude`: the crawl ended in an error, nothing was listed, or more than usual was removed or forbidden.

What was archived is good even so: `announce` adds the New Zealand days on which something changed as
partitions of the asset `articles`, which starts one `enrich_articles` run for each, and is skipped when
nothing changed. `ask_for_repair` starts `repair_gaps` when the run found a gap in what it has seen listed.
`all_well` does nothing: Airflow judges a run by its last task alone.

One crawl at a time: the pool `publisher` has one slot, shared with `backfill_world` and `repair_gaps`.
Clearing any task is safe: nothing is written twice, and a report that was written stays as it is.
"""

from typing import Any

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import dag, task
from airflow.sdk.types import OutletEventAccessorsProtocol as OutletEvents

from plugins.common import (  # noqa: TID253 - nothing but Airflow
    ALTHOUGH_RED,
    CRAWL_TIME_LIMIT,
    DEFAULT_ARGS,
    articles,
    gaps,
)
from plugins.crawl_operator import CrawlOperator  # noqa: TID253 - light: no Scrapy, no boto3
from plugins.crawl_steps import keep_books  # noqa: TID253 - nothing but Airflow


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

    @task(
        outlets=[articles],
        trigger_rule=ALTHOUGH_RED,
        doc_md="Announce the New Zealand days that changed, if any.",
    )
    def announce(summary: dict[str, Any], *, outlet_events: OutletEvents) -> None:
        from plugins import stages

        stages.announce(summary, outlet_events[articles])

    @task(
        outlets=[gaps],
        trigger_rule=ALTHOUGH_RED,
        doc_md="Start the repair of the gaps that this run opened, if any.",
    )
    def ask_for_repair(summary: dict[str, Any]) -> None:
        from plugins import stages

        stages.ask_for_repair(summary)

    summary = crawl.output["summary"]
    outcomes = normalise_and_store.partial(summary=summary).expand(warc_key=crawl.output)
    books = keep_books(summary, outcomes)
    books >> EmptyOperator(task_id="all_well", doc_md="Green when all before it is.")
    books[0] >> [announce(summary), ask_for_repair(summary)]


crawl_world()
