"""How fast we ask: one turn after the other, and waits that a stop cuts short."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic

from crawler.endings import Stopped


class Pace:
    """Hands out turns, each at least the delay after the end of the one before."""

    def __init__(self, delay_seconds: float, stop: asyncio.Event) -> None:
        self.delay_seconds = delay_seconds
        self.stop = stop
        self._ended_at: float | None = None

    def slow_down_to(self, delay_seconds: float) -> None:
        """Wait longer between requests from now on; never shorter."""
        self.delay_seconds = max(self.delay_seconds, delay_seconds)

    async def turn(self) -> None:
        """Wait until the next request may be made; raises :class:`Stopped`."""
        since = monotonic() - self._ended_at if self._ended_at is not None else self.delay_seconds
        await self.wait(self.delay_seconds - since)

    def done(self) -> None:
        """Note that a request has ended: the delay counts from here, so it is kept on the wire too."""
        self._ended_at = monotonic()

    async def wait(self, seconds: float) -> None:
        """Wait; raises :class:`Stopped` at once when a stop is asked for."""
        if self.stop.is_set():
            raise Stopped
        if seconds > 0:
            try:
                await asyncio.wait_for(self.stop.wait(), seconds)
            except TimeoutError:
                return
            raise Stopped


def retry_after_seconds(value: str | None, now: Callable[[], datetime]) -> float | None:
    """Return what a ``Retry-After`` asks for, given in seconds or as a date. None when unreadable."""
    if value is None:
        return None
    text = value.strip()
    if text.isdecimal():
        return float(text)
    try:
        instant = parsedate_to_datetime(text)
    except ValueError:
        return None
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    return max(0.0, (instant - now()).total_seconds())
