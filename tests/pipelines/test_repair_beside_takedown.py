"""A repair from a replica that still has what is taken down, or was."""

from pathlib import Path

from archive.codec import encode
from archive.connect import Archive
from archive.keys import takedown_key
from archive.object_store import ObjectStore
from demo.newspaper import Newspaper, Story
from pipelines import steps
from tests.pipelines.support import PUBLISHER, Run
from tests.pipelines.test_auditing import copy, replica
from tests.pipelines.test_steps import archive, run
from tests.pipelines.test_takedown import ids, order, story, take_down, verified, words_of
from tests.pipelines.test_takedown_left import holding, with_replica
from tests.pipelines.test_verify import runs

__all__ = ["archive", "replica", "run", "runs", "story"]


def damage(archive: Archive, key: str) -> None:
    """Change a byte of a header that no reader looks at, so that every record can still be read."""
    content = bytearray(archive.store.get(key))
    content[4] ^= 1  # the time in the first gzip header
    archive.store.put(key, bytes(content))


def test_a_file_that_is_cut_meanwhile_is_brought_back_without_the_article(
    archive: Archive, newspaper: Newspaper, runs: list[Run], story: Story, replica: ObjectStore
) -> None:
    words = words_of(archive, newspaper, story)
    copy(archive, replica)
    key = runs[0].warc_key
    damage(archive, key)
    problems = [one for one in verified(archive).problems if one.key == key]
    download, asked = replica.download, [story]

    def slowly(key: str, path: Path) -> None:
        download(key, path)
        if asked:
            take_down(with_replica(archive, replica), asked.pop())

    replica.download = slowly  # type: ignore[method-assign]  # somebody orders it just then
    assert steps.repair(archive, replica, problems).repaired == (key,)
    assert archive.store.get(key) == replica.get(key)
    assert holding(archive.store, words) == []


def test_a_lost_tombstone_comes_back_before_what_it_removed_could(
    archive: Archive, newspaper: Newspaper, runs: list[Run], story: Story, replica: ObjectStore
) -> None:
    words = words_of(archive, newspaper, story)
    copy(archive, replica)
    (gone,) = archive.store.list_keys(f"{PUBLISHER}/articles/{story.article_id}/")
    text = archive.store.get(gone)
    take_down(with_replica(archive, replica), story)
    # A copy job that had begun before, and never deletes, as docs/proof.md asks for.
    replica.put(gone, text)
    copy(archive, replica)
    archive.store.delete(takedown_key(PUBLISHER, story.article_id))
    for _ in range(2):
        steps.repair(archive, replica, verified(archive).problems)
    assert holding(archive.store, words) == []
    assert verified(archive).problems == ()
    del runs


def test_nothing_comes_back_while_a_tombstone_is_lost(
    archive: Archive, newspaper: Newspaper, runs: list[Run], story: Story, replica: ObjectStore
) -> None:
    words = words_of(archive, newspaper, story)
    copy(archive, replica)
    take_down(archive, story)
    archive.store.delete(takedown_key(PUBLISHER, story.article_id))
    done = steps.repair(archive, replica, verified(archive).problems)
    assert done.repaired == ()
    assert holding(archive.store, words) == []
    del runs


def test_a_file_with_others_in_it_that_is_lost_while_a_takedown_is_cut_short_comes_back(
    archive: Archive, runs: list[Run], story: Story, replica: ObjectStore
) -> None:
    copy(archive, replica)
    planned = steps.plan_takedown(archive, order(story), now=runs[0].started_at, run_id=ids()())
    key = takedown_key(PUBLISHER, story.article_id)
    archive.store.put(key, encode(planned))
    archive.store.delete(runs[0].warc_key)
    problems = verified(archive).problems
    assert {one.key for one in problems} == {key, runs[0].warc_key}
    assert steps.repair(archive, replica, problems).repaired == (runs[0].warc_key,)
    assert steps.finish_takedowns(with_replica(archive, replica)) == [key]
    assert verified(archive).problems == ()
