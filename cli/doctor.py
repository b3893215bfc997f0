"""``newsarchive doctor`` looks whether everything is there that a run needs."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import typer
from attrs import frozen

from archive.catalogue import Catalogue
from archive.connect import open_store
from archive.disk import writing
from archive.errors import ArchiveError, RefusedError
from archive.probe import check
from archive.settings import ArchiveSettings, read_settings
from cli.output import Json, print_json, stdout, table

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
    as_json: Json = False,
) -> None:
    """Check settings, disk, clock, object store (create-once, checksums) and catalogue."""
    settings = read_settings()
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


def _catalogue(settings: ArchiveSettings) -> Iterator[Finding]:
    with Catalogue(settings.catalogue) as catalogue:
        runs = catalogue.runs(settings.publisher, limit=1)
    newest = f"newest run {runs[0].run_id}" if runs else "no run yet"
    yield Finding(part="catalogue", passed=True, detail=newest)
