"""A newspaper that changes its pages is heard of on the first day, and takes nothing away."""

from archive.connect import Archive
from demo.newspaper import Newspaper
from pipelines.health import LEAST_PAGES
from tests.cli.archived import Archived


def test_a_field_that_pages_no_longer_state_turns_the_run_red(
    archive: Archive, newspaper: Newspaper
) -> None:
    archived = Archived(archive, newspaper)
    for _ in range(LEAST_PAGES):
        newspaper.publish("no_dates")
    done = archived.run()
    assert done.report.readable >= LEAST_PAGES
    (alarm,) = (one for one in done.report.alarms if one.stage == "normalise")
    assert "date_published on " in alarm.cause
    assert "headline" not in alarm.cause
    assert "text on" not in alarm.cause


def test_a_redesign_turns_the_run_red_and_takes_nothing_away(
    archive: Archive, newspaper: Newspaper
) -> None:
    archived = Archived(archive, newspaper)
    stories = [newspaper.publish("staff") for _ in range(LEAST_PAGES)]
    first = archived.run()
    assert first.report.alarms == ()
    before = {story.article_id: archived.article(story).body for story in stories}
    for story in stories:
        newspaper.change(story.article_id, variant="redesign", access="unknown", withheld=True)
    second = archived.run(ask="all")
    assert {second.verdict(story) for story in stories} == {("skipped", "access_unknown")}
    (alarm,) = second.report.alarms
    assert alarm.stage == "normalise"
    assert "can't be told" in alarm.cause
    assert {story.article_id: archived.article(story).body for story in stories} == before
    assert all(before.values())
