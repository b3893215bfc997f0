"""A newspaper that changes its pages is heard of on the first day, and takes nothing away."""

import pytest

from archive.connect import Archive
from demo.newspaper import Fault, Newspaper, Profile
from pipelines.usual import LEAST_PAGES
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


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("noarchive", "noarchive"),
        ("consent_wall", "consent_wall"),
        ("redirect_section", "redirected_away"),
        ("front_instead", "section_front"),
    ],
)
def test_whatever_keeps_articles_out_is_heard_of_by_its_own_name(
    archive: Archive, newspaper: Newspaper, kind: str, reason: str
) -> None:
    archived = Archived(archive, newspaper)
    stories = [newspaper.publish("staff") for _ in range(LEAST_PAGES)]
    newspaper.profile = Profile(
        day_limit=newspaper.profile.day_limit, faults={"/world/*/*/": Fault(kind=kind)}
    )
    report = archived.run().report
    assert report.otherwise[reason] >= len(stories)
    named = [one for one in report.alarms if f"mostly: {reason} " in one.cause]
    assert [one.stage for one in named] == ["reconcile"]
    assert "normalise" not in {one.stage for one in report.alarms}
