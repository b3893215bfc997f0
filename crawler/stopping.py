"""Signals in the crawl's process: the first one asks for a clean end, and nothing can hurry it.

Imports little: it is at work before the rest of the crawler is imported.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio
    from types import FrameType

_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int | None) -> None:
    """Get a SIGTERM when whoever started us dies, so that a killed task leaves no orphan crawling.

    ``parent`` is its process id: it may be dead by now, and then the signal comes at once.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if parent is not None and os.getppid() != parent:
            signal.raise_signal(signal.SIGTERM)


class Stopping:
    """Turns the first SIGTERM or SIGINT into a stop event; a time limit ends what does not end.

    Airflow sends SIGTERM and kills the task's process five seconds later, which brings us another
    one by ``die_with_parent``: a second signal must not turn a clean end into an abort.
    """

    def __init__(self, limit_seconds: float) -> None:
        self._limit_seconds = limit_seconds
        self._event: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.requested = False

    def install(self) -> None:
        """Take over the signals of this process."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._handle)

    def attach(self, event: asyncio.Event, loop: asyncio.AbstractEventLoop) -> None:
        """Set ``event`` in ``loop`` when a signal comes, or has come."""
        self._event, self._loop = event, loop
        if self.requested:
            event.set()

    def _handle(self, _number: int, _frame: FrameType | None) -> None:
        if self.requested:
            return
        self.requested = True
        limit = threading.Timer(self._limit_seconds, os._exit, (1,))
        limit.daemon = True
        limit.start()
        if self._event is not None and self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._event.set)
