"""When to ask again, and which days to read."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from archive.errors import ConfigurationError
from archive.intervals import DEFAULT, parse_intervals
from archive.records import Asked, CrawlPlan, RunReport
from crawler.schedule import earliest_change, is_due, wanted_days

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
INTERVALS = parse_intervals(DEFAULT)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def asked(*, ago: timedelta, age: timedelta | None, lastmod: datetime | None = None) -> Asked:
    return Asked(
        article_id="A",
        asked_at=NOW - ago,
        lastmod=lastmod,
        fresh_at=NOW - age if age else None,
    )


def plan(**changes: object) -> CrawlPlan:
    return CrawlPlan(run_id="r", publisher="nzherald", started_at=NOW, **changes)


def report(started_at: datetime, days: list[date], **changes: Any) -> RunReport:
    counts = dict.fromkeys(
        ["listed", "archived", "unchanged", "skipped", "failed", "pending", "new_articles"], 0
    )
    return RunReport(
        run_id="r",
        publisher="nzherald",
        started_at=started_at,
        ended_at=started_at,
        new_revisions=0,
        requests=0,
        bytes=0,
        days=tuple(days),
        **{"balanced": True} | counts | changes,
    )


def test_what_is_not_known_is_due() -> None:
    assert is_due(None, None, NOW, INTERVALS) == (True, "new")


def test_an_announced_change_is_due() -> None:
    known = asked(ago=HOUR / 10, age=HOUR, lastmod=NOW - HOUR)
    assert is_due(known, NOW - HOUR / 2, NOW, INTERVALS) == (True, "changed")
    assert is_due(known, NOW - HOUR, NOW, INTERVALS) == (False, "not_due")
    assert is_due(known, NOW - 2 * HOUR, NOW, INTERVALS) == (False, "not_due")


def test_a_change_before_we_asked_is_not_news() -> None:
    assert is_due(asked(ago=HOUR / 10, age=HOUR), NOW - HOUR, NOW, INTERVALS) == (False, "not_due")


@pytest.mark.parametrize(
    ("age", "ago", "due"),
    [
        (HOUR, HOUR / 2, True),
        (HOUR, timedelta(minutes=26), True),
        (HOUR, timedelta(minutes=20), False),
        (7 * HOUR, HOUR, False),
        (7 * HOUR, 2 * HOUR, True),
        (2 * DAY, 5 * HOUR, False),
        (2 * DAY, 6 * HOUR, True),
        (5 * DAY, 23 * HOUR, False),
        (5 * DAY, 25 * HOUR, True),
        (8 * DAY, 6 * DAY, False),
        (8 * DAY, 7 * DAY, True),
        (400 * DAY, 29 * DAY, False),
        (400 * DAY, 30 * DAY, True),
        (4000 * DAY, 31 * DAY, True),
        (None, HOUR, False),
        (None, 6 * HOUR, True),
    ],
)
def test_the_older_the_rarer_and_never_never(
    age: timedelta | None, ago: timedelta, *, due: bool
) -> None:
    assert is_due(asked(ago=ago, age=age), None, NOW, INTERVALS)[0] is due


def days(*back: int) -> list[date]:
    return [NOW.date() - timedelta(days=number) for number in back]


def test_an_empty_archive_reads_every_day() -> None:
    assert wanted_days(plan(), [], listing_days=7) == days(0, 1, 2, 3, 4, 5, 6)


def test_a_kept_archive_reads_two_days() -> None:
    runs = [report(NOW - HOUR, days(0, 1)), report(NOW - DAY, days(1, 2, 3, 4, 5, 6, 7))]
    assert wanted_days(plan(), runs, listing_days=7) == days(0, 1)


def test_after_a_pause_the_days_back_to_the_last_run_are_read() -> None:
    runs = [report(NOW - 3 * DAY, days(3, 4, 5, 6, 7, 8, 9))]
    assert wanted_days(plan(), runs, listing_days=7) == days(0, 1, 2, 3)
    assert wanted_days(plan(), [report(NOW - 30 * DAY, days(30, 31))], listing_days=7) == days(
        0, 1, 2, 3, 4, 5, 6
    )


def test_a_day_that_could_not_be_read_is_read_again() -> None:
    runs = [report(NOW - HOUR, days(0, 1, 2, 3, 5, 6))]
    assert wanted_days(plan(), runs, listing_days=7) == days(0, 1, 4)


def test_runs_over_the_past_or_out_of_balance_settle_nothing() -> None:
    everything = days(0, 1, 2, 3, 4, 5, 6)
    assert wanted_days(plan(), [report(NOW, days(2, 3, 4))], listing_days=7) == everything
    for purpose in ("dates", "repair"):
        dated = [report(NOW, everything, purpose=purpose)]
        assert wanted_days(plan(), dated, listing_days=7) == everything
    unbalanced = [report(NOW, everything, balanced=False)]
    assert wanted_days(plan(), unbalanced, listing_days=7) == everything


def test_a_new_zealand_date_needs_two_utc_days() -> None:
    dates = plan(since=date(2026, 3, 5), until=date(2026, 3, 6))
    assert wanted_days(dates, [], listing_days=7) == [
        date(2026, 3, 6),
        date(2026, 3, 5),
        date(2026, 3, 4),
    ]


def test_days_that_have_not_begun_are_not_read() -> None:
    today = plan(since=date(2026, 3, 11), until=date(2026, 3, 11))
    assert wanted_days(today, [], listing_days=7) == [date(2026, 3, 10)]
    with pytest.raises(ConfigurationError, match="no such day"):
        wanted_days(plan(since=date(2026, 4, 1), until=date(2026, 4, 2)), [], listing_days=7)


@pytest.mark.parametrize(
    ("since", "start"),
    [
        # Summer time ends on 5 April 2026: the date begins at +13 and ends at +12.
        (date(2026, 4, 5), datetime(2026, 4, 4, 11, tzinfo=UTC)),
        (date(2026, 4, 6), datetime(2026, 4, 5, 12, tzinfo=UTC)),
        (date(2026, 9, 28), datetime(2026, 9, 27, 11, tzinfo=UTC)),
    ],
)
def test_a_date_begins_at_its_midnight_in_new_zealand(since: date, start: datetime) -> None:
    assert earliest_change(plan(since=since, until=since), "Pacific/Auckland") == start
    assert earliest_change(plan(), "Pacific/Auckland") is None
    repair = plan(since=since, until=since, repairs=True)
    assert earliest_change(repair, "Pacific/Auckland") is None
