"""The stages as Airflow's tasks call them: plain JSON in and out, the archive opened around each.

DAG files import this module inside their tasks, because it brings the whole archive with it.
"""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowSkipException
from airflow.sdk.types import OutletEventAccessorProtocol

import publishers
from archive.codec import decode
from archive.connect import Archive, open_archive
from archive.errors import BooksDoNotBalance, ConfigurationError, FailedError, RunNotWell
from archive.keys import new_run_id, run_key
from archive.records import CrawlSummary, Gap, RunReport
from archive.settings import read_settings
from crawler.child import rebuild
from pipelines import annotators, steps
from plugins.crawl_operator import plain
from plugins.notes import causes, note_of_days, note_of_gaps, note_of_run

Json = dict[str, Any]

Crawls = Sequence[Json] | Json
"""Summaries of crawls: Airflow hands on the only one of a mapped group bare."""

_NO_BOOKS = causes(None, None)


@contextmanager
def caught_up() -> Iterator[Archive]:
    """Open the archive with every run of the bucket in its catalogue, which may have been lost."""
    with open_archive(read_settings()) as archive:
        steps.catch_up(archive)
        yield archive


def normalise_and_store(summary: Json, warc_key: str) -> str:
    """Read one WARC file of a run; returns the key of its outcomes."""
    with caught_up() as archive:
        return steps.normalise_warc(archive, summary["run_id"], warc_key)


def catalogue(summary: Json, outcome_keys: Sequence[str] | None) -> str | None:
    """Write down the captures of a crawl; returns their key. None for a dry run, which has none."""
    if _is_dry(summary):
        return None
    with caught_up() as archive:
        return steps.catalogue(archive, _summary(summary), _present(outcome_keys))


def reconcile(summary: Json, outcome_keys: Sequence[str] | None) -> Json | None:
    """Balance the books of a crawl and note them. None for a dry run, which has none.

    Raises :class:`BooksDoNotBalance`, and :class:`RunNotWell` when too little is held.
    """
    if _is_dry(summary):
        return None
    error = summary.get("error")
    text = error["text"] if error else None
    with caught_up() as archive:
        report = steps.reconcile(archive, _summary(summary), _present(outcome_keys), error=text)
        if report.kinds:
            steps.publish_feeds(archive)
    note(note_of_run(report, error))
    if not (report.balanced and report.adds_up):
        raise BooksDoNotBalance(report.run_id, f"newsarchive runs {report.run_id} shows the ledger")
    _sound(report, "reconcile")
    return plain(report)


def examine(summary: Json) -> None:
    """Raise :class:`RunNotWell` when the pages of a crawl were read badly."""
    if report := _report(summary):
        _sound(report, "normalise")


def conclude(summary: Json) -> None:
    """Raise what ended the crawl before its time, or :class:`RunNotWell` when it found too little.

    Nothing when it left no books: then the crawl itself is red.
    """
    if (error := summary.get("error")) and summary.get("crawl_key"):
        raise rebuild(error["name"], error["arguments"], error["text"])
    if report := _report(summary):
        _sound(report, "discover", "fetch")


def days(since: str, until: str, *, asked_at: datetime) -> list[str]:
    """Return the New Zealand dates of a range; raises :class:`ConfigurationError` when it is none."""
    first, last = date.fromisoformat(since), date.fromisoformat(until)
    zone = ZoneInfo(publishers.get(read_settings().publisher).timezone)
    today = asked_at.astimezone(zone).date()
    if last < first:
        message = f"the last day, {last}, lies before the first, {first}: swap them"
    elif last > today:
        message = f"{last} lies in the future; today in New Zealand is {today}"
    else:
        return [(first + timedelta(n)).isoformat() for n in range((last - first).days + 1)]
    note(message)
    raise ConfigurationError(message)


def report_days(asked: Sequence[str], crawls: Crawls) -> list[Json]:
    """Note what became of each day; raises :class:`FailedError` naming those that are red."""
    lines = {crawl["since"]: _line(crawl) for crawl in _each(crawls)}
    by_day = {day: lines.get(day) or _line({"since": day}) for day in asked}
    note(note_of_days(asked, by_day))
    _require_green(day for day, line in by_day.items() if line["causes"])
    return list(by_day.values())


