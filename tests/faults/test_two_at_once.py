"""Two of a kind at once: every object is there once, and all of it verifies."""

import time

import pytest

from tests.faults.checks import assert_whole
from tests.faults.length import LONG
from tests.faults.world import A_DAY_LATER, World, day_ago

pytestmark = pytest.mark.timeout(1200)

PAIRS = {
    "two crawls": (("crawl",), ("crawl",)),
    "a crawl and a backfill": (
        ("crawl",),
        ("backfill", "--since", day_ago(3), "--until", day_ago(3)),
    ),
    "two who finish what was left": (("finish", A_DAY_LATER), ("finish", A_DAY_LATER)),
    "two enrichments": (("enrich",), ("enrich",)),
    "two who close a day": (("close", A_DAY_LATER), ("close", A_DAY_LATER)),
    "an audit beside a crawl": (("crawl",), ("audit",)),
    "an enrichment beside a crawl": (("crawl",), ("enrich",)),
    "two rebuilds": (("rebuild",), ("rebuild",)),
    "a rebuild beside a crawl": (("crawl",), ("rebuild",)),
}
SHORT = ("two crawls", "two who finish what was left", "two rebuilds")
_STARTS = (0.0, 0.4, 1.0) if LONG else (0.0,)
"""Seconds from the one to the other."""


def test_two_at_once_do_no_harm(world: World) -> None:
    world.require("crawl")
    for name in PAIRS if LONG else SHORT:
        for seconds in _STARTS:
            world.publish()
            world.crawl_without_books()
            processes = []
            for work in PAIRS[name]:
                processes.append(world.start(*work))
                time.sleep(seconds)
            codes = [process.wait() for process in processes]
            said = "\n".join(process.said for process in processes)
            assert codes == [0, 0], f"{name}: {codes} {said}"
    world.clean_run()
    assert_whole(world)
