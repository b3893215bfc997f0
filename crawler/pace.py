"""How fast we ask: one turn after the other, over all runs, and waits that a stop cuts short."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic

from archive.errors import CrawlHalted, CrawlRefused, StoreUnavailable
from archive.lease import POLL_SECONDS, Turnstile, Wait
from archive.records import Closure, ClosureKind
from crawler.endings import BackedOff, PublisherClosed, Stopped

logger = logging.getLogger(__name__)

MAX_WAIT_SECONDS = 120.0
"""Longest pause a publisher may ask for that a run waits out; a longer one ends it, and the rest stays
pending."""

LONGEST_BACK_OFF_SECONDS = 86_400.0
"""Longest pause that a publisher gets by asking for one: a day, whatever a ``Retry-After`` says."""

REFUSED_DELAYS = 720
"""How many delays long nobody asks a publisher that has refused (401, 403, 451, a challenge): an hour at
the delay of five seconds, and no time at all on a loopback newspaper that is asked without one."""

STORE_PATIENCE_SECONDS = 300.0
"""How long the store may be away before a run gives up its place."""

TELL_SECONDS = 30.0
"""How often a waiting run says for whom it waits."""


LONG_SECONDS = 30.0
"""A wait longer than this is told with its cause, so that nobody wonders why nothing happens."""


class Pace:
    """Hands out turns, each at least the delay after the end of the one before, of whatever run."""

    def __init__(
        self,
        turnstile: Turnstile,
        delay_seconds: float,
        stop: asyncio.Event,
        *,
        publisher: str,
        clock: Callable[[], datetime],
    ) -> None:
        self.stop = stop
        self._turnstile = turnstile
        self._publisher = publisher
        self._clock = clock
        self._asking = False
        self._store_lost_at: float | None = None
        self._told_at = -TELL_SECONDS
        self._told = set[str]()
        self._delay_cause = "ARCHIVE_DELAY_SECONDS"
        turnstile.delay_seconds = delay_seconds

    @property
    def delay_seconds(self) -> float:
        """Least time between two requests."""
        return self._turnstile.delay_seconds

    def slow_down_to(self, delay_seconds: float) -> None:
        """Wait as long between requests as a ``Crawl-delay`` asks for; never shorter than before."""
        if delay_seconds > self.delay_seconds:
            self._turnstile.delay_seconds = delay_seconds
            self._delay_cause = "the Crawl-delay of robots.txt"

    async def turn(self) -> None:
        """Wait until the next request may be made.

        Raises :class:`Stopped`, :class:`PublisherClosed`, :class:`CrawlHalted` and
        :class:`CrawlRefused`, :class:`StoreUnavailable` after minutes without the store.
        """
        waited = 0.0
        while (step := await self._step()) is not None:
            if isinstance(step, Closure):
                step = self._wait_for(step)
            elif step.holder is None:
                waited += step.seconds
                self._tell_delay(waited)
            await self.wait(step.seconds)
        self._asking = True

    def done(self) -> None:
        """Note that a request has ended: the delay counts from here, so it is kept on the wire too."""
        if self._asking:
            self._turnstile.asked()
        self._asking = False

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

    async def pause(self, seconds: float, cause: str) -> None:
        """Wait, and tell of a long wait why it is, once for each ``cause``; raises :class:`Stopped`."""
        self._tell_long(seconds, cause)
        await self.wait(seconds)

    async def back_off(self, seconds: float, reason: str) -> None:
        """Leave the publisher alone for a while, all runs together; ``reason`` is what it answered.

        Raises :class:`BackedOff` when that is longer than a run waits, and :class:`Stopped`.
        """
        until = await self._close("back_off", min(seconds, LONGEST_BACK_OFF_SECONDS), reason)
        if seconds > MAX_WAIT_SECONDS:
            logger.warning("%s; %s", reason, _again(until))
            raise BackedOff
        await self.pause(seconds, reason)

    async def refuse(self, url: str, answer: str) -> CrawlRefused:
        """Close the publisher for every run after a refusal, and return the error that says so."""
        seconds = REFUSED_DELAYS * self.delay_seconds
        if not seconds:
            return CrawlRefused(url, answer)
        until = await self._close("refused", seconds, f"{url}: {answer}")
        return CrawlRefused(url, f"{answer}; {_again(until)}")

    def close(self) -> None:
        """Give back what is held, so that others need not wait. Blocks; for the end of a run."""
        try:
            self._turnstile.leave()
        except StoreUnavailable as error:
            logger.warning("the turn could not be given back, and will expire: %s", error)

    async def _close(self, kind: ClosureKind, seconds: float, reason: str) -> datetime:
        now = self._clock()
        until = now + timedelta(seconds=seconds)
        closure = Closure(kind=kind, reason=reason, closed_at=now, until=until)
        try:
            await asyncio.to_thread(self._turnstile.leave, closure)
        except StoreUnavailable as error:
            logger.warning("other runs could not be told (%s): %s", reason, error)
        return until

    async def _step(self) -> Wait | Closure | None:
        """Take a step towards the turn; a store that is away for a moment only takes time."""
        step = asyncio.ensure_future(asyncio.to_thread(self._turnstile.enter))
        stop = asyncio.ensure_future(self.stop.wait())
        try:
            await asyncio.wait({step, stop}, return_when=asyncio.FIRST_COMPLETED)
            if self.stop.is_set():
                # What is taken at this moment can still be given back.
                await asyncio.wait({step}, timeout=POLL_SECONDS)
                raise Stopped
            taken = step.result()
        except StoreUnavailable as error:
            return self._wait_for_store(error)
        finally:
            stop.cancel()
            if not step.done():
                # A thread can't be ended; what it finds is of no interest any more.
                step.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        self._store_lost_at = None
        if isinstance(taken, Wait) and taken.holder is not None:
            self._tell(f"waiting for run {taken.holder} to finish its turn", taken.holder)
        return taken

    def _wait_for_store(self, error: StoreUnavailable) -> Wait:
        now = monotonic()
        if self._store_lost_at is None:
            self._store_lost_at = now
            logger.warning("no turn without the store, trying again: %s", error)
        if now - self._store_lost_at > STORE_PATIENCE_SECONDS:
            raise error
        return Wait(seconds=POLL_SECONDS)

    def _wait_for(self, closure: Closure) -> Wait:
        """Return how long to wait for the end of a closure, or raise what it means."""
        since = closure.closed_at.astimezone(UTC).isoformat(timespec="seconds")
        if closure.kind == "halted":
            raise CrawlHalted(self._publisher, f"since {since}: {closure.reason}")
        if closure.kind == "refused":
            raise CrawlRefused(
                self._publisher, f"{closure.reason} at {since}; {_again(closure.until)}"
            )
        left = (
            (closure.until - self._clock()).total_seconds() if closure.until else MAX_WAIT_SECONDS
        )
        if left > MAX_WAIT_SECONDS:
            logger.warning("not asked: %s; %s", closure.reason, _again(closure.until))
            raise PublisherClosed
        self._tell(f"waiting {left:.0f} s: {closure.reason}", "publisher")
        return Wait(seconds=min(max(left, 0.05), 10 * POLL_SECONDS))

    def _tell_delay(self, waited: float) -> None:
        """Tell of a long delay: our own at once, that of others when so much of it has passed."""
        if self.delay_seconds > LONG_SECONDS:
            self._tell_long(self.delay_seconds, f"{self._delay_cause}, between two requests")
        else:
            self._tell_long(waited, "so far, for the delay that the run before kept")

    def _tell_long(self, seconds: float, cause: str) -> None:
        if seconds > LONG_SECONDS and cause not in self._told:
            self._told.add(cause)
            fields = {"waiting_for": "publisher"}
            logger.info("waiting %.0f s: %s", seconds, cause, extra={"fields": fields})

    def _tell(self, event: str, waiting_for: str) -> None:
        if monotonic() - self._told_at >= TELL_SECONDS:
            self._told_at = monotonic()
            logger.info("%s", event, extra={"fields": {"waiting_for": waiting_for}})


def _again(until: datetime | None) -> str:
    by_hand = "`newsarchive resume` lifts that"
    if until is None:
        return by_hand
    instant = until.astimezone(UTC).isoformat(timespec="seconds")
    return f"nobody asks again before {instant} ({by_hand})"


def retry_after_seconds(value: str | None, now: Callable[[], datetime]) -> float | None:
    """Return what a ``Retry-After`` asks for, given in seconds or as a date. None when unreadable."""
    if value is None:
        return None
    text = value.strip()
    if text.isdecimal():
        return float(text)
    try:
        instant = parsedate_to_datetime(text)
        if instant.tzinfo is None:
            instant = instant.replace(tzinfo=UTC)
        return max(0.0, (instant - now()).total_seconds())
    except (ValueError, OverflowError):
        return None
