"""Work out what an article's text tells: one run for each day that a crawl announced.

The partition key is a New Zealand date. `enrich` takes every article of that day whose newest revision
lacks one of the annotations of `ARCHIVE_ANNOTATORS`, so an announcement that got lost is made good by
the next one of the same day, and a second run finds nothing to do. The articles are never changed.

To run it by hand, trigger it with a partition key such as `2026-03-01`.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import (
    Asset,
    ExceptionRetryPolicy,
    PartitionedAssetTimetable,
    RetryAction,
    RetryRule,
    dag,
    task,
)
from airflow.sdk.types import DagRunProtocol

# Refusals, wrong settings and conflicts are the same when asked again.
final = [f"archive.errors.{kind}Error" for kind in ("Refused", "Configuration", "Failed")]
retry_policy = ExceptionRetryPolicy([RetryRule(final, RetryAction.FAIL)])


@dag(
    schedule=PartitionedAssetTimetable(assets=Asset("articles")),
    catchup=False,
    # Each holds a language model in memory.
    max_active_runs=2,
    default_args={"owner": "archive", "retry_policy": retry_policy},
    tags=["archive", "enrich"],
    doc_md=__doc__,
)
def enrich_articles() -> None:
    """Annotate the articles of one New Zealand day."""

    @task(
        execution_timeout=timedelta(hours=1),
        doc_md="Annotate what lacks an annotation; gives how many were annotated.",
    )
    def enrich(*, dag_run: DagRunProtocol) -> dict[str, Any]:
        from plugins import stages

        return stages.enrich(dag_run.partition_key)

    enrich()


enrich_articles()
