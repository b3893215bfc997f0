"""``newsarchive export`` as a user runs it."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from attrs import evolve

from archive.connect import Archive
from archive.keys import article_key
from archive.records import ExportRequest
from cli.export import default_name
from demo.newspaper import Newspaper
from tests.cli.support import COMMAND, Result
from tests.pipelines.exporting import files
from tests.pipelines.support import PUBLISHER, STARTED_AT, Run, stories

CLI = Callable[..., Result]


@pytest.fixture
def held(archive: Archive, newspaper: Newspaper, tmp_path: Path) -> Archive:
    """An archive of stories of many days."""
    origin = {"publisher_origin": newspaper.origin}
    served = evolve(archive, settings=archive.settings.model_copy(update=origin))
    made = Run(served, newspaper, tmp_path, 0)
    for story in stories(newspaper, ["staff", "ap_wire", "rich"])[::2]:
        made.add(story)
    assert made.finish().balanced
    assert len(archive.catalogue.days(PUBLISHER)) > 9
    return served


def test_what_articles_prints_is_what_is_exported(held: Archive, run: CLI, tmp_path: Path) -> None:
    days = held.catalogue.days(PUBLISHER)
    dates = ("--since", str(days[2]), "--until", str(days[4]))
    done = run("export", "--format", "jsonl", *dates, "--out", str(tmp_path / "out"), "--json")
    assert (done.code, done.json["files"], done.json["failed"]) == (0, 3, []), done.err
    lines = b"".join(files(tmp_path / "out").values()).decode()
    assert lines == run("articles", *dates, "--format", "jsonl").out
    again = run("export", "--format", "jsonl", *dates, "--out", str(tmp_path / "out"))
    assert "(0 of 3 files written now)" in again.out


def test_articles_by_id_in_both_ways_and_into_the_bucket(
    held: Archive, run: CLI, tmp_path: Path
) -> None:
    one, other, *_ = (capture.article_id for capture in held.catalogue.newest(PUBLISHER))
    out = ("--out", str(tmp_path / "out"), "--to-bucket", "two")
    done = run("export", one, "--article", other, "--format", "csv", *out)
    assert done.code == 0, done.err
    assert "2 articles, 2 records" in done.out
    assert "nzherald/exports/two/" in done.out
    notes = json.loads(held.store.get(f"{PUBLISHER}/exports/two/export.json"))
    assert sorted(notes["request"]["article_ids"]) == sorted([one, other])
    assert {article for file in notes["files"] for article in file["articles"]} == {one, other}


def test_wrong_requests_are_one_clear_line(held: Archive, run: CLI, tmp_path: Path) -> None:
    out = ("--out", str(tmp_path / "out"))
    assert run("export", "--format", "jsonl", *out).code == 0
    other = run("export", "--format", "csv", *out)
    assert other.code == 2
    assert other.is_one_clear_line("holds another export (jsonl)", "--out")
    unknown = run("export", "A" * 26, "--format", "csv")
    assert unknown.code == 2
    assert unknown.is_one_clear_line("no article", "newsarchive articles")
    assert run("export", "--format", "docx").code == 2
    assert run("export").code == 2
    bag = run("export", "--format", "bagit", "--to-bucket", "b")
    assert bag.code == 2
    assert bag.is_one_clear_line("--to-bucket")


def test_a_record_that_is_gone_is_named_and_ends_with_1(
    held: Archive, run: CLI, tmp_path: Path
) -> None:
    gone = next(held.catalogue.newest(PUBLISHER))
    key = article_key(PUBLISHER, gone.article_id, gone.revision)
    held.store.delete(key)
    out = ("--out", str(tmp_path / "out"))
    done = run("export", "--format", "parquet", *out, "--json")
    assert done.code == 1
    assert [(one["article_id"], one["key"]) for one in done.json["failed"]] == [
        (gone.article_id, key)
    ]
    assert done.json["articles"] == len(list(held.catalogue.newest(PUBLISHER))) - 1
    again = run("export", "--format", "parquet", *out)
    assert again.code == 1
    assert gone.article_id in again.out


def test_nothing_held_of_what_is_asked_is_no_failure(
    held: Archive, run: CLI, tmp_path: Path
) -> None:
    del held
    day = str((STARTED_AT - timedelta(days=4000)).date())
    asked = ("--format", "csv", "--until", day, "--out", str(tmp_path / "out"))
    done = run("export", *asked)
    assert done.code == 0
    assert "Nothing is held" in done.out


def killed(env: dict[str, str], out: Path, kind: str, files_there: int) -> bool:
    """Kill an export once so many files are there; whether it was in the middle then."""
    command = [COMMAND, "export", "--format", kind, "--out", str(out)]
    process = subprocess.Popen(command, env=env, stderr=subprocess.PIPE)
    while process.poll() is None:
        if len([*out.glob("2*"), *out.glob("data/*/*/*/*.json")]) >= files_there:
            os.kill(process.pid, signal.SIGKILL)
            break
        time.sleep(0.0005)
    process.communicate()
    return not (out / "export.json").exists()


@pytest.mark.parametrize("kind", ["jsonl", "parquet", "bagit"])
def test_an_export_that_was_killed_goes_on_and_ends_the_same(
    held: Archive, run: CLI, env: dict[str, str], tmp_path: Path, kind: str
) -> None:
    whole = tmp_path / "whole"
    unbroken = run("export", "--format", kind, "--out", str(whole), "--json").json
    # The machine decides where it is hit: in the middle in most tries, and once is enough.
    hit = any(killed(env, tmp_path / f"out-{number}", kind, number) for number in range(2, 7))
    assert hit
    out = max(tmp_path.glob("out-*"))
    assert not (out / "export.json").exists()
    before = set(files(out))
    assert before
    again = run("export", "--format", kind, "--out", str(out), "--json")
    assert again.code == 0
    assert files(out) == files(whole)
    assert again.json["written"] < unbroken["written"]
    assert again.json["files"] == unbroken["files"]
    assert not (out / ".export").exists()


def test_folders_are_named_for_what_is_asked() -> None:
    asked = ExportRequest(format="csv", publisher="nzherald", section="world/asia")
    assert default_name(asked) == "nzherald-csv-world-asia"
    dated = ExportRequest(
        format="wacz", publisher="nzherald", since=STARTED_AT.date(), article_ids=("A" * 26,)
    )
    assert default_name(dated) == f"nzherald-wacz-2026-03-01-{'A' * 26}"
