"""Nothing of the publisher's listing goes unseen without a gap that says so, and none closes too early."""

import itertools
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.catalogue import Catalogue
from archive.records import Gap, RunBooks, RunReport
from pipelines.gaps import (
    MAX_REPAIR_DATES,
    NO_OVERLAP,
    NOT_LISTED,
    OUTAGE,
    Past,
    gaps_of,
    repair_dates,
    stretches,
)
from tests.pipelines.reports import MONDAY, midnight, report

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
TODAY = MONDAY.date()


def told(gaps: Sequence[Gap]) -> list[tuple[datetime, datetime, str, str]]:
    return [(gap.since, gap.until, gap.state, gap.reason) for gap in gaps]


def after(last: RunReport, *, overlaps: bool = True, **more: Sequence[Gap]) -> Past:
    return Past(last=last, runs=(last,), overlaps=overlaps, **more)


def a_gap(since: datetime, until: datetime, reason: str = OUTAGE) -> Gap:
    opener = report(until)
    return Gap(
        since=since,
        until=until,
        state="open",
        reason=reason,
        opened_by=opener.run_id,
        opened_at=until,
    )


def test_listings_that_join_leave_no_gap() -> None:
    for pause in (timedelta(minutes=30), HOUR, DAY):
        now = report(MONDAY + pause)
        assert gaps_of(now, {}, after(report(MONDAY))) == ()


def test_an_outage_longer_than_the_days_that_are_read_is_a_gap_of_each_day() -> None:
    back = MONDAY + 3 * DAY
    gaps = gaps_of(report(back), {}, after(report(MONDAY)))
    tuesday, wednesday = midnight(TODAY + DAY), midnight(TODAY + 2 * DAY)
    assert told(gaps) == [
        (MONDAY, tuesday, "open", OUTAGE),
        (tuesday, wednesday, "open", OUTAGE),
    ]
    assert {gap.opened_at for gap in gaps} == {back}
    (whole,) = stretches(gaps)
    assert (whole.since, whole.until) == (MONDAY, wednesday)


def test_days_that_other_runs_read_meanwhile_are_seen() -> None:
    last, back = report(MONDAY), MONDAY + 3 * DAY
    backfill = report(back - HOUR, purpose="dates", days=(TODAY, TODAY + DAY))
    past = Past(last=last, runs=(last, backfill))
    assert gaps_of(report(back), {}, past) == ()
    unbalanced = Past(last=last, runs=(last, evolve(backfill, balanced=False)))
    assert len(gaps_of(report(back), {}, unbalanced)) == 2


def test_a_day_that_could_not_be_read_is_a_gap_up_to_where_it_was_seen() -> None:
    last, now = report(MONDAY), report(MONDAY + HOUR, days=(TODAY - DAY,))
    why = f"sitemap:{TODAY}: http_500"
    gaps = gaps_of(now, {TODAY: why}, after(last))
    assert told(gaps) == [(MONDAY, MONDAY + HOUR, "open", why)]
    # Each later run that fails tells of the same gap, and the one that reads the day closes it.
    failing = report(MONDAY + 2 * HOUR, days=())
    again = gaps_of(failing, {TODAY: "sitemap-index: timeout"}, after(last, open_gaps=gaps))
    assert told(again) == [(MONDAY, MONDAY + HOUR, "open", "sitemap-index: timeout")]
    well = report(MONDAY + 3 * HOUR)
    (closed,) = gaps_of(well, {}, after(last, open_gaps=again))
    assert (closed.state, closed.closed_by) == ("closed", well.run_id)
    assert (closed.opened_at, closed.closed_at) == (now.started_at, well.ended_at)


def test_a_first_run_opens_gaps_for_what_is_listed_and_fails_not_for_what_is_not_listed() -> None:
    old, older = TODAY - 3 * DAY, TODAY - 4 * DAY
    unread = {old: f"sitemap:{old}: http_500", older: f"sitemap:{older}: {NOT_LISTED}"}
    gaps = gaps_of(report(MONDAY), unread, Past())
    assert told(gaps) == [(midnight(old), midnight(old + DAY), "open", unread[old])]
    # The next run wants both again, for nobody has read them; that is no news.
    later = gaps_of(report(MONDAY + HOUR), unread, after(report(MONDAY), open_gaps=gaps))
    assert told(later) == told(gaps)


def test_listings_without_a_common_article_are_a_gap_though_all_days_were_read() -> None:
    now = report(MONDAY + HOUR)
    gaps = gaps_of(now, {}, after(report(MONDAY), overlaps=False))
    assert told(gaps) == [(MONDAY, now.started_at, "open", NO_OVERLAP)]
    again = report(MONDAY + 2 * HOUR)
    (closed,) = gaps_of(again, {}, after(now, open_gaps=gaps))
    assert closed.state == "closed"


def test_a_run_that_began_before_the_end_of_a_gap_does_not_close_it() -> None:
    gap = a_gap(MONDAY, MONDAY + HOUR)
    for minutes, count in ((59, 0), (60, 1)):
        slow = report(MONDAY + timedelta(minutes=minutes), purpose="dates")
        assert len(gaps_of(slow, {}, Past(open_gaps=[gap]))) == count


@pytest.mark.parametrize(
    "how",
    [{"pending": 3, "listed": 3}, {"stopped": True}, {"balanced": False}],
)
def test_a_gap_stays_open_while_anything_listed_is_left(how: dict[str, object]) -> None:
    gap = a_gap(midnight(TODAY - DAY), midnight(TODAY))
    tried = report(MONDAY, purpose="repair", **how)
    (left,) = gaps_of(tried, {}, Past(open_gaps=[gap]))
    assert left.state == "open"
    assert "pending" in left.reason


