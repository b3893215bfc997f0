"""A crawl is killed at any moment, or its disk fills up: nothing but whole records reaches the bucket."""

import io
import os
import random
import time
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.connect import Archive
from archive.warc import read_pages
from demo.newspaper import Newspaper
from tests.archive.warc_support import check
from tests.crawler.crawling import PUBLISHER, Crawling, records, wait_for
from tests.faults.length import LONG

ROUNDS = 40 if LONG else 4

SMALL = 60_000
"""Bytes of a WARC file, so that a kill may come while one is closed, indexed, sent or removed."""


@pytest.fixture
def crawling(archive: Archive, newspaper: Newspaper) -> Crawling:
    return Crawling(archive, newspaper)


def kill_at(crawling: Crawling, requests: int, then_seconds: float) -> str:
    """Kill a crawl some time after so many requests; returns its run id."""
    before = crawling.newspaper.log.total
    process = crawling.process(plan := crawling.plan(ask="all"), warc_bytes=SMALL)
    process.start()
    wait_for(lambda: crawling.newspaper.log.total >= before + requests)
    time.sleep(then_seconds)
    crawling.kill(process)
    return plan.run_id


def warc_files(crawling: Crawling, folder: Path) -> list[Path]:
    """Every WARC file of the bucket, on the disk."""
    store, found = crawling.archive.store, []
    for key in store.list_keys(f"{PUBLISHER}/warc/"):
        if key.endswith(".gz"):
            found.append(folder / key.rpartition("/")[2])
            store.download(key, found[-1])
            assert store.get(f"{key}.cdxj"), key
    return found


def check_whole(path: Path) -> int:
    """A file is whole records from its first byte to its last, each with its digest; returns how many."""
    content = path.read_bytes()
    number = sum(1 for _ in records(content))
    check(path)
    assert len(list(ArchiveIterator(io.BytesIO(content)))) == number
    assert content.startswith(b"\x1f\x8b")
    return number


def test_killed_at_any_moment_a_crawl_leaves_whole_records_only(
    crawling: Crawling, tmp_path: Path
) -> None:
    chance = random.Random(os.environ.get("FAULTS_SEED", "1"))  # noqa: S311 - a moment, no secret
    killed, pages = [], 0
    for _ in range(ROUNDS):
        killed.append(kill_at(crawling, chance.randint(1, 60), chance.uniform(0, 0.05)))
        for path in crawling.settings.home.glob("spool/*/*.warc.gz.open"):
            pages += path.stat().st_size > 0
    assert pages, "no kill hit a file that was being written"
    crawling.run()
    assert not list(crawling.settings.home.glob("spool/*")), "something waits for nobody"
    files = warc_files(crawling, tmp_path)
    assert sum(map(check_whole, files)) > ROUNDS * 10
    for run_id in killed:
        assert any(run_id in path.name for path in files), run_id
    for path in files:
        for page in read_pages(path, file=path.name):
            assert page.warc.content_digest


@pytest.mark.parametrize("left", ["cdxj", "cdxj.open", "both"])
def test_what_a_kill_left_of_an_index_waits_for_nobody(crawling: Crawling, left: str) -> None:
    folder = crawling.settings.home / "spool" / "20260301T221500Z-1f2e3d4c"
    folder.mkdir(parents=True)
    (folder / "publisher.lock").write_text(PUBLISHER)
    for ending in ("cdxj", "cdxj.open") if left == "both" else (left,):
        (folder / f"{folder.name}-00000.warc.gz.{ending}").write_text("a 2026 {}\n")
    crawling.run(since=(day := crawling.newspaper.edition.days[3]), until=day)
    assert not folder.exists()
