"""The two servers in the foreground: they say where they are, and end cleanly with a signal."""

import re
import signal
import subprocess
import urllib.request
from pathlib import Path

import pytest

from archive.embedded_store import running
from tests.cli.support import COMMAND


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_newspaper_says_where_it_is_and_ends_with_a_signal(ending: int):
    with subprocess.Popen(
        [COMMAND, "newspaper", "--port", "0"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        origin = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert origin is not None
        with urllib.request.urlopen(f"{origin[0]}/robots.txt") as answer:  # noqa: S310 - loopback
            assert b"Disallow: /pf/" in answer.read()
        process.send_signal(ending)
        process.communicate(timeout=20)
    assert process.returncode == 0


def test_the_newspaper_misbehaves_as_it_is_told():
    chosen = ["--profile", "robots_blocks_us", "--profile", "robots_crawl_delay"]
    with subprocess.Popen(
        [COMMAND, "newspaper", "--port", "0", *chosen], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        origin = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert origin is not None
        with urllib.request.urlopen(f"{origin[0]}/robots.txt") as answer:  # noqa: S310 - loopback
            assert b"Crawl-delay: 5" in answer.read()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
    assert process.returncode == 0


def test_a_misbehaviour_that_is_not_known_is_answered_with_those_that_are():
    process = subprocess.run(
        [COMMAND, "newspaper", "--profile", "nonsense"], capture_output=True, text=True, check=False
    )
    assert process.returncode == 2
    assert "robots_blocks_us" in process.stderr


def test_the_store_leaves_its_keys_for_other_clients_while_it_runs(
    env: dict[str, str], tmp_path: Path
):
    home = tmp_path / "own"
    with subprocess.Popen(
        [COMMAND, "store"],
        env={**env, "ARCHIVE_HOME": str(home), "ARCHIVE_BUCKET": "mine"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert "store.env" in process.stdout.readline()
        address = running(home)
        assert address is not None
        assert address.bucket == "mine"
        assert (home / "store.env").stat().st_mode & 0o777 == 0o600
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
    assert process.returncode == 0
    assert running(home) is None
