"""Which held articles are due to be looked at again: from the catalogue, which comes from the bucket."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve
from sqlalchemy import create_engine, text

from archive.catalogue import Catalogue
from archive.catalogue.looking import due_in
from archive.intervals import DEFAULT, parse_intervals
from archive.records import Capture, CrawlLine, LedgerLine, RunBooks, RunReport

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PUBLISHER = "nzherald"
INTERVALS = parse_intervals(DEFAULT)


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with Catalogue(f"sqlite:///{tmp_path / 'catalogue.db'}") as opened:
        yield opened


def run_of(*seen: tuple[str, timedelta, datetime], zone: str = "Pacific/Auckland") -> RunBooks:
    """A run that asked for these: an id, the age now, and when it was asked."""
    at = seen[0][2]
    run_id = f"{at:%Y%m%dT%H%M%S}Z-{seen[0][0]}"
    names = ["listed", "archived", "unchanged", "skipped", "failed", "pending", "new_articles"]
    counts = dict.fromkeys([*names, "new_revisions", "requests", "bytes"], 0)
    lines, ledger, captures = [], [], []
    for article_id, age, asked_at in seen:
        url = f"https://news.example/world/{article_id}/"
        lines.append(
            CrawlLine(
                article_id=article_id, url=url, state="fetched", listed_at=at, asked_at=asked_at
            )
        )
        ledger.append(
            LedgerLine(article_id=article_id, url=url, outcome="archived", reason="x", listed_at=at)
        )
        captures.append(
            Capture(
                article_id=article_id,
                revision="r",
                access="free",
                publisher=PUBLISHER,
                run_id=run_id,
                captured_at=asked_at,
                url=url,
                date_published=NOW - age,
                reader="r",
                reader_version="1",
            )
        )
    report = RunReport(
        run_id=run_id, publisher=PUBLISHER, started_at=at, ended_at=at, balanced=True, **counts
    )
    return RunBooks(
        report=report,
        crawl_lines=tuple(lines),
        ledger=tuple(ledger),
        captures=tuple(captures),
        timezone=zone,
    )


def due(catalogue: Catalogue, now: datetime = NOW, limit: int = 100) -> list[str]:
    found = catalogue.due(PUBLISHER, INTERVALS, now=now, limit=limit)
    return [article_id for article_id, _ in found]


@pytest.mark.parametrize(
    ("age", "pause"),
    [(23 * HOUR, 2 * HOUR), (25 * HOUR, 6 * HOUR), (8 * DAY, 7 * DAY), (400 * DAY, 30 * DAY)],
)
def test_each_age_has_its_interval(catalogue: Catalogue, age: timedelta, pause: timedelta) -> None:
    minute = timedelta(minutes=1)
    catalogue.take_in(run_of(("early", age, NOW - pause + minute), ("late", age, NOW - pause)))
    assert due(catalogue) == ["late"]


def test_the_longest_overdue_comes_first_over_all_ages(catalogue: Catalogue) -> None:
    catalogue.take_in(
        run_of(
            ("old", 400 * DAY, NOW - 30 * DAY - HOUR),
            ("young", HOUR, NOW - 4 * HOUR),
            ("older", 900 * DAY, NOW - 33 * DAY),
        )
    )
    assert due(catalogue) == ["older", "young", "old"]
    assert due(catalogue, limit=2) == ["older", "young"]
    assert due(catalogue, limit=0) == []
    assert catalogue.due(PUBLISHER, INTERVALS, now=NOW, limit=1)[0][1].endswith("/older/")
    assert catalogue.due("other", INTERVALS, now=NOW, limit=9) == []


def test_neither_order_nor_time_zone_changes_what_is_due(tmp_path: Path) -> None:
    chance = random.Random(1)  # noqa: S311 - no secret
    runs = [
        (f"a{n}", chance.choice([HOUR, DAY, 8 * DAY, 400 * DAY]), NOW - n * 5 * HOUR)
        for n in range(40)
    ]
    found = []
    for turn, zone in enumerate(["Pacific/Auckland", "UTC", "America/Los_Angeles"]):
        with Catalogue(f"sqlite:///{tmp_path / f'{turn}.db'}") as catalogue:
            for one in chance.sample(runs, len(runs)):
                catalogue.take_in(run_of(one, zone=zone))
            found.append(due(catalogue))
    assert found[0] == found[1] == found[2] != []


def test_neither_question_reads_all_that_is_held(catalogue: Catalogue, tmp_path: Path) -> None:
    catalogue.take_in(run_of(("a", HOUR, NOW)))
    engine = create_engine(f"sqlite:///{tmp_path / 'catalogue.db'}")
    with engine.connect() as connection:
        for band in INTERVALS.bands:
            query = due_in(band, PUBLISHER, NOW, 9).compile(
                engine, compile_kwargs={"literal_binds": True}
            )
            plan = str(connection.execute(text(f"EXPLAIN QUERY PLAN {query}")).all())
            index = "asks_by_age" if band.oldest else "asks_by_time"
            assert f"COVERING INDEX {index}" in plan
            assert "TEMP B-TREE" not in plan
    engine.dispose()


def test_what_is_not_held_is_never_due(catalogue: Catalogue) -> None:
    books = run_of(("video", HOUR, NOW - 50 * DAY))
    catalogue.take_in(evolve(books, captures=()))
    assert due(catalogue) == []
