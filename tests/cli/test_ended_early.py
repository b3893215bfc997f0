"""A crawl that ends in an error: its error is told, and the books of what it did are kept."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.object_store import ObjectStore
from demo.newspaper import Edition, Newspaper, Profile
from tests.cli.support import COMMAND, Result
from tests.cli.test_crawl import balances, listed_stories

Run = Callable[..., Result]


@pytest.fixture
def few_days(env: dict[str, str]) -> None:
    env["ARCHIVE_LISTING_DAYS"] = "2"


@pytest.mark.usefixtures("few_days")
def test_a_refused_crawl_has_its_books_kept_and_is_still_refused(
    run: Run, newspaper: Newspaper, edition: Edition, store: ObjectStore
):
    story = sorted(listed_stories(edition, 2), key=lambda s: s.date_modified)[-9]
    newspaper.profile = Profile(faults={story.path: 451})
    first = run("crawl", "--json", ARCHIVE_DELAY_SECONDS="0.2")
    assert first.code == 4
    *_, last = first.err.splitlines()
    assert last.startswith("newsarchive: the crawl was refused by")
    assert story.path in last
    assert "451" in last
    assert "Traceback" not in first.err
    assert balances(first.json)
    assert first.json["archived"] > 0
    assert first.json["pending"] == first.json["reasons"]["refused"] > 0
    books = {key.split("/")[1] for key in store.list_keys("") if first.json["run_id"] in key}
    assert {"warc", "crawls", "outcomes", "captures", "ledger", "runs"} <= books
    assert len(run("articles", "--format", "jsonl").lines) == first.json["archived"]

    assert first.json["error"] in last
    newspaper.profile = Profile()
    # A refusal binds every run for a while, unless the operator has settled it.
    assert run("crawl", ARCHIVE_DELAY_SECONDS="0.2").code == 4
    assert run("resume").code == 0
    second = run("crawl", "--json")
    assert second.code == 0, second.err
    assert second.json["archived"] >= first.json["pending"] - first.json["skipped"]
    assert second.json["unchanged"] >= first.json["archived"]


def test_a_relative_home_means_the_same_to_the_crawl(env: dict[str, str], tmp_path: Path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    # Without an endpoint both must find the embedded store of the same home.
    own = {name: value for name, value in env.items() if not name.startswith("ARCHIVE_S3")}
    done = subprocess.run(
        [COMMAND, "crawl", "--json"],
        cwd=elsewhere,
        env={**own, "ARCHIVE_HOME": "kept", "ARCHIVE_LISTING_DAYS": "2"},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    result = Result(done)
    assert result.code == 0, result.err
    assert balances(result.json)
    assert [path.name for path in elsewhere.iterdir()] == ["kept"]
