"""What a takedown could leave behind: what came in beside it, lay elsewhere, or was there before the first capture."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from attrs import evolve

from archive.codec import encode
from archive.connect import Archive
from archive.errors import BrokenRecord, FailedError
from archive.keys import run_manifest_key, takedown_key
from archive.object_store import ObjectStore
from archive.records import ExportRequest, Rewritten
from demo.newspaper import Newspaper, Story
from pipelines import steps
from pipelines.steps import ExportPlan
from tests.pipelines.support import PUBLISHER, STARTED_AT, Run, stories
from tests.pipelines.test_auditing import copy, replica
from tests.pipelines.test_steps import GARBAGE, archive, run
from tests.pipelines.test_takedown import (
    NOW,
    everything,
    ids,
    order,
    story,
    take_down,
    verified,
    words_of,
)
from tests.pipelines.test_verify import articles, runs

__all__ = ["archive", "replica", "run", "runs", "story"]


def holding(store: ObjectStore, words: set[bytes]) -> list[str]:
    return [key for key, content in everything(store) if any(word in content for word in words)]


def with_replica(archive: Archive, replica: ObjectStore) -> Archive:
    own = archive.settings
    named = {
        f"replica_{name}": getattr(own, f"s3_{name}")
        for name in ("endpoint", "access_key", "secret_key")
    }
    named["replica_bucket"] = replica.bucket
    return evolve(archive, settings=own.model_copy(update=named))


def test_a_page_that_could_not_be_read_long_before_the_first_capture_is_blanked(
    archive: Archive, newspaper: Newspaper, run: Callable[[int], Run]
) -> None:
    chosen = stories(newspaper, ["staff"])[0]
    early, late = run(0), run(24 * 9)
    early.add(chosen, GARBAGE)
    early.finish()
    late.add(chosen)
    late.finish()
    at = STARTED_AT + timedelta(days=12)
    steps.take_down(archive, order(chosen), now=at, new_run_id=ids())
    assert holding(archive.store, {b"Words without a headline"}) == []


def test_what_only_the_replica_has_goes_too_and_no_repair_brings_it_back(
    archive: Archive, newspaper: Newspaper, runs: list[Run], story: Story, replica: ObjectStore
) -> None:
    words = words_of(archive, newspaper, story)
    copy(archive, replica)
    (lost,) = archive.store.list_keys(f"{PUBLISHER}/articles/{story.article_id}/")
    archive.store.delete(lost)
    export = f"{PUBLISHER}/exports/old"
    replica.put(f"{export}/export.json", f'["{story.article_id}"]'.encode())
    replica.put(f"{export}/2026-03-01.jsonl", next(iter(words)))
    take_down(with_replica(archive, replica), story)
    assert holding(replica, words) == []
    assert verified(archive).problems == ()
    del runs


def test_a_takedown_waits_for_a_file_that_only_the_replica_has(
    archive: Archive, runs: list[Run], story: Story, replica: ObjectStore
) -> None:
    copy(archive, replica)
    archive.store.delete(runs[0].warc_key)
    with pytest.raises(FailedError, match="audit"):
        take_down(with_replica(archive, replica), story)
    assert not archive.store.exists(takedown_key(PUBLISHER, story.article_id))


def test_an_enrichment_beside_it_leaves_nothing(
    archive: Archive, runs: list[Run], story: Story
) -> None:
    del runs
    capture = archive.catalogue.captures(PUBLISHER, story.article_id)[0]
    (day,) = [
        day
        for day in archive.catalogue.days(PUBLISHER)
        if capture in archive.catalogue.on_day(PUBLISHER, day)
    ]
    asked = iter([True])

    def meanwhile(*_: object) -> None:
        if next(asked, False):
            take_down(archive, story)

    steps.enrich(archive, day, ["names"], run_id="20260304T220000Z-00000001", progress=meanwhile)
    assert [key for key in archive.store.list_keys("") if f"/{story.article_id}/" in key] == []
    assert verified(archive).problems == ()


def test_an_export_beside_it_leaves_nothing_in_the_bucket(
    archive: Archive, newspaper: Newspaper, runs: list[Run], story: Story, tmp_path: Path
) -> None:
    words = words_of(archive, newspaper, story)
    asked = iter([True])

    def meanwhile(what: str, *_: object) -> None:
        if what == "uploading" and next(asked, False):
            take_down(archive, story)

    request = ExportRequest(format="jsonl", publisher=PUBLISHER)
    plan = ExportPlan(
        request=request, folder=tmp_path / "out", now=NOW, name="all", progress=meanwhile
    )
    with pytest.raises(FailedError, match="taken down"):
        steps.export(archive, plan)
    assert holding(archive.store, words) == []
    del runs


def test_a_run_that_had_its_page_before_the_tombstone_brings_none_of_it_in(
    archive: Archive, newspaper: Newspaper, runs: list[Run], story: Story, run: Callable[[int], Run]
) -> None:
    words = words_of(archive, newspaper, story)
    late = run(70)
    late.add(story)
    take_down(archive, story)
    late.finish()
    assert holding(archive.store, words) == []
    assert verified(archive).problems == ()
    del runs


def test_one_that_cannot_be_finished_keeps_no_crawl_from_starting(
    archive: Archive, runs: list[Run], story: Story
) -> None:
    planned = steps.plan_takedown(archive, order(story), now=NOW, run_id=ids()())
    archive.store.put(takedown_key(PUBLISHER, story.article_id), encode(planned))
    archive.store.delete(runs[0].warc_key)
    assert steps.finish_takedowns(archive) == []
    with pytest.raises(BrokenRecord, match="was to be rewritten"):
        take_down(archive, story)


def test_a_tombstone_that_rots_keeps_nobody_from_work(
    archive: Archive, runs: list[Run], story: Story
) -> None:
    archive.store.put(takedown_key(PUBLISHER, story.article_id), b"{")
    assert steps.finish_takedowns(archive) == []
    assert steps.catch_up(archive) == 0
    del runs


def test_a_forged_tombstone_removes_nothing_of_others(
    archive: Archive, runs: list[Run], story: Story, replica: ObjectStore
) -> None:
    copy(archive, replica)
    planned = steps.plan_takedown(archive, order(story), now=NOW, run_id=ids()())
    other = next(key for key in articles(archive) if story.article_id not in key)
    entry = archive.store.stat(other)
    day = archive.store.stat(run_manifest_key(PUBLISHER, runs[0].run_id))
    for forged in (
        evolve(planned, removed=(entry,)),
        evolve(planned, rewritten=(Rewritten(before=day, after=day),)),
    ):
        archive.store.put(takedown_key(PUBLISHER, story.article_id), encode(forged))
        assert steps.finish_takedowns(with_replica(archive, replica)) == []
        assert archive.store.exists(other)
        assert replica.exists(other)


def test_the_catalogue_file_holds_no_word_of_it(
    archive: Archive, runs: list[Run], story: Story
) -> None:
    (capture,) = archive.catalogue.captures(PUBLISHER, story.article_id)
    kept = b'"payload_digest":"' + str(capture.warc and capture.warc.payload_digest).encode()
    files = [f"catalogue.db{ending}" for ending in ("", "-wal")]

    def held() -> bool:
        paths = (archive.settings.home / name for name in files)
        return any(kept in path.read_bytes() for path in paths if path.exists())

    assert held()
    take_down(archive, story)
    assert not held()
    del runs


def test_a_bag_that_is_brought_up_to_date_loses_it_too(
    archive: Archive, newspaper: Newspaper, runs: list[Run], story: Story, tmp_path: Path
) -> None:
    request = ExportRequest(format="bagit", publisher=PUBLISHER)
    plan = ExportPlan(request=request, folder=tmp_path / "bag", now=NOW)
    steps.export(archive, plan)
    take_down(archive, story)
    steps.export(archive, plan)
    for key in archive.store.list_keys(f"{PUBLISHER}/warc/"):
        assert (tmp_path / "bag/data" / key).read_bytes() == archive.store.get(key)
    del runs, newspaper


def test_a_repair_beside_it_brings_nothing_back(
    archive: Archive, runs: list[Run], story: Story, replica: ObjectStore
) -> None:
    copy(archive, replica)
    (key,) = archive.store.list_keys(f"{PUBLISHER}/articles/{story.article_id}/")
    archive.store.delete(key)
    problems = verified(archive).problems
    download = replica.download

    def slowly(key: str, path: Path) -> None:
        download(key, path)
        take_down(with_replica(archive, replica), story)

    replica.download = slowly  # type: ignore[method-assign]  # somebody orders it just then
    done = steps.repair(archive, replica, [one for one in problems if one.key == key])
    assert done.repaired == ()
    assert not archive.store.exists(key)
    assert verified(archive).problems == ()
    del runs
