"""A backfill of New Zealand dates finds each story of them, and holds it once whatever comes between."""

import os
import signal
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from threading import Thread

import pytest

from archive.closing import turnstile_key
from archive.connect import Archive
from archive.errors import FailedError
from archive.records import CrawlSummary
from crawler.child import CrawlProcess
from demo.newspaper import Clock, Edition, Newspaper, Story
from demo.newspaper import changes as change
from demo.newspaper.kinds_times import clock_changes
from demo.newspaper.story import NEW_ZEALAND
from pipelines import steps
from tests.cli.archived import Archived
from tests.crawler.crawling import change_profile, wait_for
from tests.pipelines.support import PUBLISHER

BACK, FORWARD = (at.astimezone(NEW_ZEALAND).date() for at in clock_changes(2025))
HOURS = {date(2025, 12, 10): 24, BACK: 25, FORWARD: 23}


def begins(day: date) -> datetime:
    """The first instant of a New Zealand date."""
    return datetime.combine(day, time(), NEW_ZEALAND).astimezone(UTC)


@pytest.fixture
def past(archive: Archive, request: pytest.FixtureRequest) -> Iterator[Archived]:
    """An archive of a newspaper of two days after a date."""
    noon = begins(request.param) + timedelta(days=2, hours=12)
    with Newspaper(Edition(noon), clock=Clock(noon)) as newspaper:
        yield Archived(archive, newspaper)


@pytest.mark.parametrize(
    ("past", "day"),
    [(day, day) for day in HOURS],
    indirect=["past"],
    ids=["next day", "clocks back", "clocks forward"],
)
def test_each_story_is_found_by_its_new_zealand_date_alone(past: Archived, day: date) -> None:
    """A date lies on two UTC days; twice a year it has 23 or 25 hours."""
    newspaper, start, end = past.newspaper, begins(day), begins(day + timedelta(days=1))
    assert (end - start).total_seconds() == HOURS[day] * 3600
    change_profile(newspaper, day_limit=None)
    minute = timedelta(minutes=1)
    before, after = (newspaper.publish("ap_wire", at) for at in (start - minute, end + minute))
    moments = (start, start + minute, start.replace(hour=23, minute=59), end - minute)
    inside = [newspaper.publish("ap_wire", at) for at in moments]
    # As nobody else has touched them since.
    for story in (before, after, *inside):
        newspaper.change(story.article_id, date_modified=story.date_published)
    done = past.run(since=day, until=day, ask="missing")
    assert before.article_id not in done.ledger
    assert {done.verdict(story) for story in inside} == {("archived", "new_article")}
    assert {len(past.captures(story)) for story in inside} == {1}
    on_day = {one.article_id for one in past.archive.catalogue.on_day(PUBLISHER, day)}
    assert {story.article_id for story in inside} <= on_day
    assert after.article_id not in on_day


@pytest.fixture
def archived(archive: Archive, newspaper: Newspaper) -> Archived:
    """An archive of the newspaper of today, all days with all stories."""
    made = Archived(archive, newspaper)
    change_profile(newspaper, day_limit=None)
    return made


@pytest.fixture
def day(newspaper: Newspaper) -> date:
    """A date some days ago."""
    return newspaper.edition.days[-6]


def stories_of(newspaper: Newspaper, day: date) -> list[Story]:
    """The stories of a date that can be held: videos can't."""
    return [s for s in newspaper.edition.on_local_day(day) if "/world/" in s.path and s.body]


def each_is_held_once(archived: Archived, stories: list[Story]) -> bool:
    objects = [len(archived.objects(story)) for story in stories]
    return len(stories) > 5 and set(objects) == {1}


def test_a_day_read_again_after_stories_moved_loses_and_doubles_nothing(
    archived: Archived, day: date
) -> None:
    """Sitemaps may go by the last change: then an updated story stands under another day."""
    newspaper = archived.newspaper
    stories = stories_of(newspaper, day)
    touched, moved = stories[:2], stories[2:4]
    now = newspaper.clock.now().replace(microsecond=0)
    for story in touched:
        change.touch(story.article_id)(newspaper, now)
    archived.run(since=day, until=day, ask="missing")
    assert each_is_held_once(archived, stories)

    change_profile(newspaper, sitemap_date="modified")
    for story in moved:
        change.touch(story.article_id)(newspaper, now)
    again = archived.run(since=day, until=day, ask="missing")
    assert not {story.article_id for story in (*touched, *moved)} & again.ledger.keys()
    assert again.report.archived == again.report.failed == 0
    present = archived.run()
    for story in (*touched, *moved):
        assert f"sitemap:{now.date()}" in present.ledger[story.article_id].sources
        assert present.verdict(story)[0] == "unchanged"
    assert each_is_held_once(archived, stories)


def kill_after(archived: Archived, requests: int, day: date) -> str:
    """Start a backfill and kill it when so many requests have been made; return its run id."""
    newspaper, plan = (
        archived.newspaper,
        archived.crawling.plan(since=day, until=day, ask="missing"),
    )
    before = len(newspaper.log)
    process = archived.crawling.process(plan, delay_seconds=0.05)
    process.start()
    wait_for(lambda: len(newspaper.log) >= before + requests)
    assert process._process is not None
    os.killpg(process._process.pid, signal.SIGKILL)
    with pytest.raises(FailedError, match="signal 9"):
        process.wait()
    # As if the minutes had passed after which its turn counts as lost.
    archived.archive.store.delete(turnstile_key(PUBLISHER))
    return plan.run_id


def test_a_backfill_killed_in_mid_day_and_run_again_loses_and_doubles_nothing(
    archived: Archived, day: date
) -> None:
    stories = stories_of(archived.newspaper, day)
    killed = [kill_after(archived, requests, day) for requests in (2, 6, 12)]
    done = archived.run(since=day, until=day, ask="missing")
    assert {done.verdict(story) for story in stories} == {("archived", "new_article")}
    assert each_is_held_once(archived, stories)
    assert {len(archived.captures(story)) for story in stories} == {1}
    # What the killed ones had received is evidence, and kept.
    kept = list(archived.archive.store.list_keys(f"{PUBLISHER}/warc/"))
    assert all(any(run_id in key for key in kept) for run_id in killed)
    assert not list(archived.archive.settings.home.rglob("*.warc.gz*"))
    again = archived.run(since=day, until=day, ask="missing")
    assert again.report.archived == 0
    assert {again.verdict(story) for story in stories} == {("unchanged", "held")}


def test_two_runs_over_one_day_at_once_hold_each_story_once(archived: Archived, day: date) -> None:
    stories = stories_of(archived.newspaper, day)
    ended: list[CrawlSummary] = []

    def run(process: CrawlProcess) -> None:
        process.start()
        ended.append(process.wait())

    crawling = archived.crawling
    processes = [
        crawling.process(crawling.plan(since=day, until=day, ask="missing")) for _ in range(2)
    ]
    threads = [Thread(target=run, args=(process,)) for process in processes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Neither knows of the other before both have stored their articles.
    for summary in ended:
        for key in summary.warc_keys:
            steps.normalise_warc(archived.archive, summary.run_id, key)
    both = [archived.keep(summary) for summary in ended]
    for done in both:
        assert {done.verdict(story) for story in stories} == {("archived", "new_article")}
    assert each_is_held_once(archived, stories)
    assert {len(archived.captures(story)) for story in stories} == {2}
    counted = archived.archive.catalogue.coverage(PUBLISHER, since=day, until=day)
    assert [one.archived for one in counted] == [len(stories)]
