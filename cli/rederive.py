"""``newsarchive rederive``: read the stored pages again with today's readers."""

from typing import Annotated

import typer

from archive.connect import open_archive
from archive.records import ReadAgain, RederiveReport
from archive.settings import read_settings
from cli.dates import Since, Until, date_range, now
from cli.output import Json, count, print_json, progress_bar, stderr, stdout, table
from cli.run_flow import fresh_run_id
from pipelines import steps

MOST_SHOWN = 20
"""Revisions named in the table; ``--json`` names all."""


def rederive(
    since: Since = None,
    until: Until = None,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be different; write nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Read the stored pages of these dates again with today's readers, and say what is different.

    Nothing held is changed, and no revision is made: a reading that differs lies beside the record,
    under readings/ in the bucket, by reader and version. So a reader, or the library that finds the text,
    can be upgraded with open eyes: try --dry-run first, with the dates of a few days.
    """
    first, last = date_range(since, until)
    settings = read_settings()
    with open_archive(settings) as archive, progress_bar() as bar:
        steps.catch_up(archive)
        task = bar.add_task("reading again", total=None)
        done = steps.rederive(
            archive,
            run_id=None if dry_run else fresh_run_id(now()),
            since=first,
            until=last,
            progress=lambda number, of: bar.update(task, completed=number, total=of),
        )
    if as_json:
        print_json(done)
    else:
        _print(done)
        _say_where(done, dry_run=dry_run)
    if done.failed:
        raise typer.Exit(1)


def _print(done: RederiveReport) -> None:
    if not done.revisions:
        stdout.print("Nothing is held of these dates. What is held: newsarchive articles")
        return
    stdout.print(
        f"{count(done.revisions, 'revision')} read again: {done.same} the same, "
        f"{done.different} different, {done.failed} not readable; "
        f"words of text: {done.words_gained} gained, {done.words_lost} lost"
    )
    fields = [
        (name, *(counts.get(word, 0) for word in ("gained", "lost", "changed")))
        for name, counts in done.fields.items()
    ]
    if fields:
        stdout.print(table("", ("field", "gained", "lost", "changed"), fields))
    if done.differences:
        shown = [_row(one) for one in done.differences[:MOST_SHOWN]]
        stdout.print(table("", ("article", "words", "what is different"), shown))


def _row(one: ReadAgain) -> tuple[str, str, str]:
    words = (("gained", one.gained), ("lost", one.lost), ("changed", one.changed))
    what = one.problem or "; ".join(f"{word} {', '.join(names)}" for word, names in words if names)
    return one.article_id, f"+{one.words_gained} -{one.words_lost}", what


def _say_where(done: RederiveReport, *, dry_run: bool) -> None:
    more = len(done.differences) - MOST_SHOWN
    if more > 0:
        stderr.print(f"{more} more that differ: newsarchive rederive --json names all")
    if done.different and dry_run:
        stderr.print(
            "Nothing was written. Without --dry-run the readings are kept beside the records."
        )
    elif done.different:
        stderr.print(
            f"{count(done.readings, 'reading')} newly written under readings/; what is held stays."
        )
