"""Health: what looks wrong about a run whose books balance, each in one line with what to do.

Counts are pooled over the publisher's date, and compared with the same weekday of earlier weeks: a run
may see three pages, and a Sunday is no Monday. An archive too young to know what is usual, or a date
with few pages, is never red for that reason; what has a floor needs no history.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, timedelta
from statistics import median
from typing import Literal
from zoneinfo import ZoneInfo

from attrs import frozen

from archive.records import Alarm, Article, RunReport

WEEKS = 8
"""How far back "usual" reaches: two months forget a redesign, and one holiday is outvoted."""

LEAST_DATES = 3
"""Earlier dates of the same weekday without which nothing is usual: the fewest with a median."""

LEAST_PAGES = 20
"""Pages of a date below which its shares mean nothing: one page would move them by over 5 %."""

LEAST_ASKED = 10
"""Articles asked for below which a run's coverage means nothing: a night run asks for two or three."""

NONE_HELD = 5
"""The same when not one of them is held: as many as end a crawl when nobody answers."""

LEAST_RISE = 0.15
"""Rise of a share that is always let pass: three pages of twenty."""

SIGMAS = 3
"""Standard errors of the usual share that a rise must exceed too: chance does that once in 700 dates."""

THINNED = 1 / 3
"""Part of its usual length below which an announcement counts as thinned: holidays halve the news."""

LEAST_LISTED = 8
"""Usual length below which an announcement is not watched: it may well be empty one day."""

DEAD_RUNS = 3
"""Runs in a row that could not read an announcement before it is called dead: one may be bad luck."""

UNKNOWN_CEILING = 0.2
"""Share of pages whose access can't be told above which the marks no longer fit: marks that contradict
each other are a slip on a page, not on every fifth."""

LEAST_WORDS = 50
"""Words below which a free article's text counts as not found: a cut lead has about thirty."""


@frozen
class Field:
    """A field of a record that a free article nearly always has."""

    floor: float
    """Least share of pages on which it must be found."""

    found: Callable[[Article], object]
    """Tells whether a record has it."""


FIELDS: Mapping[str, Field] = {
    "byline": Field(0.7, lambda article: article.authors or article.agency),
    "date_modified": Field(0.7, lambda article: article.date_modified),
    "date_published": Field(0.9, lambda article: article.date_published),
    "description": Field(0.7, lambda article: article.description),
    "images": Field(0.5, lambda article: article.images),
    "sections": Field(0.7, lambda article: article.sections),
    "text": Field(0.8, lambda article: article.word_count >= LEAST_WORDS),
}
"""The watched fields. The publisher's own record of a story has them all, and so have all free pages of
the made-up newspaper; the floors lie well below, and far above a lost selector's 0. Rates of the live
site are not known before the first permitted crawl: correct them then (``coverage --fields``)."""


def filled(article: Article) -> tuple[str, ...]:
    """Return the watched fields that a record has, sorted."""
    return tuple(name for name, field in sorted(FIELDS.items()) if field.found(article))


def below_floor(readable: int, found: Mapping[str, int]) -> list[str]:
    """Return the watched fields that are found too rarely, given the counts of one date."""
    low = [name for name, field in FIELDS.items() if found.get(name, 0) < field.floor * readable]
    return low if readable >= LEAST_PAGES else []


def dates_of_interest(day: date) -> list[date]:
    """Return the dates whose runs ``examine`` needs to judge one: it, the one before, its weekday's."""
    earlier = [day - timedelta(weeks=weeks) for weeks in range(1, WEEKS + 1)]
    return [*reversed(earlier), day - timedelta(days=1), day]


def examine(
    report: RunReport, earlier: Iterable[RunReport], *, coverage_floor: float, timezone: str
) -> tuple[Alarm, ...]:
    """Return what looks wrong about a run; ``earlier`` are runs before it, in any order.

    A run that ended in an error is red for that: only what its pages look like is judged.
    """
    like = [run for run in earlier if run.purpose == report.purpose and run.run_id < report.run_id]
    history = _History(report, sorted(like, key=lambda run: run.run_id), ZoneInfo(timezone))
    alarms = [*_shares(history), *_unknown(history), *_fields(history)]
    if report.error is None:
        alarms = [*_listing(history), *_coverage(report, coverage_floor), *alarms]
    return tuple(alarms)


class _History:
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
        dates = [(_sum(runs, count), _sum(runs, of)) for runs in self.before.values()]
        told = [part / whole for part, whole in dates if whole >= LEAST_PAGES]
        return median(told) if len(told) >= LEAST_DATES else None


@frozen
class _Share:
    name: str
    stage: Literal["fetch", "normalise"]
    count: Callable[[RunReport], int]
    of: Callable[[RunReport], int]
    advice: str


_SHARES = (
    _Share(
        "for subscribers only",
        "normalise",
        lambda run: run.premium,
        lambda run: run.pages,
        "the paywall or its marks may have changed; look at some of them: newsarchive show ID",
    ),
    _Share(
        "empty",
        "normalise",
        lambda run: run.empty,
        lambda run: run.pages,
        "the site may be failing, or serve us another page; open one in a browser",
    ),
    _Share(
        "unreadable",
        "normalise",
        lambda run: run.unreadable,
        lambda run: run.pages,
        "the layout may have changed; quarantine/normalise/ says why each was set aside",
    ),
    _Share(
        "removed",
        "fetch",
        lambda run: run.removed,
        lambda run: run.asked,
        "addresses may have changed; open one in a browser",
    ),
)


