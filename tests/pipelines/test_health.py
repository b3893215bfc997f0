"""What looks wrong is said on the first day, and nothing is said of what can't be known yet."""

from datetime import timedelta
from typing import Any

import pytest

from archive.records import Alarm, RunReport
from demo.newspaper import Edition, Newspaper
from pipelines.health import (
    DEAD_RUNS,
    FIELDS,
    LEAST_ASKED,
    NONE_HELD,
    below_floor,
    examine,
    filled,
    lengths,
)
from pipelines.normalise import article_of
from pipelines.pages import read as page_reading
from pipelines.usual import LEAST_DATES, LEAST_PAGES, WEEKS, dates_of_interest
from publishers import get
from tests.pipelines.reports import MONDAY, read, report

WEEK = timedelta(weeks=1)
GOOD: dict[str, Any] = {"listed": 30, "unchanged": 30, "announcements": (read("rss:world", 30),)}


def mondays(count: int = LEAST_DATES, **fields: Any) -> list[RunReport]:
    return [report(MONDAY - WEEK * n, **(GOOD | fields)) for n in range(1, count + 1)]


def alarms(now: RunReport, earlier: list[RunReport], floor: float = 0.5) -> tuple[Alarm, ...]:
    return examine(now, earlier, coverage_floor=floor, timezone="Pacific/Auckland")


def stages(now: RunReport, earlier: list[RunReport]) -> list[str]:
    return [alarm.stage for alarm in alarms(now, earlier)]


def test_an_ordinary_run_is_well() -> None:
    usual = GOOD | {"pages": 30, "premium": 10, "asked": 30, "kept": 30}
    assert alarms(report(MONDAY, **usual), mondays(**usual)) == ()


def test_a_run_that_lists_nothing_is_heard_of() -> None:
    (alarm,) = alarms(report(MONDAY, announcements=(read("rss:world", 0),)), [])
    assert (alarm.stage, alarm.cause.split(":")[0]) == ("discover", "nothing is listed")


@pytest.mark.parametrize("why", [{"error": "refused"}, {"ending": "stopped"}, {"purpose": "dates"}])
def test_nothing_listed_is_no_surprise_when_the_run_did_not_get_so_far(why: dict[str, Any]) -> None:
    assert alarms(report(MONDAY, **why), []) == ()


def test_coverage_below_the_floor_is_heard_of() -> None:
    low = report(MONDAY, **GOOD, asked=LEAST_ASKED, kept=4)
    (alarm,) = alarms(low, [])
    assert alarm.stage == "reconcile"
    assert alarm.cause.startswith("only 4 of 10 articles asked for are held (40%, floor 50%)")
    assert low.run_id in alarm.cause
    assert alarms(low, [], floor=0.4) == ()
    assert alarms(report(MONDAY, **GOOD, asked=LEAST_ASKED - 1, kept=1), []) == ()
    assert stages(report(MONDAY, **GOOD, asked=NONE_HELD), []) == ["reconcile"]
    assert alarms(report(MONDAY, **GOOD, asked=NONE_HELD - 1), []) == ()
    assert alarms(report(MONDAY, **GOOD, asked=NONE_HELD, removed=1), []) == ()
    assert alarms(report(MONDAY, **GOOD, asked=20, kept=0, error="unreachable"), []) == ()


@pytest.mark.parametrize(
    ("field", "of", "stage"),
    [
        ("premium", "pages", "normalise"),
        ("empty", "pages", "normalise"),
        ("unreadable", "pages", "normalise"),
        ("removed", "asked", "fetch"),
    ],
)
def test_a_jump_against_the_same_weekday_is_heard_of(field: str, of: str, stage: str) -> None:
    usual = GOOD | {of: 40, "kept": 40, field: 4}
    jumped = report(MONDAY, **(usual | {field: 24}))
    (alarm,) = alarms(jumped, mondays(**usual))
    assert alarm.stage == stage
    assert "24 of 40" in alarm.cause
    assert "60%, usually 10% on a Monday" in alarm.cause
    assert f"newsarchive runs {jumped.run_id} names them" in alarm.cause
    # A little more is chance; an archive too young, other weekdays, few pages and other purposes tell nothing.
    assert stages(report(MONDAY, **(usual | {field: 9})), mondays(**usual)) == []
    assert stages(jumped, mondays(LEAST_DATES - 1, **usual)) == []
    tuesdays = [report(MONDAY + timedelta(days=1) - WEEK * n, **usual) for n in range(1, WEEKS)]
    assert stages(jumped, tuesdays) == []
    long_ago = [report(MONDAY - WEEK * n, **usual) for n in range(WEEKS + 1, WEEKS + 5)]
    assert stages(jumped, long_ago) == []
    few = GOOD | {of: LEAST_PAGES - 1, "kept": LEAST_PAGES, field: LEAST_PAGES - 1}
    assert stages(report(MONDAY, **few), mondays(**usual)) == []
    backfills = mondays(**(usual | {"purpose": "dates"}))
    assert stages(jumped, backfills) == []
    sparse = mondays(**(usual | {of: LEAST_PAGES - 1, field: 0}))
    assert stages(jumped, sparse) == []


