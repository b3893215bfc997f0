"""Runs over the made-up newspaper's pages without a crawler: WARC, crawl lines and summary by hand."""

import atexit
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from archive.codec import encode_lines
from archive.connect import Archive
from archive.keys import crawl_key, new_run_id, warc_key
from archive.records import CrawlLine, CrawlSummary, RunReport
from archive.warc import AccessNote, WarcFile
from archive.warc_records import Exchange
from demo.newspaper import Newspaper, Story
from pipelines import steps
from pipelines.pages.workers import Readers

STARTED_AT = datetime(2026, 3, 1, 22, 15, tzinfo=UTC)
PUBLISHER = "nzherald"


class Run:
    """One run: pages are added, then the steps are taken."""

    def __init__(
        self, archive: Archive, newspaper: Newspaper, folder: Path, hours: int = 0
    ) -> None:
        self.archive = archive
        self.newspaper = newspaper
        self.started_at = STARTED_AT + timedelta(hours=hours)
        self.run_id = new_run_id(self.started_at, str(folder))
        self.warc_key = warc_key(PUBLISHER, self.run_id, 0)
        self.path = folder / f"{self.run_id}-00000.warc.gz"
        self._warc = WarcFile(self.path, {"software": "test"}, created_at=self.started_at)
        self.lines: list[CrawlLine] = []
        self._pages = 0

    def add(self, story: Story, content: bytes | None = None) -> None:
        """A story was fetched; ``content`` is what came instead of its page."""
        self._pages += 1
        at = self.started_at + timedelta(seconds=self._pages)
        url = self.newspaper.origin + story.path
        exchange = Exchange(
            url=url,
            captured_at=at,
            status=200,
            headers=(("Content-Type", "text/html; charset=utf-8"),),
            body=self.newspaper.page(story) if content is None else content,
        )
        self._warc.write(exchange, AccessNote(access="free", evidence=("test",)))
        self.list(story, "fetched", asked_at=at, http_status=200, etag=f'"{self._pages}"')

    def list(self, story: Story, state: str, **fields: object) -> None:
        """A story was listed, and this became of it."""
        if all(line.article_id != story.article_id for line in self.lines):
            self.lines.append(
                CrawlLine(
                    article_id=story.article_id,
                    url=self.newspaper.origin + story.path,
                    state=state,
                    listed_at=self.started_at,
                    **fields,
                )
            )

    def preserve(self) -> CrawlSummary:
        """The crawl has ended: WARC file and crawl lines are in the bucket."""
        path = self._warc.close()
        key = crawl_key(PUBLISHER, self.run_id)
        self.archive.store.upload_once(self.warc_key, path)
        self.archive.store.put_once(key, encode_lines(self.lines))
        return CrawlSummary(
            run_id=self.run_id,
            publisher=PUBLISHER,
            started_at=self.started_at,
            ended_at=self.started_at + timedelta(minutes=1),
            stopped=False,
            warc_keys=(self.warc_key,),
            crawl_key=key,
            states=dict(Counter(line.state for line in self.lines)),
            days=(self.started_at.date(),),
        )

    def finish(self) -> RunReport:
        """Take every step."""
        return take_steps(self.archive, self.preserve())


@cache
def readers() -> Readers:
    """Return reading processes that all tests of a session share: they take longer to start than to read."""
    made = Readers()
    atexit.register(made.close)
    return made


def take_steps(archive: Archive, summary: CrawlSummary) -> RunReport:
    """Normalise, catalogue and reconcile a preserved run."""
    keys = [
        steps.normalise_warc(archive, summary.run_id, key, readers=readers())
        for key in summary.warc_keys
    ]
    steps.catalogue(archive, summary, keys)
    return steps.reconcile(archive, summary, keys)


def stories(newspaper: Newspaper, variants: Sequence[str] = ("ap_wire",)) -> list[Story]:
    """Return the free stories of these kinds, the newest first."""
    found = [s for s in newspaper.edition.stories if s.variant in variants and s.access == "free"]
    return found[::-1]
