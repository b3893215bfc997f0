"""Verify on the real store: whatever is done to the bucket behind its back is found and named."""

import os
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from attrs import evolve

from archive.codec import encode
from archive.connect import Archive
from archive.holdings import FolderCopy
from archive.keys import day_manifest_key, new_run_id, run_day, run_key, run_manifest_key, warc_key
from archive.records import RunManifest, Verification
from demo.newspaper import Newspaper
from pipelines import steps
from pipelines.steps import VerifyPlan
from pipelines.verify import Share
from tests.pipelines.support import PUBLISHER, STARTED_AT, Run, stories
from tests.pipelines.test_steps import archive, run

__all__ = ["archive", "run"]

PLAN = VerifyPlan(now=STARTED_AT + timedelta(hours=50))


@pytest.fixture
def runs(archive: Archive, newspaper: Newspaper, run: Callable[[int], Run]) -> list[Run]:
    """Three runs on three days, the first two closed; each archived stories of its own."""
    made = [run(hours) for hours in (0, 24, 48)]
    chosen = stories(newspaper, ["staff", "ap_wire"])
    for number, one in enumerate(made):
        for story in chosen[2 * number : 2 * number + 2]:
            one.add(story)
        one.finish()
    assert len(list(steps.days(archive.store, PUBLISHER))) == 2
    return made


def verify(archive: Archive, plan: VerifyPlan = PLAN) -> Verification:
    return steps.verify(archive.store, PUBLISHER, plan, archive.catalogue)


def blamed(archive: Archive, plan: VerifyPlan = PLAN) -> dict[str, str]:
    """Return the word that is said of each object that something is wrong with."""
    return {one.key: one.problem.split(":")[0] for one in verify(archive, plan).problems}


def articles(archive: Archive) -> list[str]:
    return sorted(archive.store.list_keys(f"{PUBLISHER}/articles/"))