def test_what_is_left_out_for_whatever_reason_is_heard_of_with_the_reason() -> None:
    """A site that suddenly says noarchive everywhere: nothing fails, and nothing is archived."""
    said = {"noarchive": 142, "not_an_article_video": 2, "http_503": 2, "timeout": 1}
    usual = mondays(**GOOD, kept=90, otherwise={"not_an_article_video": 10})
    jumped = report(MONDAY, **GOOD, otherwise=said)
    (alarm,) = alarms(jumped, usual)
    assert alarm.stage == "reconcile"
    assert alarm.cause.startswith(
        "147 of 147 articles looked for today are not archived (100%, usually 10% on a Monday), "
        "mostly: noarchive 142, not_an_article_video 2, http_503 2; "
    )
    assert jumped.run_id in alarm.cause
    some = GOOD | {"asked": 70, "kept": 70}
    assert stages(report(MONDAY, **some, otherwise={"video": 30}), usual) == ["reconcile"]
    assert stages(report(MONDAY, **some, otherwise={"video": 20}), usual) == []
    # What has an alarm of its own is not told twice, and what was told is not told again.
    assert stages(report(MONDAY, **some, removed=20, empty=10, unreadable=10), usual) == []
    later = report(MONDAY + timedelta(hours=1), **GOOD, kept=1)
    assert stages(later, [*usual, jumped]) == []


def test_an_archive_too_young_for_the_usual_is_held_to_the_floor() -> None:
    half = GOOD | {"kept": 10, "otherwise": {"noarchive": 10}}
    assert alarms(report(MONDAY, **half), []) == ()
    (alarm,) = alarms(report(MONDAY, **(half | {"kept": 9, "otherwise": {"noarchive": 11}})), [])
    assert "11 of 20 articles looked for today are not archived (55%), mostly: noarchive 11" in (
        alarm.cause
    )
    repair = GOOD | {"purpose": "repair", "otherwise": {"not_an_article_video": 20}}
    assert alarms(report(MONDAY, **repair, reasons={"held": 20}), []) == ()
    assert stages(report(MONDAY, **repair, reasons={"held": 19}), []) == ["reconcile"]
    few = GOOD | {"kept": 0, "otherwise": {"noarchive": LEAST_PAGES - 1}}
    assert alarms(report(MONDAY, **few), []) == ()
    assert alarms(report(MONDAY, **(half | {"kept": 0}), error="unreachable"), []) == ()


def test_nothing_fetched_because_nothing_changed_is_well() -> None:
    assert alarms(report(MONDAY, **GOOD, asked=30, kept=30), mondays(**GOOD, pages=30)) == ()


def test_robots_that_forbid_the_articles_but_not_the_section_are_heard_of() -> None:
    barred = report(MONDAY, **GOOD, reasons={"robots": 16, "not_due": 14})
    (alarm,) = alarms(barred, [])
    assert alarm.stage == "fetch"
    assert alarm.cause.startswith("robots.txt forbids 16 of 30 listed articles")
    assert alarms(report(MONDAY, **GOOD, reasons={"robots": 15, "not_due": 15}), []) == ()
    assert alarms(report(MONDAY, listed=9, skipped=9, reasons={"robots": 9}), []) == ()


def test_where_half_is_usual_chance_moves_more() -> None:
    usual = mondays(**GOOD, pages=20, premium=10)
    assert stages(report(MONDAY, **GOOD, pages=20, premium=16), usual) == []
    assert stages(report(MONDAY, **GOOD, pages=20, premium=17), usual) == ["normalise"]
    assert stages(report(MONDAY, **GOOD, pages=200, premium=132), usual) == ["normalise"]


def test_runs_of_a_date_count_together_and_the_one_that_adds_to_it_is_red() -> None:
    usual = GOOD | {"pages": 30, "unreadable": 0}
    half = [
        report(MONDAY + timedelta(minutes=30 * n), **(GOOD | {"pages": 10, "unreadable": 5}))
        for n in range(2)
    ]
    assert stages(half[0], mondays(**usual)) == []
    assert stages(half[1], [*mondays(**usual), half[0]]) == ["normalise"]
    clean = report(MONDAY + timedelta(hours=2), **(GOOD | {"pages": 1}))
    assert stages(clean, [*mondays(**usual), *half]) == []


def test_one_odd_week_does_not_decide_what_is_usual() -> None:
    usual = mondays(**(GOOD | {"pages": 40, "premium": 4}))
    usual[0] = report(usual[0].started_at, **(GOOD | {"pages": 40, "premium": 40}))
    assert stages(report(MONDAY, **(GOOD | {"pages": 40, "premium": 24})), usual) == ["normalise"]