def open_gaps() -> list[dict[str, str]]:
    """Return the New Zealand dates of the open gaps, the oldest first."""
    with caught_up() as archive:
        spans = steps.repair_plans(archive)
    if not spans:
        note("No gap is open.")
    return [{"since": since.isoformat(), "until": until.isoformat()} for since, until in spans]


def report_gaps(asked: Sequence[Json], crawls: Crawls) -> list[Json]:
    """Note what became of each gap; raises :class:`FailedError` naming the crawls that are red."""
    gaps: dict[object, Gap] = {}
    red: dict[str, list[str]] = {f"{span['since']} to {span['until']}": _NO_BOOKS for span in asked}
    for crawl in _each(crawls):
        report = _report(crawl)
        red[f"{crawl['since']} to {crawl['until']}"] = causes(report, crawl.get("error"))
        for gap in report.gaps if report else ():
            gaps[gap.since, gap.until, gap.opened_by] = gap
    touched = list(gaps.values())
    note(note_of_gaps(touched, red))
    _require_green(span for span, found in red.items() if found)
    return [plain(gap) for gap in touched]


def announce(crawls: Crawls, event: OutletEventAccessorProtocol) -> None:
    """Add the New Zealand days that changed as partitions of an asset; skips when there are none."""
    reports = [report for crawl in _each(crawls) if (report := _report(crawl))]
    changed = sorted({day for report in reports for day in report.changed_days})
    if not changed:
        message = "nothing changed"
        raise AirflowSkipException(message)
    event.add_partitions(changed)


def ask_for_repair(summary: Json) -> None:
    """Succeed, which is an event, when a crawl opened a gap; skip when it opened none."""
    report = _report(summary)
    opened = [gap for gap in report.gaps if gap.opened_by == report.run_id] if report else []
    if not any(gap.state == "open" for gap in opened):
        message = "no gap was opened"
        raise AirflowSkipException(message)


def enrich(day: str | None) -> Json:
    """Annotate the articles of one New Zealand day; returns how many."""
    if day is None:
        message = "no day: trigger this DAG with a partition key such as 2026-03-01"
        note(message)
        raise ConfigurationError(message)
    with caught_up() as archive:
        names = annotators.parse(archive.settings.annotators)
        run_id = new_run_id(datetime.now(UTC), secrets.token_hex(8))
        return plain(steps.enrich(archive, date.fromisoformat(day), names, run_id=run_id))


def _each(crawls: Crawls) -> list[Json]:
    return [crawls] if isinstance(crawls, dict) else list(crawls)


def _is_dry(summary: Json) -> bool:
    return "crawl_key" in summary and summary["crawl_key"] is None


def _line(crawl: Json) -> Json:
    """Return the line of one day of a backfill; a dry run has no books, only what it would ask for."""
    line: Json = {"day": crawl["since"], "dry_run": _is_dry(crawl), "causes": []}
    if line["dry_run"]:
        states = _summary(crawl).states
        return {**line, "listed": sum(states.values()), "missing": states.get("pending", 0)}
    report = _report(crawl)
    line["causes"] = causes(report, crawl.get("error"))
    return {**line, **(plain(report) if report else {})}


def _report(summary: Json) -> RunReport | None:
    """Return the report of a crawl, red or not. None when its books are not kept."""
    if not summary.get("crawl_key"):
        return None
    with open_archive(read_settings()) as archive:
        key = run_key(summary["publisher"], summary["run_id"])
        if not archive.store.exists(key):
            return None
        return decode(archive.store.get(key), RunReport, name=key)


def _sound(report: RunReport, *stages: str) -> None:
    if found := [alarm.cause for alarm in report.alarms if alarm.stage in stages]:
        raise RunNotWell(report.run_id, "; ".join(found))


def _require_green(red: Iterable[str]) -> None:
    if names := ", ".join(red):
        message = f"red: {names}; see their tasks, clear them or run it again"
        raise FailedError(message)


def _present(outcome_keys: Sequence[str] | None) -> list[str]:
    # A slice is one request to Airflow's API, iterating is one a key. None: mapped over no file.
    return [] if outcome_keys is None else list(outcome_keys[:])


def _summary(summary: Json) -> CrawlSummary:
    return msgspec.convert(summary, CrawlSummary)


def note(text: str) -> None:
    """Leave a text that becomes the note of the run: :mod:`plugins.notes`."""
    get_current_context()["ti"].xcom_push(key="note", value=text)
