"""The audit as Airflow's tasks call it: plain JSON in and out, as in :mod:`plugins.stages`.

DAG files import this module inside their tasks, because it brings the whole archive with it.
"""

import secrets
from datetime import UTC, datetime

import msgspec
from airflow.sdk.exceptions import AirflowSkipException

from archive.codec import decode
from archive.connect import Archive, open_replica
from archive.errors import FailedError
from archive.keys import audit_key, new_run_id
from archive.records import AuditReport, RepairReport
from pipelines import steps
from plugins.crawl_operator import plain
from plugins.notes import note_of_audit
from plugins.stages import Json, caught_up, note

_NAMED = 10


def close_days() -> list[str]:
    """Finish killed runs and takedowns, close, sign and timestamp the UTC days that are over; returns the days closed now."""
    now = datetime.now(UTC)
    with caught_up() as archive:
        steps.finish_left(archive, now)
        steps.finish_takedowns(archive)
        closed = steps.close_days(archive, now)
        steps.attest(archive)
    return [day.day.isoformat() for day in closed]


def verify() -> str:
    """Verify the archive, keep what was found in the bucket, return the id of the audit."""
    now = datetime.now(UTC)
    with caught_up() as archive:
        report = steps.audit(archive, now, new_run_id(now, secrets.token_hex(8)))
    note(note_of_audit(report))
    return report.run_id


def repair(audit: str) -> Json:
    """Bring back what an audit found damaged; skips when it found nothing, or there is no replica."""
    with caught_up() as archive:
        problems = _report(archive, audit).found.problems
        replica = open_replica(archive.settings)
        if not problems or replica is None:
            why = (
                "nothing is damaged"
                if not problems
                else "there is no replica: ARCHIVE_REPLICA_ENDPOINT"
            )
            raise AirflowSkipException(why)
        return plain(steps.repair(archive, replica, problems))


def conclude(audit: str, repaired: Json | None) -> None:
    """Raise :class:`FailedError` with the names of what an audit found, and whether it was repaired."""
    with caught_up() as archive:
        report = _report(archive, audit)
    if not report.found.problems:
        return
    done = msgspec.convert(repaired, RepairReport) if repaired else None
    note(note_of_audit(report, done))
    names = [one.key for one in report.found.problems]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    mended = f" ({len(done.repaired)} repaired from the replica)" if done else ""
    message = f"not as they were written: {', '.join(names[:_NAMED])}{more}{mended}"
    raise FailedError(message)


def _report(archive: Archive, audit: str) -> AuditReport:
    key = audit_key(archive.settings.publisher, audit)
    return decode(archive.store.get(key), AuditReport, name=key)
