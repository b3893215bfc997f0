"""Reconcile a run: what became of everything listed, and whether the books balance.

A run is red (``balanced`` is False) when an article was listed twice in its crawl lines or stands in
none of them though an announcement named it, when a fetched page left no outcome, when an outcome
belongs to nothing that was listed, or when the crawl counted otherwise than its lines do.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any, cast, get_args
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from archive.errors import BrokenRecord
from archive.records import (
    REVISIT,
    Capture,
    CrawlLine,
    CrawlSummary,
    LedgerLine,
    Outcome,
    OutcomeKind,
    RunBooks,
    RunReport,
)
from pipelines.catalogue import catalogue

NO_OUTCOME = "no_outcome"
"""Reason of a page that was fetched and of which nothing more is known."""

GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
"""Answers that say that an article is no longer there."""

REMOVED = "removed"
"""Reason of a held article that a second look found gone, too."""

HELD_ELSEWHERE = frozenset({"alias", "forwarded", "access_unknown"})
"""Reasons of what was left out because it is held under another id, or from an earlier run."""


@frozen(kw_only=True)
class Calendar:
    """What decides to which date an article belongs."""

    timezone: str
    """The publisher's time zone."""

    first_seen: Mapping[str, datetime]
    """When articles known from earlier runs were first seen, by article id."""

    def day(self, capture: Capture) -> str:
        """Return an article's date: of publication, or on which it was first seen."""
        first_seen_at = self.first_seen.get(capture.article_id, capture.captured_at)
        instant = capture.date_published or min(first_seen_at, capture.captured_at)
        return instant.astimezone(ZoneInfo(self.timezone)).date().isoformat()


def reconcile(
    lines: Sequence[CrawlLine],
    outcomes: Iterable[Outcome],
    summary: CrawlSummary,
    calendar: Calendar,
    announced: Iterable[str] = (),
) -> RunBooks:
    """Return the ledger and the report of a run: exactly one of the five words for each article.

    ``announced`` are the article ids in the rows of the run's announcements.
    """
    all_outcomes = list(outcomes)
    merged = merge(all_outcomes)
    listed = {line.article_id: line for line in lines}
    ledger = tuple(_ledger_line(listed[key], merged.get(key)) for key in sorted(listed))
    report = _report(ledger, summary)
    balanced = (
        report.adds_up
        and len(listed) == len(lines)
        and listed.keys() >= merged.keys()
        and listed.keys() >= set(announced)
        and _states(lines) == {state: n for state, n in summary.states.items() if n}
        and all(line.reason != NO_OUTCOME for line in ledger)
    )
    archived = [o.capture for o in merged.values() if o.outcome == "archived" and o.capture]
    days = sorted({calendar.day(capture) for capture in archived})
    counts = {**_pages(ledger), **_asked(lines, ledger), **_fields(merged.values())}
    counts |= {"kinds": _kinds(merged.values()), "revisits": _revisits(lines)}
    return RunBooks(
        report=evolve(report, balanced=balanced, changed_days=tuple(days), **counts),
        crawl_lines=tuple(lines),
        ledger=ledger,
        captures=catalogue(all_outcomes, lines),
        timezone=calendar.timezone,
    )


def check(books: RunBooks, *, name: str) -> None:
    """Raise :class:`BrokenRecord`, naming ``name``, when a stored report is not that of its ledger."""
    report, words = books.report, Counter(line.outcome for line in books.ledger)
    ids = {line.article_id for line in books.ledger}
    told = {word: getattr(report, word) for word in get_args(OutcomeKind)}
    if not report.adds_up or len(ids) != len(books.ledger) or words != Counter(told):
        reason = f"the report counts {report.listed} listed, {told}; its ledger {dict(words)}"
        raise BrokenRecord(name, reason)


def merge(outcomes: Iterable[Outcome]) -> dict[str, Outcome]:
    """Return one outcome for each article: the last, unless an earlier one archived something.

    A run that meets a new article twice has archived a new article, though the second page was
    unchanged.
    """
    merged: dict[str, Outcome] = {}
    for outcome in sorted(outcomes, key=_order):
        before = merged.get(outcome.article_id)
        merged[outcome.article_id] = _stronger(before, outcome) if before else outcome
    return merged


def _order(outcome: Outcome) -> tuple[str, bool, str]:
    # Failures carry no time: they come first, so that a page that could be read counts.
    captured_at = outcome.capture.captured_at.isoformat() if outcome.capture else ""
    return outcome.article_id, outcome.capture is not None, captured_at


