"""Reconcile a run: what became of everything listed, and whether the books balance.

A run is red (``balanced`` is False) when an article was listed twice in its crawl lines, when a
fetched page left no outcome, when an outcome belongs to nothing that was listed, or when the crawl
counted otherwise than its lines do.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from archive.records import (
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

ALIAS = "alias"
"""Reason of an address that leads to another article of the same run."""


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
) -> RunBooks:
    """Return the ledger and the report of a run: exactly one of the five words for each article."""
    all_outcomes = list(outcomes)
    merged = merge(all_outcomes)
    listed = {line.article_id: line for line in lines}
    matches = _match(listed, merged)
    ledger = tuple(_ledger_line(listed[key], matches.get(key)) for key in sorted(listed))
    explained = {match.article_id for match in matches.values()}
    balanced = (
        len(listed) == len(lines)
        and explained == set(merged)
        and _states(lines) == {state: n for state, n in summary.states.items() if n}
        and all(line.reason != NO_OUTCOME for line in ledger)
    )
    archived = [o.capture for o in merged.values() if o.outcome == "archived" and o.capture]
    days = sorted({calendar.day(capture) for capture in archived})
    return RunBooks(
        report=evolve(_report(ledger, summary), balanced=balanced, changed_days=tuple(days)),
        crawl_lines=tuple(lines),
        ledger=ledger,
        captures=catalogue(all_outcomes, lines),
        timezone=calendar.timezone,
    )


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


def _match(lines: Mapping[str, CrawlLine], merged: Mapping[str, Outcome]) -> dict[str, Outcome]:
    matches = {key: merged[key] for key in lines if key in merged}
    # An address that led to another article is counted by it, once.
    counted = set(matches)
    by_url = _by_url(merged.values())
    for key, line in lines.items():
        match = next(filter(None, map(by_url.get, (line.url, *line.aliases))), None)
        if key in matches or match is None or line.state != "fetched":
            continue
        is_counted = match.article_id in counted
        matches[key] = evolve(match, outcome="skipped", reason=ALIAS) if is_counted else match
        counted.add(match.article_id)
    return matches


def _by_url(outcomes: Iterable[Outcome]) -> dict[str, Outcome]:
    found: dict[str, Outcome] = {}
    for outcome in outcomes:
        if outcome.capture:
            found |= dict.fromkeys((outcome.capture.url, *outcome.capture.aliases), outcome)
    return found


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
        access=capture.access if capture else line.access,
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
    )
