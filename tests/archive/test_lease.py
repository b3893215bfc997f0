"""One turnstile for all: no two hold it, and nobody waits for ever."""

import subprocess
import sys
import threading
from datetime import timedelta
from itertools import pairwise

import pytest

from archive.errors import StoreUnavailable
from archive.lease import EXPIRY_SECONDS, SLICE_SECONDS, Turnstile, Wait
from archive.object_store import ObjectStore
from archive.settings import ArchiveSettings
from tests.archive.lease_support import NOON, Machine, World, ask
from tests.cli.support import environment


@pytest.fixture
def world(store: ObjectStore) -> World:
    return World(store, Machine())


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


def test_a_slice_that_is_over_goes_to_who_waits_also_without_a_delay(world: World) -> None:
    one, two = world.run("one", delay=0), world.run("two", delay=0)
    ask(one)
    two.enter()
    world.machine.seconds += SLICE_SECONDS
    assert isinstance(one.enter(), Wait)
    assert world.lease().waiting == ("two", "one")
    assert two.enter() is None


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
