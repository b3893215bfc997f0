"""The turnstile: one object in the bucket through which every request to a publisher passes.

A run takes it for a slice of some seconds, makes its requests, and gives it back. Every change is a
compare-and-swap, so two runs never hold it at once. What others did is judged by how long this
process has watched it, on a clock that nobody sets: other machines' clocks, and jumps of our own,
can make us wait longer and never come too soon.
"""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from attrs import evolve, frozen

from archive.closing import ROUNDS, closed, read, turnstile_key, write
from archive.errors import StoreUnavailable
from archive.object_store import ObjectStore
from archive.records import Closure, Lease

SLICE_SECONDS = 20.0
"""Longest time for which a run makes requests before it asks the store again: a closure reaches
every run within it, and nobody waits longer for each of those before him."""

EXPIRY_SECONDS = 75.0
"""Time after which a slice that was not given back counts as expired: a slice and the longest request in
it (20 + 30 s), and half as much again."""

WATCH_SECONDS = 60.0
"""How long an expired slice must have stood unchanged before our eyes: longer than a slice and the
longest request in it, so that a holder who lives has touched it, whatever the clocks say."""

GRACE_SECONDS = 3.0
"""How long the first in the queue may take for his turn before the second goes."""

POLL_SECONDS = 1.0
"""How often a waiting run looks."""

LONGEST_SLEEP_SECONDS = 10.0
"""Longest wait without looking: a closure may have come, or have been lifted."""


@frozen(kw_only=True)
class Clocks:
    """The two clocks that are asked."""

    now: Callable[[], datetime]
    """The time of day; may be set, and differ from that of others."""

    uptime: Callable[[], float]
    """Seconds since some start; only goes forward, also while the machine sleeps."""


def _uptime() -> float:
    # macOS has no CLOCK_BOOTTIME; its monotonic clock stops while the machine sleeps.
    return time.clock_gettime(time.CLOCK_BOOTTIME) if sys.platform == "linux" else time.monotonic()


SYSTEM_CLOCKS = Clocks(now=lambda: datetime.now(UTC), uptime=_uptime)


@frozen(kw_only=True)
class Wait:
    """The next request may not be made yet."""

    seconds: float
    """How long to wait before asking again."""

    holder: str | None = None
    """The run that is waited for. None when only a delay has to pass."""


