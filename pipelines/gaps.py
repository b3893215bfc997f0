"""Gaps: stretches of time of which the publisher's listing was not seen, so that stories may lack.

A gap is never longer than a UTC day, because a daily sitemap is read whole or not at all: so it
closes whole or stays open, and several runs may close a long outage between them. ``stretches``
joins what belongs together for people.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from archive.records import Gap, RunReport

NO_OVERLAP = "no_overlap"
"""Reason: nothing that this run was told of had been listed before."""

OUTAGE = "outage longer than ARCHIVE_LISTING_DAYS"
"""Reason: the days lie between two runs, and the later one did not look back so far."""

NOT_LISTED = "not listed by the sitemap index"
"""How the reason of a day ends that the publisher lists no longer, or never did."""

MAX_REPAIR_DATES = 7
"""Most dates of one repair: about as much as a first crawl reads, so that a run stays short."""

_DAY = timedelta(days=1)

_Stretch = tuple[datetime, datetime, str]


@frozen(kw_only=True)
class Past:
    """What was known before a run."""

    last: RunReport | None = None
    """The newest earlier run that listed its own present. None when there is none."""

    runs: Sequence[RunReport] = ()
    """Earlier runs whose days count as seen: all since ``last``, with it."""

    open_gaps: Sequence[Gap] = ()
    """Gaps that are open."""

    overlaps: bool = True
    """Whether anything that the run lists had been listed before, or it lists nothing at all."""


def gaps_of(report: RunReport, unread: Mapping[date, str], past: Past) -> tuple[Gap, ...]:
    """Return the gaps that a run opens, closes, or leaves open with a newer reason.

    ``unread`` are the UTC days that the run wanted and could not read, with the reason. Only a run
    over the present opens gaps: the others look at the past on purpose.
    """
    touched = [gap for known in past.open_gaps if (gap := _tried(known, report, unread))]
    if report.purpose != "present":
        return tuple(touched)
    return (*touched, *_opened(report, unread, past))


def stretches(gaps: Iterable[Gap]) -> list[Gap]:
    """Return gaps by time, those joined that follow on each other and share their story."""
    joined: list[Gap] = []
    for gap in sorted(gaps, key=lambda one: (one.opened_at, one.since)):
        before = joined[-1] if joined else None
        if before and evolve(gap, since=before.since) == evolve(before, until=gap.until):
            joined[-1] = evolve(before, until=gap.until)
        else:
            joined.append(gap)
    return sorted(joined, key=lambda one: (one.since, one.opened_at))


def repair_dates(gaps: Iterable[Gap], timezone: str) -> list[tuple[date, date]]:
    """Return the publisher's dates, both inclusive, to be listed again for open gaps, oldest first."""
    zone = ZoneInfo(timezone)
    ranges: list[tuple[date, date]] = []
    for gap in sorted(gaps, key=lambda one: one.since):
        if gap.state == "closed":
            continue
        first = gap.since.astimezone(zone).date()
        last = (gap.until - timedelta.resolution).astimezone(zone).date()
        start, end = ranges[-1] if ranges else (first, first - 2 * _DAY)
        if first <= end + _DAY and last < start + MAX_REPAIR_DATES * _DAY:
            ranges[-1] = (start, max(end, last))
        else:
            ranges.append((first, last))
    return ranges


def _tried(gap: Gap, report: RunReport, unread: Mapping[date, str]) -> Gap | None:
    """Return an open gap as it stands after a run; None when the run did not look there."""
    day = gap.since.date()
    if gap.until > report.started_at:
        return None
    if day not in report.days:
        return evolve(gap, reason=unread[day]) if day in unread else None
    if report.pending or report.stopped or not report.balanced:
        return evolve(gap, reason=f"listed again, {report.pending} articles are pending")
    return evolve(gap, state="closed", closed_by=report.run_id, closed_at=report.ended_at)


def _opened(report: RunReport, unread: Mapping[date, str], past: Past) -> Iterable[Gap]:
    missed = list(_missed(report, unread, past))
    if past.last and report.complete and not past.overlaps and not missed:
        # All days were read and nothing on them was known: they are to be read once more.
        between = _days(past.last.started_at, report.started_at)
        missed = [(start, end, NO_OVERLAP) for start, end in between]
    for since, until, reason in missed:
        yield Gap(
            since=since,
            until=until,
            state="open",
            reason=reason,
            opened_by=report.run_id,
            opened_at=report.started_at,
        )


def _missed(report: RunReport, unread: Mapping[date, str], past: Past) -> Iterable[_Stretch]:
    """Yield what a run should have seen and neither it nor an earlier one has."""
    runs = [run for run in (*past.runs, report) if run.balanced]
    for start, end, reason in _wanted(report, unread, past):
        day = start.date()
        seen = [min(run.started_at, end) for run in runs if day in run.days]
        known = [gap.until for gap in past.open_gaps if gap.since.date() == day]
        since = max([start, *seen, *known])
        if since < end:
            yield since, end, reason


def _wanted(report: RunReport, unread: Mapping[date, str], past: Past) -> Iterable[_Stretch]:
    """Yield the parts of days of which a run should know, with the reason why it may not."""
    last = past.last
    if last and report.complete:
        reason = OUTAGE if past.overlaps else NO_OVERLAP
        for start, end in _days(last.started_at, report.started_at):
            yield start, end, unread.get(start.date(), reason)
        return
    open_days = {gap.since.date() for gap in past.open_gaps}
    for day, reason in sorted(unread.items()):
        start = datetime.combine(day, time(), UTC)
        end = min(start + _DAY, report.started_at)
        # What lies before the last run, that run has judged; and where the archive begins, it begins
        # with what the publisher lists. Of a day that goes on and whose gap is open, the next run
        # that lists its own present settles the rest.
        judged = day < last.started_at.date() if last else reason.endswith(NOT_LISTED)
        goes_on = end == report.started_at and day in open_days
        if not judged and not goes_on:
            yield start, end, reason


def _days(since: datetime, until: datetime) -> Iterable[tuple[datetime, datetime]]:
    """Yield the UTC days of a stretch of time, the first and the last cut to it."""
    start = since.astimezone(UTC)
    while start < until:
        end = min(datetime.combine(start.date() + _DAY, time(), UTC), until)
        yield start, end
        start = end
