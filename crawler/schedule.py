"""When to ask again, and which days to read. Pure: the time is handed in."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from archive.errors import ConfigurationError
from archive.intervals import Intervals
from archive.records import Asked, CrawlPlan, RunReport

SLACK = timedelta(minutes=5)
"""A run that starts a little early must not put everything off until the next one."""

_AGE_WHEN_UNKNOWN = timedelta(days=1)

Reason = Literal["new", "changed", "interval", "not_due"]


def is_due(
    asked: Asked | None, lastmod: datetime | None, now: datetime, intervals: Intervals
) -> tuple[bool, Reason]:
    """Tell whether to ask for an article now, and why (not).

    ``asked`` is what the archive knows of it (None: nothing), ``lastmod`` the change that is
    announced: a hint to ask earlier, never a reason not to ask.
    """
    if asked is None:
        return True, "new"
    if lastmod is not None and lastmod > (asked.lastmod or asked.asked_at):
        return True, "changed"
    age = now - asked.fresh_at if asked.fresh_at else _AGE_WHEN_UNKNOWN
    if now - asked.asked_at >= intervals.pause(age) - SLACK:
        return True, "interval"
    return False, "not_due"


def wanted_days(plan: CrawlPlan, runs: Iterable[RunReport], *, listing_days: int) -> list[date]:
    """Return the UTC days whose sitemaps a crawl reads, newest first.

    Over the present: today and yesterday, and those of the last ``listing_days`` that none of
    ``runs`` has read since they ended; an empty archive reads them all. A New Zealand date needs two
    UTC days: its own, and the one before, in whose second half it begins. Raises
    :class:`ConfigurationError` when no day is left.
    """
    today = plan.started_at.astimezone(UTC).date()
    if plan.since or plan.until:
        first, last = (plan.since or plan.until or today), (plan.until or today)
        days = _days(first - timedelta(days=1), min(last, today))
    else:
        settled = _settled(runs)
        days = [
            day
            for day in _days(today - timedelta(days=listing_days - 1), today)
            if day not in settled or day >= today - timedelta(days=1)
        ]
    if not days:
        message = f"--since {plan.since} --until {plan.until}: no such day has begun yet"
        raise ConfigurationError(message)
    return days


def _days(oldest: date, newest: date) -> list[date]:
    return [newest - timedelta(days=back) for back in range((newest - oldest).days + 1)]


def _settled(runs: Iterable[RunReport]) -> set[date]:
    """Return the days that a run over the present, which reads all of a day, read after their end."""
    settled: set[date] = set()
    for run in runs:
        present = run.started_at.astimezone(UTC).date()
        if run.purpose == "present" and run.balanced and present in run.days:
            settled.update(day for day in run.days if day < present)
    return settled


def earliest_change(plan: CrawlPlan, timezone: str) -> datetime | None:
    """Return the start of the plan's first date where the publisher is. None without dates.

    What last changed before it can't have been published on the dates that are wanted. A repair
    reads its days whole: only so can it close a gap.
    """
    if plan.since is None or plan.repairs:
        return None
    return datetime.combine(plan.since, time(), ZoneInfo(timezone))