class Turnstile:
    """One run's view of the turnstile. For one thread at a time; every call may ask the store."""

    def __init__(
        self, store: ObjectStore, publisher: str, run_id: str, clocks: Clocks = SYSTEM_CLOCKS
    ) -> None:
        self.delay_seconds = 0.0
        """Least time between two requests."""
        self._store = store
        self._key = turnstile_key(publisher)
        self._name = run_id
        self._clocks = clocks
        self._holds = False
        self._turn = -1
        self._taken = (0.0, clocks.now())
        self._ended: float | None = None
        self._seen: tuple[tuple[str | None, int], float] | None = None
        self._lost_at: float | None = None

    def enter(self) -> Wait | Closure | None:
        """Take the next step towards a request. None: it may be made now.

        A :class:`Wait` says when to ask again, a closure that nobody may ask at all.
        """
        rest = self._rest()
        if self._holds and self._lasts(rest):
            return Wait(seconds=rest) if rest > 0 else None
        self._holds = False
        lease, tag = read(self._store, self._key)
        self._watch(lease)
        mine = self._is_mine(lease)
        closure = lease.closure
        if closure is not None and closure.holds_at(self._clocks.now()):
            if mine:
                self._write(self._given_back(lease), tag)
            return closure
        if mine:
            return self._go_on(lease, tag, rest)
        if lease.holder is not None and not self._is_lost(lease):
            self._join(lease, tag)
            return Wait(seconds=POLL_SECONDS, holder=lease.holder)
        pause = self._ready_at(lease, rest) - self._clocks.uptime()
        if pause > 0:
            if lease.waiting:
                self._join(lease, tag)
            first = lease.waiting[0] if lease.waiting else None
            seconds = min(pause, POLL_SECONDS if lease.waiting else LONGEST_SLEEP_SECONDS)
            return Wait(seconds=seconds, holder=None if first == self._name else first)
        return self._take(lease, tag)

    def asked(self) -> None:
        """Note that a request has ended: the delay counts from here."""
        self._ended = self._clocks.uptime()

    def leave(self, closure: Closure | None = None) -> None:
        """Give the slice back, or the place in the queue; with ``closure``, close it for all as well.

        A closure that weighs more stays: see :func:`archive.closing.close`.
        """
        for _ in range(ROUNDS):
            lease, tag = read(self._store, self._key)
            left = self._given_back(lease) if self._is_mine(lease) else lease
            left = closed(left, closure, self._clocks.now())
            left = evolve(left, waiting=tuple(n for n in left.waiting if n != self._name))
            if left == lease or self._write(left, tag):
                self._holds = False
                return
        raise StoreUnavailable(
            self._store.endpoint, f"{self._key} is written by others all the time"
        )

    def _go_on(self, lease: Lease, tag: str | None, rest: float) -> Wait | None:
        """Go on with a slice that is ours: in it, with a new one, or behind those who wait."""
        if self._lasts(rest):
            # The answer to our taking was lost.
            self._holds = True
            return Wait(seconds=rest) if rest > 0 else None
        if lease.waiting or rest > 0:
            queue = (*lease.waiting, self._name) if lease.waiting else ()
            self._write(evolve(self._given_back(lease), waiting=queue), tag)
            return Wait(seconds=min(max(rest, POLL_SECONDS), LONGEST_SLEEP_SECONDS))
        return self._take(lease, tag)

    def _take(self, lease: Lease, tag: str | None) -> Wait | None:
        now, uptime = self._clocks.now(), self._clocks.uptime()
        place = lease.waiting.index(self._name) if self._name in lease.waiting else -1
        taken = evolve(
            lease,
            holder=self._name,
            turn=lease.turn + 1,
            taken_at=now,
            expires_at=now + timedelta(seconds=EXPIRY_SECONDS),
            # Those before us had their moment and did not come.
            waiting=lease.waiting[place + 1 :] if place >= 0 else (),
            closure=None,
        )
        # Before the writing: its answer may be lost, and its time counts.
        self._turn, self._taken = taken.turn, (uptime, now)
        if self._write(taken, tag):
            self._holds = True
            return None
        return Wait(seconds=POLL_SECONDS / 10)

    def _join(self, lease: Lease, tag: str | None) -> None:
        if self._name not in lease.waiting:
            self._write(evolve(lease, waiting=(*lease.waiting, self._name)), tag)

    def _given_back(self, lease: Lease) -> Lease:
        return evolve(
            lease,
            holder=None,
            taken_at=None,
            expires_at=None,
            free_at=self._clocks.now() + timedelta(seconds=self._rest()),
            delay_seconds=self.delay_seconds,
        )

    def _write(self, lease: Lease, tag: str | None) -> bool:
        return write(self._store, self._key, lease, tag)

    def _is_mine(self, lease: Lease) -> bool:
        return (lease.holder, lease.turn) == (self._name, self._turn)

    def _rest(self) -> float:
        """Return how much of our own delay is left."""
        if self._ended is None:
            return 0.0
        return max(0.0, self._ended + self.delay_seconds - self._clocks.uptime())

    def _lasts(self, seconds: float) -> bool:
        """Whether the slice lasts for so long by both clocks; a jump of either ends it."""
        uptime, now = self._taken
        by_uptime = self._clocks.uptime() - uptime
        by_day = (self._clocks.now() - now).total_seconds()
        return max(by_uptime, by_day) + seconds < SLICE_SECONDS and by_day >= -POLL_SECONDS

    def _watch(self, lease: Lease) -> None:
        """Note since when the turnstile has been as it is. Newcomers in the queue change nothing."""
        state = (lease.holder, lease.turn)
        if self._seen is None or self._seen[0] != state:
            self._seen, self._lost_at = (state, self._clocks.uptime()), None

    @property
    def _seen_at(self) -> float:
        return self._seen[1] if self._seen else self._clocks.uptime()

    def _is_lost(self, lease: Lease) -> bool:
        """Whether the holder has died, or forgotten it."""
        watched = self._clocks.uptime() - self._seen_at
        expired = lease.expires_at is None or self._clocks.now() >= lease.expires_at
        # A holder whose clock was far ahead wrote an expiry that will not come.
        lost = watched >= WATCH_SECONDS and (expired or watched >= EXPIRY_SECONDS)
        if lost and self._lost_at is None:
            self._lost_at = self._clocks.uptime()
        return lost

    def _ready_at(self, lease: Lease, rest: float) -> float:
        """Return when we may take a turnstile that nobody holds, as an uptime.

        After somebody else's turn that is a whole delay after we saw it free: ``free_at`` is as good
        as the clock of who wrote it.
        """
        uptime = self._clocks.uptime()
        free_at = self._lost_at if self._lost_at is not None else self._seen_at
        if lease.turn in {0, self._turn}:
            ready_at = max(free_at, uptime + rest)
        else:
            ready_at = free_at + max(self.delay_seconds, lease.delay_seconds)
        waiting = lease.waiting
        ahead = waiting.index(self._name) if self._name in waiting else len(waiting)
        return ready_at + ahead * GRACE_SECONDS
