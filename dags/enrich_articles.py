"""Work out what an article's text tells: one run for each day that a crawl announced.

The partition key is a New Zealand date. `enrich` takes every article of that day whose newest revision
lacks one of the annotations of `ARCHIVE_ANNOTATORS`, so an announcement that got lost is made good by
the next one of the same day, and a second run finds nothing to do. The articles are never changed.

To run it by hand, trigger it with a partition key such as `2026-03-01`.
"""

from typing import Any

from airflow.sdk import PartitionedAssetTimetable, dag, task
from airflow.sdk.types import DagRunProtocol

from plugins.common import DEFAULT_ARGS, articles  # noqa: TID253 - nothing but Airflow


@dag(
    schedule=PartitionedAssetTimetable(assets=articles),
    catchup=False,
    # Each holds a language model in memory.
    max_active_runs=2,
    default_args=DEFAULT_ARGS,
    tags=["archive", "enrich"],
    doc_md=__doc__,
)
def enrich_articles() -> None:
    """Annotate the articles of one New Zealand day."""

    @task(doc_md="Annotate what lacks an annotation; gives how many were annotated.")
    def enrich(*, dag_run: DagRunProtocol) -> dict[str, Any]:
        from plugins import stages

        return stages.enrich(dag_run.partition_key)

    enrich()


enrich_articles()
