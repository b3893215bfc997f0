"""``newsarchive enrich``: annotate the text of articles by hand."""

from typing import Annotated

import typer

from archive.connect import open_archive
from archive.records import EnrichReport
from archive.settings import read_settings
from cli.dates import Since, Until, date_range, now
from cli.output import Json, print_json, progress_bar, stdout, table
from cli.run_flow import fresh_run_id
from pipelines import annotators, steps


def enrich(
    since: Since = None,
    until: Until = None,
    *,
    annotator: Annotated[
        list[str] | None, typer.Option(help="Annotator to run; repeatable. Default: the settings'.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Find names of people, organisations and places in the articles of these dates.

    Takes whatever lacks an annotation, so it can be repeated at no cost. Default: everything held.
    """
    first, last = date_range(since, until)
    settings = read_settings()
    names = annotators.parse(",".join(annotator or [settings.annotators]))
    reports = []
    with open_archive(settings) as archive, progress_bar() as bar:
        steps.catch_up(archive)
        days = archive.catalogue.days(settings.publisher, since=first, until=last)
        for day in bar.track(days, description="enriching"):
            run_id = fresh_run_id(now())
            reports.append(steps.enrich(archive, day, names, run_id=run_id))
    if as_json:
        print_json(reports)
    else:
        _print(reports)
    if any(report.failed for report in reports):
        raise typer.Exit(1)


def _print(reports: list[EnrichReport]) -> None:
    rows = [(r.day, r.articles, r.annotated, r.already, r.failed) for r in reports if r.articles]
    columns = ("New Zealand date", "articles", "annotated", "already", "failed")
    stdout.print(table("", columns, rows))
