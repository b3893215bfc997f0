"""The ``newsarchive`` command. Exit codes stand in ``docs/operations.md`` and in ``--help``."""

import logging
import sys

import typer

from archive.disk import is_full
from archive.errors import ArchiveError, DiskFull
from cli.books import coverage, gaps
from cli.crawl import backfill, crawl
from cli.demo import demo, up
from cli.doctor import doctor
from cli.duplicates import duplicates
from cli.enrich import enrich
from cli.export import export
from cli.halt import halt, resume
from cli.look import articles, runs, show
from cli.output import stderr
from cli.proof import manifest, rebuild, verify
from cli.read import read
from cli.rederive import rederive
from cli.replay import replay
from cli.servers import newspaper, store
from cli.takedown import takedown
from cli.versions import diff, history

app = typer.Typer(
    name="newsarchive",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help=(
        "The archive of record for a newspaper section.\n\n"
        "Try `newsarchive demo`. Dates are New Zealand dates. "
        "Settings are ARCHIVE_* variables (docs/settings.md).\n\n"
        "Exit codes: 0 done, the books balance · 1 failed · 2 wrong usage or a missing setting · "
        "3 stopped early, cleanly · 4 refused (by the store, robots.txt, 401, 403, 451)."
    ),
)

for panel, commands in {
    "The whole stack": (demo, up),
    "Archiving": (crawl, backfill, enrich, read, rederive),
    "Looking": (articles, show, replay, history, diff, duplicates, runs, coverage, gaps),
    "Taking it away": (export,),
    "Proof": (verify, manifest, rebuild, takedown),
    "Running it": (doctor, halt, resume, store, newspaper),
}.items():
    for command in commands:
        app.command(rich_help_panel=panel)(command)


def main() -> None:
    """Run the command line; every expected error ends in one line on stderr and its exit code."""
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(message)s"
    )
    try:
        app()
    except ArchiveError as error:
        sys.exit(_explain(error))
    except OSError as error:
        if not is_full(error):
            raise
        sys.exit(_explain(DiskFull(str(error.filename or "ARCHIVE_HOME"), str(error.strerror))))


def _explain(error: ArchiveError) -> int:
    stderr.print(f"newsarchive: {error}", markup=False, soft_wrap=True)
    return error.exit_code
