"""What the newspaper was asked, in order, for tests of manners."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from datetime import datetime

import attrs

KEPT = 100_000


@attrs.frozen(kw_only=True)
class LoggedRequest:
    """One request and how it was answered."""

    at: datetime
    """When it arrived, by the system clock whatever the newspaper's clock says."""

    arrived: float
    """The same in seconds of the monotonic clock, which no change of time can disturb."""

    ended: float | None = None
    """When the last byte of the answer was handed over, by the monotonic clock; None until then."""

    method: str
    path: str
    query: str
    """The part after `?`, as sent; empty when there is none."""

    headers: dict[str, str]
    """As sent, names in lower case."""

    status: int
    body_bytes: int
    """Length of the body as it was meant, which may be compressed; 0 for 304."""

    forbidden: bool
    """Whether a polite reader never asks for it: `/pf/`, `/search`, `/resizer/`, `outputType=json`."""


class RequestLog:
    """A list that threads may write and read; the oldest of 100,000 entries are let go."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: dict[int, LoggedRequest] = {}
        self.total = 0
        """How many there ever were, forgotten ones too."""

    def add(self, entry: LoggedRequest) -> int:
        """Note one request, and return the number under which its end is noted."""
        with self._lock:
            number = self.total
            self.total += 1
            self._entries[number] = entry
            self._entries.pop(number - KEPT, None)
            return number

    def end(self, number: int, ended: float) -> None:
        """Note when the answer was sent; nothing happens when the entry was let go."""
        with self._lock:
            if entry := self._entries.get(number):
                self._entries[number] = attrs.evolve(entry, ended=ended)

    def clear(self) -> None:
        """Forget them all."""
        with self._lock:
            self._entries.clear()

    def entries(self) -> list[LoggedRequest]:
        """Return a copy, in the order in which they were answered."""
        with self._lock:
            return list(self._entries.values())

    def paths(self) -> list[str]:
        """Only the paths, in order."""
        return [entry.path for entry in self.entries()]

    def gaps(self) -> list[float]:
        """Return the seconds from each arrival to the next: one fewer than there are requests."""
        arrivals = sorted(entry.arrived for entry in self.entries())
        return [later - earlier for earlier, later in itertools.pairwise(arrivals)]

    def pauses(self) -> list[float]:
        """Return the seconds from the end of each answer to the next arrival.

        Negative when two requests were under way at once; an answer without an end counts as
        ended when it was asked for.
        """
        entries = sorted(self.entries(), key=lambda entry: entry.arrived)
        ends = [entry.arrived if entry.ended is None else entry.ended for entry in entries]
        return [after.arrived - end for end, after in zip(ends, entries[1:], strict=False)]

    def __iter__(self) -> Iterator[LoggedRequest]:
        return iter(self.entries())

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, place: int) -> LoggedRequest:
        return self.entries()[place]
