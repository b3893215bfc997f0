"""What the newspaper was asked, in order, for tests of manners."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from datetime import datetime

import attrs

KEPT = 100_000


@attrs.frozen(kw_only=True)
class LoggedRequest:
    """One request and how it was answered."""

    at: datetime
    """When it arrived, by the system clock whatever the newspaper's clock says."""

    method: str
    path: str
    query: str
    """The part after `?`, as sent; empty when there is none."""

    headers: dict[str, str]
    """As sent, names in lower case."""

    status: int
    body_bytes: int
    """Length of the body as sent, which may be compressed; 0 for 304."""

    forbidden: bool
    """Whether robots.txt forbids the path (`/pf/`, `/search`)."""


class RequestLog:
    """A list that threads may write and read; the oldest of 100,000 entries are let go."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: deque[LoggedRequest] = deque(maxlen=KEPT)

    def add(self, entry: LoggedRequest) -> None:
        """Note one request."""
        with self._lock:
            self._entries.append(entry)

    def clear(self) -> None:
        """Forget them all."""
        with self._lock:
            self._entries.clear()

    def entries(self) -> list[LoggedRequest]:
        """Return a copy, in order of arrival."""
        with self._lock:
            return list(self._entries)

    def paths(self) -> list[str]:
        """Only the paths, in order."""
        return [entry.path for entry in self.entries()]

    def __iter__(self) -> Iterator[LoggedRequest]:
        return iter(self.entries())

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, place: int) -> LoggedRequest:
        return self.entries()[place]
