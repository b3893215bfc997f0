"""A takedown that was cut short, and what happens before somebody finishes it."""

from pathlib import Path

import pytest
from attrs import evolve

from archive.codec import encode
from archive.connect import Archive
from archive.errors import FailedError, StoreRefused, StoreUnavailable
from archive.keys import captures_key, cdxj_key, takedown_key
from archive.object_store import ObjectStore
from archive.records import Takedown
from demo.newspaper import Newspaper, Story
from pipelines import steps
from tests.pipelines.support import PUBLISHER, Run, stories
from tests.pipelines.test_auditing import copy, replica
from tests.pipelines.test_rebuild import rebuilt, rows
from tests.pipelines.test_steps import archive, run
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
from tests.pipelines.test_verify import articles, runs

__all__ = ["archive", "replica", "run", "runs", "story"]


def with_index(archive: Archive, one: Run) -> str:
    """A crawl puts an index beside each file; these runs by hand do not."""
    key = cdxj_key(one.warc_key)
    archive.store.upload_once(key, one.path.with_name(f"{one.path.name}.cdxj"))
    return key


def cut_short(archive: Archive, story: Story) -> Takedown:
    """A takedown that was killed behind its tombstone."""
    planned = steps.plan_takedown(archive, order(story), now=NOW, run_id=ids()())
    archive.store.put(takedown_key(PUBLISHER, story.article_id), encode(planned))
    return planned


def damage(archive: Archive, key: str) -> None:
    """Change a byte of a header that no reader looks at, so that every record can still be read."""
    content = bytearray(archive.store.get(key))
    content[4] ^= 1  # the time in the first gzip header
    archive.store.put(key, bytes(content))


def test_what_is_annotated_in_between_goes_too(
    archive: Archive, runs: list[Run], story: Story
) -> None:
    cut_short(archive, story)
    for number, day in enumerate(archive.catalogue.days(PUBLISHER)):
        steps.enrich(archive, day, ["names"], run_id=f"20260304T220000Z-0000000{number}")
    assert steps.finish_takedowns(archive) != []
    assert [key for key in archive.store.list_keys("") if f"/{story.article_id}/" in key] == []
    assert verified(archive).problems == ()
    del runs


@pytest.mark.parametrize("mends_it", ["at once", "later"])
def test_it_goes_to_its_end_when_a_file_is_mended_meanwhile(
    archive: Archive, newspaper: Newspaper, runs: list[Run], story: Story, mends_it: str
) -> None:
    words = words_of(archive, newspaper, story)
    key = runs[0].warc_key
    whole = archive.store.get(key)
    damage(archive, key)
    asked = [whole]

    def meanwhile(what: str, done: int, of: int) -> None:
        if what == "finding its place" and done == of and asked:
            archive.store.put(key, asked.pop())

    if mends_it == "at once":
        steps.take_down(archive, order(story), now=NOW, new_run_id=ids(), progress=meanwhile)
    else:
        cut_short(archive, story)
        archive.store.put(key, whole)
        assert steps.finish_takedowns(archive) == [takedown_key(PUBLISHER, story.article_id)]
    assert holding(archive.store, words) == []
    assert verified(archive).problems == ()


def test_it_goes_to_its_end_when_another_has_cut_the_same_files_meanwhile(
    archive: Archive, newspaper: Newspaper, runs: list[Run], story: Story
) -> None:
    other = stories(newspaper, ["staff", "ap_wire"])[1]
    words = words_of(archive, newspaper, story) | words_of(archive, newspaper, other)
    replace_file, erase = archive.store.replace_file, archive.store.erase
    left = iter([True])

    def locked(key: str, *, newest: bool = True) -> None:
        if story.article_id in key:
            raise StoreRefused(*("it", f"{key} is under an object lock"))
        erase(key, newest=newest)

    def killed(key: str, path: Path) -> None:
        if not next(left, False):
            raise StoreUnavailable(*("it", "the process died"))
        replace_file(key, path)

    archive.store.replace_file = killed  # type: ignore[method-assign]  # dies behind the first write
    with pytest.raises(StoreUnavailable):
        take_down(archive, story)
    archive.store.replace_file = replace_file  # type: ignore[method-assign]
    archive.store.erase = locked  # type: ignore[method-assign]  # the embedded store has no lock
    steps.take_down(archive, order(other), now=NOW, new_run_id=ids_of("other"))
    archive.store.erase = erase  # type: ignore[method-assign]
    steps.finish_takedowns(archive)
    assert holding(archive.store, words) == []
    assert verified(archive).problems == ()
    assert rows(archive.settings) == rebuilt(archive.settings)
    del runs


