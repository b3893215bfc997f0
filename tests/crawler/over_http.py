"""Crawls as an operator's: a child process, over HTTP, and then each stage."""

import gzip

from attrs import define, field

from archive.connect import Archive
from archive.errors import ArchiveError
from archive.records import CrawlSummary, RunReport
from demo.newspaper import Newspaper
from pipelines import steps
from pipelines.pages.workers import Readers
from tests.crawler.crawling import Crawling
from tests.crawler.random_site import Visit


@define(kw_only=True)
class OverHttp:
    """Crawls of one newspaper that is on the network into one archive."""

    archive: Archive
    newspaper: Newspaper
    readers: Readers
    asked: list[str] = field(factory=list)
    sent: dict[str, bytes] = field(factory=dict)

    def visit(self, visit: Visit) -> tuple[CrawlSummary, RunReport] | None:
        """Crawl and keep the books. None when there are none to keep."""
        self.newspaper.profile = visit.profile
        self.newspaper.clock.set(visit.at)
        self.newspaper.log.clear()
        crawling = Crawling(self.archive, self.newspaper)
        plan = crawling.plan()
        if visit.repairs:
            day = visit.at.date()
            plan = crawling.plan(since=day, until=day, repairs=True, ask="missing")
        process = crawling.process(plan, request_budget=visit.request_budget)
        process.start()
        error = None
        try:
            process.wait()
        except ArchiveError as ended:
            error = str(ended)
        self._note_answers()
        return self._keep_books(crawling, process.salvaged, error)

    def _keep_books(
        self, crawling: Crawling, summary: CrawlSummary | None, error: str | None
    ) -> tuple[CrawlSummary, RunReport] | None:
        if summary is None:
            return None
        archive = Archive(
            settings=crawling.settings, store=self.archive.store, catalogue=self.archive.catalogue
        )
        keys = [
            steps.normalise_warc(archive, summary.run_id, key, readers=self.readers)
            for key in summary.warc_keys
        ]
        steps.catalogue(archive, summary, keys)
        return summary, steps.reconcile(archive, summary, keys, error=error)

    def _note_answers(self) -> None:
        self.sent.clear()
        for entry in self.newspaper.log:
            address = f"{entry.path}?{entry.query}" if entry.query else entry.path
            url = self.newspaper.origin + address
            self.asked.append(url)
            if entry.status == 200:
                body = self.newspaper.bytes_sent(address)
                is_packed = body.startswith(b"\x1f\x8b")
                self.sent[url] = gzip.decompress(body) if is_packed and body else body
