"""Prove every night that what is stored is what was written: red with the names of what is not.

`close_days` keeps the books of runs that were killed before they had any, finishes takedowns that were cut short, and
writes the manifest of each UTC day that is over, a link of the chain of days; it signs it and has it timestamped
where the settings ask for it. `verify` holds the bucket against chain and manifests, and the catalogue against the
bucket, and reads a share of all objects: each is read again within `ARCHIVE_AUDIT_DAYS`, and nights without an audit
are made good. What it found is kept in the bucket, under `audits/`. `repair` brings missing and altered objects back
from the bucket of `ARCHIVE_REPLICA_ENDPOINT`, when one is set, and only bytes that have the SHA-256 of the manifest.
`conclude` is red when anything was found, repaired or not: somebody should know why it happened.

Objects that no manifest names are never removed. Clearing any task is safe.
"""

from datetime import timedelta
from typing import Any

from airflow.sdk import CronTriggerTimetable, dag, task

from plugins.common import DEFAULT_ARGS  # noqa: TID253 - nothing but Airflow


@dag(
    # At night in New Zealand, before the repair of gaps.
    schedule=CronTriggerTimetable("45 13 * * *", timezone="UTC"),
    catchup=False,
    max_active_runs=1,
    default_args=DEFAULT_ARGS,
    tags=["archive", "audit"],
    doc_md=__doc__,
)
def audit_archive() -> None:
    """Close the days, verify, repair, and say what was wrong."""

    @task(doc_md="Close, sign and timestamp the UTC days that are over; gives those closed now.")
    def close_days() -> list[str]:
        from plugins import audit_stages

        return audit_stages.close_days()

    @task(
        execution_timeout=timedelta(hours=12),
        doc_md="Hold the bucket against its manifests, read tonight's share; gives the audit's id.",
    )
    def verify() -> str:
        from plugins import audit_stages

        return audit_stages.verify()

    @task(
        execution_timeout=timedelta(hours=12),
        doc_md="Bring damaged objects back from the replica; skipped when nothing is damaged.",
    )
    def repair(audit: str) -> dict[str, Any]:
        from plugins import audit_stages

        return audit_stages.repair(audit)

    @task(
        trigger_rule="none_failed",
        retries=0,
        doc_md="Red with the names of what was not as it was written, repaired or not.",
    )
    def conclude(audit: str, repaired: dict[str, Any] | None) -> None:
        from plugins import audit_stages

        audit_stages.conclude(audit, repaired)

    audit = verify()
    close_days() >> audit
    conclude(audit, repair(audit))


audit_archive()
