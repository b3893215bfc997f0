"""A story that is taken off the site: seen, confirmed by a second look, kept, and welcomed back."""

from datetime import timedelta

import pytest

from archive.connect import Archive
from archive.records import REVISIT, Capture
from demo.newspaper import Newspaper
from demo.newspaper import changes as change
from demo.newspaper.story import Story
from pipelines.removal import TOMBSTONE
from tests.cli.archived import Archived, Done
from tests.crawler.crawling import change_profile
from tests.pipelines.support import PUBLISHER

REMOVED = ("archived", "removed")


@pytest.fixture
def archived(archive: Archive, newspaper: Newspaper) -> Archived:
    """An archive of a small newspaper."""
    return Archived(archive, newspaper)


@pytest.fixture
def story(archived: Archived) -> Story:
    """A story that is held."""
    made = archived.newspaper.publish("staff")
    assert archived.run().verdict(made) == ("archived", "new_article")
    return made


def look_again(archived: Archived, *changes: change.Change) -> Done:
    """Let these happen, and crawl when everything young is due again."""
    newspaper = archived.newspaper
    for one in changes:
        one(newspaper, newspaper.clock.now().replace(microsecond=0))
    newspaper.clock.advance(timedelta(minutes=31))
    return archived.run()


def looks(archived: Archived, story: Story) -> list[Capture]:
    return archived.archive.catalogue.captures(PUBLISHER, story.article_id, removals=True)


@pytest.mark.parametrize(
    ("how", "kind", "reason"),
    [
        (404, "http_404", "http_404"),
        (410, "http_410", "http_410"),
        ("page_not_found", "soft_404", "soft_404"),
        ("redirect_section", "redirected", "redirected_away"),
        ("redirect_home", "redirected", "redirected_away"),
    ],
)
def test_a_removal_is_confirmed_by_a_second_look_and_loses_nothing(
    archived: Archived, story: Story, how: int | str, kind: str, reason: str
) -> None:
    held = archived.article(story)
    first = look_again(archived, change.remove(story.article_id, how))
    # Nobody announces it any more: it was due.
    line = first.ledger[story.article_id]
    assert (line.outcome, line.reason, line.sources) == ("failed", reason, (REVISIT,))
    assert first.report.revisits >= 1
    assert archived.article(story).removed_at is None
    second = look_again(archived)
    assert second.verdict(story) == REMOVED
    assert second.report.kinds == {"removed": 1}
    page, *gone = looks(archived, story)
    assert not page.is_removal
    assert [(one.revision, one.removal.kind) for one in gone] == [(TOMBSTONE, kind)] * 2
    assert all(one.warc is not None for one in gone)
    now = archived.article(story)
    assert now.removed_at == gone[0].captured_at
    assert now.text == held.text
    assert len(archived.objects(story)) == 2
    # Known to be gone: looked at again all the same, as it is still young.
    assert look_again(archived).verdict(story) == ("unchanged", "removed")


def test_a_restored_story_continues_its_history(archived: Archived, story: Story) -> None:
    look_again(archived, change.remove(story.article_id, 410))
    look_again(archived)
    done = look_again(archived, change.restore(story.article_id))
    assert done.verdict(story) == ("archived", "restored")
    assert done.report.kinds == {"restored": 1}
    assert archived.article(story).removed_at is None
    assert [one.is_removal for one in looks(archived, story)] == [False, True, True, False]


def test_a_fault_of_a_moment_is_no_removal(archived: Archived, story: Story) -> None:
    look_again(archived, change.remove(story.article_id, 404))
    done = look_again(archived, change.restore(story.article_id))
    assert done.verdict(story) == ("unchanged", "same_content")
    look_again(archived, change.remove(story.article_id, 404))
    assert archived.article(story).removed_at is None


@pytest.mark.parametrize("how", [500, "redirect_subscribe", "consent_wall"])
def test_a_fault_or_a_wall_is_no_removal(archived: Archived, story: Story, how: int | str) -> None:
    for _ in range(2):
        done = look_again(archived, change.remove(story.article_id, how))
        assert done.verdict(story)[0] == "failed"
    assert len(looks(archived, story)) == 1
    assert archived.article(story).removed_at is None


def test_a_forward_to_another_story_is_no_removal(archived: Archived, story: Story) -> None:
    other = archived.newspaper.publish("ap_wire")
    done = look_again(archived, change.forward(story.article_id, other.article_id))
    assert done.verdict(story) == ("skipped", "forwarded")
    assert len(looks(archived, story)) == 1


def test_what_was_never_held_leaves_no_removal(archived: Archived) -> None:
    made = archived.newspaper.publish("staff")
    archived.newspaper.remove(made.article_id, "page_not_found")
    change_profile(archived.newspaper, faults={made.path: 410})
    archived.run()
    assert looks(archived, made) == []


def test_asking_again_for_dates_asks_for_what_is_no_longer_listed(
    archived: Archived, story: Story
) -> None:
    archived.newspaper.remove(story.article_id, 410)
    day = (
        archived.article(story).date_published.astimezone(story.local_date_published.tzinfo).date()
    )
    done = archived.run(since=day, until=day, ask="all")
    assert done.ledger[story.article_id].sources == (REVISIT,)
    assert done.verdict(story) == ("failed", "http_410")


def test_only_what_is_due_is_asked_for_and_never_beyond_the_budget(archived: Archived) -> None:
    newspaper = archived.newspaper
    stories = [newspaper.publish("staff") for _ in range(4)]
    archived.run()
    newspaper.log.clear()
    nothing = archived.run()
    assert nothing.report.revisits == 0
    assert archived.crawling.asked_articles() == []
    for one in stories:
        newspaper.remove(one.article_id, 404)
    newspaper.clock.advance(timedelta(minutes=31))
    announced = nothing.report.requests
    settings = {"listing_days": 2, "request_budget": announced + 2}
    done = archived.keep(archived.crawling.run(settings=settings))
    assert done.report.requests <= announced + 2
    assert done.report.pending == 0 or done.report.ending == "request_budget"
