"""Enrichment: whatever on a day lacks an annotation gets one, once."""

import json
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from archive.catalogue import Catalogue
from archive.connect import Archive
from archive.errors import BrokenRecord
from archive.keys import article_key
from archive.records import Annotation, Article
from demo.newspaper import Newspaper, Story
from pipelines import annotators, steps
from pipelines.enrich import enrich
from tests.pipelines.support import PUBLISHER, Run, stories
from tests.pipelines.test_names import STORY

NEW_ZEALAND = ZoneInfo("Pacific/Auckland")

RUN = "20260302T000000Z-00000000"


@pytest.fixture
def archive(archive: Archive, newspaper: Newspaper) -> Archive:
    """An archive of the running newspaper."""
    settings = archive.settings.model_copy(update={"publisher_origin": newspaper.origin})
    return Archive(settings=settings, store=archive.store, catalogue=archive.catalogue)


def archived_day(archive: Archive, newspaper: Newspaper, folder: Path) -> date:
    """Archive three stories of one New Zealand date; returns it."""
    run = Run(archive, newspaper, folder)
    found = stories(newspaper, ["staff", "ap_wire", "afp_wire"])
    days: dict[date, list[Story]] = {}
    for story in found[20:]:
        days.setdefault(story.date_published.astimezone(NEW_ZEALAND).date(), []).append(story)
    # How many such stories a date has is chance, and follows from the calendar.
    day, same = next(one for one in days.items() if len(one[1]) >= 3)
    for story in same[:3]:
        run.add(story)
    report = run.finish()
    assert report.changed_days == (day.isoformat(),)
    return day


def enrichments(archive: Archive) -> list[str]:
    return list(archive.store.list_keys(f"{PUBLISHER}/enrichments/"))


def test_a_day_is_annotated_once(archive: Archive, newspaper: Newspaper, tmp_path: Path) -> None:
    day = archived_day(archive, newspaper, tmp_path)
    told: list[tuple[int, int]] = []
    report = steps.enrich(
        archive, day, ["names"], run_id=RUN, progress=lambda done, of: told.append((done, of))
    )
    assert (report.articles, report.annotated, report.already, report.failed) == (3, 3, 0, 0)
    assert told == [(1, 3), (2, 3), (3, 3)]
    written = enrichments(archive)
    assert len(written) == 3
    annotation = json.loads(archive.store.get(written[0]))
    assert annotation["annotator"] == "names"
    assert annotation["mentions"]

    again = steps.enrich(archive, day, ["names"], run_id=RUN)
    assert (again.annotated, again.already) == (0, 3)
    assert enrichments(archive) == written


def test_a_new_revision_is_annotated_too(
    archive: Archive, newspaper: Newspaper, tmp_path: Path
) -> None:
    day = archived_day(archive, newspaper, tmp_path)
    steps.enrich(archive, day, ["names"], run_id=RUN)
    (capture, *_) = archive.catalogue.on_day(PUBLISHER, day)
    newspaper.change(capture.article_id, headline="Corrected")
    later = Run(archive, newspaper, tmp_path, hours=1)
    later.add(newspaper.story(capture.article_id))
    assert later.finish().changed_days == (day.isoformat(),)
    report = steps.enrich(archive, day, ["names"], run_id=RUN)
    assert (report.annotated, report.already) == (1, 2)


def test_a_lost_catalogue_annotates_nothing_twice(
    archive: Archive, newspaper: Newspaper, tmp_path: Path
) -> None:
    day = archived_day(archive, newspaper, tmp_path)
    steps.enrich(archive, day, ["names"], run_id=RUN)
    with Catalogue(f"sqlite:///{tmp_path / 'fresh.db'}") as fresh:
        other = Archive(settings=archive.settings, store=archive.store, catalogue=fresh)
        steps.catch_up(other)
        report = steps.enrich(other, day, ["names"], run_id=RUN)
    assert (report.annotated, report.already) == (0, 3)


def test_an_article_that_cannot_be_annotated_is_set_aside(
    archive: Archive, newspaper: Newspaper, tmp_path: Path
) -> None:
    day = archived_day(archive, newspaper, tmp_path)
    (lost, *_) = archive.catalogue.on_day(PUBLISHER, day)
    archive.store.delete(article_key(PUBLISHER, lost.article_id, lost.revision))
    for _ in range(2):
        report = steps.enrich(archive, day, ["names"], run_id=RUN)
        assert report.failed == 1
    assert report.already == 2
    (key,) = archive.store.list_keys(f"{PUBLISHER}/quarantine/")
    assert json.loads(archive.store.get(key))["article_id"] == lost.article_id


def test_a_day_without_articles_is_nothing_to_do(archive: Archive) -> None:
    report = steps.enrich(archive, date(2020, 1, 1), ["names"], run_id=RUN)
    assert (report.articles, report.annotated) == (0, 0)


class OfAnother:
    """Speaks of another article than the one it was given."""

    name = "names"
    version = "1"

    def annotate(self, article: Article) -> Annotation:  # noqa: ARG002 - that is what it gets wrong
        return Annotation(
            article_id="other", revision="r", annotator=self.name, annotator_version=self.version
        )


def test_an_annotation_of_another_article_is_refused() -> None:
    assert enrich(STORY, annotators.get("names")).article_id == STORY.article_id
    with pytest.raises(BrokenRecord, match="names answered"):
        enrich(STORY, OfAnother())
