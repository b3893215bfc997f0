"""What is usual: a run's date beside the same weekday of earlier weeks.

A run may see three pages, and a Sunday is no Monday: so counts are pooled over the publisher's date.
An archive too young to know what is usual, or a date with few pages, tells nothing.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from math import sqrt
from statistics import median
from zoneinfo import ZoneInfo

from archive.records import RunReport

WEEKS = 8
"""How far back "usual" reaches: two months forget a redesign, and one holiday is outvoted."""

LEAST_DATES = 3
"""Earlier dates of the same weekday without which nothing is usual: the fewest with a median."""

LEAST_PAGES = 20
"""Pages of a date below which its shares mean nothing: one page would move them by over 5 %."""

LEAST_RISE = 0.15
"""Rise of a share that is always let pass: three pages of twenty."""

SIGMAS = 3
"""Standard errors of the usual share that a rise must exceed too: chance does that once in 700 dates."""


def dates_of_interest(day: date) -> list[date]:
    """Return the dates whose runs are needed to judge one: it, the one before, its weekday's."""
    earlier = [day - timedelta(weeks=weeks) for weeks in range(1, WEEKS + 1)]
    return [*reversed(earlier), day - timedelta(days=1), day]


class History:
    """A run, the runs of its date up to it, and those of the same weekday before."""

    def __init__(self, report: RunReport, earlier: Sequence[RunReport], zone: ZoneInfo) -> None:
        day = _day(report, zone)
        weekdays = {day - timedelta(weeks=weeks) for weeks in range(1, WEEKS + 1)}
        self.report = report
        self.earlier = earlier
        self.today = [*(run for run in earlier if _day(run, zone) == day), report]
        self.before: dict[date, list[RunReport]] = {}
        for run in earlier:
            if _day(run, zone) in weekdays:
                self.before.setdefault(_day(run, zone), []).append(run)
        self.weekday = f"{day:%A}"

    def usual(
        self, count: Callable[[RunReport], int], of: Callable[[RunReport], int]
    ) -> float | None:
        """Return the median share of the same weekday; None when too few dates tell."""
        dates = [(total(runs, count), total(runs, of)) for runs in self.before.values()]
        told = [part / whole for part, whole in dates if whole >= LEAST_PAGES]
        return median(told) if len(told) >= LEAST_DATES else None


def highest(usual: float, whole: int) -> float:
    """Return the highest share of ``whole`` that is let pass where another is usual."""
    return usual + max(LEAST_RISE, SIGMAS * sqrt(usual * (1 - usual) / whole))


def _day(report: RunReport, zone: ZoneInfo) -> date:
    return report.started_at.astimezone(zone).date()


def total(runs: Iterable[RunReport], count: Callable[[RunReport], int]) -> int:
    """Return a count, summed over runs."""
    return sum(map(count, runs))
