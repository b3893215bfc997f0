"""Histories, the section as it stood, and feeds: over real crawls, and again from the bucket alone."""

import json
import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from attrs import evolve

from archive.catalogue import Catalogue
from archive.codec import encode
from archive.connect import Archive
from archive.errors import ConfigurationError
from archive.keys import feed_key
from archive.records import History
from demo.newspaper import Newspaper
from demo.newspaper import changes as change
from demo.newspaper.story import Story
from pipelines import steps
from pipelines.steps.books import _stored_books
from tests.cli.archived import Archived
from tests.cli.support import Result
from tests.cli.test_removals import look_again
from tests.pipelines.support import PUBLISHER


@pytest.fixture
def archived(archive: Archive, newspaper: Newspaper) -> Archived:
    """An archive of a small newspaper."""
    return Archived(archive, newspaper)


def kinds(found: History) -> list[tuple[str, ...]]:
    return [step.kinds for step in found.revisions]


def test_a_history_is_the_same_again_from_the_bucket_in_any_order(
    archived: Archived, tmp_path: Path
) -> None:
    story = archived.newspaper.publish("staff")
    archived.run()
    look_again(archived, change.headline(story.article_id, "Something else entirely"))
    look_again(archived, change.revert(story.article_id))
    look_again(archived, change.remove(story.article_id, 410))
    look_again(archived)
    look_again(archived, change.restore(story.article_id))
    before = steps.history(archived.archive, story.article_id)
    assert kinds(before) == [("first",), ("headline",), ("headline",), ("removed",), ("restored",)]
    due = archived.archive.catalogue.known(PUBLISHER, [story.article_id])
    runs = sorted(archived.archive.catalogue.run_ids(PUBLISHER))
    for seed in range(3):
        with Catalogue(f"sqlite:///{tmp_path / f'{seed}.db'}") as catalogue:
            again = evolve(archived.archive, catalogue=catalogue)
            chance = random.Random(seed)  # noqa: S311 - no secret
            for run_id in chance.sample(runs, len(runs)):
                catalogue.take_in(_stored_books(again, PUBLISHER, run_id, {}))
            assert encode(steps.history(again, story.article_id)) == encode(before)
            assert catalogue.known(PUBLISHER, [story.article_id]) == due
    with Catalogue(f"sqlite:///{tmp_path / 'rebuilt.db'}") as catalogue:
        again = evolve(archived.archive, catalogue=catalogue)
        assert steps.catch_up(again) == len(runs)
        assert encode(steps.history(again, story.article_id)) == encode(before)


def test_revisions_are_named_by_number_or_by_how_they_begin(archived: Archived) -> None:
    story = archived.newspaper.publish("staff")
    archived.run()
    archive, article_id = archived.archive, story.article_id
    with pytest.raises(ConfigurationError, match="one revision only"):
        steps.diff(archive, article_id)
    look_again(archived, change.headline(article_id, "Something else entirely"))
    first, second = steps.history(archive, article_id).revisions
    newest = steps.diff(archive, article_id)
    assert newest.kinds == ("headline",)
    assert steps.diff(archive, article_id, "1", "2") == newest
    assert steps.diff(archive, article_id, first.revision[:8], second.revision) == newest
    assert steps.diff(archive, article_id, "2", "1").fields[0].after == story.headline
    for wrong in ("3", "0", "zz"):
        with pytest.raises(ConfigurationError, match="newsarchive history"):
            steps.diff(archive, article_id, wrong, "1")
    with pytest.raises(ConfigurationError, match="newsarchive articles"):
        steps.history(archive, "Z" * 26)


def test_the_section_as_it_stood(archived: Archived, run: Callable[..., Result]) -> None:
    def headlines(*options: str) -> dict[str, str]:
        result = run("articles", "--format", "jsonl", *options)
        assert result.code == 0, result.err
        return {line["article_id"]: line["headline"] for line in result.lines}

    newspaper = archived.newspaper
    story, gone = newspaper.publish("staff"), newspaper.publish("ap_wire")
    done = archived.run()
    then = (done.summary.ended_at + timedelta(seconds=1)).isoformat()
    before = headlines("--at", then)
    look_again(
        archived,
        change.headline(story.article_id, "Something else entirely"),
        change.remove(gone.article_id, 404),
    )
    end = look_again(archived).summary.ended_at + timedelta(seconds=1)
    assert headlines("--at", then) == before
    assert before[story.article_id] == story.headline
    now = headlines("--at", end.isoformat())
    assert now[story.article_id] == "Something else entirely"
    assert gone.article_id in before.keys() - now.keys()
    assert gone.article_id in headlines()
    assert headlines("--at", "2020-01-01T00:00") == {}
    sections = {one.section for one in newspaper.newsroom.stories()}
    assert headlines("--section", "world").keys() == headlines().keys()
    assert "world" in sections
    assert headlines("--section", "worl") == {}


def feeds(archived: Archived) -> tuple[list[str], list[dict[str, object]]]:
    store = archived.archive.store
    steps.publish_feeds(archived.archive)
    atom = ET.fromstring(store.get(feed_key(PUBLISHER, "changes.atom")))  # noqa: S314 - our own
    document = json.loads(store.get(feed_key(PUBLISHER, "changes.json")))
    titles = [one.findtext("{*}id") or "" for one in atom.findall("{*}entry")]
    return titles, document["items"]


def publish(archived: Archived) -> Story:
    story = archived.newspaper.publish("staff")
    archived.run()
    return story


def test_feeds_tell_what_changed_and_only_that(archived: Archived) -> None:
    story = publish(archived)
    assert steps.publish_feeds(archived.archive) == []
    look_again(archived, change.correct(story.article_id))
    atom, items = feeds(archived)
    assert len(atom) == len(items) == 1
    assert story.body[0].text not in json.dumps(items)
    # The same changes are the same feeds.
    assert steps.publish_feeds(archived.archive) == []
    look_again(archived, change.remove(story.article_id, 410))
    look_again(archived)
    later, _ = feeds(archived)
    assert later[1:] == atom
    assert len(later) == 2
