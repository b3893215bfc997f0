"""Whole runs on a bad day: the store refuses, loses and cuts, or the disk is full. They say so, and heal."""

from collections.abc import Callable, Iterator

import pytest

from tests.faults.checks import assert_whole, spooled
from tests.faults.faulty_store import FaultyStore, Rule, faulty
from tests.faults.length import LONG
from tests.faults.processes import Killable
from tests.faults.world import World

pytestmark = pytest.mark.timeout(1200)

SHARE = 0.3
# In KiB: of the spool's first page, of a WARC file or the catalogue in its middle, of what is read back.
LIMITS = range(20, 1200, 60) if LONG else (320,)


@pytest.fixture
def proxy(world: World) -> Iterator[FaultyStore]:
    assert world.settings.s3_endpoint
    with faulty(world.settings.s3_endpoint) as found:
        yield found


def assert_clear(process: Killable) -> None:
    """It completed, or failed with exit code 1 and one line that says why."""
    code = process.wait(600)
    assert code in {0, 1}, process.said
    assert "Traceback" not in process.said, process.said
    assert (code == 1) == ("newsarchive: " in process.said)


@pytest.mark.parametrize("number", range(8) if LONG else [0])
def test_a_store_that_fails_a_third_of_all_requests_costs_nothing(
    make_world: Callable[[int], World], proxy: FaultyStore, number: int
) -> None:
    world = make_world(number)
    proxy.bad_weather(SHARE, world.chance)
    for work in ("crawl", "enrich"):
        world.publish()
        assert_clear(world.start(work, ARCHIVE_S3_ENDPOINT=proxy.endpoint))
    found = spooled(world.settings.home)
    world.clean_run()
    assert_whole(world, found)


@pytest.mark.parametrize("limit", LIMITS)
def test_a_disk_that_is_full_ends_a_run_clearly_and_the_next_has_everything(
    world: World, limit: int
) -> None:
    # A limit on the size of a file fails a write in its middle, as a full disk does.
    process = world.start("crawl", limit_kib=limit)
    assert_clear(process)
    found = spooled(world.settings.home)
    world.clean_run()
    assert_whole(world, found)


@pytest.mark.parametrize("after", range(1, 24) if LONG else [9])
def test_a_store_whose_disk_is_full_ends_a_run_clearly_and_the_next_has_everything(
    world: World, proxy: FaultyStore, after: int
) -> None:
    world.require("crawl")
    world.publish()
    proxy.rules = [
        Rule("pass", path="/nzherald/", times=after),
        Rule("InsufficientStorage", path="/nzherald/", times=1000),
    ]
    process = world.start("crawl", ARCHIVE_S3_ENDPOINT=proxy.endpoint)
    assert_clear(process)
    found = spooled(world.settings.home)
    world.clean_run()
    assert_whole(world, found)
