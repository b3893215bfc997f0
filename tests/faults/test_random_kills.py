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

# What is killed, how often of twelve times, and how many seconds it takes at first.
WORK: dict[tuple[str, ...], tuple[int, float]] = {
    ("crawl",): (5, 3.0),
    ("finish", A_DAY_LATER): (3, 2.0),
    ("enrich",): (2, 2.5),
    ("rebuild",): (1, 1.2),
    ("audit", A_DAY_LATER): (1, 1.0),
}
"""Other commands that write take a line here."""

_START_SECONDS = 0.5
"""Before that a process only imports."""


class Killer:
    """Starts work and kills it in the middle."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.seconds = {work: seconds for work, (_, seconds) in WORK.items()}
        self.kills: Counter[str] = Counter()
        self.spooled: set[bytes] = set()

    def kill_one(self) -> bool:
        """Start some work, and kill it at a random moment; False when it was done before."""
        chance = self.world.chance
        weights = [often for often, _ in WORK.values()]
        (work,) = chance.choices(list(WORK), weights)
        self.world.publish()
        self.world.forget_turn()
        began = time.monotonic()
        process = self.world.start(*work)
        moment = began + chance.uniform(_START_SECONDS, self.seconds[work])
        while time.monotonic() < moment and not process.is_over():
            time.sleep(0.005)
        if process.is_over():
            assert process.wait() == 0, process.said
            self.seconds[work] = max(time.monotonic() - began, _START_SECONDS * 2)
            return False
        self._kill(process)
        self.kills[work[0]] += 1
        return True

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
