import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from demo.newspaper import Edition, Newspaper
from tests.demo.newspaper_support import TODAY, ask, of_kind


@pytest.fixture(scope="module")
def edition() -> Edition:
    return Edition(TODAY)


@pytest.fixture
def paper(edition: Edition) -> Iterator[Newspaper]:
    with Newspaper(edition) as newspaper:
        newspaper.clock.set(TODAY)
        yield newspaper


def test_the_same_anchor_makes_the_same_stories(edition):
    assert Edition(TODAY).stories == edition.stories
    assert Edition(TODAY, seed=2).stories != edition.stories


def test_a_day_that_is_over_is_the_same_for_a_later_anchor(edition):
    later = Edition(TODAY + timedelta(days=1))
    assert later.on_utc_day(date(2026, 2, 28)) == edition.on_utc_day(date(2026, 2, 28))


def test_the_same_story_has_the_same_bytes_in_two_newspapers(edition, paper):
    story = of_kind(edition, "ap_wire")
    first = paper.page(story)
    with Newspaper(edition) as other:
        assert other.page(story).replace(other.origin.encode(), paper.origin.encode()) == first


def test_the_edition_fills_fourteen_days(edition):
    assert len(edition.stories) >= 320
    assert len(edition.in_section("world")) >= 126
    assert len(edition.days) == 14
    assert edition.days[-1] == TODAY.date()
    for day in edition.days:
        assert len([s for s in edition.on_utc_day(day) if s.path.startswith("/world/")]) >= 9


@pytest.mark.parametrize("seconds", [0, 1, 59, 86399])
def test_no_story_is_later_than_the_anchor(seconds):
    anchor = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    edition = Edition(anchor)
    assert all(story.date_published <= story.date_modified <= anchor for story in edition.stories)
    assert len(edition.on_utc_day(anchor.date())) > 20


def test_ids_are_128_bits_in_base32(edition):
    ids = [story.article_id for story in edition.stories]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[A-Z2-7]{25}[AEIMQUY4]", article_id) for article_id in ids)


def test_utc_and_new_zealand_days_differ_for_some_stories(edition):
    story = next(s for s in edition.stories if s.date_published.hour >= 12)
    assert story in edition.on_utc_day(story.date_published.date())
    assert story in edition.on_local_day(story.date_published.date() + timedelta(days=1))


def test_two_world_stories_share_a_slug_and_both_are_served(edition, paper):
    weekend = [s for s in edition.in_section("world") if s.slug.startswith("weekend-reads")]
    assert len(weekend) == 2
    first, second = (ask(paper, story.path).body for story in weekend)
    assert first != second


def test_every_variant_is_used_within_any_two_days_of_world(edition):
    used = {story.variant for story in edition.in_section("world")}
    for day in edition.days[:-1]:
        pair = (*edition.on_utc_day(day), *edition.on_utc_day(day + timedelta(days=1)))
        assert {s.variant for s in pair if s.path.startswith("/world/")} == used


def test_the_same_copy_was_sent_again_under_another_id(edition):
    again = next(s for s in edition.stories if s.headline.startswith("Update: "))
    pairs = [s for s in edition.stories if s.body[:-1] == again.body[:-1] and s != again]
    assert len(pairs) == 1
