"""A takedown killed at any of its writes: the next one finishes it, and nothing is left or hurt."""

import pytest

from archive.records import Takedown
from archive.tombstones import takedowns
from tests.faults import checks
from tests.faults.test_write_points import Killer, killer, points
from tests.faults.world import PUBLISHER, World

__all__ = ["killer"]

pytestmark = pytest.mark.timeout(1800)


def texts_naming(world: World, word: bytes) -> list[str]:
    """The objects of record that hold a text, but for other stories' pages, which link to it."""
    kinds = ("articles", "captures", "outcomes", "enrichments", "feeds")
    return [
        key
        for kind in kinds
        for key in world.store.list_keys(f"{PUBLISHER}/{kind}/")
        if word in world.store.get(key)
    ]


def done(world: World) -> list[Takedown]:
    return list(takedowns(world.store, PUBLISHER).values())


def test_a_takedown_killed_at_any_write_is_finished_by_the_next(killer: Killer) -> None:
    world = killer.world
    world.require("crawl")
    with world.opened() as archive:
        ids = [capture.article_id for capture in archive.catalogue.newest(PUBLISHER)]
    said = ("--reason", "Order 26/117", "--requested-by", "the Registrar")
    for (number, carried_out), article_id in zip(
        points((1, True), (3, False), (6, True)), ids, strict=False
    ):
        headline = str(world.newspaper.story(article_id).headline).encode()
        if not killer.kills(number, carried_out=carried_out, work=("takedown", article_id, *said)):
            break
        world.require("takedown", article_id, *said)
        assert texts_naming(world, headline) == []
        assert len([one for one in done(world) if one.article_id == article_id]) == 1
    gone = {one.article_id for one in done(world)}
    assert gone
    before = checks.rows(world.settings)
    assert not any(one in row for one in gone for row in before["captures"] + before["articles"])
    world.require("crawl")
    with world.opened() as archive:
        assert not gone & {capture.article_id for capture in archive.catalogue.newest(PUBLISHER)}
        checks._assert_verified(archive)
    checks._assert_rebuilt(world.settings)
