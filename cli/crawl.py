"""``newsarchive crawl`` and ``newsarchive backfill``: one run by hand, with its report."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated

import typer

import publishers
from archive.connect import Archive, open_archive
from archive.errors import ConfigurationError
from archive.records import CrawlPlan, CrawlSummary
from archive.settings import read_settings
from cli.dates import FromDay, Since, ToDay, Until, date_range, now
from cli.output import Json, print_json, stderr, stdout
from cli.render import print_report
from cli.run_flow import check, keep_books, make_plan
from cli.run_flow import crawl as run_crawl
from pipelines import steps


def crawl(since: Since = None, until: Until = None, *, as_json: Json = False) -> None:
    """Crawl the section now: discover, fetch, preserve, read, store, and balance the books.

    Without dates: what the publisher lists at present, asking only for articles that are due.
    With both dates: every story listed for those New Zealand dates, or held of them and no longer listed,
    is asked for again.
    """
    first, last = date_range(since, until)
    if (first is None) != (last is None):
        message = "give --since and --until together, or neither (equal dates mean one day)"
        raise ConfigurationError(message)
    with crawl_archive() as archive:
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
    with crawl_archive() as archive:
        plan = make_plan(archive.settings.publisher, dates, ask="missing", dry_run=dry_run)
        if dry_run:
            _print_forecast(run_crawl(archive, plan).summary, dates, as_json=as_json)
        else:
            _run(archive, plan, as_json=as_json)


@contextmanager
def crawl_archive() -> Iterator[Archive]:
    """Open the archive for a crawl; what stands against one is said before anything is started."""
    settings = read_settings()
    publishers.get(settings.publisher)
    settings.require_permission()
    with open_archive(settings) as archive:
        steps.catch_up(archive)
        for run_id in steps.finish_left(archive, now()):
            stderr.print(f"finished run {run_id}, which was killed before its books were kept")
        steps.finish_takedowns(archive)
        yield archive


def _run(archive: Archive, plan: CrawlPlan, *, as_json: bool) -> None:
    crawled = run_crawl(archive, plan)
    report = keep_books(archive, crawled)
    if as_json:
        print_json(report)
    else:
        print_report(report)
    check(crawled, report)


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
