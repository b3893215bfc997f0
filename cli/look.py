"""Looking into the archive: ``articles``, ``show``, ``runs``."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Literal

import typer
from attrs import evolve

import publishers
from archive.codec import decode_lines
from archive.connect import Archive, open_archive
from archive.errors import ConfigurationError
from archive.keys import ledger_key
from archive.records import Article, Capture, LedgerLine
from archive.settings import read_settings
from cli.dates import NEW_ZEALAND, Since, Until, date_range, instant
from cli.output import Json, count, print_json, print_jsonl, stderr, stdout, table
from cli.render import print_article, print_report, runs_table
from pipelines import steps
from pipelines.export import is_in_section

At = Annotated[
    str | None, typer.Option(help="As it stood at this time (New Zealand time without a zone).")
]
"""The option to look back."""

Section = Annotated[
    str | None,
    typer.Option(
        help="Only this section, such as world or world/asia.",
        callback=lambda text: text.strip().lower() if text else text,
    ),
]
"""The option to leave other sections out."""

_NONE_YET = "Nothing is held yet. Try: newsarchive crawl"
_NONE_FITS = "Nothing that is held fits; all of it: newsarchive articles"


@contextmanager
def open_caught_up() -> Iterator[Archive]:
    """Open the archive to look into it, with every run of the bucket in its catalogue.

    Raises :class:`ConfigurationError` for a publisher that nobody knows.
    """
    settings = read_settings()
    publishers.get(settings.publisher)
    with open_archive(settings) as archive:
        steps.catch_up(archive)
        yield archive


def articles(
    since: Since = None,
    until: Until = None,
    *,
    at: At = None,
    section: Section = None,
    output: Annotated[
        Literal["table", "jsonl"], typer.Option("--format", help="For people, or whole records.")
    ] = "table",
) -> None:
    """List the articles held, by New Zealand date of publication, in their newest revision.

    With --at, as they stood at that time: those captured by then and not known to be taken off the site,
    each in the revision of that time. What was taken off since is listed without --at, and marked.
    """
    first, last = date_range(since, until)
    with open_caught_up() as archive:
        catalogue, name = archive.catalogue, archive.settings.publisher
        moment = instant(at) if at else None
        if moment is None:
            found = catalogue.newest(name, since=first, until=last)
        else:
            found = catalogue.standing_at(name, moment, since=first, until=last)
        captures = (capture for capture in found if not section or is_in_section(section, capture))
        records = (_as_of(steps.article(archive, capture), moment) for capture in captures)
        if output == "jsonl":
            print_jsonl(records)
        else:
            is_chosen = any((since, until, at, section))
            _print_table(records, none=_NONE_FITS if is_chosen else _NONE_YET)


def _as_of(article: Article, moment: datetime | None) -> Article:
    """Return a record as it was known at an instant: what was taken off later stood then."""
    later = moment is not None and article.removed_at is not None and article.removed_at > moment
    return evolve(article, removed_at=None) if later else article


def _print_table(records: Iterator[Article], *, none: str) -> None:
    rows = []
    for article in records:
        moment = article.date_published or article.first_seen_at
        shown = moment.astimezone(NEW_ZEALAND).strftime("%Y-%m-%d %H:%M")
        byline = article.agency or ", ".join(article.authors)
        access = f"{article.access}, removed" if article.removed_at else article.access
        rows.append((article.article_id, shown, access, byline, article.headline))
    columns = ("article", "published (NZ)", "access", "by", "headline")
    if rows:
        stdout.print(table(count(len(rows), "article"), columns, rows))
    else:
        stderr.print(none)


def show(
    article_id: Annotated[str, typer.Argument(help="The publisher's own id, 26 characters.")],
    at: At = None,
    *,
    as_json: Json = False,
) -> None:
    """Show an article as it is held: headline, byline, times, access, text, captions, evidence."""
    moment = instant(at) if at else None
    with open_caught_up() as archive:
        seen = captures_by(archive, article_id, moment)
        article = _as_of(steps.article(archive, steps.standing(seen)), moment)
    if as_json:
        print_json(article)
    else:
        print_article(article)


def captures_by(archive: Archive, article_id: str, moment: datetime | None) -> list[Capture]:
    """Return the captures of an article up to an instant, or all, by time; at least one.

    Raises :class:`ConfigurationError` when nothing is held of it, or nothing that old.
    """
    captures = archive.catalogue.captures(archive.settings.publisher, article_id)
    if not captures:
        raise ConfigurationError(steps.why_absent(archive, article_id))
    seen = [capture for capture in captures if not moment or capture.captured_at <= moment]
    if not seen:
        first = captures[0].captured_at.astimezone(NEW_ZEALAND)
        message = f"{article_id} was first captured at {first.isoformat(timespec='seconds')}"
        raise ConfigurationError(message)
    return seen


def runs(
    run_id: Annotated[str | None, typer.Argument(help="One run, with its ledger.")] = None,
    *,
    limit: Annotated[int, typer.Option(min=1, help="How many runs to list, newest first.")] = 20,
    as_json: Json = False,
) -> None:
    """List the runs and their books; with a run's id, what became of each listed article."""
    with open_caught_up() as archive:
        publisher = archive.settings.publisher
        reports = archive.catalogue.runs(publisher, limit=None if run_id else limit)
        if run_id is None:
            if as_json:
                print_json(reports)
                return
            if reports:
                stdout.print(runs_table(reports))
                stderr.print("What became of each article of a run: newsarchive runs RUN")
            else:
                stderr.print("No run yet. Try: newsarchive crawl")
            return
        report = next((one for one in reports if one.run_id == run_id), None)
        if report is None:
            message = f"no run {run_id}; list them with: newsarchive runs"
            raise ConfigurationError(message)
        content = archive.store.get(ledger_key(publisher, run_id))
        ledger = list(decode_lines(content, LedgerLine, name=run_id))
    if as_json:
        print_json({"report": report, "ledger": ledger})
        return
    print_report(report)
    _print_ledger(ledger)


def _print_ledger(ledger: Sequence[LedgerLine]) -> None:
    columns = ("article", "outcome", "reason", "access", "status")
    rows = [(x.article_id, x.outcome, x.reason, x.access, x.http_status) for x in ledger]
    stdout.print(table("", columns, rows))
    others = [x for x in ledger if x.outcome not in {"archived", "unchanged"}]
    if others:
        stdout.print("\nWhere the skipped, failed and pending ones are:")
    for line in others:
        stdout.print(f"{line.reason}: {line.url}", markup=False)
