"""Run reports by hand, for tests of what is made of them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from archive.keys import new_run_id
from archive.records import AnnouncementRead, RunReport

MONDAY = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
"""A Monday afternoon in Auckland."""

NO_COUNTS: dict[str, Any] = dict.fromkeys(
    ("listed", "archived", "unchanged", "skipped", "failed", "pending"), 0
) | dict.fromkeys(("new_articles", "new_revisions", "requests", "bytes"), 0)


def report(at: datetime, **fields: Any) -> RunReport:
    """The report of a run over the present that read today and yesterday, unless told otherwise."""
    today = at.date()
    values: dict[str, Any] = {
        "run_id": new_run_id(at, "test"),
        "publisher": "nzherald",
        "started_at": at,
        "ended_at": at + timedelta(minutes=1),
        "balanced": True,
        "days": (today - timedelta(days=1), today),
    }
    return RunReport(**(NO_COUNTS | values | fields))


def read(source: str, listed: int = 25, problem: str | None = None) -> AnnouncementRead:
    """How one announcement answered."""
    return AnnouncementRead(
        source=source, url=f"u/{source}", seen_at=MONDAY, problem=problem, listed=listed
    )


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
