"""Run reports as the notes of Airflow's runs: short tables that the UI shows beside the run.

A task cannot set its run's note: the task API has no call for it. So tasks leave the text as an XCom
with the key ``note``, and when the run has ended this listener, which the scheduler calls with its own
database session, makes the newest of them the run's note.
"""

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any

from airflow.listeners import hookimpl
from airflow.plugins_manager import AirflowPlugin

from archive.records import AuditReport, Gap, RepairReport, RunReport
from pipelines.gaps import stretches

LONGEST = 1000
"""Characters that Airflow's table of notes holds."""

LONGEST_CAUSE = 300
"""Characters of one cause: the rest of the note must have room beside it."""

_BOOKS = ("listed", "archived", "unchanged", "skipped", "failed", "pending")

_MOST_NAMED = 3


def note_of_error(error: Mapping[str, Any]) -> str:
    """Return what ended a crawl (``plugins.crawl_operator.failure``) as a note."""
    return _line(f"**{error['name']}**: {error['text']}")


def causes(report: RunReport | None, error: Mapping[str, Any] | None) -> list[str]:
    """Return what turns a crawl red, a line each: what ended it, its books, its alarms."""
    found = [note_of_error(error)] if error else []
    if report is None:
        return found or ["**No books**: see the tasks and their logs"]
    if not (report.balanced and report.adds_up):
        found.append("**The books do not balance.**")
    return found + [_line(f"**{alarm.stage}**: {alarm.cause}") for alarm in report.alarms]


def note_of_run(report: RunReport, error: Mapping[str, Any] | None = None) -> str:
    """Return a run report as a note; what turns the run red comes first, then the gaps."""
    # The UI shows the first line beside the run, the rest on a click.
    counts = ", ".join(f"{getattr(report, word)} {word}" for word in _BOOKS)
    verdict = " The books balance." if report.balanced and report.adds_up else ""
    reasons = ", ".join(f"{name} {count}" for name, count in sorted(report.reasons.items()))
    return _cut(
        *causes(report, error),
        *_named([f"Gap {_gap(gap, report.run_id)}." for gap in stretches(report.gaps)], "gaps"),
        f"{counts}.{verdict}",
        f"{report.new_articles} new articles, {report.new_revisions} new revisions{_kinds(report)}, "
        f"{report.requests} requests, {report.bytes / 1e6:.1f} MB.",
        _unread(report),
        reasons,
        f"Run {report.run_id}",
    )


def _kinds(report: RunReport) -> str:
    told = ", ".join(f"{count} {kind}" for kind, count in report.kinds.items())
    return f" ({told})" if told else ""


def note_of_days(asked: Sequence[str], lines: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the days of a backfill as a note: what was archived, or what a dry run would ask for."""
    dry = any(line["dry_run"] for line in lines.values())
    counts = ("listed", "missing") if dry else _BOOKS
    rows: list[list[object]] = [
        [day, *(lines[day][name] for name in counts)]
        if counts[0] in lines.get(day, {})
        else [day, "**no books**"]
        for day in asked
    ]
    totals = ", ".join(
        f"{sum(line.get(name, 0) for line in lines.values())} {name}" for name in counts
    )
    table = _table(("day", *counts), rows)
    red = {day: lines[day]["causes"] for day in asked if day in lines}
    return _cut(*_by_cause(red), f"{len(asked)} days: {totals}", table)


def note_of_gaps(gaps: Sequence[Gap], red: Mapping[str, Sequence[str]]) -> str:
    """Return the gaps that were to be filled as a note, with the time it took to close each.

    ``red`` are the causes of each crawl that is red, by its dates.
    """
    gaps = stretches(gaps)
    closed = sum(gap.state == "closed" for gap in gaps)
    rows = [[_span(gap), gap.state, gap.reason, _time_to_close(gap) or "not yet"] for gap in gaps]
    return _cut(
        *_by_cause(red),
        f"{closed} of {len(gaps)} gaps closed, {len(gaps) - closed} still open.",
        _table(("gap", "state", "reason", "time to close"), rows),
    )


def note_of_audit(report: AuditReport, repaired: RepairReport | None = None) -> str:
    """Return an audit as a note; what was wrong comes first, repaired or not."""
    found = report.found
    mended = set(repaired.repaired) if repaired else set()
    lines = [
        _line(f"**{one.key}**{' (repaired)' if one.key in mended else ''}: {one.problem}")
        for one in found.problems
    ]
    verdict = "" if lines else " All as they were written."
    return _cut(
        *_named(lines, "problems"),
        f"{found.objects} objects, {found.bytes / 1e6:.1f} MB, {found.read} of them read.{verdict}",
        f"{found.days} closed days, {found.signed} signed, {found.timestamped} timestamped."
        if found.days
        else "",
        f"Newest closed day {found.head.day}, SHA-256 {found.head.sha256}." if found.head else "",
        f"Articles taken down: {found.taken_down}." if found.taken_down else "",
        f"{found.in_the_making} objects of runs under way." if found.in_the_making else "",
        f"Audit {report.run_id}",
    )


def _unread(report: RunReport) -> str:
    unread = [f"{read.source} ({read.problem})" for read in report.announcements if read.problem]
    return f"Not read: {', '.join(_named(unread, 'announcements'))}." if unread else ""


def _gap(gap: Gap, run_id: str) -> str:
    if gap.state == "closed":
        return f"closed after {_time_to_close(gap)}: {_span(gap)}"
    word = "opened" if gap.opened_by == run_id else "still open"
    return f"{word}: {_span(gap)}, {gap.reason}"


def _span(gap: Gap) -> str:
    first, last = (f"{at.astimezone(UTC):%Y-%m-%d %H:%M}" for at in (gap.since, gap.until))
    return f"{first} to {last} UTC"


def _time_to_close(gap: Gap) -> str | None:
    if gap.closed_at is None:
        return None
    minutes = round((gap.closed_at - gap.opened_at).total_seconds() / 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [f"{n} {unit}" for n, unit in ((days, "d"), (hours, "h"), (minutes, "min")) if n]
    return " ".join(parts) or "less than a minute"


def _by_cause(red: Mapping[str, Sequence[str]]) -> list[str]:
    """Return each cause once, with the names of what it turned red."""
    names: dict[str, list[str]] = {}
    for name, found in red.items():
        for cause in found:
            names.setdefault(cause, []).append(name)
    lines = [f"{', '.join(_named(of, 'days'))}: {cause}" for cause, of in names.items()]
    return _named(lines, "causes")


def _named(texts: Sequence[str], what: str) -> list[str]:
    more = len(texts) - _MOST_NAMED
    return [*texts[:_MOST_NAMED], *([f"and {more} more {what}"] if more > 0 else [])]


def _table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    cells = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in row) + " |" for row in cells)


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_CAUSE else f"{line[: LONGEST_CAUSE - 2]} …"


def _cut(*parts: str) -> str:
    text = "\n\n".join(part for part in parts if part)
    if len(text) <= LONGEST:
        return text
    end = "\n\n(cut: see the return value of the task)"
    return text[: LONGEST - len(end)].rpartition("\n")[0].rstrip() + end


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
