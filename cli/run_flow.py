"""One run by hand, without Airflow: the crawl in its child process, then every stage in order."""

import secrets
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from types import FrameType
from typing import Literal

import typer
from attrs import frozen
from rich.progress import Progress

from archive.connect import Archive
from archive.errors import STOPPED, ArchiveError, BooksDoNotBalance, RunNotWell
from archive.keys import new_run_id
from archive.records import CrawlPlan, CrawlSummary, RunReport
from cli.dates import now
from cli.output import progress_bar, stderr
from crawler.child import CrawlProcess, LogLine
from pipelines import steps

Ask = Literal["due", "all", "missing"]


@frozen(kw_only=True)
class Crawled:
    """A crawl that ended and has books to keep."""

    summary: CrawlSummary
    """What it did."""

    error: ArchiveError | None
    """What ended it before its time, to be raised when the books are kept. None when nothing did."""


def fresh_run_id(started_at: datetime) -> str:
    """Return the id of a run that starts now, and that no other has."""
    return new_run_id(started_at, secrets.token_hex(8))


def make_plan(
    publisher: str,
    dates: tuple[date | None, date | None] = (None, None),
    *,
    ask: Ask = "due",
    dry_run: bool = False,
    repairs: bool = False,
) -> CrawlPlan:
    """Return the plan of a run that starts now."""
    started_at = now()
    return CrawlPlan(
        run_id=fresh_run_id(started_at),
        publisher=publisher,
        started_at=started_at,
        since=dates[0],
        until=dates[1],
        ask=ask,
        dry_run=dry_run,
        repairs=repairs,
    )


def crawl(archive: Archive, plan: CrawlPlan) -> Crawled:
    """Run the crawl to its end; a signal stops it cleanly, and what it has is kept.

    Raises the crawl's error when it has nothing to keep books of.
    """
    with progress_bar() as bar:
        settings = archive.settings
        child = CrawlProcess(plan, home=settings.home, on_log=_Relay(bar), settings=settings)
        with _stopping(child):
            child.start()
            try:
                return Crawled(summary=child.wait(), error=None)
            except ArchiveError as error:
                if child.salvaged is None:
                    raise
                return Crawled(summary=child.salvaged, error=error)


def keep_books(archive: Archive, crawled: Crawled) -> RunReport:
    """Take a finished crawl through normalise, compare, store, catalogue and reconcile."""
    summary = crawled.summary
    with progress_bar() as bar:
        task = bar.add_task("reading WARC files", total=len(summary.warc_keys))
        outcome_keys = []
        for warc_key in summary.warc_keys:
            outcome_keys.append(steps.normalise_warc(archive, summary.run_id, warc_key))
            bar.advance(task)
    steps.catalogue(archive, summary, outcome_keys)
    error = str(crawled.error) if crawled.error else None
    report = steps.reconcile(archive, summary, outcome_keys, error=error)
    if report.kinds:
        steps.publish_feeds(archive)
    return report


def check(crawled: Crawled, report: RunReport) -> None:
    """Raise what is wrong with a run, now that its books are kept and told.

    Its own error, :class:`BooksDoNotBalance`, the exit of a run that a signal stopped, or
    :class:`RunNotWell`.
    """
    if crawled.error is not None:
        raise crawled.error
    if not (report.balanced and report.adds_up):
        raise BooksDoNotBalance(report.run_id, "see the ledger: newsarchive runs " + report.run_id)
    if report.stopped:
        stderr.print("Stopped early. What was fetched is archived, the rest is pending.")
        raise typer.Exit(STOPPED)
    if report.alarms:
        raise RunNotWell(report.run_id, "; ".join(alarm.cause for alarm in report.alarms))


class _Relay:
    """Shows the child's log: progress as a bar, warnings as lines."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("looking for links", total=None)

    def __call__(self, line: LogLine) -> None:
        if line.event == "progress":
            fields = line.fields
            self._bar.update(
                self._task,
                description="fetching",
                completed=int(fields.get("done", 0)),
                total=int(fields.get("total", 0)),
            )
        elif "waiting_for" in line.fields:
            stderr.print(line.event, markup=False)
        elif line.level == "warning":  # An error comes back as an exception, and is told once.
            stderr.print(f"{line.level}: {line.event}", markup=False)


@contextmanager
def _stopping(child: CrawlProcess) -> Iterator[None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        child.stop()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
