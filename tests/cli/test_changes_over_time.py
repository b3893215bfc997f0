"""What becomes of stories that change, move, are alike, or are taken off: from the crawl to the books."""

from datetime import UTC, datetime, time, timedelta

import pytest

from archive.connect import Archive
from demo.newspaper import Fault, Newspaper
from demo.newspaper import changes as change
from demo.newspaper.story import Story
from tests.cli.archived import Archived
from tests.crawler.crawling import change_profile
from tests.pipelines.support import PUBLISHER

NEW = ("archived", "new_article")
REVISED = ("archived", "new_revision")
SAME = ("unchanged", "same_content")


@pytest.fixture
def archived(archive: Archive, newspaper: Newspaper) -> Archived:
    """An archive of a small newspaper."""
    return Archived(archive, newspaper)


def publish(newspaper: Newspaper, *kinds: str) -> list[Story]:
    return [newspaper.publish(kind) for kind in kinds]


def apply(newspaper: Newspaper, *planned: change.Change) -> None:
    """Let these happen, a minute later."""
    newspaper.clock.advance(timedelta(minutes=1))
    for one in planned:
        one(newspaper, newspaper.clock.now().replace(microsecond=0))


def test_each_kind_of_change_is_a_revision_or_none(archived: Archived) -> None:
    newspaper = archived.newspaper
    stories = publish(newspaper, "staff", "ap_wire", "rich", "staff", "reuters_wire")
    word, headline, picture, touched, other = stories
    # Everything is sent in full, so that what it says decides.
    change_profile(newspaper, validators=False)
    first = archived.run()
    assert {first.verdict(story) for story in stories} == {NEW}
    apply(
        newspaper,
        change.correct(word.article_id),
        change.headline(headline.article_id, "Something else entirely"),
        change.picture(picture.article_id),
        change.touch(touched.article_id),
        change.side_content(),
    )
    second = archived.run(ask="all")
    assert {story.variant: second.verdict(story) for story in (word, headline)} == {
        word.variant: REVISED,
        headline.variant: REVISED,
    }
    assert second.verdict(picture) == SAME
    assert second.verdict(touched) == SAME
    assert second.verdict(other) == SAME
    assert second.report.new_revisions == 2
    # The record shown has the new picture and the new time all the same.
    now = newspaper.story(picture.article_id)
    assert archived.article(picture).images[0].id == now.images[0].id != picture.images[0].id
    later = newspaper.story(touched.article_id).date_modified
    assert archived.article(touched).date_modified == later != touched.date_modified

    apply(newspaper, change.revert(word.article_id))
    # And with a validator that is of no use.
    change_profile(newspaper, validators=True, last_modified="render_time")
    third = archived.run(ask="all")
    assert third.verdict(word) == REVISED
    assert third.report.new_revisions == 1
    assert {third.verdict(s) for s in stories if s is not word} == {SAME}
    before, between, after = (capture.revision for capture in archived.captures(word))
    assert before == after != between
    assert len(archived.objects(word)) == 2


def test_odd_dates_are_kept_as_stated(archived: Archived) -> None:
    newspaper = archived.newspaper
    # What was first published long ago stands under the day of its last change.
    change_profile(newspaper, sitemap_date="modified")
    long_ago, undated, early = publish(newspaper, "shown_long_before", "no_dates", "future")
    first = archived.run()
    assert {first.verdict(story) for story in (long_ago, undated, early)} == {NEW}
    record = archived.article(long_ago)
    assert record.date_published == long_ago.date_published
    assert record.date_modified == long_ago.date_modified
    assert long_ago.date_modified - long_ago.date_published > timedelta(days=100)
    record = archived.article(undated)
    assert (record.date_published, record.date_published_raw) == (None, None)
    (seen,) = archived.captures(undated)
    today = seen.captured_at.astimezone(early.local_date_published.tzinfo).date()
    on_day = archived.archive.catalogue.on_day(PUBLISHER, today)
    assert undated.article_id in {capture.article_id for capture in on_day}
    assert archived.article(early).date_published == early.date_published > newspaper.clock.now()

    newspaper.clock.advance(timedelta(minutes=40))
    newspaper.log.clear()
    archived.run()
    assert early.path in newspaper.log.paths()


