"""Health: what looks wrong about a run whose books balance, each in one line with what to do.

Shares are compared with what is usual on that weekday (``pipelines.usual``); what has a floor needs no
history. A page counts under one word: who may read it, or why it is not archived.
``docs/operations.md`` lists what each state of a page can raise.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, timedelta
from statistics import median
from typing import Literal
from zoneinfo import ZoneInfo

from attrs import frozen

from archive.records import Alarm, Article, RunReport
from pipelines.usual import LEAST_DATES, LEAST_PAGES, History, highest, total

LEAST_ASKED = 10
"""Articles asked for below which a run's coverage means nothing: a night run asks for two or three."""

NONE_HELD = 5
"""The same when not one of them is held: as many as end a crawl when nobody answers."""

THINNED = 1 / 3
"""Part of its usual length below which an announcement counts as thinned: holidays halve the news."""

LEAST_LISTED = 8
"""Usual length below which an announcement is not watched: it may well be empty one day."""

DEAD_RUNS = 3
"""Runs in a row that could not read an announcement before it is called dead: one may be bad luck."""

UNKNOWN_CEILING = 0.2
"""Share of articles whose access can't be told above which the marks no longer fit: marks that contradict
each other are a slip on a page, not on every fifth."""

MOST_NAMED = 3
"""Reasons that an alarm names: with more, nobody reads it."""

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


def examine(
    report: RunReport, earlier: Iterable[RunReport], *, coverage_floor: float, timezone: str
) -> tuple[Alarm, ...]:
    """Return what looks wrong about a run; ``earlier`` are runs before it, in any order.

    A run that ended in an error is red for that: only what its pages look like is judged.
    """
    like = [run for run in earlier if run.purpose == report.purpose and run.run_id < report.run_id]
    history = History(report, sorted(like, key=lambda run: run.run_id), ZoneInfo(timezone))
    alarms = [*_shares(history), *_unknown(history), *_fields(history)]
    if report.error is None:
        held = [*_forbidden(report), *_coverage(report, coverage_floor)]
        alarms = [*_listing(history), *held, *_otherwise(history, coverage_floor), *alarms]
    return tuple(alarms)


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
        "the paywall or its marks may have changed; open one of them in a browser",
    ),
    _Share(
        "empty",
        "normalise",
        lambda run: run.empty,
        lambda run: run.pages,
        "the site may be failing, or serve us another page; open one of them in a browser",
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
        "addresses may have changed; open one of them in a browser",
    ),
)


def _shares(history: History) -> Iterable[Alarm]:
    for share in _SHARES:
        part, whole = total(history.today, share.count), total(history.today, share.of)
        usual = history.usual(share.count, share.of)
        # Told by the runs that add to it, not by every later one of the date.
        if usual is None or whole < LEAST_PAGES or not share.count(history.report):
            continue
        if part / whole > highest(usual, whole):
            cause = (
                f"{part} of {whole} pages today are {share.name} ({part / whole:.0%}, usually "
                f"{usual:.0%} on a {history.weekday}): {share.advice}; {_see(history.report)}"
            )
            yield Alarm(stage=share.stage, cause=cause)


def _see(report: RunReport) -> str:
    return f"newsarchive runs {report.run_id} names them"


def _otherwise(history: History, floor: float) -> Iterable[Alarm]:
    """Tell of what is not archived and has no share of its own, such as pages that say ``noarchive``."""
    reasons = Counter[str]()
    for run in history.today:
        reasons.update(run.otherwise)
    part, whole = reasons.total(), total(history.today, _ended)
    if whole < LEAST_PAGES or not history.report.otherwise:
        return
    usual = history.usual(lambda run: sum(run.otherwise.values()), _ended)
    if part / whole > (1 - floor if usual is None else highest(usual, whole)):
        common = "" if usual is None else f", usually {usual:.0%} on a {history.weekday}"
        named = ", ".join(f"{reason} {count}" for reason, count in reasons.most_common(MOST_NAMED))
        cause = (
            f"{part} of {whole} articles looked for today are not archived ({part / whole:.0%}"
            f"{common}), mostly: {named}; {_see(history.report)}, docs/operations.md what to do"
        )
        yield Alarm(stage="reconcile", cause=cause)


def _ended(run: RunReport) -> int:
    """Return the articles that a run asked for, each under exactly one of these words, and the held.

    A backfill or a repair leaves out what is held, and meets again what can't be.
    """
    named = run.kept + run.removed + run.empty + run.unreadable
    return named + sum(run.otherwise.values()) + run.reasons.get("held", 0)


def _forbidden(report: RunReport) -> Iterable[Alarm]:
    barred = report.reasons.get("robots", 0)
    if barred >= LEAST_ASKED and barred > report.listed / 2:
        cause = (
            f"robots.txt forbids {barred} of {report.listed} listed articles, which are not asked for: "
            "read it in a browser, and ask the publisher whether that is meant"
        )
        yield Alarm(stage="fetch", cause=cause)


def _unknown(history: History) -> Iterable[Alarm]:
    part = total(history.today, lambda run: run.unknown)
    whole = total(history.today, lambda run: run.pages)
    if whole >= LEAST_PAGES and part > UNKNOWN_CEILING * whole and history.report.unknown:
        cause = (
            f"the access of {part} of {whole} pages today can't be told (usually none): their text "
            "is not kept; the marks in publishers/ may no longer fit the pages; "
            f"{_see(history.report)}"
        )
        yield Alarm(stage="normalise", cause=cause)


def _fields(history: History) -> Iterable[Alarm]:
    readable = total(history.today, lambda run: run.readable)
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


def _listing(history: History) -> Iterable[Alarm]:
    report = history.report
    if report.purpose != "present" or report.ending:
        return
    if not sum(lengths(report).values()) and report.listed == report.revisits:
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


def _usual_length(history: History, source: str) -> float | None:
    days = [
        [found[source] for run in runs if source in (found := lengths(run))]
        for runs in history.before.values()
    ]
    told = [median(day) for day in days if day]
    return median(told) if len(told) >= LEAST_DATES else None


def _dead(history: History) -> Iterable[Alarm]:
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
