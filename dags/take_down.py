"""Remove an article for a legal reason, once somebody has approved it.

Fill in the id of the article, the reason and who asks for it. `plan` finds out how much would be
removed and rewritten, and changes nothing. Then `approve` waits for two weeks: open it under "Required
Actions", where the plan stands, and approve or reject. Once it is approved, `remove` writes the
tombstone, with the reason, who asked and who approved, and removes every revision and version of the
article from the archive and its replica; a rejected one removes nothing. `newsarchive show` shows the
article as long as it is there; its text never stands in Airflow.

It waits while a crawl is under way. Clearing `remove` is safe: what was cut short is finished as the
tombstone says. Every crawl and the nightly audit do so too. When `approve` asks again after a minute, give the same
answer once more: Airflow 3.3 can lose one that comes within seconds of the question
([apache/airflow#72716](https://github.com/apache/airflow/issues/72716)).
"""

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import Param, dag, task

from plugins.common import DEFAULT_ARGS  # noqa: TID253 - nothing but Airflow


@dag(
    schedule=None,
    max_active_runs=1,
    params={
        "article_id": Param(
            type="string", minLength=1, title="Article", description="Its id, 26 characters"
        ),
        "reason": Param(
            type="string", minLength=1, format="multiline", title="Reason", description="It is kept"
        ),
        "requested_by": Param(type="string", minLength=1, title="Who asks for it"),
        "listings": Param(
            default=False,
            type="boolean",
            title="Blank announcements too",
            description="Sitemaps, feeds and section pages that name it, with what they say of others",
        ),
    },
    default_args=DEFAULT_ARGS,
    tags=["archive", "takedown"],
    doc_md=__doc__,
)
def take_down() -> None:
    """Say what would be removed, wait for approval, remove it."""

    @task(doc_md="Say how much would be removed and rewritten; changes nothing.")
    def plan(*, params: dict[str, Any]) -> str:
        from plugins import takedown_stages

        return takedown_stages.plan(params)

    approve = ApprovalOperator(
        task_id="approve",
        subject="Take article {{ params.article_id }} down for good?",
        body="{{ ti.xcom_pull(task_ids='plan') }}",
        execution_timeout=None,
        response_timeout=timedelta(days=14),
        doc_md="Waits for a person; a rejection skips the rest.",
    )

    @task(
        # For as long as runs are under way: their books would hold it.
        retries=30,
        retry_delay=timedelta(minutes=2),
        execution_timeout=timedelta(hours=12),
        doc_md="Write the tombstone, remove the article; gives the tombstones' keys.",
    )
    def remove(answer: dict[str, Any], *, params: dict[str, Any]) -> list[str]:
        from plugins import takedown_stages

        return takedown_stages.remove(params, answer)

    plan() >> approve
    remove(approve.output)


take_down()
