"""An archive and a newspaper for the tests that break something."""

import os
from collections.abc import Callable
from random import Random

import pytest

from archive.connect import Archive
from demo.newspaper import Newspaper
from tests.faults.world import World

_SEED = int(os.environ.get("FAULTS_SEED", "0"))


@pytest.fixture
def make_world(archive: Archive, newspaper: Newspaper) -> Callable[[int], World]:
    """Make a world whose chance has a seed: FAULTS_SEED and the given number."""

    def make(number: int) -> World:
        settings = archive.settings.model_copy(update={"publisher_origin": newspaper.origin})
        seed = _SEED + number
        print(f"FAULTS_SEED={seed}")  # noqa: T201 - shown when the test fails
        return World(settings, newspaper, Random(seed), archive.store)  # noqa: S311 - the same each time

    return make


@pytest.fixture
def world(make_world: Callable[[int], World]) -> World:
    """A world whose chance begins with FAULTS_SEED."""
    return make_world(0)
