"""How fast the catalogue is filled again from the bucket, and whether it is what it was, row for row.

    python -m benchmarks.rebuild                       # 20,000 articles in 400 runs: a minute
    python -m benchmarks.rebuild --articles 100000

The books of the runs are generated (captures, ledger, crawl lines, sketches) and lie in a real object
store; one article in five is captured a second time. The catalogue first grows run by run, out of
order, then ``rebuild`` fills a new one. Ends with 1 when a row differs, or when it is slower than is
asked for. Half of the time goes into the index of shared text.
"""

import argparse
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive import sketch_columns
from archive.codec import encode, encode_lines
from archive.connect import Archive, open_archive
from archive.keys import (
    captures_key,
    crawl_key,
    ledger_key,
    new_run_id,
    run_key,
    sha256_hex,
    sketches_key,
)
from archive.records import Capture, CrawlLine, LedgerLine, RunReport, Sketch, WarcPointer
from archive.settings import ArchiveSettings
from benchmarks.sketch_lookup import sketches
from cli.output import progress_bar, stdout, table
from pipelines import steps
from pipelines.steps.books import take_in

PUBLISHER = "nzherald"
START = datetime(2026, 3, 1, tzinfo=UTC)
FLOOR = 400
"""Captures a second that a rebuild must reach."""


def make(archive: Archive, articles: int, runs: int) -> list[str]:
    """Write the books of so many runs into the bucket; returns their ids."""
    made = list(sketches(articles))
    each = articles // runs
    ids = []
    with progress_bar() as bar:
        for number in bar.track(range(runs), description="writing books"):
            at = START + timedelta(minutes=30 * number)
            new = made[number * each : (number + 1) * each]
            again = made[max(0, number - 48) * each :][: each // 5] if number else []
            ids.append(_write(archive, at, new, again))
    return ids


def _write(archive: Archive, at: datetime, new: Sequence[Sketch], again: Sequence[Sketch]) -> str:
    run_id, store = new_run_id(at, ""), archive.store
    captures = [_capture(one, run_id, at) for one in (*new, *again)]
    ledger = [_ledger_line(one, new=one in new, at=at) for one in (*new, *again)]
    lines = [_crawl_line(one, at) for one in ledger]
    store.put_once(captures_key(PUBLISHER, run_id), encode_lines(captures))
    store.put_once(ledger_key(PUBLISHER, run_id), encode_lines(ledger))
    store.put_once(crawl_key(PUBLISHER, run_id), encode_lines(lines))
    store.put_once(sketches_key(PUBLISHER, run_id), sketch_columns.encode(new))
    report = _report(run_id, at, len(new), len(again))
    store.put_once(run_key(PUBLISHER, run_id), encode(report))
    return run_id


def _capture(sketch: Sketch, run_id: str, at: datetime) -> Capture:
    url = f"https://www.nzherald.co.nz/world/a-story-of-some-length/{sketch.article_id}/"
    digest = "sha256:" + sha256_hex(sketch.article_id.encode())
    return Capture(
        article_id=sketch.article_id,
        revision=sha256_hex(f"{sketch.article_id} of {at.day}".encode()),
        access="free",
        publisher=PUBLISHER,
        run_id=run_id,
        captured_at=at,
        url=url,
        canonical_url=url,
        section="world",
        sections=("world", "world/asia"),
        keywords=("Elections", "Asia", "Trade"),
        access_evidence=("fusion:isPremium=false", "json-ld:isAccessibleForFree=true"),
        date_published=at - timedelta(hours=1),
        date_published_raw=at.isoformat(),
        in_language="en-NZ",
        warc=WarcPointer(
            file=f"{PUBLISHER}/warc/{run_id}-00000.warc.gz",
            offset=1,
            record_id="urn:uuid:0",
            payload_digest=digest,
            content_digest=digest,
        ),
        reader="nzherald-fusion",
        reader_version="2-tf2.3.1",
        provenance={"headline": "json-ld:headline", "body": "fusion:content_elements"},
    )


def _ledger_line(sketch: Sketch, *, new: bool, at: datetime) -> LedgerLine:
    return LedgerLine(
        article_id=sketch.article_id,
        url=f"https://www.nzherald.co.nz/world/a-story/{sketch.article_id}/",
        outcome="archived",
        reason="new_article" if new else "new_revision",
        sources=("sitemap",),
        listed_at=at,
        http_status=200,
        access="free",
    )


def _crawl_line(line: LedgerLine, at: datetime) -> CrawlLine:
    return CrawlLine(
        article_id=line.article_id,
        url=line.url,
        state="fetched",
        sources=line.sources,
        listed_at=at,
        asked_at=at,
        http_status=200,
        access="free",
        etag='"1"',
    )


def _report(run_id: str, at: datetime, new: int, again: int) -> RunReport:
    return RunReport(
        run_id=run_id,
        publisher=PUBLISHER,
        started_at=at,
        ended_at=at + timedelta(minutes=5),
        listed=new + again,
        archived=new + again,
        unchanged=0,
        skipped=0,
        failed=0,
        pending=0,
        new_articles=new,
        new_revisions=again,
        requests=new + again,
        bytes=0,
        balanced=True,
    )


def rows(path: Path) -> Iterator[tuple[object, ...]]:
    """Yield every row of every table of a catalogue, in order."""
    with sqlite3.connect(path) as database:
        names = database.execute("SELECT name FROM sqlite_master WHERE type='table' ORDER BY name")
        for (name,) in names.fetchall():
            order = ", ".join(
                str(number + 1)
                for number in range(len(database.execute(f"PRAGMA table_info({name})").fetchall()))
            )
            for row in database.execute(f"SELECT * FROM {name} ORDER BY {order}"):  # noqa: S608 - its own tables
                yield (name, *row)
    database.close()


def main() -> None:
    """Print how many captures a second a rebuild takes in, and whether the catalogue is equal."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=400)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = ArchiveSettings(home=Path(folder))
        path = settings.home / "catalogue.db"
        with open_archive(settings) as archive:
            ids = make(archive, asked.articles, asked.runs)
            random.Random(1).shuffle(ids)  # noqa: S311 - the same each time
            assert all(take_in(archive, PUBLISHER, ids))  # noqa: S101 - what was just written
            (captures,) = sqlite3.connect(path).execute("SELECT count(*) FROM captures").fetchone()
            grown = list(rows(path))
        with open_archive(settings, fresh_catalogue=True) as archive:
            started = time.perf_counter()
            broken = steps.rebuild(archive)
            seconds = time.perf_counter() - started
        is_equal = not broken and grown == list(rows(path))
        size = path.stat().st_size
    rate = captures / seconds
    row = (
        asked.articles,
        captures,
        f"{rate:.0f}",
        f"{size / 1e6:.0f} MB",
        is_equal,
    )
    columns = ("articles", "captures", "captures a second", "on disk", "equal")
    stdout.print(table("The catalogue, rebuilt", columns, [row]))
    sys.exit(not is_equal or rate < FLOOR)


if __name__ == "__main__":
    main()