def _shares(history: _History) -> Iterable[Alarm]:
    for share in _SHARES:
        part, whole = _sum(history.today, share.count), _sum(history.today, share.of)
        usual = history.usual(share.count, share.of)
        # Told by the runs that add to it, not by every later one of the date.
        if usual is None or whole < LEAST_PAGES or not share.count(history.report):
            continue
        rise = max(LEAST_RISE, SIGMAS * (usual * (1 - usual) / whole) ** 0.5)
        if part / whole > usual + rise:
            cause = (
                f"{part} of {whole} pages today are {share.name} ({part / whole:.0%}, usually "
                f"{usual:.0%} on a {history.weekday}): {share.advice}"
            )
            yield Alarm(stage=share.stage, cause=cause)


def _unknown(history: _History) -> Iterable[Alarm]:
    part = _sum(history.today, lambda run: run.unknown)
    whole = _sum(history.today, lambda run: run.pages)
    if whole >= LEAST_PAGES and part > UNKNOWN_CEILING * whole and history.report.unknown:
        cause = (
            f"the access of {part} of {whole} pages today can't be told (usually none): their text "
            "is not kept; the marks in publishers/ may no longer fit the pages"
        )
        yield Alarm(stage="normalise", cause=cause)


def _fields(history: _History) -> Iterable[Alarm]:
    readable = _sum(history.today, lambda run: run.readable)
    found = {name: sum(run.filled.get(name, 0) for run in history.today) for name in FIELDS}
    report = history.report
    low = [
        f"{name} on {found[name] / readable:.0%} (floor {FIELDS[name].floor:.0%})"
        for name in below_floor(readable, found)
        if report.filled.get(name, 0) < report.readable
    ]
    if low:
        cause = (
            f"of {readable} free pages read today: {', '.join(low)}; the layout may have changed: "
            "newsarchive coverage --fields"
        )
        yield Alarm(stage="normalise", cause=cause)


def _coverage(report: RunReport, floor: float) -> Iterable[Alarm]:
    # A night run may well ask for nothing but a few stories that were taken off the site.
    least = LEAST_ASKED if report.kept or report.removed else NONE_HELD
    if report.asked < least or report.kept >= floor * report.asked:
        return
    cause = (
        f"only {report.kept} of {report.asked} articles asked for are held "
        f"({report.kept / report.asked:.0%}, floor {floor:.0%}): newsarchive runs {report.run_id} "
        "says why each failed"
    )
    yield Alarm(stage="reconcile", cause=cause)


def _listing(history: _History) -> Iterable[Alarm]:
    report = history.report
    if report.purpose != "present" or report.ending:
        return
    if not sum(lengths(report).values()) and not report.listed:
        cause = "nothing is listed: open the section in a browser; announcements may have moved"
        yield Alarm(stage="discover", cause=cause)
        return
    for source, length in lengths(report).items():
        usual = _usual_length(history, source)
        if usual is not None and usual >= LEAST_LISTED and length < THINNED * usual:
            cause = (
                f"{source} lists {length} articles (usually {usual:.0f} on a {history.weekday}): "
                "what it leaves out, no other announcement may name; open it in a browser"
            )
            yield Alarm(stage="discover", cause=cause)
    yield from _dead(history)


def lengths(report: RunReport) -> dict[str, int]:
    """Return how many articles each announcement listed that could be read and can be compared.

    Of the daily sitemaps that is yesterday's: today's grows by the hour.
    """
    today = report.started_at.astimezone(UTC).date()
    yesterday = f"sitemap:{today - timedelta(days=1)}"
    found: dict[str, int] = {}
    for one in report.announcements:
        source = "sitemap of yesterday" if one.source.startswith(yesterday) else one.source
        if one.problem is None and not source.startswith("sitemap:"):
            found[source] = found.get(source, 0) + one.listed
    return found


def _usual_length(history: _History, source: str) -> float | None:
    days = [
        [found[source] for run in runs if source in (found := lengths(run))]
        for runs in history.before.values()
    ]
    told = [median(day) for day in days if day]
    return median(told) if len(told) >= LEAST_DATES else None


def _dead(history: _History) -> Iterable[Alarm]:
    latest = [*history.earlier[-DEAD_RUNS + 1 :], history.report]
    if len(latest) < DEAD_RUNS:
        return
    problems = [
        {one.source: one.problem for one in run.announcements if one.problem} for run in latest
    ]
    read_once = {source for run in history.earlier for source in lengths(run)}
    for source, problem in problems[-1].items():
        if source in read_once and all(source in before for before in problems):
            cause = (
                f"{source} could not be read by the last {DEAD_RUNS} runs ({problem}), and could "
                "before: open it in a browser; if it moved, correct it in publishers/"
            )
            yield Alarm(stage="discover", cause=cause)


def _day(report: RunReport, zone: ZoneInfo) -> date:
    return report.started_at.astimezone(zone).date()


def _sum(runs: Iterable[RunReport], count: Callable[[RunReport], int]) -> int:
    return sum(map(count, runs))
