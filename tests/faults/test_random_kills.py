"""Processes killed at random moments, one after the other: after one clean run, nothing shows of it."""

import time
from collections import Counter
from collections.abc import Callable

import pytest

from tests.faults.checks import assert_whole, spooled
from tests.faults.length import LONG
from tests.faults.processes import Killable, until
from tests.faults.world import A_DAY_LATER, World

ROUNDS, KILLS = (10, 20) if LONG else (1, 20)

# What is killed, and how often of thirteen times. Other commands that write take a line here.
WORK: dict[tuple[str, ...], int] = {
    ("crawl",): 5,
    ("finish", A_DAY_LATER): 3,
    ("enrich",): 2,
    ("rebuild",): 1,
    ("export", "--format", "jsonl", "--out", "{folder}/exported"): 1,
    ("audit", A_DAY_LATER): 1,
}


class Killer:
    """Starts work and kills it in the middle."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.seconds: dict[tuple[str, ...], float] = {}
        """How long each work takes; the first time it goes to its end."""
        self.kills: Counter[str] = Counter()
        self.spooled: set[bytes] = set()

    def kill_one(self) -> None:
        """Start some work, and kill it at a random moment, unless it is done before."""
        (work,) = self.world.chance.choices(list(WORK), list(WORK.values()))
        self.world.publish()
        self.world.forget_turn()
        began = time.monotonic()
        process = self.world.start(*work)
        is_due = self._moment(work)
        while not is_due() and not process.is_over():
            time.sleep(0.005)
        if process.is_over():
            assert process.wait() == 0, process.said
            self.seconds[work] = time.monotonic() - began
            return
        self._kill(process)
        self.kills[work[0]] += 1

    def _moment(self, work: tuple[str, ...]) -> Callable[[], bool]:
        """Return what says that it is time: some share of the work's time, or some requests of a crawl."""
        chance, log = self.world.chance, self.world.newspaper.log
        if work not in self.seconds:
            return lambda: False
        if work[0] == "crawl" and chance.random() < 0.5:
            requests = log.total + chance.randint(1, 30)
            return lambda: log.total >= requests
        due = time.monotonic() + chance.uniform(0.1, 1.0) * self.seconds[work]
        return lambda: time.monotonic() >= due

    def _kill(self, process: Killable) -> None:
        if self.world.chance.random() < 0.7:
            process.kill()
        else:
            # What it had started ends by itself.
            process.kill_alone()
            until(lambda: not process.living(), 30)
        self.spooled |= spooled(self.world.settings.home)


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("number", range(ROUNDS))
def test_whatever_is_killed_at_whatever_moment_nothing_is_lost_or_doubled(
    make_world: Callable[[int], World], number: int
) -> None:
    world = make_world(number)
    killer = Killer(world)
    while killer.kills.total() < KILLS:
        killer.kill_one()
    print(f"killed: {dict(killer.kills)}, {len(killer.spooled)} records were in the spool")  # noqa: T201
    world.clean_run()
    assert_whole(world, killer.spooled)
    assert exported(world, "exported") == exported(world, "exported at once") != {}


def exported(world: World, name: str) -> dict[str, bytes]:
    """Export into a folder, in which killed exports may have left something; returns its files of records."""
    world.require("export", "--format", "jsonl", "--out", f"{{folder}}/{name}")
    folder = world.settings.home.parent / name
    return {path.name: path.read_bytes() for path in folder.glob("*.jsonl")}
