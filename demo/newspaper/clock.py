"""The newspaper's clock, which tests can set."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta


class Clock:
    """Runs with the system clock until it is set; from then on it moves only when told."""

    def __init__(self, at: datetime | None = None) -> None:
        self._lock = threading.Lock()
        self._fixed = at.astimezone(UTC) if at else None
        self._offset = timedelta()

    def now(self) -> datetime:
        """Tell the time, in UTC."""
        with self._lock:
            return self._fixed or datetime.now(UTC) + self._offset

    def set(self, at: datetime) -> None:
        """Stop the clock at this instant, which needs a time zone."""
        if at.tzinfo is None:
            message = "the clock needs an instant with a time zone"
            raise ValueError(message)
        with self._lock:
            self._fixed = at.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Move the clock; a running one keeps running."""
        with self._lock:
            if self._fixed:
                self._fixed += by
            else:
                self._offset += by

    def run(self) -> None:
        """Go back to the system clock."""
        with self._lock:
            self._fixed, self._offset = None, timedelta()
