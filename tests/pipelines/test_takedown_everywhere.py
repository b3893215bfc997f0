"""Places that a takedown could miss, and what is others' beside it."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from archive.connect import Archive
from archive.errors import FailedError
from archive.keys import captures_key, lease_key, outcomes_key
from archive.object_store import ObjectStore
from demo.newspaper import Newspaper, Story
from pipelines import steps
from pipelines.steps.export_folder import NOTES
from tests.pipelines.exporting import export, notes
from tests.pipelines.support import PUBLISHER, STARTED_AT, Run, stories
from tests.pipelines.test_auditing import copy, replica
from tests.pipelines.test_export import held, spread
from tests.pipelines.test_steps import GARBAGE, archive, run
from tests.pipelines.test_takedown import (
    NOW,
    ids,
    ids_of,
    order,
    story,
    take_down,
    verified,
    words_of,
)
from tests.pipelines.test_takedown_left import holding, with_replica
from tests.pipelines.test_verify import runs

__all__ = ["archive", "held", "replica", "run", "runs", "story"]


def test_versions_of_what_was_deleted_before_go_too(
    archive: Archive, newspaper: Newspaper, runs: list[Run], story: Story
) -> None:
    store = archive.store
    words = words_of(archive, newspaper, story)
    for number, day in enumerate(archive.catalogue.days(PUBLISHER)):
        steps.enrich(archive, day, ["names"], run_id=f"20260304T220000Z-0000000{number}")
    versions = {"Status": "Enabled"}
    store._client.put_bucket_versioning(Bucket=store.bucket, VersioningConfiguration=versions)
    own = [key for key in store.list_keys("") if f"/{story.article_id}/" in key]
    assert {key.split("/")[1] for key in own} == {"articles", "enrichments"}
    for key in own:
        store.put(key, store.get(key))
        store.delete(key)
    for key in list(store.list_keys(f"{PUBLISHER}/enrichments/")):
        store.delete(key)
    take_down(archive, story)
    answer = store._client.list_object_versions(Bucket=store.bucket, Prefix=f"{PUBLISHER}/")
    assert [one["Key"] for one in answer["Versions"] if one["Key"] in own] == []
    assert holding(store, words) == []
    assert {one["Key"].split("/")[1] for one in answer["DeleteMarkers"]} == {"enrichments"}
    del runs


def test_a_page_in_a_file_that_only_the_replica_has_is_waited_for(
    archive: Archive, newspaper: Newspaper, run: Callable[[int], Run], replica: ObjectStore
) -> None:
    chosen, other = stories(newspaper, ["staff"])[:2]
    early, late = run(0), run(24 * 9)
    early.add(chosen, GARBAGE)
    early.add(other)
    early.finish()
    late.add(chosen)
    late.finish()
    copy(archive, replica)
    archive.store.delete(early.warc_key)
    named, at = with_replica(archive, replica), STARTED_AT + timedelta(days=12)
    with pytest.raises(FailedError, match="only the replica has"):
        steps.take_down(named, order(chosen), now=at, new_run_id=ids())
    steps.repair(archive, replica, verified(archive).problems)
    steps.take_down(named, order(chosen), now=at, new_run_id=ids())
    for store in (archive.store, replica):
        assert holding(store, {b"Words without a headline"}) == []


def test_an_export_that_was_killed_beside_it_goes_too(
    held: Archive, newspaper: Newspaper, tmp_path: Path
) -> None:
    class Killed(BaseException):
        pass

    export(held, tmp_path / "before", "jsonl")
    last = notes(tmp_path / "before").files[-1].articles
    story = next(one for one in spread(newspaper) if one.article_id in last)
    words = words_of(held, newspaper, story)
    asked, put = [story], held.store.put

    def meanwhile(what: str, done: int, of: int) -> None:
        if what == "uploading" and done == of:
            raise Killed

    def late(key: str, content: bytes) -> None:
        put(key, content)
        if key.endswith(NOTES) and asked:
            at = STARTED_AT + timedelta(hours=72)
            steps.take_down(held, order(asked.pop()), now=at, new_run_id=ids())

    held.store.put = late  # type: ignore[method-assign]  # it is ordered when the notes are there
    with pytest.raises(Killed):
        export(held, tmp_path / "out", "jsonl", name="all", progress=meanwhile)
    held.store.put = put  # type: ignore[method-assign]
    again = STARTED_AT + timedelta(hours=100)
    steps.take_down(held, order(story), now=again, new_run_id=ids_of("again"))
    assert holding(held.store, words) == []


@pytest.mark.parametrize("kind", ["captures", "outcomes"])
def test_lines_of_others_stay_as_a_later_version_wrote_them(
    archive: Archive, runs: list[Run], story: Story, kind: str
) -> None:
    first = runs[0]
    is_captures = kind == "captures"
    key = captures_key(PUBLISHER, first.run_id) if is_captures else outcomes_key(first.warc_key)
    lines = [
        line.replace(b"{", b'{"a_field_of_a_later_version":"kept",', 1)
        for line in archive.store.get(key).splitlines(keepends=True)
    ]
    archive.store.put(key, b"".join(lines))
    take_down(archive, story)
    others = [line for line in lines if story.article_id.encode() not in line]
    left = archive.store.get(key).splitlines(keepends=True)
    assert others
    assert [line for line in left if story.article_id.encode() not in line] == others


def test_takedowns_are_numbered_on_in_an_archive_that_lost_its_leases(
    archive: Archive, newspaper: Newspaper, runs: list[Run]
) -> None:
    both = stories(newspaper, ["staff", "ap_wire"])[:2]
    for one in sorted(both, key=lambda story: story.article_id, reverse=True):
        steps.take_down(archive, order(one), now=NOW, new_run_id=ids_of(one.article_id))
        archive.store.delete(lease_key(PUBLISHER, "takedowns"))
    assert verified(archive).problems == ()
    del runs