def test_access_that_cannot_be_told_needs_no_history() -> None:
    (alarm,) = alarms(report(MONDAY, **GOOD, pages=LEAST_PAGES, unknown=5), [])
    assert alarm.stage == "normalise"
    assert "the access of 5 of 20 pages" in alarm.cause
    assert alarms(report(MONDAY, **GOOD, pages=LEAST_PAGES, unknown=4), []) == ()
    odd = report(MONDAY, **GOOD, pages=LEAST_PAGES, unknown=9)
    assert alarms(report(MONDAY + timedelta(hours=1), **GOOD, pages=1), [odd]) == ()


def test_a_field_that_is_no_longer_found_is_heard_of_on_the_first_day() -> None:
    every = dict.fromkeys(FIELDS, LEAST_PAGES)
    well = report(MONDAY, **GOOD, readable=LEAST_PAGES, filled=every)
    assert alarms(well, []) == ()
    drifted = report(MONDAY, **GOOD, readable=LEAST_PAGES, filled=every | {"date_published": 1})
    (alarm,) = alarms(drifted, [])
    assert alarm.stage == "normalise"
    assert "date_published on 5% (floor 90%)" in alarm.cause
    assert "byline" not in alarm.cause
    few = report(MONDAY, **GOOD, readable=LEAST_PAGES - 1, filled={})
    assert alarms(few, []) == ()
    later = report(MONDAY + timedelta(hours=1), **GOOD)
    assert alarms(later, [drifted]) == ()


def test_a_silently_thinned_announcement_is_heard_of() -> None:
    thin = GOOD | {"announcements": (read("rss:world", 9), read("news-sitemap", 40))}
    usual = GOOD | {"announcements": (read("rss:world", 30), read("news-sitemap", 40))}
    (alarm,) = alarms(report(MONDAY, **thin), mondays(**usual))
    assert alarm.stage == "discover"
    assert alarm.cause.startswith("rss:world lists 9 articles (usually 30 on a Monday)")
    assert stages(report(MONDAY, **thin), mondays(LEAST_DATES - 1, **usual)) == []
    holiday = GOOD | {"announcements": (read("rss:world", 12), read("news-sitemap", 18))}
    assert stages(report(MONDAY, **holiday), mondays(**usual)) == []
    short = GOOD | {"announcements": (read("section:world/pacific", 6),)}
    none = GOOD | {"announcements": (read("section:world/pacific", 0),)}
    assert stages(report(MONDAY, **none), mondays(**short)) == []


def test_of_the_daily_sitemaps_yesterdays_is_compared() -> None:
    day = MONDAY.date() - timedelta(days=1)
    split = (read(f"sitemap:{day}", 4), read(f"sitemap:{day}-2", 3))
    today = read(f"sitemap:{MONDAY.date()}", 1)
    assert lengths(report(MONDAY, announcements=(*split, today))) == {"sitemap of yesterday": 7}


def test_an_announcement_that_stays_unread_is_dead() -> None:
    def at(minutes: int, problem: str | None) -> RunReport:
        said = (read("rss:world", 0 if problem else 25, problem), read("news-sitemap"))
        return report(MONDAY + timedelta(minutes=minutes), **(GOOD | {"announcements": said}))

    runs = [at(0, None), *(at(30 * n, "html") for n in range(1, DEAD_RUNS + 1))]
    assert stages(runs[-2], runs[:-2]) == []
    (alarm,) = alarms(runs[-1], runs[:-1])
    assert alarm.stage == "discover"
    assert "rss:world could not be read by the last 3 runs (html)" in alarm.cause
    never = [at(30 * n, "http_404") for n in range(DEAD_RUNS)]
    assert stages(never[-1], never[:-1]) == []


def test_the_dates_of_interest_are_all_that_is_looked_at() -> None:
    day = MONDAY.date()
    dates = dates_of_interest(day)
    assert len(dates) == len(set(dates)) == WEEKS + 2
    assert {day, day - timedelta(days=1), day - WEEK * WEEKS} <= set(dates)


def test_the_floors_lie_below_what_the_newspapers_free_pages_give(
    newspaper: Newspaper, edition: Edition
) -> None:
    free = [s for s in edition.in_section("world") if s.access == "free" and s.body]
    publisher = get("nzherald").with_origin(newspaper.origin)
    found: dict[str, int] = {}
    for story in free:
        where = {
            "url": newspaper.origin + story.path,
            "captured_at": edition.today,
            "publisher": publisher,
        }
        reading = page_reading(newspaper.page(story), content_type="text/html", **where)
        for name in filled(article_of(reading, **where)):
            found[name] = found.get(name, 0) + 1
    assert len(free) > LEAST_PAGES
    assert below_floor(len(free), found) == []
    for name, field in FIELDS.items():
        assert field.floor < 0.95 * found[name] / len(free), name
        assert name in below_floor(len(free), found | {name: 0})
