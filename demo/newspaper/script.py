"""What is to happen to the newspaper, and when."""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from demo.newspaper.changes import Change

if TYPE_CHECKING:
    from demo.newspaper.server import Newspaper

Step = tuple[datetime | int, Change]
"""When, and what: an instant of the newspaper's clock, or after so many more requests."""


class Script:
    """The steps that have not happened yet.

    A step happens as soon as the newspaper is next asked for anything after its instant, in the order
    of the instants, and is dated with its instant. Moving the clock back undoes nothing.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._order = itertools.count()
        self._by_time: list[tuple[datetime, int, Change]] = []
        self._by_count: list[tuple[int, int, Change]] = []

    def add(self, steps: Iterable[Step], asked: int) -> None:
        """Plan these steps; `asked` is how many requests there were so far."""
        with self._lock:
            for when, change in steps:
                if isinstance(when, int):
                    heapq.heappush(self._by_count, (asked + when, next(self._order), change))
                else:
                    heapq.heappush(self._by_time, (when, next(self._order), change))

    def play(self, paper: Newspaper, now: datetime, asked: int) -> None:
        """Do what is due."""
        with self._lock:
            while self._by_time and self._by_time[0][0] <= now:
                at, _, change = heapq.heappop(self._by_time)
                change(paper, at)
            while self._by_count and self._by_count[0][0] <= asked:
                _, _, change = heapq.heappop(self._by_count)
                change(paper, now)
