"""Whatever goes wrong: one clear line that says what to do, the right exit code, no traceback."""

import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from demo.newspaper import Newspaper, Profile
from tests.cli.support import COMMAND, Result

Run = Callable[..., Result]


def test_an_unknown_publisher(run: Run):
    result = run("crawl", ARCHIVE_PUBLISHER="nosuchpaper")
    assert result.code == 2
    assert result.is_one_clear_line("nosuchpaper", "nzherald")


def test_an_unreachable_newspaper(run: Run, unused_port: int):
    result = run("crawl", ARCHIVE_PUBLISHER_ORIGIN=f"http://127.0.0.1:{unused_port}")
    assert result.code == 4
    assert result.is_one_clear_line(str(unused_port), "ARCHIVE_PUBLISHER_ORIGIN")


def test_wrong_credentials(run: Run):
    result = run("crawl", ARCHIVE_S3_SECRET_KEY="wrong")
    assert result.code == 4
    assert result.is_one_clear_line("ARCHIVE_S3_SECRET_KEY")


def test_an_unreachable_store(run: Run, unused_port: int):
    result = run("articles", ARCHIVE_S3_ENDPOINT=f"http://127.0.0.1:{unused_port}")
    assert result.code == 1
    assert result.is_one_clear_line("ARCHIVE_S3_ENDPOINT")


def test_a_taken_port(run: Run, newspaper: Newspaper):
    port = newspaper.origin.rsplit(":", 1)[1]
    result = run("newspaper", "--port", port)
    assert result.code == 1
    assert result.is_one_clear_line(port, "--port")


def test_a_live_crawl_without_a_contact(run: Run):
    result = run("crawl", ARCHIVE_PUBLISHER_ORIGIN="https://www.nzherald.co.nz")
    assert result.code == 2
    assert result.is_one_clear_line("ARCHIVE_CONTACT")


def test_a_live_crawl_without_the_operators_word(run: Run):
    result = run(
        "crawl",
        ARCHIVE_PUBLISHER_ORIGIN="https://www.nzherald.co.nz",
        ARCHIVE_CONTACT="archive@example.org",
    )
    assert result.code == 2
    assert result.is_one_clear_line("ARCHIVE_PERMITTED")


def test_a_setting_with_a_wrong_value(run: Run):
    result = run("crawl", ARCHIVE_DELAY_SECONDS="soon")
    assert result.code == 2
    assert result.is_one_clear_line("ARCHIVE_DELAY_SECONDS")


def test_dates_the_wrong_way_round(run: Run):
    result = run("crawl", "--since", "2026-03-02", "--until", "2026-03-01")
    assert result.code == 2
    assert result.is_one_clear_line("2026-03-01")


@pytest.mark.parametrize("robots", ["blocks_all", "server_error", "html"])
def test_robots_txt_that_forbids_or_cannot_be_had(run: Run, newspaper: Newspaper, robots: str):
    newspaper.profile = Profile(robots=robots)
    result = run("crawl")
    assert result.code == 4
    assert result.is_one_clear_line("robots.txt")
    assert not [entry for entry in newspaper.log if entry.path != "/robots.txt"]


def test_a_full_disk(env: dict[str, str], tmp_path: Path):
    """A home on a file system of one megabyte, made in a name space of the test's own."""
    script = f"mount -t tmpfs -o size=400k tmpfs {tmp_path} && exec {COMMAND} crawl"
    process = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script],
        env={**env, "ARCHIVE_HOME": str(tmp_path / "home")},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    if "unshare" in process.stderr or "mount" in process.stderr:
        pytest.skip(f"needs user name spaces: {process.stderr.strip()}")
    result = Result(process)
    assert result.code == 1, result.err
    assert result.is_one_clear_line("no room left")


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
