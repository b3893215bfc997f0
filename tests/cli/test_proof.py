"""``newsarchive manifest`` and ``verify`` as a user runs them."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve

from archive.connect import Archive
from demo.newspaper import Newspaper
from tests.cli.support import Result
from tests.pipelines.support import PUBLISHER, Run, stories


@pytest.fixture
def filled(archive: Archive, newspaper: Newspaper, tmp_path: Path) -> Archive:
    """An archive with one run, on a day that is long over."""
    origin = {"publisher_origin": newspaper.origin}
    served = evolve(archive, settings=archive.settings.model_copy(update=origin))
    run = Run(served, newspaper, tmp_path, 0)
    run.add(stories(newspaper, ["staff"])[0])
    run.finish()
    return served


def test_an_empty_archive_has_nothing_to_prove(run: Callable[..., Result]) -> None:
    assert "No day is closed yet" in run("manifest").out
    done = run("verify", "--json")
    assert (done.code, done.json["objects"], done.json["problems"]) == (0, 0, [])


def test_the_chain_is_shown_and_its_head_is_asked_for(
    filled: Archive, run: Callable[..., Result]
) -> None:
    del filled
    (link,) = run("manifest", "--json").json
    assert link["manifest"]["day"] == "2026-03-01"
    assert link["sha256"] in run("manifest").out
    assert run("verify", "--head", link["sha256"].upper()).code == 0
    cut = run("verify", "--head", link["sha256"][:8])
    assert (cut.code, "64 hexadecimal digits" in cut.err) == (2, True)
    lost = run("verify", "--head", "0" * 64, "--json")
    assert lost.code == 1
    assert [one["key"] for one in lost.json["problems"]] == [f"{PUBLISHER}/manifests/days"]


def test_what_is_wrong_is_named_and_ends_with_1(
    filled: Archive, run: Callable[..., Result]
) -> None:
    whole = run("verify", "--full")
    assert whole.code == 0, whole.err
    assert "all as they were written" in whole.out
    (key,) = filled.store.list_keys(f"{PUBLISHER}/articles/")
    filled.store.put(key, b"{}")
    done = run("verify", "--full")
    assert done.code == 1
    assert key in done.out
    assert "1 problem" in done.out
    assert run("verify", "--full", "--json").json["problems"][0]["key"] == key


def test_keys_that_mean_something_to_a_terminal_are_named_as_text(
    filled: Archive, run: Callable[..., Result]
) -> None:
    for name in ("[/b].json", "\x1b[2Jx.json"):
        filled.store.put(f"{PUBLISHER}/extra/{name}", b"added")
    done = run("verify")
    assert done.code == 1, done.err
    assert "2 problems" in done.out
    assert "extra/[/b].json" in done.out
    assert "\x1b" not in done.out
    assert "extra/\\x1b[2Jx.json" in done.out


def test_a_copy_needs_no_store(filled: Archive, run: Callable[..., Result], tmp_path: Path) -> None:
    for folder in ("copy", "bag/data"):
        for key in filled.store.list_keys(""):
            path = tmp_path / folder / key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(filled.store.get(key))
    nowhere = {"ARCHIVE_S3_ENDPOINT": "http://127.0.0.1:9"}
    for folder in ("copy", "bag"):
        done = run("verify", str(tmp_path / folder), "--full", "--json", **nowhere)
        assert (done.code, done.json["problems"]) == (0, []), done.err
        assert done.json["read"] == done.json["objects"] > 0
    within = run("verify", str(tmp_path / "copy" / PUBLISHER), **nowhere)
    assert within.code == 2
    assert within.is_one_clear_line("no copy of the archive", "nzherald/manifests", "above")
    none = run("verify", str(tmp_path / "none"), **nowhere)
    assert (none.code, "does not exist" in none.err) == (2, True)


def articles_known(archive: Archive) -> int:
    with sqlite3.connect(archive.settings.home / "catalogue.db") as database:
        (number,) = database.execute("SELECT count(*) FROM articles").fetchone()
    database.close()
    return int(number)


def test_a_lost_catalogue_is_rebuilt(filled: Archive, run: Callable[..., Result]) -> None:
    with sqlite3.connect(filled.settings.home / "catalogue.db") as database:
        database.execute("DELETE FROM articles")
    database.close()
    assert articles_known(filled) == 0
    done = run("rebuild", "--json")
    assert (done.code, done.json) == (0, {"runs": 1, "broken": []})
    assert articles_known(filled) == 1
    assert run("verify").code == 0
    assert "1 run again" in run("rebuild").out
