"""Fixtures that run the ``newsarchive`` command against the made-up newspaper."""

import subprocess
from collections.abc import Callable

import pytest

from archive.settings import ArchiveSettings
from demo.newspaper import Newspaper
from tests.cli.support import COMMAND, Result, environment


@pytest.fixture
def env(settings: ArchiveSettings, newspaper: Newspaper) -> dict[str, str]:
    """Settings for a crawl of the made-up newspaper."""
    return environment(settings, ARCHIVE_PUBLISHER_ORIGIN=newspaper.origin)


@pytest.fixture
def run(env: dict[str, str]) -> Callable[..., Result]:
    """Run a command to its end; keyword arguments change its environment."""

    def run(*arguments: str, **more: str) -> Result:
        process = subprocess.run(
            [COMMAND, *arguments],
            env={**env, **more},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return Result(process)

    return run