def _stronger(before: Outcome, later: Outcome) -> Outcome:
    if before.outcome != "archived":
        return later
    if before.reason != "new_article" and later.outcome == "archived":
        return later
    return before if later.outcome == "skipped" else evolve(before, capture=later.capture)


def _ledger_line(line: CrawlLine, match: Outcome | None) -> LedgerLine:
    outcome, reason = _verdict(line, match)
    capture = match.capture if match else None
    return LedgerLine(
        article_id=line.article_id,
        url=line.url,
        outcome=outcome,
        reason=reason,
        sources=line.sources,
        listed_at=line.listed_at,
        http_status=line.http_status,
        access=capture.access if capture and not capture.is_removal else line.access,
        revision=capture.revision if capture else None,
    )


def _verdict(line: CrawlLine, match: Outcome | None) -> tuple[OutcomeKind, str]:
    # Of a page that came in part the crawl knows better than its reader what went wrong.
    failed_twice = match is not None and match.outcome == line.state == "failed"
    if match is not None and not failed_twice:
        return match.outcome, match.reason
    if line.state == "fetched":
        return "failed", NO_OUTCOME
    if line.state in {"not_modified", "not_due"}:
        return "unchanged", line.reason or line.state
    return cast("OutcomeKind", line.state), line.reason or line.state


def _states(lines: Iterable[CrawlLine]) -> dict[str, int]:
    return dict(Counter(line.state for line in lines))


def _pages(ledger: Iterable[LedgerLine]) -> dict[str, int]:
    pages = [line for line in ledger if line.http_status == HTTPStatus.OK]
    # What came in an article's place, or could not be read, counts as that and says nothing of access.
    articles = [line for line in pages if _is_kept(line) or line.reason == "access_unknown"]
    access = Counter(line.access for line in articles)
    return {"pages": len(pages), "premium": access["premium"], "unknown": access["unknown"]}


def _asked(lines: Iterable[CrawlLine], ledger: Iterable[LedgerLine]) -> dict[str, Any]:
    requested = {line.article_id for line in lines if line.asked_at is not None}
    asked = [line for line in ledger if line.article_id in requested and line.outcome != "pending"]
    words = Counter(map(_word, asked))
    otherwise = Counter(line.reason for line in asked if _word(line) == "otherwise")
    return {
        "asked": sum(_is_kept(line) or line.outcome == "failed" for line in asked),
        **{word: words[word] for word in ("kept", "removed", "empty", "unreadable")},
        "otherwise": dict(sorted(otherwise.items())),
    }


def _word(line: LedgerLine) -> str:
    """Return under which word of the report an article counts that was asked for: exactly one."""
    if line.outcome == "archived" and line.reason == REMOVED:
        return "removed"
    if _is_kept(line):
        return "kept"
    if line.http_status in GONE or line.reason == "soft_404":
        return "removed"
    if line.reason in HELD_ELSEWHERE:
        return line.reason
    named = {"empty": "empty", "unreadable_page": "unreadable"}
    return named.get(line.reason, "otherwise")


def _is_kept(line: LedgerLine) -> bool:
    return line.outcome in {"archived", "unchanged"}


def _fields(outcomes: Iterable[Outcome]) -> dict[str, Any]:
    free = [one for one in outcomes if one.capture and one.capture.access == "free"]
    filled = Counter(name for one in free for name in one.filled)
    return {"readable": len(free), "filled": dict(sorted(filled.items()))}


def _kinds(outcomes: Iterable[Outcome]) -> dict[str, int]:
    kinds = Counter(kind for one in outcomes for kind in one.kinds if kind != "first")
    return dict(sorted(kinds.items()))


def _revisits(lines: Iterable[CrawlLine]) -> int:
    return sum(line.sources == (REVISIT,) for line in lines)


def _report(ledger: Sequence[LedgerLine], summary: CrawlSummary) -> RunReport:
    words = Counter(line.outcome for line in ledger)
    reasons = Counter(line.reason for line in ledger)
    return RunReport(
        run_id=summary.run_id,
        publisher=summary.publisher,
        started_at=summary.started_at,
        ended_at=summary.ended_at,
        listed=len(ledger),
        archived=words["archived"],
        unchanged=words["unchanged"],
        skipped=words["skipped"],
        failed=words["failed"],
        pending=words["pending"],
        new_articles=reasons["new_article"],
        new_revisions=reasons["new_revision"],
        requests=summary.requests,
        bytes=summary.bytes,
        reasons=dict(sorted(reasons.items())),
        balanced=False,
        stopped=summary.stopped,
        days=summary.days,
        purpose=summary.purpose,
        announcements=summary.announcements,
        other_sections=summary.other_sections,
        ending=summary.ending,
    )
