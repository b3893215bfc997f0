"""Where ``newsarchive`` begins: a signal ends it cleanly from the first moment on, imports included."""

import signal
import sys
from types import FrameType
from typing import NoReturn

from archive.errors import STOPPED


class _Stop(SystemExit):
    """A signal that nobody else took."""


def main() -> None:
    """Run the command line; a signal ends whatever runs, through its clean-up, and is said."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    try:
        from cli.main import main as run  # noqa: PLC0415 - takes a second, in which people press Ctrl-C

        run()
    except _Stop:
        sys.stderr.write("newsarchive: stopped; the same command goes on, or begins again\n")
        raise


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise _Stop(STOPPED)
