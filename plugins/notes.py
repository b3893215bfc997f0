"""Run reports as the notes of Airflow's runs: short tables that the UI shows beside the run.

A task cannot set its run's note: the task API has no call for it. So tasks leave the text as an XCom
with the key ``note``, and when the run has ended this listener, which the scheduler calls with its own
database session, makes the newest of them the run's note.
"""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from airflow.listeners import hookimpl
from airflow.plugins_manager import AirflowPlugin

from archive.records import RunReport

LONGEST = 1000
"""Characters that Airflow's table of notes holds."""

_BOOKS = ("listed", "archived", "unchanged", "skipped", "failed", "pending")


def note_of_error(error: Mapping[str, Any]) -> str:
    """Return what ended a crawl (``plugins.crawl_operator.failure``) as a note."""
    return _cut(f"**{error['name']}**: {error['text']}")


def note_of_run(report: RunReport, error: Mapping[str, Any] | None = None) -> str:
    """Return a run report as a note; what ended the crawl before its time comes first."""
    verdict = "The books balance." if report.balanced else "**The books do not balance.**"
    reasons = ", ".join(f"{name} {count}" for name, count in sorted(report.reasons.items()))
    # The UI shows the first line beside the run, the rest on a click.
    first = ", ".join(f"{getattr(report, word)} {word}" for word in _BOOKS)
    ended = f"{note_of_error(error)}\n\n" if error else ""
    return _cut(
        f"{ended}{first}. {verdict}\n\n"
        f"{report.new_articles} new articles, {report.new_revisions} new revisions, "
        f"{report.requests} requests, {report.bytes / 1e6:.1f} MB.\n\n"
        f"{reasons}\n\nRun {report.run_id}"
    )


def note_of_days(asked: Sequence[str], lines: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the days of a backfill as a note: what was archived, or what a dry run would ask for."""
    dry = any(line["dry_run"] for line in lines.values())
    counts = ("listed", "missing") if dry else _BOOKS
    rows: list[list[object]] = [
        [day, *(lines[day][name] for name in counts)] if day in lines else [day, "**no books**"]
        for day in asked
    ]
    totals = ", ".join(f"{sum(line[name] for line in lines.values())} {name}" for name in counts)
    ended = "".join(
        f"{day}: {note_of_error(lines[day]['error'])}\n\n"
        for day in asked
        if day in lines and lines[day]["error"]
    )
    table = _table(("day", *counts), rows)
    return _cut(f"{len(asked)} days: {totals}\n\n{ended}{table}")


def _table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    cells = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in row) + " |" for row in cells)


def _cut(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    end = "\n\n(cut: see the return value of the task)"
    return text[: LONGEST - len(end)].rpartition("\n")[0] + end


@hookimpl
def on_dag_run_success(dag_run: Any, msg: str) -> None:  # noqa: ANN401, ARG001 - Airflow's signature
    """Note a run that went well."""
    _take_over(dag_run)


@hookimpl
def on_dag_run_failed(dag_run: Any, msg: str) -> None:  # noqa: ANN401, ARG001 - Airflow's signature
    """Note a run that did not."""
    _take_over(dag_run)


def _take_over(dag_run: Any) -> None:  # noqa: ANN401 - a row of Airflow's database
    # In the scheduler these are imported already; the other processes that load plugins need none.
    from airflow.utils.session import create_session  # noqa: PLC0415
    from sqlalchemy.orm import object_session  # noqa: PLC0415

    session = object_session(dag_run)
    if session is not None:
        # The scheduler's own transaction: another one would wait for it for ever on SQLite.
        _write(session, dag_run)
        return
    with create_session() as session:
        _write(session, session.merge(dag_run, load=True))


def _write(session: Any, dag_run: Any) -> None:  # noqa: ANN401 - Airflow's database
    from airflow.models.xcom import XComModel  # noqa: PLC0415
    from sqlalchemy import select  # noqa: PLC0415

    written = dag_run.dag_run_note
    if written is not None and written.user_id is not None:
        # A person's note stays.
        return
    notes = select(XComModel).where(
        XComModel.dag_id == dag_run.dag_id,
        XComModel.run_id == dag_run.run_id,
        XComModel.key == "note",
    )
    newest = session.scalars(notes.order_by(XComModel.timestamp.desc()).limit(1)).first()
    if newest is not None:
        dag_run.note = XComModel.deserialize_value(newest)


class NotesPlugin(AirflowPlugin):
    """Registers this module as a listener."""

    name = "newsarchive_notes"
    listeners = [sys.modules[__name__]]  # noqa: RUF012 - as Airflow declares it
