"""One turnstile for all: no two hold it, nobody waits for the dead for ever, whatever clocks say."""

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from attrs import define

from archive import closing
from archive.closing import close, read, read_closure, reopen, turnstile_key
from archive.errors import StoreUnavailable
from archive.lease import EXPIRY_SECONDS, SLICE_SECONDS, WATCH_SECONDS, Clocks, Turnstile, Wait
from archive.object_store import ObjectStore
from archive.records import Closure, Lease
from archive.settings import ArchiveSettings
from tests.cli.support import environment

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


@pytest.fixture
def world(store: ObjectStore) -> World:
    return World(store, Machine())


def ask(run: Turnstile) -> None:
    assert run.enter() is None
    run.asked()


def test_one_run_goes_on_with_its_delay_and_asks_the_store_seldom(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    monkeypatch.setattr(world.store, "get_tagged", _counted(calls, world.store.get_tagged))
    monkeypatch.setattr(world.store, "replace", _counted(calls, world.store.replace))
    run = world.run("one", delay=0)
    for _ in range(1000):
        ask(run)
        world.machine.seconds += 0.06
    # A minute: created once, prolonged twice or thrice, each a look and a change.
    assert len(calls) <= 8
    slow = world.run("two", delay=5)
    run.leave()
    world.wait(slow)
    slow.asked()
    assert world.wait(slow) == pytest.approx(5)


def _counted(calls: list[str], call):  # type: ignore[no-untyped-def]
    def counted(*arguments, **named):  # type: ignore[no-untyped-def]
        calls.append(call.__name__)
        return call(*arguments, **named)

    return counted


def test_nobody_else_asks_while_a_slice_is_held(world: World) -> None:
    one, two = world.run("one"), world.run("two")
    ask(one)
    for _ in range(15):
        step = two.enter()
        assert isinstance(step, Wait)
        assert step.holder == "one"
        world.machine.seconds += 1
    assert world.lease().waiting == ("two",)


def test_a_slice_given_back_is_taken_a_whole_delay_later(world: World) -> None:
    one, two = world.run("one"), world.run("two")
    ask(one)
    two.enter()
    one.leave()
    assert world.lease().free_at == NOON + timedelta(seconds=5)
    assert world.wait(two) == pytest.approx(5)
    assert world.lease().waiting == ()


def test_the_longer_of_two_delays_is_kept(world: World) -> None:
    one, two = world.run("one", delay=11), world.run("two", delay=2)
    ask(one)
    one.leave()
    assert world.wait(two) == pytest.approx(11)


def test_a_delay_longer_than_a_slice_is_kept_by_one_and_by_two(world: World) -> None:
    one, two = world.run("one", delay=45), world.run("two", delay=45)
    ask(one)
    assert world.wait(one) == pytest.approx(45)
    one.asked()
    ended = world.machine.seconds
    two.enter()
    assert isinstance(one.enter(), Wait)
    world.wait(two)
    assert world.machine.seconds - ended >= 45


def test_runs_take_turns_and_nobody_starves(world: World) -> None:
    runs = {name: world.run(name, delay=1) for name in ("a", "b", "c", "d")}
    due = dict.fromkeys(runs, 0.0)
    asked: list[tuple[float, str]] = []
    while world.machine.seconds < 400:
        name = min(due, key=due.__getitem__)
        world.machine.seconds = max(world.machine.seconds, due[name])
        step = runs[name].enter()
        if step is None:
            asked.append((world.machine.seconds, name))
            runs[name].asked()
            due[name] = world.machine.seconds + 0.01
        else:
            assert isinstance(step, Wait)
            due[name] = world.machine.seconds + step.seconds
    times = [at for at, _ in asked]
    assert min(b - a for a, b in pairwise(times)) == pytest.approx(1)
    for name in runs:
        own = [at for at, who in asked if who == name]
        assert len(own) > 60
        # Three slices of others, and the changing of turns.
        assert max(b - a for a, b in pairwise(own)) < 3 * SLICE_SECONDS + 15


def test_a_killed_holder_is_waited_for_until_its_slice_expires(world: World) -> None:
    one, two = world.run("one"), world.run("two")
    ask(one)
    waited = world.wait(two)
    assert EXPIRY_SECONDS + 5 <= waited < EXPIRY_SECONDS + 10


def test_a_dead_run_in_the_queue_costs_a_moment_only(world: World) -> None:
    one, dead, two = world.run("one"), world.run("dead"), world.run("two")
    ask(one)
    dead.enter()
    two.enter()
    assert world.lease().waiting == ("dead", "two")
    one.leave()
    assert 5 < world.wait(two) < 12
    assert world.lease().waiting == ()


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


def test_a_slice_that_is_over_goes_to_who_waits_also_without_a_delay(world: World) -> None:
    one, two = world.run("one", delay=0), world.run("two", delay=0)
    ask(one)
    two.enter()
    world.machine.seconds += SLICE_SECONDS
    assert isinstance(one.enter(), Wait)
    assert world.lease().waiting == ("two", "one")
    assert two.enter() is None


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


def test_a_lost_answer_is_not_a_lost_slice(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one = world.run("one", delay=0)
    ask(one)
    one.leave()
    replace, lost = world.store.replace, ("it", "the line broke")

    def lose(key: str, content: bytes, *, expected: str) -> str | None:
        replace(key, content, expected=expected)
        raise StoreUnavailable(*lost)

    monkeypatch.setattr(world.store, "replace", lose)
    with pytest.raises(StoreUnavailable):
        one.enter()
    monkeypatch.setattr(world.store, "replace", replace)
    turn = world.lease().turn
    assert one.enter() is None
    assert world.lease().turn == turn


def test_leaving_the_queue(world: World) -> None:
    one, two = world.run("one"), world.run("two")
    ask(one)
    two.enter()
    two.leave()
    assert world.lease().waiting == ()
    assert world.lease().holder == "one"
    one.leave()
    one.leave()
    assert world.lease().holder is None


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


def test_of_many_who_create_it_at_once_one_holds_it(world: World) -> None:
    runs = [world.run(f"run-{number}") for number in range(10)]
    barrier, inside = threading.Barrier(len(runs)), []

    def race(run: Turnstile) -> None:
        barrier.wait()
        if run.enter() is None:
            inside.append(run)

    threads = [threading.Thread(target=race, args=(run,)) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(inside) == 1


RACER = """
import sys, time
from archive.connect import open_store
from archive.lease import Turnstile, Wait
from archive.settings import read_settings
with open_store(read_settings()) as store:
    print("ready", flush=True)
    sys.stdin.readline()
    print(Turnstile(store, "paper", sys.argv[1]).enter() is None, flush=True)
"""


def test_of_two_processes_that_create_it_at_once_one_holds_it(
    world: World, settings: ArchiveSettings
) -> None:
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, name],
            env=environment(settings),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "two")
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("\n")
        racer.stdin.flush()
    told = [racer.communicate(timeout=60)[0].strip() for racer in racers]
    assert sorted(told) == ["False", "True"]


def test_the_key_is_where_the_leases_are() -> None:
    assert closing.turnstile_key("paper") == "paper/leases/publisher.json"
