"""What the next runs make of articles that failed, were left, or are gone."""

from datetime import timedelta

import pytest

from archive.errors import CrawlRefused
from demo.newspaper import Fault
from tests.crawler.crawling import Crawling, change_profile


def test_a_held_story_that_failed_once_is_unchanged_after_a_304(crawling: Crawling) -> None:
    crawling.take_in(crawling.run())
    story = next(iter(crawling.listed_stories().values()))
    change_profile(crawling.newspaper, faults={story.path: Fault(500)})
    failed = crawling.run(ask="all")
    assert crawling.lines(failed)[story.article_id].reason == "http_500"
    crawling.take_in(failed)
    change_profile(crawling.newspaper, faults={})
    again = crawling.run(ask="all")
    line = crawling.lines(again)[story.article_id]
    assert (line.state, line.reason) == ("not_modified", "same_validators")
    crawling.take_in(again)
    (asked,) = crawling.archive.catalogue.known("nzherald", [story.article_id]).values()
    assert asked.asked_at == line.asked_at


def test_what_failed_is_asked_again_after_its_day_was_settled_and_given_up_in_the_end(
    crawling: Crawling,
) -> None:
    stories = sorted(crawling.listed_stories(7).values(), key=lambda story: story.date_modified)
    passing, broken = stories[0], stories[1]
    faults = {"/world/": Fault(404)} | {s.path: Fault(500) for s in (passing, broken)}
    change_profile(crawling.newspaper, rss="empty", faults=faults)
    first = crawling.run()
    sources = crawling.lines(first)[passing.article_id].sources
    assert all(source.startswith("sitemap:") for source in sources)
    crawling.take_in(first)
    del faults[passing.path]
    second = crawling.run()
    assert second.days == crawling.newspaper.edition.days[-2:]
    lines = crawling.lines(second)
    assert lines[passing.article_id].state == "fetched"
    assert lines[passing.article_id].sources == sources
    assert lines[broken.article_id].reason == "http_500"
    crawling.take_in(second)
    crawling.newspaper.clock.advance(timedelta(days=8))
    crawling.newspaper.publish("ap_wire")
    assert broken.article_id not in crawling.lines(crawling.run())


def test_stories_that_keep_failing_are_asked_last_and_do_not_fail_the_run(
    crawling: Crawling,
) -> None:
    stories = list(crawling.listed_stories().values())[::4][:7]
    change_profile(crawling.newspaper, faults={story.path: Fault(500) for story in stories})
    crawling.take_in(crawling.run())
    other = next(s for s in crawling.listed_stories(1).values() if s not in stories)
    for story in (other, stories[-1]):
        crawling.newspaper.clock.advance(timedelta(minutes=1))
        crawling.newspaper.change(story.article_id, headline="Something else entirely")
    crawling.newspaper.log.clear()
    assert crawling.lines(crawling.run())[other.article_id].state == "fetched"
    assert crawling.asked_articles()[0] == other.path


def test_what_is_gone_is_looked_at_as_rarely_as_a_page(crawling: Crawling) -> None:
    story = next(iter(crawling.listed_stories().values()))
    change_profile(crawling.newspaper, faults={story.path: Fault(404)})
    crawling.take_in(crawling.run())
    crawling.newspaper.log.clear()
    second = crawling.run()
    line = crawling.lines(second)[story.article_id]
    assert (line.state, line.reason, line.asked_at) == ("failed", "http_404", None)
    assert story.path not in crawling.newspaper.log.paths()
    crawling.take_in(second)
    crawling.newspaper.clock.advance(timedelta(hours=6))
    crawling.run()
    assert crawling.newspaper.log.paths().count(story.path) == 1


def test_dates_that_reach_the_present_settle_no_day_of_which_they_left_out_a_part(
    crawling: Crawling,
) -> None:
    days = crawling.newspaper.edition.days
    dated = crawling.run(since=days[-3], until=days[-1])
    assert dated.days == days[-3:]
    crawling.take_in(dated)
    assert days[-4] in crawling.run().days


def test_a_site_that_touches_everything_keeps_no_new_story_waiting(crawling: Crawling) -> None:
    """All ``lastmod`` are the time of the answer; one story is new, and the budget is small."""
    crawling.take_in(crawling.run())
    announcements = crawling.run().requests
    new = crawling.newspaper.publish("ap_wire")
    late = crawling.newspaper.publish(
        "ap_wire", crawling.newspaper.clock.now() - timedelta(hours=30)
    )
    change_profile(crawling.newspaper, lastmod="build_time")
    crawling.newspaper.clock.advance(timedelta(minutes=5))
    crawling.newspaper.log.clear()
    short = crawling.run(settings={"request_budget": announcements + 4})
    lines = crawling.lines(short)
    # The late one appears under the date of yesterday, when the site had been read already.
    assert {lines[new.article_id].state, lines[late.article_id].state} == {"fetched"}
    assert set(crawling.asked_articles()[:2]) == {new.path, late.path}
    changed = [line for line in lines.values() if line.state == "pending"]
    assert len(changed) > 10
    crawling.take_in(short)
    # What was left is asked for next: a change that is announced is looked at, whether it is one or not.
    rest = crawling.lines(crawling.run())
    assert {rest[line.article_id].state for line in changed} <= {"not_modified", "skipped"}


def test_what_is_pending_is_asked_for_where_only_the_missing_are(crawling: Crawling) -> None:
    crawling.take_in(crawling.run())
    announcements = crawling.run().requests
    changed = list(crawling.listed_stories(1))[:2]
    crawling.newspaper.clock.advance(timedelta(minutes=1))
    for article_id in changed:
        crawling.newspaper.change(article_id, headline="Something else entirely")
    short = crawling.run(settings={"request_budget": announcements + 1})
    (left,) = (k for k, line in crawling.lines(short).items() if line.state == "pending")
    crawling.take_in(short)
    days = crawling.newspaper.edition.days
    lines = crawling.lines(crawling.run(since=days[-2], until=days[-1], ask="missing"))
    assert lines.pop(left).state == "fetched"
    # A video is never held, so that it is looked at again.
    assert {line.reason for line in lines.values()} == {"held", "not_an_article_video"}


@pytest.mark.parametrize("status", [429, 403])
def test_an_end_among_the_announcements_leaves_only_what_is_due(
    crawling: Crawling, status: int
) -> None:
    crawling.take_in(crawling.run())
    changed = next(iter(crawling.listed_stories(1)))
    crawling.newspaper.clock.advance(timedelta(minutes=1))
    crawling.newspaper.change(changed, headline="Something else entirely")
    fault = Fault(status, retry_after="3600" if status == 429 else None)
    change_profile(crawling.newspaper, faults={"/world/": fault})
    process = crawling.process(crawling.plan())
    process.start()
    try:
        process.wait()
    except CrawlRefused:
        assert status == 403
    assert process.summary is not None
    lines = crawling.lines(process.summary)
    assert lines.pop(changed).state == "pending"
    assert {line.state for line in lines.values()} <= {"not_due", "skipped"}