def test_a_gap_of_a_day_no_longer_listed_stays_open_with_the_reason() -> None:
    day = TODAY - 2 * DAY
    gap = a_gap(midnight(day), midnight(day + DAY))
    why = f"sitemap:{day}: {NOT_LISTED}"
    tried = report(MONDAY, purpose="repair", days=(day - DAY, day + DAY))
    (left,) = gaps_of(tried, {day: why}, Past(open_gaps=[gap]))
    assert left == evolve(gap, reason=why)


def test_a_long_gap_is_closed_by_several_runs_each_its_days() -> None:
    gaps = gaps_of(report(MONDAY + 4 * DAY), {}, after(report(MONDAY)))
    assert len(gaps) == 3
    first = report(MONDAY + 5 * DAY, purpose="repair", days=(TODAY, TODAY + DAY))
    closed = gaps_of(first, {}, Past(open_gaps=gaps))
    assert [gap.state for gap in closed] == ["closed", "closed"]
    assert [gap.since for gap in closed] == [gap.since for gap in gaps[:2]]


def test_runs_over_the_past_open_no_gap() -> None:
    for purpose in ("dates", "repair"):
        now = report(MONDAY + 9 * DAY, purpose=purpose)
        assert gaps_of(now, {TODAY: "sitemap: http_500"}, after(report(MONDAY))) == ()


def test_an_outage_is_repaired_by_its_new_zealand_dates_in_runs_of_at_most_a_week() -> None:
    gaps = gaps_of(report(MONDAY + 12 * DAY), {}, after(report(MONDAY)))
    plans = repair_dates(reversed(gaps), "Pacific/Auckland")
    assert plans == [
        (date(2026, 3, 2), date(2026, 3, 8)),
        (date(2026, 3, 8), date(2026, 3, 13)),
    ]
    for first, last in plans:
        assert last - first < MAX_REPAIR_DATES * DAY
    # A repair of these dates reads every UTC day of every gap: each date takes its own and the one before.
    read = {first - DAY + DAY * n for first, last in plans for n in range((last - first).days + 2)}
    assert {gap.since.date() for gap in gaps} <= read
    assert repair_dates([evolve(gap, state="closed") for gap in gaps], "Pacific/Auckland") == []


# any history

Step = tuple[int, str, frozenset[int]]
STEPS = st.lists(
    st.tuples(
        st.integers(1, 90),  # hours since the run before
        st.sampled_from(["present", "present", "present", "dates", "repair"]),
        st.frozensets(st.integers(0, 6), max_size=3),  # days back that could not be read
    ),
    min_size=2,
    max_size=12,
)


class Site:
    """Runs one after the other over a site, each judged with what the earlier ones left."""

    def __init__(self, listing_days: int = 3) -> None:
        self.listing_days = listing_days
        self.reports: list[RunReport] = []
        self.gaps: dict[tuple[str, datetime], Gap] = {}
        self.now = MONDAY

    def run(self, hours: int, purpose: str, unread_back: frozenset[int]) -> RunReport:
        self.now += hours * HOUR
        today = self.now.astimezone(UTC).date()
        wanted = [today - n * DAY for n in range(self.listing_days)]
        unread = {today - n * DAY: f"sitemap:{n}: http_500" for n in unread_back}
        unread = {day: why for day, why in unread.items() if day in wanted}
        days = tuple(day for day in wanted if day not in unread)
        now = report(self.now, purpose=purpose, days=days)
        complete = [run for run in self.reports if run.complete]
        last = complete[-1] if complete else None
        past = Past(
            last=last,
            runs=[run for run in self.reports if last is None or run.started_at >= last.started_at],
            open_gaps=[gap for gap in self.gaps.values() if gap.state == "open"],
        )
        now = evolve(now, gaps=gaps_of(now, unread, past))
        self.gaps |= {(gap.opened_by, gap.since): gap for gap in now.gaps}
        self.reports.append(now)
        return now

    def is_seen(self, instant: datetime) -> bool:
        return any(instant < run.started_at and instant.date() in run.days for run in self.reports)

    def open_gaps_at(self, instant: datetime) -> int:
        gaps = [gap for gap in self.gaps.values() if gap.state == "open"]
        return sum(gap.since <= instant < gap.until for gap in gaps)


@given(STEPS)
def test_every_moment_is_either_seen_or_in_an_open_gap(steps: list[Step]) -> None:
    site = Site()
    for step in steps:
        now = site.run(*step)
        complete = [run for run in site.reports if run.complete]
        assert all(gap.until - gap.since <= DAY for gap in now.gaps)
        keys = [(gap.opened_by, gap.since) for gap in now.gaps]
        assert len(keys) == len(set(keys))
        if not now.complete:
            continue
        moment = complete[0].started_at
        while moment < now.started_at:
            assert site.is_seen(moment) + site.open_gaps_at(moment) == 1, moment
            moment += HOUR


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory):
    with Catalogue(f"sqlite:///{tmp_path_factory.mktemp('gaps')}/catalogue.db") as opened:
        yield opened


names = (f"publisher-{number}" for number in itertools.count())


@settings(max_examples=40, deadline=None)
@given(st.data(), STEPS)
def test_the_catalogue_tells_the_same_gaps_in_whatever_order_runs_arrive(
    catalogue: Catalogue, data: st.DataObject, steps: list[Step]
) -> None:
    site, name = Site(), next(names)
    for step in steps:
        site.run(*step)
    for one in data.draw(st.permutations(site.reports)):
        catalogue.take_in(RunBooks(report=evolve(one, publisher=name)))
    found = {(gap.opened_by, gap.since): gap for gap in catalogue.gaps(name)}
    assert found == site.gaps
