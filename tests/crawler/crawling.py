"""A crawl as its parents start it, and what a test wants to know of it afterwards."""

import dataclasses
import os
import signal
import time
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from attrs import define, evolve, field

from archive.closing import turnstile_key
from archive.codec import decode_lines
from archive.connect import Archive
from archive.errors import FailedError
from archive.keys import new_run_id
from archive.members import Member, read_member
from archive.records import (
    Capture,
    CrawlLine,
    CrawlPlan,
    CrawlSummary,
    LedgerLine,
    RunBooks,
    RunReport,
)
from archive.settings import ArchiveSettings
from archive.warc import PageRecord, read_pages
from crawler.child import CrawlProcess, LogLine
from demo.newspaper import Newspaper, Story

PUBLISHER = "nzherald"


@define
class Crawling:
    """Starts crawls of one newspaper into one archive."""

    archive: Archive
    newspaper: Newspaper
    listing_days: int = 2
    log: list[LogLine] = field(factory=list)
    runs: int = 0

    @property
    def settings(self) -> ArchiveSettings:
        return self.archive.settings.model_copy(update={"publisher_origin": self.newspaper.origin})

    def plan(self, **changes: Any) -> CrawlPlan:
        self.runs += 1
        now = self.newspaper.clock.now()
        run_id = new_run_id(now, f"{self.newspaper.origin}-{self.runs}")
        return evolve(CrawlPlan(run_id=run_id, publisher=PUBLISHER, started_at=now), **changes)

    def kill(self, process: CrawlProcess) -> None:
        """SIGKILL for a crawl, as when a machine loses its power; its turn counts as lost at once."""
        assert process._process is not None
        os.killpg(process._process.pid, signal.SIGKILL)
        with pytest.raises(FailedError, match="signal 9"):
            process.wait()
        # As if the two minutes had passed.
        self.archive.store.delete(turnstile_key(PUBLISHER))

    def process(self, plan: CrawlPlan, **settings: Any) -> CrawlProcess:
        return CrawlProcess(
            plan,
            home=self.settings.home,
            on_log=self.log.append,
            settings=self.settings.model_copy(update=settings),
        )

    def run(self, *, settings: dict[str, Any] | None = None, **plan: Any) -> CrawlSummary:
        process = self.process(self.plan(**plan), **(settings or {}))
        process.start()
        return process.wait()

    def lines(self, summary: CrawlSummary) -> dict[str, CrawlLine]:
        assert summary.crawl_key is not None
        content = self.archive.store.get(summary.crawl_key)
        return {line.article_id: line for line in decode_lines(content, CrawlLine)}

    def take_in(self, summary: CrawlSummary) -> None:
        """Put the run into the catalogue, as its reconciliation would."""
        lines = self.lines(summary)
        words = {"fetched": "archived", "not_modified": "unchanged", "not_due": "unchanged"}
        ledger = [
            LedgerLine(
                article_id=line.article_id,
                url=line.url,
                outcome=words.get(line.state, line.state),  # type: ignore[arg-type]
                reason=line.reason or "new_article",
                sources=line.sources,
                listed_at=line.listed_at,
            )
            for line in lines.values()
        ]
        report = RunReport(
            run_id=summary.run_id,
            publisher=PUBLISHER,
            started_at=summary.started_at,
            ended_at=summary.ended_at,
            listed=len(lines),
            archived=0,
            unchanged=0,
            skipped=0,
            failed=0,
            pending=summary.states.get("pending", 0),
            new_articles=0,
            new_revisions=0,
            requests=summary.requests,
            bytes=summary.bytes,
            balanced=True,
            stopped=summary.stopped,
            days=summary.days,
            purpose=summary.purpose,
            ending=summary.ending,
            asked=sum(line.asked_at is not None for line in lines.values()),
        )
        books = RunBooks(
            report=report,
            crawl_lines=tuple(lines.values()),
            ledger=tuple(ledger),
            captures=tuple(
                _capture(summary.run_id, line) for line in lines.values() if line.state == "fetched"
            ),
        )
        self.archive.catalogue.take_in(books)

    def pages(self, summary: CrawlSummary) -> list[PageRecord]:
        return [
            page
            for key in summary.warc_keys
            for page in read_pages(self.archive.store.get(key), file=key)
        ]

    def listed_stories(self, days: int | None = None) -> dict[str, Story]:
        """The World stories of the days that are listed, as the newspaper itself knows them."""
        wanted = self.newspaper.edition.days[-(days or self.listing_days) :]
        return {
            story.article_id: story
            for story in self.newspaper.newsroom.stories()
            if story.path.startswith("/world/") and story.date_published.date() in wanted
        }

    def asked_articles(self) -> list[str]:
        return [
            path
            for path in self.newspaper.log.paths()
            if len(path.rstrip("/").rpartition("/")[2]) == 26
        ]

    def everything_kept(self) -> Iterator[tuple[str, bytes]]:
        """Every file below the home and every object, and what is in them when they are packed."""
        for path in sorted(self.settings.home.rglob("*")):
            if path.is_file():
                yield from unpacked(str(path), path.read_bytes())
        for key in self.archive.store.list_keys(""):
            yield from unpacked(key, self.archive.store.get(key))


def _capture(run_id: str, line: CrawlLine) -> Capture:
    assert line.asked_at is not None
    return Capture(
        article_id=line.article_id,
        revision="r1",
        access=line.access or "unknown",
        publisher=PUBLISHER,
        run_id=run_id,
        captured_at=line.asked_at,
        url=line.url,
        reader="test",
        reader_version="1",
    )


def records(content: bytes) -> Iterator[Member]:
    offset = 0
    while offset < len(content):
        member = read_member(content, offset, name="test")
        yield member
        offset = member.end


def unpacked(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """What a file holds, and what is in it when it is packed."""
    yield name, content
    if not content.startswith(b"\x1f\x8b"):
        return
    for member in records(content):
        yield f"{name}@{member.offset}", member.content
        body = member.content.partition(b"\r\n\r\n")[2].partition(b"\r\n\r\n")[2]
        if body.startswith(b"\x1f\x8b"):
            yield f"{name}@{member.offset} decoded", zlib.decompressobj(31).decompress(body)


def change_profile(newspaper: Newspaper, **changes: object) -> None:
    newspaper.profile = dataclasses.replace(newspaper.profile, **changes)


def events(crawling: Crawling, level: str) -> list[LogLine]:
    return [line for line in crawling.log if line.level == level]


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
