"""Counting what is held, by date of the publisher."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Column, Connection, Select, Table, and_, func, select

from archive.catalogue.tables import articles, ledger, runs
from archive.codec import decode
from archive.records import DayCoverage, DayFields, RunReport

HELD = "archived"


def coverage(
    connection: Connection, publisher: str, since: date | None, until: date | None
) -> list[DayCoverage]:
    """Return how much is held of what was listed for each date that has any, in order."""
    held = _between(articles, articles.c.day, publisher, since, until)
    held = held.with_only_columns(articles.c.day, func.count()).group_by(articles.c.day)
    same = and_(
        ledger.c.publisher == articles.c.publisher, ledger.c.article_id == articles.c.article_id
    )
    missing = _between(ledger, ledger.c.day, publisher, since, until)
    missing = (
        missing.with_only_columns(ledger.c.day, ledger.c.outcome, func.count())
        .select_from(ledger.outerjoin(articles, same))
        .where(articles.c.article_id.is_(None))
        .group_by(ledger.c.day, ledger.c.outcome)
    )
    days: dict[date, Counter[str]] = {}
    for day, number in connection.execute(held):
        days.setdefault(day, Counter())[HELD] += number
    for day, outcome, number in connection.execute(missing):
        days.setdefault(day, Counter())[outcome] += number
    return [_of_day(day, days[day]) for day in sorted(days)]


def _of_day(day: date, ended: Counter[str]) -> DayCoverage:
    listed, archived = ended.total(), ended[HELD]
    left = {outcome: number for outcome, number in sorted(ended.items()) if outcome != HELD}
    share = archived / listed if listed else 1.0
    return DayCoverage(day=day, listed=listed, archived=archived, share=share, left=left)


def fill_rates(
    connection: Connection, publisher: str, since: date | None, until: date | None
) -> list[DayFields]:
    """Return how often each watched field was found by the runs of each date, in order."""
    query = _between(runs, runs.c.day, publisher, since, until)
    rows = connection.execute(query.with_only_columns(runs.c.day, runs.c.record))
    reports: dict[date, list[RunReport]] = {}
    for day, record in rows:
        reports.setdefault(day, []).append(decode(record.encode(), RunReport))
    found = (_fields(day, reports[day]) for day in sorted(reports))
    return [one for one in found if one.readable]


def _fields(day: date, reports: Iterable[RunReport]) -> DayFields:
    filled: Counter[str] = Counter()
    readable = 0
    for report in reports:
        readable += report.readable
        filled.update(report.filled)
    return DayFields(day=day, readable=readable, filled=dict(sorted(filled.items())))


def _between(
    table: Table, day: Column[Any], publisher: str, since: date | None, until: date | None
) -> Select[Any]:
    query = select(table).where(table.c.publisher == publisher)
    if since:
        query = query.where(day >= since)
    return query.where(day <= until) if until else query