def flip(archive: Archive, key: str) -> None:
    content = bytearray(archive.store.get(key))
    content[len(content) // 2] ^= 1
    archive.store.put(key, bytes(content))


def test_an_archive_as_it_was_written_has_no_problem(archive: Archive, runs: list[Run]) -> None:
    found = verify(archive)
    assert found.problems == ()
    kept = [key for key in archive.store.list_keys(f"{PUBLISHER}/") if "/manifests/" not in key]
    assert (found.objects, found.read, found.in_the_making) == (len(kept), len(kept), 0)
    assert found.bytes == sum(len(archive.store.get(key)) for key in kept)
    assert found.head is not None
    assert found.head.day == run_day(runs[1].run_id)
    assert verify(archive, evolve(PLAN, head=found.head.sha256)).problems == ()


def test_one_flipped_bit_anywhere_is_found_and_named(archive: Archive, runs: list[Run]) -> None:
    del runs
    for key in archive.store.list_keys(f"{PUBLISHER}/"):
        if "/manifests/" in key:
            continue
        before = archive.store.get(key)
        flip(archive, key)
        assert blamed(archive) == {key: "altered"}
        archive.store.put(key, before)
    assert blamed(archive) == {}


def test_a_changed_manifest_is_found_and_named(archive: Archive, runs: list[Run]) -> None:
    closed = run_manifest_key(PUBLISHER, runs[0].run_id)
    for key in (day_manifest_key(PUBLISHER, run_day(runs[0].run_id)), closed):
        before = archive.store.get(key)
        archive.store.put(key, before.replace(b'"publisher":"nzherald"', b'"publisher":"nzheralt"'))
        assert blamed(archive)[key] == "altered"
        archive.store.put(key, before[:-1])
        assert blamed(archive)[key] == "altered"
        archive.store.put(key, before)


def test_a_deleted_object_is_found_and_named(archive: Archive, runs: list[Run]) -> None:
    keys = [articles(archive)[0], runs[1].warc_key, run_manifest_key(PUBLISHER, runs[0].run_id)]
    for key in keys:
        archive.store.delete(key)
    found = blamed(archive)
    assert {key: found[key] for key in keys} == dict.fromkeys(keys, "missing")


def test_an_added_object_is_found_and_named(archive: Archive, runs: list[Run]) -> None:
    keys = [
        articles(archive)[0].replace(".json", "0.json"),
        f"{PUBLISHER}/warc/2026-03-01/extra.warc.gz",
        warc_key(PUBLISHER, runs[0].run_id, 7),
        f"{PUBLISHER}/manifests/more/2026-03-01.json",
        f"{PUBLISHER}/tales/1.json",
    ]
    for key in keys:
        archive.store.put(key, b"{}")
    assert blamed(archive) == dict.fromkeys(keys, "unexpected")


def test_swapped_objects_are_named_with_what_they_hold(archive: Archive, runs: list[Run]) -> None:
    del runs
    one, other = articles(archive)[:2]
    contents = archive.store.get(one), archive.store.get(other)
    archive.store.put(one, contents[1])
    archive.store.put(other, contents[0])
    found = {problem.key: problem.problem for problem in verify(archive).problems}
    assert set(found) == {one, other}
    assert f"the content of {other}" in found[one]
    assert f"the content of {one}" in found[other]


def cut_off(archive: Archive, run: Run) -> None:
    """Remove a run and the day that holds it, as if neither had ever been."""
    named = run_manifest_key(PUBLISHER, run.run_id)
    for problem in verify(archive).problems:
        pytest.fail(str(problem))
    for key in list(archive.store.list_keys(f"{PUBLISHER}/")):
        if run.run_id in key:
            archive.store.delete(key)
    archive.store.delete(named)
    archive.store.delete(day_manifest_key(PUBLISHER, run_day(run.run_id)))


def test_a_day_cut_off_is_missed_by_later_runs_and_by_the_catalogue(
    archive: Archive, runs: list[Run]
) -> None:
    cut_off(archive, runs[1])
    day = day_manifest_key(PUBLISHER, run_day(runs[1].run_id))
    found = {one.key: one.problem for one in verify(archive).problems}
    assert found[day].startswith("missing")
    assert runs[2].run_id in found[day]
    assert runs[1].run_id in found["catalogue"]


def test_the_last_days_cut_off_are_missed_by_catalogue_and_head(
    archive: Archive, runs: list[Run]
) -> None:
    head = verify(archive).head
    assert head is not None
    for one in reversed(runs[1:]):
        for key in list(archive.store.list_keys(f"{PUBLISHER}/")):
            if one.run_id in key or key == day_manifest_key(PUBLISHER, run_day(one.run_id)):
                archive.store.delete(key)
    day = day_manifest_key(PUBLISHER, run_day(runs[1].run_id))
    assert blamed(archive)[day] == "missing"
    alone = steps.verify(archive.store, PUBLISHER, evolve(PLAN, head=head.sha256))
    assert any(head.sha256 in one.problem for one in alone.problems)


def test_a_run_at_work_is_no_problem_until_it_is_stale(
    archive: Archive, newspaper: Newspaper, run: Callable[[int], Run]
) -> None:
    one = run(0)
    one.add(stories(newspaper, ["staff"])[0])
    one.preserve()
    soon = verify(archive, evolve(PLAN, now=STARTED_AT + timedelta(minutes=5)))
    assert (soon.problems, soon.in_the_making) == ((), 2)
    assert set(blamed(archive).values()) == {"unfinished"}


def test_an_enrichment_at_work_is_no_problem(archive: Archive, runs: list[Run]) -> None:
    del runs
    added = articles(archive)[0].replace("/articles/", "/enrichments/names@1/")
    with steps.under_way(archive, "enrich-2026-03-01", "20260303T000000Z-00000000"):
        note = next(archive.store.list_objects(f"{PUBLISHER}/manifests/open/"))
        archive.store.put(added, b"{}")
        during = verify(archive, VerifyPlan(now=note.modified_at))
        assert (during.problems, during.in_the_making) == ((), 1)
    assert blamed(archive) == {added: "unexpected"}


def test_a_run_that_ends_meanwhile_is_no_problem(
    archive: Archive, newspaper: Newspaper, runs: list[Run], run: Callable[[int], Run]
) -> None:
    del runs
    late = run(49)
    late.add(stories(newspaper, ["staff", "ap_wire"])[9])
    finished: list[str] = []

    def progress(what: str, done: int, of: int) -> None:
        if what == "reading manifests" and done == of and not finished:
            finished.append(late.finish().run_id)

    assert verify(archive, evolve(PLAN, progress=progress)).problems == ()
    assert finished


def test_a_sample_reads_a_share_and_all_turns_read_everything(
    archive: Archive, runs: list[Run]
) -> None:
    del runs
    all_of_them = verify(archive).read
    turns = [
        verify(archive, evolve(PLAN, choose=lambda _, turn=turn: Share(5, frozenset({turn})))).read
        for turn in range(5)
    ]
    assert sum(turns) == all_of_them
    assert max(turns) < all_of_them


def test_since_reads_only_what_later_runs_left(archive: Archive, runs: list[Run]) -> None:
    (old,) = (key for key in archive.store.list_keys(run_key(PUBLISHER, runs[0].run_id)))
    flip(archive, old)
    later = evolve(PLAN, since=run_day(runs[1].run_id))
    assert verify(archive, later).read < verify(archive).read
    assert blamed(archive, later) == {}
    assert blamed(archive) == {old: "altered"}


def test_a_copy_in_a_folder_is_verified_without_store_and_catalogue(
    archive: Archive, runs: list[Run], tmp_path: Path
) -> None:
    del runs
    copy = tmp_path / "copy"
    for key in archive.store.list_keys(""):
        path = copy / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(archive.store.get(key))
    whole = steps.verify(FolderCopy(copy), PUBLISHER, PLAN)
    assert (whole.problems, whole.objects) == ((), verify(archive).objects)
    one, other = articles(archive)[:2]
    (copy / one).unlink()
    (copy / other).write_bytes(b"something else")
    found = steps.verify(FolderCopy(copy), PUBLISHER, PLAN)
    assert {each.key for each in found.problems} == {one, other}


def test_a_manifest_of_another_run_than_its_key_says_is_named(
    archive: Archive, runs: list[Run]
) -> None:
    key = run_manifest_key(PUBLISHER, new_run_id(STARTED_AT, "forged"))
    for run_id in ("no run", runs[0].run_id):
        made = RunManifest(
            publisher=PUBLISHER,
            run_id=run_id,
            kind="crawl",
            chain=verify(archive).head,
            objects=(),
        )
        archive.store.put(key, encode(made))
        assert blamed(archive, evolve(PLAN, since=STARTED_AT.date())) == {key: "altered"}


def test_a_file_whose_name_is_no_text_is_named(
    archive: Archive, runs: list[Run], tmp_path: Path
) -> None:
    del runs
    for key in archive.store.list_keys(f"{PUBLISHER}/"):
        (tmp_path / key).parent.mkdir(parents=True, exist_ok=True)
        archive.store.download(key, tmp_path / key)
    Path(os.fsdecode(bytes(tmp_path / PUBLISHER) + b"/\xff.json")).write_bytes(b"added")
    found = steps.verify(FolderCopy(tmp_path), PUBLISHER, PLAN)
    assert [one.key for one in found.problems] == [f"{PUBLISHER}/\\xff.json"]
    assert encode(found)


def test_an_article_that_the_catalogue_lost_is_missed(archive: Archive, runs: list[Run]) -> None:
    key = articles(archive)[0]
    with sqlite3.connect(archive.settings.home / "catalogue.db") as database:
        for table in ("articles", "captures"):
            lost = f"DELETE FROM {table} WHERE article_id = ?"  # noqa: S608 - its own
            database.execute(lost, [key.split("/")[2]])
    database.close()
    assert [(one.key, key in one.problem) for one in verify(archive).problems] == [
        ("catalogue", True)
    ]
    del runs
