"""``newsarchive halt`` and ``newsarchive resume``: nobody asks the publisher until told otherwise."""

from typing import Annotated

import typer

from archive.closing import close, read_closure, reopen
from archive.connect import open_store
from archive.records import Closure
from archive.settings import read_settings
from cli.dates import now
from cli.output import Json, print_json, stdout

NO_REASON = "no reason given"
"""What stands for a reason that nobody gave."""


def halt(
    *,
    reason: Annotated[
        str, typer.Option("--reason", help="Why: every run that meets the halt says it.")
    ] = NO_REASON,
    as_json: Json = False,
) -> None:
    """Halt all crawls of the publisher, running ones within half a minute, until `resume`.

    What they have is archived, the rest is pending. A run that is started meanwhile ends with exit
    code 4 before it asks for anything.
    """
    settings = read_settings()
    with open_store(settings) as store:
        closure = close(
            store,
            settings.publisher,
            Closure(kind="halted", reason=reason.strip() or NO_REASON, closed_at=now()),
        )
    if as_json:
        print_json({"publisher": settings.publisher, "closure": closure})
        return
    stdout.print(
        f"All crawls of {settings.publisher} are halted ({closure.reason}). "
        "Running ones end within half a minute. Open it again: newsarchive resume",
        markup=False,
    )


def resume(*, as_json: Json = False) -> None:
    """Let crawls ask the publisher again: lifts a halt, and the pause after a refusal or a back-off."""
    settings = read_settings()
    with open_store(settings) as store:
        closure = read_closure(store, settings.publisher)
        lifted = closure if closure is not None and closure.holds_at(now()) else None
        reopen(store, settings.publisher)
    if as_json:
        print_json({"publisher": settings.publisher, "lifted": lifted})
    elif lifted is None:
        stdout.print(f"Crawls of {settings.publisher} were not halted.", markup=False)
    else:
        stdout.print(
            f"Crawls of {settings.publisher} may ask again (lifted: {lifted.kind}, {lifted.reason}).",
            markup=False,
        )
