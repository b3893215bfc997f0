"""What a report says, as the task that it turns red and as the note of its run."""

from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve

from archive.codec import encode
from archive.connect import Archive
from archive.errors import RunNotWell
from archive.keys import new_run_id, run_key
from archive.records import Alarm, AnnouncementRead, Gap, RunReport
from plugins import stages
from plugins.notes import LONGEST, note_of_days, note_of_gaps, note_of_run

NOW = datetime.now(UTC)
REPORT = RunReport(
    run_id=new_run_id(NOW, "notes"),
    publisher="nzherald",
    started_at=NOW,
    ended_at=NOW,
    listed=3,
    archived=1,
    unchanged=0,
    skipped=0,
    failed=2,
    pending=0,
    new_articles=1,
    new_revisions=0,
    requests=9,
    bytes=2_000_000,
    balanced=True,
)
GAP = Gap(
    since=NOW - timedelta(days=3),
    until=NOW - timedelta(days=2),
    state="open",
    reason="sitemap: http_500",
    opened_by=REPORT.run_id,
    opened_at=NOW - timedelta(hours=30),
)
CLOSED = evolve(GAP, state="closed", closed_by="later", closed_at=NOW)


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(
    ("stage", "red"),
    [("discover", "conclude"), ("fetch", "conclude"), ("normalise", "examine")],
)
def test_an_alarm_turns_the_step_red_that_it_is_about(archive: Archive, stage: str, red: str):
    report = evolve(REPORT, alarms=(Alarm(stage=stage, cause="it is unusual"),))
    archive.store.put_once(run_key("nzherald", report.run_id), encode(report))
    summary = {"publisher": "nzherald", "run_id": report.run_id, "crawl_key": "there"}
    for step in (stages.conclude, stages.examine):
        if step.__name__ == red:
            with pytest.raises(RunNotWell, match="it is unusual"):
                step(summary)
        else:
            step(summary)


def test_the_cause_comes_first_then_the_gaps_then_the_counts():
    report = evolve(
        REPORT,
        alarms=(Alarm(stage="reconcile", cause="too little is held"),),
        gaps=(GAP, evolve(CLOSED, since=NOW - timedelta(days=9), opened_by="earlier")),
        announcements=(
            AnnouncementRead(source="rss:world", url="u", seen_at=NOW, problem="empty"),
            AnnouncementRead(source="news-sitemap", url="u", seen_at=NOW),
        ),
    )
    lines = note_of_run(report, {"name": "CrawlRefused", "text": "403"}).split("\n\n")
    assert lines[0] == "**CrawlRefused**: 403"
    assert lines[1] == "**reconcile**: too little is held"
    assert lines[2].startswith("Gap closed after 1 d 6 h: ")
    assert lines[3].startswith("Gap opened: ")
    assert lines[4].startswith("3 listed, 1 archived")
    assert "Not read: rss:world (empty)." in lines


def test_books_that_do_not_add_up_are_said_to_be_wrong():
    assert note_of_run(evolve(REPORT, listed=4)).startswith("**The books do not balance.**")


def test_a_note_fits_however_much_went_wrong():
    report = evolve(
        REPORT,
        alarms=tuple(Alarm(stage="fetch", cause=f"{number} " * 400) for number in range(9)),
        gaps=tuple(evolve(GAP, since=NOW - timedelta(days=d), reason="r" * 90) for d in range(9)),
    )
    note = note_of_run(report, {"name": "FailedError", "text": "t" * 5000})
    assert len(note) <= LONGEST
    assert note.startswith("**FailedError**: ttt")


def test_days_that_are_red_for_the_same_reason_are_named_together():
    line = {"dry_run": False, "causes": ["**CrawlRefused**: 403"]}
    asked = [f"2026-03-0{number}" for number in range(1, 7)]
    note = note_of_days(asked, dict.fromkeys(asked, line))
    first = "2026-03-01, 2026-03-02, 2026-03-03, and 3 more days: **CrawlRefused**: 403"
    assert note.splitlines()[0] == first
    assert "| 2026-03-06 | **no books** |" in note


def test_gaps_that_follow_on_each_other_are_one_line_with_the_time_to_close():
    later = evolve(CLOSED, since=CLOSED.until, until=CLOSED.until + timedelta(days=1))
    note = note_of_gaps([CLOSED, later], {})
    assert note.startswith("1 of 1 gaps closed, 0 still open.")
    assert note.endswith("| closed | sitemap: http_500 | 1 d 6 h |")
    assert "not yet" in note_of_gaps([GAP], {})
