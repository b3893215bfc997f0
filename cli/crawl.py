"""``newsarchive crawl`` and ``newsarchive backfill``: one run by hand, with its report."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated

import typer

import publishers
from archive.connect import Archive, open_archive
from archive.errors import STOPPED, BooksDoNotBalance, ConfigurationError
from archive.records import CrawlPlan, CrawlSummary, RunReport
from archive.settings import read_settings
from cli.dates import FromDay, Since, ToDay, Until, date_range
from cli.output import Json, print_json, stderr, stdout, table
from cli.run_flow import crawl as run_crawl
from cli.run_flow import keep_books, make_plan
from pipelines import steps


def crawl(since: Since = None, until: Until = None, *, as_json: Json = False) -> None:
    """Crawl the section now: discover, fetch, preserve, read, store, and balance the books.

    Without dates: what the publisher lists at present, asking only for articles that are due.
    With both dates: every story listed for those New Zealand dates is asked for again.
    """
    first, last = date_range(since, until)
    if (first is None) != (last is None):
        message = "give --since and --until together, or neither (equal dates mean one day)"
        raise ConfigurationError(message)
    with _archive() as archive:
        plan = make_plan(archive.settings.publisher, (first, last), ask="all" if first else "due")
        _run(archive, plan, as_json=as_json)


def backfill(
    since: FromDay,
    until: ToDay,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what is missing; fetch no article.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Archive past New Zealand dates: every listed story that is not held yet.

    Resumable: run it again after an interruption and it goes on with what is missing.
    """
    dates = date_range(since, until)
    with _archive() as archive:
        plan = make_plan(archive.settings.publisher, dates, ask="missing", dry_run=dry_run)
        if dry_run:
            _print_forecast(run_crawl(archive, plan).summary, dates, as_json=as_json)
        else:
            _run(archive, plan, as_json=as_json)


@contextmanager
def _archive() -> Iterator[Archive]:
    """Open the archive for a crawl; what stands against one is said before anything is started."""
    settings = read_settings()
    publishers.get(settings.publisher)
    settings.require_permission()
    with open_archive(settings) as archive:
        steps.catch_up(archive)
        yield archive


def _run(archive: Archive, plan: CrawlPlan, *, as_json: bool) -> None:
    crawled = run_crawl(archive, plan)
    report = keep_books(archive, crawled.summary)
    if as_json:
        print_json(report)
    else:
        print_report(report)
    if crawled.error is not None:
        raise crawled.error
    if not report.balanced:
        raise BooksDoNotBalance(report.run_id, "see the ledger: newsarchive runs " + report.run_id)
    if crawled.summary.stopped:
        stderr.print("Stopped early. What was fetched is archived, the rest is pending.")
        raise typer.Exit(STOPPED)


def print_report(report: RunReport) -> None:
    """Print a run report for people."""
    stdout.print(f"Run [bold]{report.run_id}[/bold] of {report.publisher}")
    words = ("listed", "archived", "unchanged", "skipped", "failed", "pending")
    stdout.print(table("", words, [[getattr(report, word) for word in words]]))
    stdout.print(
        f"{report.new_articles} new articles, {report.new_revisions} new revisions; "
        f"{report.requests} requests, {report.bytes / 1e6:.1f} MB received"
    )
    stdout.print(table("", ("reason", "articles"), sorted(report.reasons.items())))
    verdict = "[green]balance[/green]" if report.balanced else "[red]do not balance[/red]"
    stdout.print(f"The books {verdict}.")


def _print_forecast(
    summary: CrawlSummary, dates: tuple[date | None, date | None], *, as_json: bool
) -> None:
    listed = sum(summary.states.values())
    missing = summary.states.get("pending", 0)
    if as_json:
        document = {
            "since": dates[0], "until": dates[1], "listed": listed, "missing": missing,
            "held": listed - missing, "days": summary.days, "requests": summary.requests,
        }  # fmt: skip
        print_json(document)
        return
    stdout.print(
        f"{dates[0]} to {dates[1]}: {listed} articles listed, {listed - missing} held, "
        f"[bold]{missing} missing[/bold]. Run it without --dry-run to archive them."
    )
