"""A story that was free and is for subscribers now has changed its access and lost nothing."""

from pathlib import Path

import pytest

from archive.connect import Archive
from archive.records import Article, Capture
from demo.newspaper import Newspaper, Story
from pipelines import steps
from tests.pipelines.support import PUBLISHER, Run, stories

HIDDEN = ("HIDDENBODY one more paragraph.", "HIDDENBODY and another.")

RUN = "20260302T000000Z-00000000"


@pytest.fixture
def archive(archive: Archive, newspaper: Newspaper) -> Archive:
    """An archive of the running newspaper."""
    settings = archive.settings.model_copy(update={"publisher_origin": newspaper.origin})
    return Archive(settings=settings, store=archive.store, catalogue=archive.catalogue)


def closed(story: Story, *, paragraphs: int = 1) -> dict[str, object]:
    """How the page of a free story is once it is for subscribers."""
    return {
        "variant": "premium_style",
        "access": "premium",
        "body": story.body[:paragraphs],
        "hidden": HIDDEN,
    }


def opened(story: Story) -> dict[str, object]:
    names = ("variant", "access", "body", "hidden")
    return {name: getattr(story, name) for name in names}


def crawled(
    archive: Archive, newspaper: Newspaper, folder: Path, story: Story, *pages: dict[str, object]
) -> list[Capture]:
    """Run once an hour over a story that is changed like this before each, and return its captures."""
    for hours, change in enumerate(pages):
        newspaper.change(story.article_id, **change)
        run = Run(archive, newspaper, folder, hours)
        run.add(newspaper.story(story.article_id))
        assert run.finish().balanced
    return archive.catalogue.captures(PUBLISHER, story.article_id)


def shown(archive: Archive) -> Article:
    (capture,) = archive.catalogue.newest(PUBLISHER)
    return steps.article(archive, capture)


def test_the_fuller_text_once_public_stays_the_text_shown(
    archive: Archive, newspaper: Newspaper, tmp_path: Path
) -> None:
    (story, *_) = stories(newspaper, ["rich"])
    free, paid = crawled(archive, newspaper, tmp_path, story, {}, closed(story))
    before, now = steps.article(archive, free), shown(archive)
    assert (before.access, now.access) == ("free", "premium")
    assert now.revision == paid.revision != free.revision
    assert (now.body, now.text, now.word_count) == (before.body, before.text, before.word_count)
    assert now.images == before.images
    assert now.provenance["body"] == f"revision:{free.revision}"
    assert "HIDDEN" not in repr(now)


def test_a_flip_and_back_is_three_steps_over_two_contents(
    archive: Archive, newspaper: Newspaper, tmp_path: Path
) -> None:
    (story, *_) = stories(newspaper, ["staff"])
    steps_taken = crawled(archive, newspaper, tmp_path, story, {}, closed(story), opened(story))
    assert [capture.access for capture in steps_taken] == ["free", "premium", "free"]
    assert steps_taken[0].revision == steps_taken[2].revision
    assert len(list(archive.store.list_keys(f"{PUBLISHER}/articles/"))) == 2
    assert shown(archive).provenance["body"].startswith("html:")


def test_the_text_of_an_earlier_look_is_not_that_of_a_later_one(
    archive: Archive, newspaper: Newspaper, tmp_path: Path
) -> None:
    (story, *_) = stories(newspaper, ["staff"])
    paid, free = crawled(archive, newspaper, tmp_path, story, closed(story), opened(story))
    assert steps.article(archive, paid).word_count < steps.article(archive, free).word_count
    assert shown(archive).access == "free"


def test_a_longer_public_part_stands_for_itself(
    archive: Archive, newspaper: Newspaper, tmp_path: Path
) -> None:
    (story, *_) = stories(newspaper, ["staff"])
    short = {"body": story.body[:1]}
    crawled(archive, newspaper, tmp_path, story, short, closed(story, paragraphs=4))
    now = shown(archive)
    assert (now.access, len(now.body)) == ("premium", 4)
    assert now.provenance["body"].startswith("html:")


def test_what_is_annotated_is_the_text_shown(
    archive: Archive, newspaper: Newspaper, tmp_path: Path
) -> None:
    (story, *_) = stories(newspaper, ["staff"])
    free, paid = crawled(archive, newspaper, tmp_path, story, {}, closed(story))
    day = next(iter(archive.catalogue.days(PUBLISHER)))
    assert steps.enrich(archive, day, ["names"], run_id=RUN).annotated == 1
    (key,) = archive.store.list_keys(f"{PUBLISHER}/enrichments/")
    assert free.revision in key
    assert paid.revision not in key
    assert steps.enrich(archive, day, ["names"], run_id=RUN).already == 1
