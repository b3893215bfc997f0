"""Crawls in this process: no socket, no child, no waiting.

The made-up newspaper's own routes give the answers, its faults spoil them; everything of ours is real.
"""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from attrs import define, evolve, field
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError
from scrapy.http import Response

import publishers
from archive.connect import Archive
from archive.keys import new_run_id
from archive.lease import Clocks, Turnstile
from archive.records import CrawlPlan, CrawlSummary, RunReport
from crawler.context import CrawlContext
from crawler.middlewares.capture import CaptureMiddleware
from crawler.middlewares.manners import MannersMiddleware
from crawler.one_crawl import bring_in
from crawler.oversize import OVERSIZE
from crawler.pace import Pace
from crawler.recorder import Recorder, Spool
from crawler.spiders.articles import ArticlesSpider
from demo.newspaper import Newspaper, Profile
from demo.newspaper.delivery import encode
from demo.newspaper.fault import go_wrong
from demo.newspaper.routes import respond
from demo.newspaper.routing import Answer, Call, etag
from pipelines import steps
from pipelines.pages.workers import Readers
from publishers.spec import SectionPage
from tests.crawler.crawling import PUBLISHER
from tests.crawler.random_site import Visit


class Ticking:
    """A clock that goes on a little each time it is asked, and at once over every wait."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def __call__(self) -> datetime:
        self._at += timedelta(milliseconds=20)
        return self._at

    def uptime(self) -> float:
        return self().timestamp()

    def skip(self, seconds: float) -> None:
        self._at += timedelta(seconds=max(0, seconds))


class Unhurried(Pace):
    """Waits by such a clock."""

    ticking: Ticking

    async def wait(self, seconds: float) -> None:
        self.ticking.skip(seconds)
        await super().wait(0)


@define(kw_only=True)
class InProcess:
    """Crawls of one random site into one archive."""

    archive: Archive
    newspaper: Newspaper
    readers: Readers
    folder: Path
    asked: list[str] = field(factory=list)
    """Addresses asked for, over all visits."""

    sent: dict[str, bytes] = field(factory=dict)
    """Bodies that arrived whole with status 200, by address, of the current visit."""

    def visit(self, visit: Visit) -> tuple[CrawlSummary, RunReport] | None:
        """Crawl and keep the books. None when there are none to keep."""
        self.newspaper.profile = visit.profile
        self.newspaper.clock.set(visit.at)
        self.sent.clear()
        context = self._context(visit)
        wire = _Wire(self, context, visit)
        spider = ArticlesSpider(context=context)
        wire.spider = spider
        spider.crawler = cast("Crawler", SimpleNamespace(engine=wire))
        asyncio.run(_through(spider))
        context.pace.close()
        try:
            summary = bring_in(context)
        finally:
            if context.recorder is not None:
                context.recorder.release()
        if summary.crawl_key is None:
            return None
        archive = context.archive
        keys = [
            steps.normalise_warc(archive, summary.run_id, key, readers=self.readers)
            for key in summary.warc_keys
        ]
        steps.catalogue(archive, summary, keys)
        error = str(context.error) if context.error else None
        return summary, steps.reconcile(archive, summary, keys, error=error)

    def _context(self, visit: Visit) -> CrawlContext:
        origin = self.newspaper.origin
        settings = self.archive.settings.model_copy(
            update={"publisher_origin": origin, "request_budget": visit.request_budget}
        )
        archive = evolve(self.archive, settings=settings)
        run_id = new_run_id(visit.at, f"{origin}-{visit.at}")
        plan = CrawlPlan(run_id=run_id, publisher=PUBLISHER, started_at=visit.at)
        if visit.repairs:
            day = visit.at.date()
            plan = evolve(plan, since=day, until=day, repairs=True, ask="missing")
        clock = Ticking(visit.at)
        recorder = Recorder(
            Spool(self.folder / run_id, PUBLISHER), archive.store, {}, clock, rotate_bytes=10**9
        )
        recorder.start()
        stop = asyncio.Event()
        turnstile = Turnstile(
            archive.store, PUBLISHER, run_id, Clocks(now=clock, uptime=clock.uptime)
        )
        pace = Unhurried(turnstile, 0, stop, publisher=PUBLISHER, clock=clock)
        pace.ticking = clock
        publisher = publishers.get(PUBLISHER).with_origin(origin)
        if not visit.pages:
            fewer = [one for one in publisher.announcements if not isinstance(one, SectionPage)]
            publisher = evolve(publisher, announcements=tuple(fewer))
        return CrawlContext(
            plan=plan,
            publisher=publisher,
            archive=archive,
            recorder=recorder,
            clock=clock,
            stop=stop,
            pace=pace,
        )


class _Wire:
    """Stands where Scrapy's engine stands: through the manners, to the newspaper, through the capture."""

    spider: ArticlesSpider

    def __init__(self, site: InProcess, context: CrawlContext, visit: Visit) -> None:
        self._site = site
        self._context = context
        self._visit = visit
        crawler = cast("Crawler", self)
        self._manners = MannersMiddleware(crawler)
        self._capture = CaptureMiddleware(crawler)

    async def download_async(self, request: Request) -> Response:
        await self._manners.process_request(request)
        self._site.asked.append(request.url)
        if self._context.requests == self._visit.stop_after:
            self._context.stop.set()
        return await self._capture.process_response(request, self._answer(request))

    def _answer(self, request: Request) -> Response:
        paper = self._site.newspaper
        path, _, query = request.url.removeprefix(paper.origin).partition("?")
        call = Call(site=paper.site, path=path, query=query)
        answer, fault = respond(call), paper.fault(path)
        if fault is not None:
            answer = go_wrong(fault, call, answer)
        return self._received(request, _conditional(request, answer, paper.profile))

    def _received(self, request: Request, answer: Answer) -> Response:
        delivery = answer.delivery
        if delivery.reset:
            raise DownloadFailedError
        if delivery.hold_seconds:
            raise DownloadTimeoutError
        headers = {"Content-Type": answer.content_type, **answer.headers}
        body = answer.body
        if delivery.coding in {"br", "gzip"}:
            body = encode(body, delivery.coding)
            headers["Content-Encoding"] = delivery.coding
        flags = []
        if delivery.sent_share < 1:
            body, flags = body[: int(len(body) * delivery.sent_share)], ["dataloss"]
        if delivery.repeats > 1:
            request.meta[OVERSIZE] = True
        elif answer.status == 200 and not flags:
            self._site.sent[request.url] = answer.body
        return Response(request.url, status=answer.status, headers=headers, body=body, flags=flags)


def _conditional(request: Request, answer: Answer, profile: Profile) -> Answer:
    if answer.modified_at is None or not profile.validators:
        return answer
    tag = etag(answer.body)
    answer = answer.with_headers(ETag=tag)
    if request.headers.get("If-None-Match") == tag.encode():
        return evolve(answer, status=304, body=b"", compressed=None)
    return answer


async def _through(spider: ArticlesSpider) -> None:
    async for _ in spider.start():
        pass
