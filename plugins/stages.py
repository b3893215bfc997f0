"""The stages as Airflow's tasks call them: plain JSON in and out, the archive opened around each.

DAG files import this module inside their tasks, because it brings the whole archive with it.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowSkipException
from airflow.sdk.types import OutletEventAccessorProtocol

from archive.connect import Archive, open_archive
from archive.errors import BooksDoNotBalance, ConfigurationError, FailedError
from archive.records import CrawlSummary, RunReport
from archive.settings import read_settings
from crawler.child import rebuild
from pipelines import annotators, steps
from plugins.crawl_operator import plain
from plugins.notes import note_of_days, note_of_run

NEW_ZEALAND = ZoneInfo("Pacific/Auckland")

Json = dict[str, Any]


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


def catalogue(summary: Json, outcome_keys: Sequence[str] | None) -> str:
    """Write down the captures of a run; returns their key."""
    with caught_up() as archive:
        return steps.catalogue(archive, _summary(summary), _present(outcome_keys))


def reconcile(summary: Json, outcome_keys: Sequence[str] | None) -> Json:
    """Balance the books of a run and note them; raises :class:`BooksDoNotBalance`."""
    report = _reconcile(summary, outcome_keys)
    _note(note_of_run(report, summary.get("error")))
    return _checked(report)


def reconcile_day(day: str, summary: Json, outcome_keys: Sequence[str] | None) -> Json:
    """Return the line of one day of a backfill; a dry run has no books, only what it would ask for."""
    found = _summary(summary)
    if found.crawl_key is None:
        missing = found.states.get("pending", 0)
        listed = sum(found.states.values())
        return {
            "day": day,
            "listed": listed,
            "missing": missing,
            "changed_days": [],
            "dry_run": True,
            "error": None,
        }
    report = _checked(_reconcile(summary, outcome_keys))
    return {"day": day, "dry_run": False, "error": summary.get("error"), **report}


def conclude(summary: Json) -> None:
    """Raise what ended the crawl before its time, if anything did, now that its books are kept."""
    if error := summary.get("error"):
        raise rebuild(error["name"], error["arguments"], error["text"])


def days(since: str, until: str, *, asked_at: datetime) -> list[str]:
    """Return the New Zealand dates of a range; raises :class:`ConfigurationError` when it is none."""
    first, last = date.fromisoformat(since), date.fromisoformat(until)
    today = asked_at.astimezone(NEW_ZEALAND).date()
    if last < first:
        message = f"the last day, {last}, lies before the first, {first}: swap them"
    elif last > today:
        message = f"{last} lies in the future; today in New Zealand is {today}"
    else:
        return [(first + timedelta(n)).isoformat() for n in range((last - first).days + 1)]
    _note(message)
    raise ConfigurationError(message)


def report_days(asked: Sequence[str], lines: Sequence[Json]) -> list[Json]:
    """Note what became of each day; raises :class:`FailedError` naming those that failed."""
    by_day = {line["day"]: line for line in lines}
    _note(note_of_days(asked, by_day))
    if failed := [day for day in asked if day not in by_day or by_day[day]["error"]]:
        message = f"failed: {', '.join(failed)}; see their tasks, clear them or run the range again"
        raise FailedError(message)
    return [by_day[day] for day in asked]


def announce(reports: Iterable[Json], event: OutletEventAccessorProtocol) -> None:
    """Add the New Zealand days that changed as partitions of an asset; skips when there are none."""
    changed = sorted({day for report in reports for day in report["changed_days"]})
    if not changed:
        message = "nothing changed"
        raise AirflowSkipException(message)
    event.add_partitions(changed)


def enrich(day: str | None) -> Json:
    """Annotate the articles of one New Zealand day; returns how many."""
    if day is None:
        message = "no day: trigger this DAG with a partition key such as 2026-03-01"
        _note(message)
        raise ConfigurationError(message)
    with caught_up() as archive:
        names = annotators.parse(archive.settings.annotators)
        return plain(steps.enrich(archive, date.fromisoformat(day), names))


def _reconcile(summary: Json, outcome_keys: Sequence[str] | None) -> RunReport:
    with caught_up() as archive:
        return steps.reconcile(archive, _summary(summary), _present(outcome_keys))


def _checked(report: RunReport) -> Json:
    if not report.balanced:
        raise BooksDoNotBalance(report.run_id, f"newsarchive runs {report.run_id} shows the ledger")
    return plain(report)


def _present(outcome_keys: Sequence[str] | None) -> list[str]:
    # A slice is one request to Airflow's API, iterating is one a key. None: mapped over no file.
    return [] if outcome_keys is None else list(outcome_keys[:])


def _summary(summary: Json) -> CrawlSummary:
    return msgspec.convert(summary, CrawlSummary)


def _note(text: str) -> None:
    get_current_context()["ti"].xcom_push(key="note", value=text)
