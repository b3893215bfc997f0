"""Stored pages read again: what an upgrade of the readers would gain and lose."""

from importlib.metadata import version
from pathlib import Path

import pytest
from attrs import evolve

from archive.codec import decode, encode
from archive.connect import Archive
from archive.keys import article_key, warc_key
from archive.records import Article, ArticleContent, Block, Capture
from demo.newspaper import Newspaper, Story
from pipelines import steps
from tests.pipelines.support import PUBLISHER, Run, stories

LINE = "A line that only the reader of that time took for text."

RUN = "20260302T000000Z-00000000"


@pytest.fixture
def archive(archive: Archive, newspaper: Newspaper) -> Archive:
    """An archive of the running newspaper."""
    settings = archive.settings.model_copy(update={"publisher_origin": newspaper.origin})
    return Archive(settings=settings, store=archive.store, catalogue=archive.catalogue)


@pytest.fixture
def held(archive: Archive, newspaper: Newspaper, tmp_path: Path) -> list[Story]:
    """Four stories, one of them for subscribers only, archived in one run."""
    free = stories(newspaper, ["staff", "ap_wire", "photo"])
    premium = next(story for story in newspaper.edition.stories if story.hidden)
    chosen = [free[0], free[len(free) // 2], free[-1], premium]
    run = Run(archive, newspaper, tmp_path)
    for story in chosen:
        run.add(story)
    run.finish()
    return chosen


def capture_of(archive: Archive, story: Story) -> Capture:
    return archive.catalogue.captures(PUBLISHER, story.article_id)[-1]


def readings(archive: Archive) -> list[str]:
    return list(archive.store.list_keys(f"{PUBLISHER}/readings/"))


def read_otherwise(archive: Archive, story: Story) -> None:
    """Let the held record be what another reader made of the page: one line more, one less, no description."""
    capture = capture_of(archive, story)
    key = article_key(PUBLISHER, story.article_id, capture.revision)
    content = decode(archive.store.get(key), ArticleContent)
    body = (*content.body[1:], Block(kind="paragraph", text=LINE))
    archive.store.delete(key)
    archive.store.put_once(key, encode(evolve(content, body=body, description=None)))


def test_what_is_read_as_it_is_held_leaves_nothing(archive: Archive, held: list[Story]) -> None:
    done = steps.rederive(archive, run_id=RUN)
    assert (done.revisions, done.same, done.different, done.failed) == (len(held), len(held), 0, 0)
    assert (done.words_gained, done.words_lost, done.fields, done.differences) == (0, 0, {}, ())
    assert readings(archive) == []


def test_a_reading_that_differs_lies_beside_the_record(archive: Archive, held: list[Story]) -> None:
    story = held[0]
    read_otherwise(archive, story)
    capture = capture_of(archive, story)
    record = steps.article(archive, capture)
    tried = steps.rederive(archive, run_id=None)
    assert readings(archive) == []
    told: list[tuple[int, int]] = []
    done = steps.rederive(
        archive, run_id=RUN, progress=lambda number, of: told.append((number, of))
    )
    assert told[-1] == (len(held), len(held))
    assert evolve(tried, readings=1) == done
    assert (done.same, done.different, done.readings) == (len(held) - 1, 1, 1)
    assert done.fields == {"body": {"changed": 1}, "description": {"gained": 1}}
    (said,) = done.differences
    assert (said.article_id, said.revision) == (story.article_id, capture.revision)
    assert (said.gained, said.lost, said.changed) == (("description",), (), ("body",))
    assert said.words_lost == len(LINE.split()) == done.words_lost
    assert said.words_gained == len(story.public_paragraphs[0].split()) == done.words_gained

    (key,) = readings(archive)
    reader = f"{record.reader}@{record.reader_version}"
    # Another version of the library that finds the text gives readings of its own.
    assert reader.endswith(f"-tf{version('trafilatura')}")
    assert key == f"{PUBLISHER}/readings/{reader}/{story.article_id}/{capture.revision}.json"
    reading = decode(archive.store.get(key), Article)
    assert [block.text for block in reading.body] == list(story.public_paragraphs)
    assert (reading.revision, reading.warc) == (capture.revision, capture.warc)
    # What is held stays, and so do the steps through which the story went.
    assert steps.article(archive, capture) == record
    assert len(archive.catalogue.captures(PUBLISHER, story.article_id)) == 1
    assert steps.rederive(archive, run_id=RUN).readings == 0


def test_a_page_that_is_lost_costs_no_other_its_place(
    archive: Archive, newspaper: Newspaper, held: list[Story], tmp_path: Path
) -> None:
    folder = tmp_path / "later"
    folder.mkdir()
    later = Run(archive, newspaper, folder, hours=1)
    ids = {story.article_id for story in held}
    more = next(s for s in stories(newspaper, ["afp_wire"]) if s.article_id not in ids)
    later.add(more)
    later.finish()
    archive.store.delete(warc_key(PUBLISHER, later.run_id, 0))
    done = steps.rederive(archive, run_id=RUN)
    assert (done.same, done.failed) == (len(held), 1)
    (lost,) = done.differences
    assert lost.article_id == more.article_id
    assert "BrokenRecord" in (lost.problem or "")
    assert done.words_lost == 0


def test_a_held_record_that_is_gone_is_named(archive: Archive, held: list[Story]) -> None:
    story = held[1]
    revision = capture_of(archive, story).revision
    key = article_key(PUBLISHER, story.article_id, revision)
    archive.store.delete(key)
    done = steps.rederive(archive, run_id=RUN)
    assert (done.same, done.failed) == (len(held) - 1, 1)
    (lost,) = done.differences
    assert (lost.article_id, lost.headline) == (story.article_id, "")
    assert key in (lost.problem or "")


def test_subscriber_text_is_in_no_reading(archive: Archive, held: list[Story]) -> None:
    premium = next(story for story in held if story.hidden)
    read_otherwise(archive, premium)
    assert steps.rederive(archive, run_id=RUN).different == 1
    (key,) = readings(archive)
    assert b"HIDDEN" not in archive.store.get(key)


def test_only_what_belongs_to_the_dates_is_read(archive: Archive, held: list[Story]) -> None:
    days = archive.catalogue.days(PUBLISHER)
    number = len(archive.catalogue.on_day(PUBLISHER, days[0]))
    assert (
        steps.rederive(archive, run_id=RUN, since=days[0], until=days[0]).revisions
        == number
        < len(held)
    )
