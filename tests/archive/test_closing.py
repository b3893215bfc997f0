"""A closure reaches every run, and what weighs more stays."""

from datetime import timedelta

import pytest

from archive.closing import close, read_closure, reopen, turnstile_key
from archive.lease import SLICE_SECONDS
from archive.object_store import ObjectStore
from archive.records import Closure
from tests.archive.lease_support import NOON, Machine, World, ask


@pytest.fixture
def world(store: ObjectStore) -> World:
    return World(store, Machine())


def test_a_closure_reaches_the_holder_within_its_slice(world: World) -> None:
    one = world.run("one", delay=0)
    ask(one)
    halted = Closure(kind="halted", reason="a test", closed_at=NOON)
    assert close(world.store, "paper", halted) == halted
    start = world.machine.seconds
    while (step := one.enter()) is None:
        world.machine.seconds += 0.5
    assert step == halted
    assert world.machine.seconds - start <= SLICE_SECONDS
    assert world.lease().holder is None
    assert world.run("two").enter() == halted
    reopen(world.store, "paper")
    assert read_closure(world.store, "paper") is None
    assert world.wait(one) < 5


def test_what_weighs_more_stays_closed(world: World) -> None:
    def closure(kind: str, minutes: int | None) -> Closure:
        until = None if minutes is None else NOON + timedelta(minutes=minutes)
        return Closure(kind=kind, reason="r", closed_at=NOON, until=until)  # type: ignore[arg-type]

    store = world.store
    long, short = closure("back_off", 30), closure("back_off", 3)
    assert close(store, "paper", long) == long
    assert close(store, "paper", short) == long
    refused, halted = closure("refused", 60), closure("halted", None)
    assert close(store, "paper", refused) == refused
    assert close(store, "paper", halted) == halted
    assert close(store, "paper", refused) == halted


def test_a_closure_ends_by_itself(world: World) -> None:
    one = world.run("one", delay=0)
    ask(one)
    until = NOON + timedelta(seconds=60)
    one.leave(Closure(kind="back_off", reason="503", closed_at=NOON, until=until))
    assert world.lease().holder is None
    assert isinstance(one.enter(), Closure)
    world.machine.seconds = 60
    assert one.enter() is None
    assert world.lease().closure is None


def test_the_key_is_where_the_leases_are() -> None:
    assert turnstile_key("paper") == "paper/leases/publisher.json"
