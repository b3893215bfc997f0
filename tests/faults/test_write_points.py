"""Killed between any two writes: whichever object was the last one, the next run makes everything good."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from attrs import define

from tests.faults.checks import assert_whole
from tests.faults.faulty_store import FaultyStore, faulty
from tests.faults.length import LONG
from tests.faults.processes import Killable, until
from tests.faults.world import A_DAY_LATER, PUBLISHER, World

pytestmark = pytest.mark.timeout(1800)


def counts(path: str) -> bool:
    """Whether a write is one of an archive's objects: no lease, nothing of the store's probe."""
    return f"/{PUBLISHER}/" in path and "/leases/" not in path


@define
class Killer:
    """Kills processes at one of their writes, before it is carried out, or after, without an answer."""

    world: World
    proxy: FaultyStore

    def kills(self, number: int, *, carried_out: bool, work: tuple[str, ...]) -> bool:
        """Start some work and kill it at its write of a number; False when it makes fewer."""
        process: list[Killable] = []
        writes = itertools.count(1)

        def strike(path: str) -> bool:
            if not counts(path) or next(writes) != number:
                return False
            print(f"killed {work} at write {number}, {carried_out=}: {path}")  # noqa: T201 - shown on failure
            until(lambda: process)
            process[0].kill()
            return True

        self.proxy.strike, self.proxy.strikes_after = strike, carried_out
        process.append(self.world.start(*work, ARCHIVE_S3_ENDPOINT=self.proxy.endpoint))
        code = process[0].wait()
        assert code in {0, -9}, process[0].said
        self.proxy.strike = lambda _path: False
        self.world.forget_turn()
        return code == -9


@pytest.fixture
def killer(world: World) -> Iterator[Killer]:
    assert world.settings.s3_endpoint
    with faulty(world.settings.s3_endpoint) as proxy:
        yield Killer(world, proxy)


Point = tuple[int, bool]


def points(*short: Point) -> Iterator[Point]:
    """Yield numbers of writes, and whether they are carried out: all, or some in the short form."""
    yield from ((n // 2, n % 2 == 1) for n in range(2, 200)) if LONG else short


def test_a_run_killed_at_any_write_is_finished_by_the_next(killer: Killer) -> None:
    world = killer.world
    world.require("crawl")
    for number, carried_out in points((2, False), (6, True), (12, True)):
        world.publish()
        if not killer.kills(number, carried_out=carried_out, work=("crawl",)):
            break
        # In the order of a command that comes hours later.
        world.finish()
        world.require("crawl")
    world.clean_run()
    assert_whole(world)


def test_books_killed_at_any_write_are_finished_by_the_next(killer: Killer) -> None:
    world = killer.world
    world.require("crawl")
    for number, carried_out in points((2, True), (7, False)):
        world.publish()
        assert killer.kills(4, carried_out=True, work=("crawl",))
        world.require("crawl")
        if not killer.kills(number, carried_out=carried_out, work=("finish", A_DAY_LATER)):
            break
        world.finish()
    world.clean_run()
    assert_whole(world)


@pytest.mark.parametrize("step", ["enrich", "audit"])
def test_a_step_killed_at_any_write_is_made_good_by_the_next(killer: Killer, step: str) -> None:
    world = killer.world
    world.require("crawl")
    today = datetime.now(UTC).date().isoformat()
    options = {"enrich": ("--since", today), "audit": (A_DAY_LATER,)}
    for number, carried_out in points((2, True)):
        if not killer.kills(number, carried_out=carried_out, work=(step, *options[step])):
            break
        # What was annotated has a newer revision by then.
        world.publish()
        world.require("crawl")
    world.clean_run()
    assert_whole(world)
