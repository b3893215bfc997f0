"""The one spider: finds what a publisher's section announces, then asks for what is due."""

import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from http import HTTPStatus
from time import monotonic
from typing import Any

import scrapy

from archive.errors import ArchiveError, ConfigurationError, PublisherUnreachable
from archive.records import Asked, CrawlState, LedgerLine
from crawler.book import Entry
from crawler.context import CrawlContext
from crawler.discovery import Discovery
from crawler.endings import BackedOff, EarlyEnd, NoAnswer, NotAsked, Why
from crawler.fetcher import Fetcher, Reply
from crawler.schedule import is_due

logger = logging.getLogger(__name__)

MOST_TROUBLE = 5
"""Articles in a row without an answer after which a crawl ends: the site has a problem, not they."""

_PROGRESS_SECONDS = 1.0


class ArticlesSpider(scrapy.Spider):
    """Crawls one section in two phases, one request after the other.

    Requests are awaited in place, not scheduled: what is asked next depends on what was answered
    (robots.txt, the index, a refusal), and the books must hold at every moment. Middlewares
    see every request and response as usual.
    """

    name = "articles"

    def __init__(self, context: CrawlContext | None = None, **kwargs: Any) -> None:  # noqa: ANN401 - Scrapy's
        super().__init__(**kwargs)
        if context is None:
            message = "the spider needs a plan: start it with `newsarchive crawl`"
            raise ConfigurationError(message)
        self.context = context

    async def start(self) -> AsyncIterator[Any]:
        """Crawl. How it ended stands in the context; nothing is raised and nothing yielded."""
        try:
            await self._crawl()
            self.context.finished = True
        except EarlyEnd as ending:
            self.context.ending = ending
        except Exception as error:  # noqa: BLE001 - run.py raises it again, Scrapy would only log it
            self.context.error = error
        for nothing in list[Any]():
            yield nothing

    async def _crawl(self) -> None:
        fetcher = Fetcher(self.context, self.crawler.engine.download_async)
        try:
            await Discovery(self.context, fetcher).run()
        except (EarlyEnd, ArchiveError):
            # Only what is due stays pending.
            self._due(only_listed=True)
            raise
        plan = self.context.plan
        due = self._due(only_listed=bool(plan.since or plan.until))
        if self.context.plan.dry_run:
            return
        trouble = 0
        progress = Progress(len(due))
        for entry, asked in due:
            trouble = 0 if await self._fetch(fetcher, entry, asked) else trouble + 1
            if trouble >= MOST_TROUBLE:
                self._give_up(entry)
            progress.step(entry)

    def _due(self, *, only_listed: bool) -> list[tuple[Entry, Asked | None]]:
        """Decide on everything listed, and return what to ask for, in order.

        What earlier runs left joins in, unless only what this one met is wanted.
        """
        context, book = self.context, self.context.book
        name = context.publisher.name
        left = self._left_by_earlier_runs()
        book.carry(line for line in left if not only_listed or line.article_id in book.entries)
        known = context.archive.catalogue.known(name, book.entries)
        held = context.archive.catalogue.seen(name, book.entries).keys()
        due = []
        for entry in book.to_ask():
            asked = known.get(entry.article_id)
            if reason := _why_not(context, entry, asked, held=entry.article_id in held):
                _leave(entry, asked, "not_due", reason)
            else:
                due.append((entry, asked))
        return due

    def _left_by_earlier_runs(self) -> list[LedgerLine]:
        archive, name = self.context.archive, self.context.publisher.name
        window = timedelta(days=archive.settings.listing_days)
        failed = archive.catalogue.failed(name, since=self.context.plan.started_at - window)
        return archive.catalogue.pending(name) + failed

    async def _fetch(self, fetcher: Fetcher, entry: Entry, asked: Asked | None) -> bool:
        """Ask for one article and note what became of it; False when nobody answered."""

        def check(url: str) -> None:
            target = self.context.publisher.article_id(url)
            if target is None:
                raise NoAnswer(Why.REDIRECTED_AWAY)
            if target != entry.article_id:
                raise NotAsked(Why.FORWARDED)
            entry.name(url)

        try:
            reply = await fetcher.follow(entry.url, check=check, asked=asked)
        except NotAsked as error:
            if error.reason is Why.FORWARDED:
                entry.asked_at = self.context.clock()
            entry.become("skipped", error.reason)
            return True
        except NoAnswer as error:
            entry.asked_at = self.context.clock()
            entry.become("failed", error.reason)
            return error.reason.startswith("redirect")
        _note_reply(entry, reply, asked)
        return reply.status < HTTPStatus.INTERNAL_SERVER_ERROR

    def _give_up(self, entry: Entry) -> None:
        if entry.http_status is None and entry.carried != "failed":
            reason = f"{MOST_TROUBLE} requests in a row without an answer: {entry.reason}"
            raise PublisherUnreachable(self.context.publisher.origin, reason)
        raise BackedOff


class Progress:
    """Says how far the crawl is, at most once a second: task logs are kept for ever."""

    def __init__(self, total: int) -> None:
        self._done, self._total, self._said_at = 0, total, 0.0

    def step(self, entry: Entry) -> None:
        """Count one article."""
        self._done += 1
        if self._done == self._total or monotonic() - self._said_at >= _PROGRESS_SECONDS:
            self._said_at = monotonic()
            fields = {"done": self._done, "total": self._total, "url": entry.url}
            logger.info("progress", extra={"fields": fields})


def _why_not(context: CrawlContext, entry: Entry, asked: Asked | None, *, held: bool) -> str | None:
    """Return why an article is not asked for now. None when it is."""
    if entry.carried == "pending":
        return None
    match context.plan.ask:
        case "all":
            return None
        case "missing":
            return "held" if held else None
        case "due":
            due, reason = is_due(asked, entry.lastmod, context.plan.started_at)
            return None if due else reason


def _leave(entry: Entry, asked: Asked | None, state: CrawlState, reason: str) -> None:
    """Note an article of which nothing new was received: what could not be archived stays what it was.

    Only what is held may be called unchanged.
    """
    if asked is not None and asked.standing is not None:
        entry.become(asked.standing, asked.standing_reason)
    else:
        entry.become(state, reason)


def _note_reply(entry: Entry, reply: Reply, asked: Asked | None) -> None:
    entry.asked_at, entry.http_status = reply.at, reply.status
    entry.access = reply.passage.access
    entry.etag = reply.headers.get("etag")
    entry.last_modified = reply.headers.get("last-modified")
    if reply.status == HTTPStatus.NOT_MODIFIED and asked is not None:
        entry.etag = entry.etag or asked.etag
        entry.last_modified = entry.last_modified or asked.last_modified
        entry.access = asked.access
        _leave(entry, asked, "not_modified", "same_validators")
    elif reply.status != HTTPStatus.OK:
        entry.become("failed", f"http_{reply.status}")
    elif problem := _problem(reply):
        entry.become("failed", problem)
    else:
        entry.become("fetched", None)


def _problem(reply: Reply) -> str | None:
    if reply.truncated:
        return "truncated"
    if reply.passage.problem:
        return reply.passage.problem
    return None if reply.passage.access else "empty"
