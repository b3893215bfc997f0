"""Runs before one turnstile, on machines whose clocks a test can break."""

from datetime import UTC, datetime, timedelta

from attrs import define

from archive.closing import read, turnstile_key
from archive.lease import Clocks, Turnstile, Wait
from archive.object_store import ObjectStore
from archive.records import Lease

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@define
class Machine:
    """One machine's clocks, which can be broken."""

    seconds: float = 0.0
    ahead: float = 0.0

    @property
    def clocks(self) -> Clocks:
        return Clocks(
            now=lambda: NOON + timedelta(seconds=self.seconds + self.ahead),
            uptime=lambda: 1000 + self.seconds,
        )


@define
class World:
    """Runs before one turnstile; time passes only when a test says so."""

    store: ObjectStore
    machine: Machine

    def run(self, name: str, delay: float = 5, machine: Machine | None = None) -> Turnstile:
        turnstile = Turnstile(self.store, "paper", name, (machine or self.machine).clocks)
        turnstile.delay_seconds = delay
        return turnstile

    def lease(self) -> Lease:
        return read(self.store, turnstile_key("paper"))[0]

    def wait(self, run: Turnstile, *others: Machine) -> float:
        """Let a run wait for its turn, and return how long it took."""
        start = self.machine.seconds
        while (step := run.enter()) is not None:
            assert isinstance(step, Wait)
            assert step.seconds > 0
            assert self.machine.seconds - start < 1000
            for machine in (self.machine, *others):
                machine.seconds += step.seconds
        return self.machine.seconds - start


def ask(run: Turnstile) -> None:
    assert run.enter() is None
    run.asked()
