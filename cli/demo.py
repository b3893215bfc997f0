"""``newsarchive demo`` and ``newsarchive up``: the whole stack in the foreground."""

import json
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn, Self

import msgspec
import typer

from archive.disk import writing
from archive.errors import STOPPED
from archive.records import RunReport
from archive.settings import read_settings
from cli.output import stderr, stdout, table
from cli.render import print_report
from demo.airflow_home import USER
from demo.scenario import Shown, show
from demo.stack import Stack

_WATCH_SECONDS = 1.0


def demo(
    *,
    once: Annotated[
        bool,
        typer.Option(
            "--once",
            help="End after the first crawl, the backfill of two days, and their enrichment.",
        ),
    ] = False,
    home: Annotated[
        Path, typer.Option(help="Folder of everything that the demo writes.", file_okay=False)
    ] = Path("var/demo"),
) -> None:
    """Start the whole stack on the made-up newspaper: crawl, backfill, enrich, then stay up.

    Prints a summary with the address of the Airflow UI and the login. Ctrl-C stops everything.
    """
    with writing(home):
        home.mkdir(parents=True, exist_ok=True)
    with _signals(), _Progress() as progress, Stack(home, newspaper=True, say=progress) as stack:
        try:
            today = json.loads((stack.home / "newspaper.json").read_text())["today"]
            shown = show(stack, datetime.fromisoformat(today), progress)
            with _ending_well():
                _print_summary(shown, stack, home, once=once)
                if not once:
                    _watch(stack, progress)
        finally:
            # The next start begins with a run of its own, not with one that the scheduler owes.
            stack.rest("crawl_world")


def up() -> None:
    """Run the stack for the real publisher until Ctrl-C: store, Airflow, and the schedule.

    Needs ARCHIVE_CONTACT and ARCHIVE_PERMITTED=yes; see docs/operations.md.
    """
    settings = read_settings()
    settings.require_permission()
    bucket = settings.bucket if settings.s3_endpoint is None else None
    with (
        _signals(),
        _Progress() as progress,
        Stack(settings.home, newspaper=False, bucket=bucket, say=progress) as stack,
        _ending_well(),
    ):
        stdout.print(f"The archive of {settings.publisher_origin} is running.\n")
        _print_access(stack)
        stdout.print("It crawls every half hour. Ctrl-C stops everything.")
        _watch(stack, progress)


class _Progress:
    """What goes on, on stderr: one changing line on a terminal, a line for each step elsewhere."""

    def __init__(self) -> None:
        self._status = stderr.status("starting")
        self._last = ""
        self._began = time.monotonic()

    def __enter__(self) -> Self:
        if stderr.is_terminal:
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._status.stop()

    def __call__(self, text: str) -> None:
        if stderr.is_terminal:
            self._status.update(text)
        elif text != self._last:
            stderr.print(
                f"{time.monotonic() - self._began:6.1f} s  {text}", markup=False, soft_wrap=True
            )
        self._last = text

    def pause(self) -> None:
        """Leave the terminal alone."""
        self._status.stop()


def _watch(stack: Stack, progress: _Progress) -> None:
    """Stay until a signal comes, or until a part dies."""
    progress.pause()
    while True:
        stack.check()
        time.sleep(_WATCH_SECONDS)


@contextmanager
def _ending_well() -> Iterator[None]:
    """Take a signal for the end that was expected: exit code 0."""
    try:
        yield
    except KeyboardInterrupt:
        stderr.print("Stopping …")


@contextmanager
def _signals() -> Iterator[None]:
    """Let SIGTERM do what Ctrl-C does, and let neither disturb the stopping."""

    def stop(_number: int, _frame: FrameType | None) -> NoReturn:
        for number in before:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    except KeyboardInterrupt:
        stderr.print("Stopped.")
        raise typer.Exit(STOPPED) from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _print_summary(shown: Shown, stack: Stack, home: Path, *, once: bool) -> None:
    print_report(msgspec.convert(shown.report, RunReport))
    words = ("day", "listed", "archived", "unchanged", "skipped", "failed", "pending")
    rows = [[line[word] for word in words] for line in shown.backfilled]
    stdout.print(table("Backfill of older days", words, rows))
    stdout.print(
        f"Enriched: [bold]{shown.annotated}[/bold] articles of {shown.days_enriched} days "
        "(names of people, organisations and places)\n"
    )
    if not once:
        _print_access(stack)
    stdout.print(f"Everything lies in {home}. Look into it with")
    command = Path(sys.argv[0])
    if command.is_absolute() and command.is_relative_to(Path.cwd()):
        command = command.relative_to(Path.cwd())
    for what in ("articles", "runs"):
        stdout.print(f"  ARCHIVE_HOME={home} {command} {what}", markup=False)
    if not once:
        stdout.print("\nThe crawl goes on every half hour. Ctrl-C stops everything.")


def _print_access(stack: Stack) -> None:
    stdout.print(f"Airflow   {stack.airflow.url}")
    stdout.print(f"login     {USER} / {stack.airflow.password}\n", markup=False)
