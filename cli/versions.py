"""How an article changed: ``history``, ``diff``."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from archive.connect import Archive
from archive.disk import is_full
from archive.errors import ConfigurationError
from archive.records import Diff, History, HistoryStep
from cli.html_diff import page
from cli.look import open_caught_up
from cli.output import Json, print_json, stderr, stdout
from cli.render_versions import history_table, print_diff, remarks
from pipelines import steps
from pipelines.history import compared

ArticleId = Annotated[str, typer.Argument(help="The publisher's own id, 26 characters.")]

_REVISION = "a number of the history, or how the revision's name begins (four characters or more)"


def history(article_id: ArticleId, *, as_json: Json = False) -> None:
    """Show how an article changed: each revision with its time, the kinds of change, and a summary.

    Times are New Zealand times. It also tells when an article was removed, and what was found there.
    """
    with open_caught_up() as archive:
        found = _history(archive, article_id)
    if as_json:
        print_json(found)
        return
    stdout.print(history_table(found))
    for line in remarks(found):
        stderr.print(line, markup=False, soft_wrap=True)


def diff(
    article_id: ArticleId,
    before: Annotated[
        str | None, typer.Argument(metavar="BEFORE", help=f"The earlier one: {_REVISION}.")
    ] = None,
    after: Annotated[
        str | None, typer.Argument(metavar="AFTER", help=f"The later one: {_REVISION}.")
    ] = None,
    *,
    as_json: Json = False,
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write it as an HTML page that stands alone."),
    ] = None,
) -> None:
    """Show what changed between two revisions of an article, word for word.

    Without both: the last two revisions; without AFTER: from BEFORE to the last. `newsarchive history` has the
    numbers. Piped or without colours, old words stand in [-…-] and new ones in {+…+}.
    """
    with open_caught_up() as archive:
        told = _history(archive, article_id)
        sides = compared(told, before, after)
        found: Diff = steps.diff(archive, article_id, *(side.revision for side in sides))
    if html:
        _write(html, _page(found, told, sides))
    if as_json:
        print_json(found)
    elif not html:
        print_diff(stdout, found, headline=headline(told), sides=sides)


def headline(history: History) -> str:
    """Return the last headline that an article had; its id when none is known."""
    known = [step.headline for step in history.revisions if step.headline]
    return known[-1] if known else history.article_id


def _history(archive: Archive, article_id: str) -> History:
    if not archive.catalogue.captures(archive.settings.publisher, article_id):
        raise ConfigurationError(steps.why_absent(archive, article_id))
    found: History = steps.history(archive, article_id)
    return found


def _page(found: Diff, told: History, sides: Sequence[HistoryStep]) -> str:
    return page(found, article_id=told.article_id, headline=headline(told), sides=sides)


def _write(path: Path, text: str) -> None:
    """Write a file, beside the target first: there is a whole page or none."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        if is_full(error):
            raise
        message = f"--html {path}: {error.strerror}; name a file in a folder of yours"
        raise ConfigurationError(message) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    stderr.print(f"Written: {path}", markup=False, soft_wrap=True)
