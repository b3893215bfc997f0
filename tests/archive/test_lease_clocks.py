"""The turnstile with broken clocks: they can make a run wait longer, never come too soon."""

import pytest

from archive.lease import EXPIRY_SECONDS, SLICE_SECONDS, WATCH_SECONDS, Wait
from archive.object_store import ObjectStore
from tests.archive.lease_support import Machine, World, ask


@pytest.fixture
def world(store: ObjectStore) -> World:
    return World(store, Machine())


def test_a_clock_that_is_ahead_steals_nothing(world: World) -> None:
    ahead = Machine(ahead=86_400)
    one, two = world.run("one"), world.run("two", machine=ahead)
    while world.machine.seconds < WATCH_SECONDS * 3:
        # The holder lives: it goes on, prolonging its slice or giving it back.
        if one.enter() is None:
            one.asked()
            last = world.machine.seconds
        step = two.enter()
        if step is None:
            assert world.machine.seconds - last >= 5
            assert world.lease().holder == "two"
            return
        world.machine.seconds += 1
        ahead.seconds += 1
    pytest.fail("the second run never got its turn")


def test_an_expired_slice_must_have_been_watched(world: World) -> None:
    one = world.run("one")
    ask(one)
    ahead = Machine(ahead=3600)
    two = world.run("two", machine=ahead)
    for second in range(int(WATCH_SECONDS)):
        assert two.enter() is not None, second
        ahead.seconds += 1
    assert world.lease().holder == "one"


def test_a_holder_whose_clock_was_ahead_does_not_close_for_a_day(world: World) -> None:
    ahead = Machine(ahead=86_400)
    ask(world.run("one", machine=ahead))
    assert world.wait(world.run("two")) < EXPIRY_SECONDS + 10


@pytest.mark.parametrize("jump", [-3600, 3600])
def test_a_holder_whose_clock_jumps_asks_the_store_before_it_goes_on(
    world: World, jump: float
) -> None:
    one = world.run("one", delay=0)
    ask(one)
    before = world.lease()
    world.machine.ahead = jump
    ask(one)
    after = world.lease()
    assert after.turn == before.turn + 1
    assert after.taken_at == world.machine.clocks.now()


def test_a_clock_that_stands_still_makes_no_slice_longer(world: World) -> None:
    one = world.run("one", delay=0)
    ask(one)
    turn = world.lease().turn
    world.machine.seconds, world.machine.ahead = SLICE_SECONDS + 1, -SLICE_SECONDS - 1
    ask(one)
    assert world.lease().turn == turn + 1


def test_a_machine_that_slept_has_lost_its_slice(world: World) -> None:
    awake = Machine()
    one, two = world.run("one"), world.run("two", machine=awake)
    ask(one)
    while two.enter() is not None:
        awake.seconds += 1
    world.machine.seconds = awake.seconds
    step = one.enter()
    assert isinstance(step, Wait)
    assert step.holder == "two"


@pytest.mark.parametrize("ahead", [0.0, -3600.0, 3600.0])
def test_what_others_say_of_the_time_is_not_believed(world: World, ahead: float) -> None:
    one, machine = world.run("one"), Machine(ahead=ahead)
    ask(one)
    one.leave()
    two = world.run("two", machine=machine)
    assert world.wait(two, machine) == pytest.approx(5)
