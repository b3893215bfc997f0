"""``newsarchive doctor`` looks whether everything is there that a run needs."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Annotated

import typer
from attrs import evolve, frozen

import publishers
from archive.catalogue import Catalogue
from archive.closing import read_closure
from archive.connect import open_archive, open_store
from archive.disk import writing
from archive.errors import STOPPED, ArchiveError, RefusedError
from archive.object_store import ObjectStore
from archive.probe import check
from archive.records import CrawlSummary
from archive.settings import ArchiveSettings, read_settings
from cli.output import Json, print_json, stdout, table
from cli.run_flow import crawl as run_crawl
from cli.run_flow import make_plan

LEAST_FREE_BYTES = 2_000_000_000
"""Room below which the disk is called too full: two WARC files of full size."""

CREDIBLE_YEARS = range(2026, 2100)
"""Years that the machine's clock may show; outside them it is not set."""


@frozen(kw_only=True)
class Finding:
    """What one check found."""

    part: str
    """Part of the system that was looked at."""

    passed: bool
    """Whether it will do."""

    detail: str
    """What was seen, and what to do about it when it will not do."""

    exit_code: int = 1
    """What the command ends with when this has failed."""


def doctor(
    *,
    live: Annotated[
        bool,
        typer.Option(
            "--live", help="Look at the publisher's site instead; 20 requests, nothing archived."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Check settings, disk, clock, object store (create-once, checksums), halts and catalogue.

    With --live, for the first permitted contact: look with at most 20 polite requests how the
    publisher's site answers (robots.txt, sitemaps, feeds, menu, an article, redirects), and say
    of each answer what it means for a crawl. "ask" stands before what a person should settle
    first, a dash before what could not be looked at. Nothing is archived. The order of things
    stands in docs/operations.md; try it on the made-up newspaper before.
    """
    settings = read_settings()
    if live:
        _look_at_the_site(settings, as_json=as_json)
        return
    findings = [
        finding
        for part in (_settings, _disk, _clock, _store, _catalogue)
        for finding in _guarded(part, settings)
    ]
    if as_json:
        print_json(findings)
    else:
        rows = [("ok" if x.passed else "FAILED", x.part, x.detail) for x in findings]
        stdout.print(table("", ("", "part", "found"), rows))
    failed = [finding.exit_code for finding in findings if not finding.passed]
    if failed:
        raise typer.Exit(max(failed))


def _guarded(
    part: Callable[[ArchiveSettings], Iterator[Finding]], settings: ArchiveSettings
) -> Iterator[Finding]:
    try:
        yield from part(settings)
    except ArchiveError as error:
        name = part.__name__.strip("_")
        yield Finding(part=name, passed=False, detail=str(error), exit_code=error.exit_code)


def _settings(settings: ArchiveSettings) -> Iterator[Finding]:
    settings.require_permission()
    kind = "a live site" if settings.is_live else "on loopback, no permit needed"
    yield Finding(part="publisher", passed=True, detail=f"{settings.publisher_origin} ({kind})")


def _disk(settings: ArchiveSettings) -> Iterator[Finding]:
    with writing(settings.home):
        settings.home.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.home).free
    detail = f"{free / 1e9:.1f} GB free at {settings.home.absolute()}"
    yield Finding(part="disk", passed=free >= LEAST_FREE_BYTES, detail=detail)


def _clock(_settings: ArchiveSettings) -> Iterator[Finding]:
    present = datetime.now(UTC)
    detail = f"{present.isoformat(timespec='seconds')}, as this machine has it"
    yield Finding(part="clock", passed=present.year in CREDIBLE_YEARS, detail=detail)


def _store(settings: ArchiveSettings) -> Iterator[Finding]:
    with open_store(settings) as store:
        for result in check(store):
            yield Finding(
                part=f"store: {result.name}",
                passed=result.passed,
                detail=result.detail,
                exit_code=RefusedError.exit_code,
            )
        yield _closure(store, settings.publisher)


def _closure(store: ObjectStore, publisher: str) -> Finding:
    """Tell whether crawls may ask the publisher, as far as the operator and earlier answers go."""
    closure = read_closure(store, publisher)
    if closure is None or not closure.holds_at(datetime.now(UTC)):
        return Finding(part="crawls", passed=True, detail="open: nothing holds them up")
    until = closure.until.isoformat(timespec="seconds") if closure.until else "resumed"
    return Finding(
        part="crawls",
        # A pause that the publisher asked for passes by itself.
        passed=closure.kind == "back_off",
        detail=f"{closure.kind} until {until}: {closure.reason} (`newsarchive resume` opens them)",
        exit_code=RefusedError.exit_code,
    )


def _catalogue(settings: ArchiveSettings) -> Iterator[Finding]:
    with Catalogue(settings.catalogue) as catalogue:
        runs = catalogue.runs(settings.publisher, limit=1)
    newest = f"newest run {runs[0].run_id}" if runs else "no run yet"
    yield Finding(part="catalogue", passed=True, detail=newest)


def _look_at_the_site(settings: ArchiveSettings, *, as_json: bool) -> None:
    publishers.get(settings.publisher)
    settings.require_permission()
    with open_archive(settings) as archive:
        crawled = run_crawl(archive, evolve(make_plan(settings.publisher), survey=True))
    summary = crawled.summary
    if as_json:
        print_json(_document(settings, summary))
    else:
        _print_survey(settings, summary)
    if crawled.error is not None:
        raise crawled.error
    if summary.stopped:
        raise typer.Exit(STOPPED)


def _document(settings: ArchiveSettings, summary: CrawlSummary) -> dict[str, object]:
    return {
        "publisher": summary.publisher,
        "origin": settings.publisher_origin,
        "started_at": summary.started_at,
        "ended_at": summary.ended_at,
        "ending": summary.ending,
        "requests": summary.requests,
        "bytes": summary.bytes,
        "findings": summary.survey,
    }


def _print_survey(settings: ArchiveSettings, summary: CrawlSummary) -> None:
    words = {True: "ok", False: "ask", None: "–"}
    rows = [(words[x.passed], x.topic, x.finding, x.detail) for x in summary.survey]
    stdout.print(table("", ("", "looked at", "found", "means"), rows))
    open_points = sum(finding.passed is False for finding in summary.survey)
    stdout.print(
        f"{settings.publisher_origin}: requests made: {summary.requests}, "
        f"{summary.bytes / 1e6:.1f} MB received, nothing archived. "
        f"To settle before a crawl (marked ask): {open_points}."
    )