def test_what_is_alike_stays_apart_and_what_is_one_is_held_once(archived: Archived) -> None:
    newspaper = archived.newspaper
    slugs = publish(newspaper, "same_slug", "same_slug")
    wires = [newspaper.publish("same_wire", number=number) for number in (0, 1)]
    (moved,) = publish(newspaper, "staff")
    assert len({story.path.split("/")[-3] for story in slugs}) == 1
    assert len({story.headline for story in wires}) == 1
    # Between one announcement and the next it is given another headline, and so another address.
    newspaper.script((3, change.reslug(moved.article_id, "Quite another headline")))
    done = archived.run()
    stories = [*slugs, *wires, moved]
    assert {done.verdict(story) for story in stories} == {NEW}
    assert {len(archived.objects(story)) for story in stories} == {1}
    assert {len(archived.captures(story)) for story in stories} == {1}

    line = archived.crawling.lines(done.summary)[moved.article_id]
    renamed = newspaper.story(moved.article_id)
    assert line.url.endswith(moved.path)
    assert [alias.removeprefix(newspaper.origin) for alias in line.aliases] == [renamed.path]
    today = f"sitemap:{newspaper.clock.now().date()}"
    assert {today, "news-sitemap", "rss:world", "section:world"} <= set(line.sources)
    assert newspaper.log.paths().count(renamed.path) == 1


REMOVALS = {
    "http_404": Fault(404),
    "http_410": Fault(410),
    "redirected_away": Fault(kind="redirect_section"),
    "soft_404": Fault(kind="page_not_found"),
}


def test_what_is_taken_off_the_site_stays_held_and_is_not_asked_for_for_ever(
    archived: Archived,
) -> None:
    """It is still announced for a while, as by a stale sitemap; some was held, some never."""
    newspaper = archived.newspaper
    held, never = ({reason: newspaper.publish("staff") for reason in REMOVALS} for _ in range(2))
    change_profile(newspaper, faults={never[r].path: fault for r, fault in REMOVALS.items()})
    first = archived.run()
    before = {reason: archived.article(story) for reason, story in held.items()}
    gone = {story.path: REMOVALS[r] for stories in (held, never) for r, story in stories.items()}
    change_profile(newspaper, faults=gone)
    second = archived.run(ask="all")
    for reason in REMOVALS:
        assert first.verdict(never[reason]) == ("failed", reason)
        assert second.verdict(never[reason]) == second.verdict(held[reason]) == ("failed", reason)
        assert archived.article(held[reason]) == before[reason]
    # Where a redirect leads, nothing says that a story was removed.
    assert (first.report.removed, second.report.removed) == (3, 6)
    counted = archived.archive.catalogue.coverage(PUBLISHER)
    assert sum(day.left.get("failed", 0) for day in counted) == len(never)
    assert sum(day.archived for day in counted) == first.report.archived

    newspaper.log.clear()
    third = archived.run()
    assert not gone.keys() & set(newspaper.log.paths())
    for reason in REMOVALS:
        assert third.verdict(never[reason]) == ("failed", reason)
        assert third.verdict(held[reason])[0] == "unchanged"


def test_a_back_dated_story_that_appears_later_is_archived(archived: Archived) -> None:
    """One that only yesterday's sitemap names; one of a day that is read no more, in the feed."""
    newspaper = archived.newspaper
    long_ago = newspaper.clock.now() - timedelta(days=4)
    change_profile(newspaper, day_limit=None, rss="two_items", sitemap_news="missing")
    change_profile(newspaper, faults={"/world/": 404})
    archived.run()
    midnight = datetime.combine(newspaper.clock.now().date(), time(), UTC)
    late = newspaper.publish("ap_wire", midnight - timedelta(hours=2))
    second = archived.run()
    assert second.ledger[late.article_id].sources == (f"sitemap:{midnight.date() - timedelta(1)}",)
    assert second.verdict(late) == NEW
    later = newspaper.publish("ap_wire", long_ago)
    change_profile(newspaper, rss="normal")
    third = archived.run()
    assert third.ledger[later.article_id].sources == ("rss:world",)
    assert third.verdict(later) == NEW


def test_a_story_added_to_a_settled_day_that_only_its_sitemap_names_is_found_by_a_backfill(
    archived: Archived,
) -> None:
    newspaper = archived.newspaper
    change_profile(newspaper, day_limit=None, rss="two_items", sitemap_news="missing")
    change_profile(newspaper, faults={"/world/": 404})
    archived.run()
    added = newspaper.publish("ap_wire", newspaper.clock.now() - timedelta(days=4))
    assert added.article_id not in archived.run().ledger
    date = added.local_date_published.date()
    again = archived.run(since=date, until=date, ask="missing")
    assert again.verdict(added) == NEW
    once_more = archived.run(since=date, until=date, ask="missing")
    assert once_more.verdict(added) == ("unchanged", "held")


def test_a_misleading_canonical_address_gives_no_other_article(archived: Archived) -> None:
    newspaper = archived.newspaper
    stories = publish(newspaper, "staff", "staff")
    faults = ("canonical_wrong", "canonical_many")
    change_profile(newspaper, faults={s.path: f for s, f in zip(stories, faults, strict=True)})
    done = archived.run()
    for story in stories:
        assert done.verdict(story) == NEW
        record = archived.article(story)
        assert (record.article_id, record.headline) == (story.article_id, story.headline)
        assert all(story.article_id in alias for alias in record.aliases)
