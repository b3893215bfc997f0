"""``newsarchive export``: taking the archive, or a part of it, away as data."""

from pathlib import Path
from typing import Annotated

import typer
from rich.filesize import decimal

from archive.codec import encode
from archive.keys import sha256_hex
from archive.records import ExportFormat, ExportReport, ExportRequest
from cli.dates import Since, Until, date_range, now
from cli.look import Section, open_caught_up
from cli.output import Json, Tasks, count, print_json, progress_bar, stdout, table
from pipelines import steps
from pipelines.steps import ExportPlan

MOST_SHOWN = 20
"""Broken records named in the table; ``--json`` names all."""


def export(  # noqa: PLR0913 - one for each option
    article_ids: Annotated[
        list[str] | None, typer.Argument(help="Only these articles, by the publisher's own ids.")
    ] = None,
    *,
    output: Annotated[
        ExportFormat, typer.Option("--format", help="Which one is for whom: docs/export.md.")
    ],
    since: Since = None,
    until: Until = None,
    section: Section = None,
    article: Annotated[
        list[str] | None, typer.Option(help="Only this article, too; may be repeated.")
    ] = None,
    every_revision: Annotated[
        bool,
        typer.Option("--every-revision", help="Every revision held, not only the one shown."),
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="Folder to write into. Default: named for what is asked.")
    ] = None,
    to_bucket: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Also put the files into the bucket, at exports/NAME/."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Take the archive away, or the articles of some dates, a section or by id.

    As records, a file for each New Zealand date of publication (parquet, jsonl, csv, ninjs); as pages to
    look at, in one WACZ file; or as the archive's own objects, in a bag. What is whole in the folder already
    stays: the same command goes on after it was stopped, and brings the folder up to date later.
    Ends with 1 when something could not be read; it is named, and all others are there.
    """
    first, last = date_range(since, until)
    with open_caught_up() as archive:
        request = ExportRequest(
            format=output,
            publisher=archive.settings.publisher,
            since=first,
            until=last,
            section=section.strip("/") if section else None,
            article_ids=tuple(sorted({*(article_ids or ()), *(article or ())})),
            every_revision=every_revision,
        )
        folder = out or Path(default_name(request))
        with progress_bar() as bar:
            plan = ExportPlan(
                request=request, folder=folder, now=now(), name=to_bucket, progress=Tasks(bar)
            )
            done = steps.export(archive, plan)
    if as_json:
        print_json(done)
    else:
        _print(done)
    if done.failed:
        raise typer.Exit(1)


def default_name(request: ExportRequest) -> str:
    """Return the name of a folder for an export: another one for whatever else is asked."""
    parts = [request.publisher, request.format]
    parts += [str(request.since)] if request.since else []
    parts += ["to", str(request.until)] if request.until else []
    parts += [request.section.replace("/", "-")] if request.section else []
    parts += ["revisions"] if request.every_revision else []
    if len(request.article_ids) == 1:
        parts += request.article_ids
    elif request.article_ids:
        parts.append(sha256_hex(encode(request.article_ids))[:8])
    return "-".join(parts)


def _print(done: ExportReport) -> None:
    if done.failed:
        rows = [(one.article_id, one.key, one.reason) for one in done.failed[:MOST_SHOWN]]
        stdout.print(table("Not exported", ("article", "object", "reason"), rows))
        if len(done.failed) > MOST_SHOWN:
            stdout.print(f"and {len(done.failed) - MOST_SHOWN} more: --json names them")
        stdout.print("")
    if not done.articles:
        stdout.print("Nothing is held of what was asked for. What is held: newsarchive articles")
        return
    noun = {"wacz": "page", "bagit": "object"}.get(done.format, "record")
    stdout.print(
        f"{count(done.articles, 'article')}, {count(done.records, noun)}, {decimal(done.bytes)} "
        f"in {done.folder} ({done.written} of {count(done.files, 'file')} written now)"
    )
    if done.uploaded:
        stdout.print(f"in the bucket: {done.uploaded[0].rpartition('/')[0]}/")
