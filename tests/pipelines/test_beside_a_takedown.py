"""What was at work on an article while it was taken down, and writes of it afterwards."""

from collections.abc import Callable
from threading import Event, Thread

from archive.connect import Archive
from demo.newspaper import Newspaper, Story
from pipelines import steps
from tests.pipelines.support import PUBLISHER, Run, stories, take_steps
from tests.pipelines.test_rebuild import rebuilt, rows
from tests.pipelines.test_steps import archive, run
from tests.pipelines.test_takedown import NOW, again, ids, order, story, take_down, words_of
from tests.pipelines.test_takedown_left import holding
from tests.pipelines.test_verify import runs

__all__ = ["again", "archive", "run", "runs", "story"]


def test_an_annotation_that_is_written_just_then_is_not_kept(
    archive: Archive, runs: list[Run], story: Story
) -> None:
    days = archive.catalogue.days(PUBLISHER)
    put_once, asked = archive.store.put_once, [story]

    def slowly(key: str, content: bytes) -> bool:
        if f"/{story.article_id}/" in key and "/enrichments/" in key and asked:
            take_down(archive, asked.pop())
        return put_once(key, content)

    archive.store.put_once = slowly  # type: ignore[method-assign]  # somebody orders it just then
    for number, day in enumerate(days):
        steps.enrich(archive, day, ["names"], run_id=f"20260304T220000Z-0000000{number}")
    assert not asked
    assert [key for key in archive.store.list_keys("") if f"/{story.article_id}/" in key] == []
    del runs


def test_what_was_noted_as_annotated_is_forgotten_as_a_rebuild_does(
    archive: Archive, runs: list[Run], story: Story
) -> None:
    days = archive.catalogue.days(PUBLISHER)
    asked = [story]

    def meanwhile(done: int, of: int) -> None:
        if done == of and archive.store.exists(key_of(archive, story)) and asked:
            take_down(archive, asked.pop())

    for number, day in enumerate(days):
        run_id = f"20260304T220000Z-0000000{number}"
        steps.enrich(archive, day, ["names"], run_id=run_id, progress=meanwhile)
    assert not asked
    before = rows(archive.settings)
    assert rebuilt(archive.settings) == before
    del runs


def test_feeds_of_changes_that_are_written_just_then_do_not_quote_it(
    archive: Archive, newspaper: Newspaper, again: Run, story: Story
) -> None:
    words = words_of(archive, newspaper, story)
    for key in list(archive.store.list_keys(f"{PUBLISHER}/feeds/")):
        archive.store.put(key, b"what stood there before")
    replace, asked = archive.store.replace, [story]

    def slowly(key: str, content: bytes, *, expected: str) -> str | None:
        if "/feeds/" in key and asked:
            take_down(archive, asked.pop())
        return replace(key, content, expected=expected)

    archive.store.replace = slowly  # type: ignore[method-assign]  # somebody orders it just then
    steps.publish_feeds(archive)
    assert not asked
    assert holding(archive.store, words) == []
    del again


def key_of(archive: Archive, story: Story) -> str:
    found = archive.store.list_keys(f"{PUBLISHER}/enrichments/")
    return next((key for key in found if story.article_id in key), "none")


def test_a_run_that_comes_between_its_look_and_its_tombstone_brings_nothing_in(
    archive: Archive, newspaper: Newspaper, runs: list[Run], story: Story, run: Callable[[int], Run]
) -> None:
    newspaper.change(story.article_id, headline="Another headline altogether")
    changed = newspaper.story(story.article_id)
    words = {b"Another headline altogether", *words_of(archive, newspaper, changed)}
    late = run(70)
    late.add(changed)
    late.add(stories(newspaper, ["staff", "ap_wire"])[9])
    reached, go_on, begun = Event(), Event(), []
    put_once = archive.store.put_once

    def slowly(key: str, content: bytes) -> bool:
        if f"/articles/{story.article_id}/" in key:
            reached.set()
            go_on.wait(60)
        return put_once(key, content)

    def meanwhile(what: str, *_: object) -> None:
        # The first look round is over, and nothing was under way when the takedown began.
        if what == "finding its place" and not begun:
            summary = late.preserve()
            begun.append(Thread(target=take_steps, args=(archive, summary)))
            begun[0].start()
            assert reached.wait(60)

    archive.store.put_once = slowly  # type: ignore[method-assign]  # a run that takes its time
    steps.take_down(archive, order(story), now=NOW, new_run_id=ids(), progress=meanwhile)
    go_on.set()
    begun[0].join()
    assert holding(archive.store, words) == []
    assert archive.catalogue.captures(PUBLISHER, story.article_id) == []
    del runs