def test_one_whose_file_is_lost_keeps_no_crawl_from_starting(
    archive: Archive, runs: list[Run], story: Story
) -> None:
    with_index(archive, runs[0])
    cut_short(archive, story)
    archive.store.delete(runs[0].warc_key)
    assert steps.finish_takedowns(archive) == []


def test_an_index_that_is_damaged_meanwhile_keeps_no_crawl_from_starting(
    archive: Archive, runs: list[Run], story: Story
) -> None:
    key = with_index(archive, runs[0])
    cut_short(archive, story)
    archive.store.put(key, archive.store.get(key).replace(b"{", b"(", 1))
    assert steps.finish_takedowns(archive) == []


def test_one_that_the_store_refuses_keeps_no_crawl_from_starting(
    archive: Archive, runs: list[Run], story: Story
) -> None:
    def locked(key: str, *, newest: bool = True) -> None:
        raise StoreRefused(*("it", f"{key} is under an object lock"))

    archive.store.erase = locked  # type: ignore[method-assign]  # the embedded store has no lock
    with pytest.raises(StoreRefused):
        take_down(archive, story)
    assert steps.finish_takedowns(archive) == []
    del runs


@pytest.mark.parametrize("kind", ["forged", "rotten"])
def test_one_that_cannot_be_carried_out_keeps_no_other_article_from_being_taken_down(
    archive: Archive, newspaper: Newspaper, runs: list[Run], story: Story, kind: str
) -> None:
    other = stories(newspaper, ["staff", "ap_wire"])[1]
    planned = steps.plan_takedown(archive, order(other), now=runs[0].started_at, run_id=ids()())
    foreign = archive.store.stat(next(k for k in articles(archive) if other.article_id not in k))
    content = encode(evolve(planned, removed=(foreign,))) if kind == "forged" else b"{"
    archive.store.put(takedown_key(PUBLISHER, other.article_id), content)
    assert len(take_down(archive, story)) == 1


def test_a_file_that_only_the_replica_has_is_said_in_our_words(
    archive: Archive, runs: list[Run], story: Story, replica: ObjectStore
) -> None:
    with_index(archive, runs[0])
    copy(archive, replica)
    archive.store.delete(runs[0].warc_key)
    with pytest.raises(FailedError, match="only the replica has"):
        take_down(with_replica(archive, replica), story)


def test_a_damaged_index_is_named(archive: Archive, runs: list[Run], story: Story) -> None:
    key = with_index(archive, runs[0])
    archive.store.put(key, archive.store.get(key).replace(b"{", b"(", 1))
    with pytest.raises(FailedError, match=key):
        take_down(archive, story)


def test_what_cannot_be_read_is_named_and_the_rest_is_taken_down(
    archive: Archive, newspaper: Newspaper, runs: list[Run], story: Story
) -> None:
    words = words_of(archive, newspaper, story)
    key, first = captures_key(PUBLISHER, runs[1].run_id), takedown_key(PUBLISHER, story.article_id)
    get = archive.store.get

    def rotten(asked: str) -> bytes:
        if asked == key:
            raise StoreUnavailable(*("it", "500 for its bytes"))
        return get(asked)

    archive.store.get = rotten  # type: ignore[method-assign]  # as a store that lost a disk
    with pytest.raises(FailedError, match=key):
        take_down(archive, story)
    archive.store.get = get  # type: ignore[method-assign]
    assert holding(archive.store, words) == []
    assert archive.catalogue.captures(PUBLISHER, story.article_id) == []
    said = {one.key: one.problem for one in verified(archive).problems}
    assert said[first].startswith("unfinished"), "until all of it can be read"
    assert first in steps.finish_takedowns(archive)
    assert verified(archive).problems == ()
