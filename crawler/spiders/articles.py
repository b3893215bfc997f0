"""The spider that archives: finds what a publisher's section announces, then asks for what is due."""

import logging
from collections import deque
from http import HTTPStatus
from time import monotonic
from typing import Any

from archive.errors import ArchiveError, PublisherUnreachable
from archive.records import Asked, Listing
from crawler import due
from crawler.book import Entry
from crawler.bugs import ODD, note_bug, reason_of
from crawler.context import CrawlContext
from crawler.discovery import Discovery
from crawler.endings import BackedOff, EarlyEnd, NoAnswer, NotAsked, Why
from crawler.fetcher import MAX_REDIRECTS, Fetcher
from crawler.replies import note_reply
from crawler.spiders.planned import PlannedSpider

logger = logging.getLogger(__name__)

MOST_TROUBLE = 5
"""Articles in a row without an answer after which a crawl ends: the site has a problem, not they."""

_BROKEN = {"truncated", "undecodable"}
"""Reasons of answers that came, and not whole: trouble of the site's as much as a 500."""

_PROGRESS_SECONDS = 1.0


class ArticlesSpider(PlannedSpider):
    """Crawls one section in two phases: what is listed, then what is due."""

    name = "articles"

    def __init__(self, context: CrawlContext | None = None, **kwargs: Any) -> None:  # noqa: ANN401 - Scrapy's
        super().__init__(context, **kwargs)
        self._queue = deque[due.Due]()
        self._forwards: dict[str, int] = {}
        self._bug: Exception | None = None

    async def work(self) -> None:
        """Find what is listed, then ask for what is due."""
        fetcher = Fetcher(self.context, self.crawler.engine.download_async)
        try:
            ending = await Discovery(self.context, fetcher).run()
        except (EarlyEnd, ArchiveError):
            # Only what is due stays pending.
            due.listed(self.context, only_listed=True)
            raise
        plan = self.context.plan
        self._queue.extend(due.listed(self.context, only_listed=bool(plan.since or plan.until)))
        self._queue.extend(due.again(self.context, already=len(self._queue)))
        if not plan.dry_run:
            await self._ask(fetcher)
        if ending is not None:
            raise ending

    async def _ask(self, fetcher: Fetcher) -> None:
        trouble = 0
        progress = Progress()
        while self._queue:
            entry, asked = self._queue.popleft()
            trouble = 0 if await self._try(fetcher, entry, asked) else trouble + 1
            if trouble >= MOST_TROUBLE:
                self._give_up(entry)
            progress.step(entry, left=len(self._queue))

    async def _try(self, fetcher: Fetcher, entry: Entry, asked: Asked | None) -> bool:
        """Ask for one article; what our own code can't cope with fails alone, unless it comes often."""
        self._bug = None
        try:
            return await self._fetch(fetcher, entry, asked)
        except (EarlyEnd, ArchiveError):
            raise
        except ODD as error:
            self._bug = error
            entry.fail_by_bug(note_bug(entry.url, error), self.context.clock())
            return False
        except Exception as error:
            # The next run asks for it last: it can't keep that one, too, from all the others.
            entry.fail_by_bug(reason_of(error), self.context.clock())
            raise

    async def _fetch(self, fetcher: Fetcher, entry: Entry, asked: Asked | None) -> bool:
        """Ask for one article and note what became of it; False when nobody answered."""
        publisher, leads_to = self.context.publisher, ""

        def check(url: str) -> None:
            nonlocal leads_to
            target = publisher.article_id(url)
            if target is None:
                raise NoAnswer(Why.REDIRECTED_AWAY)
            if target != entry.article_id:
                leads_to = url
                is_old = publisher.article_id(entry.url) is None
                raise NotAsked(Why.ALIAS if is_old else Why.FORWARDED)
            entry.name(url)

        try:
            reply = await fetcher.follow(entry.url, check=check, asked=asked)
        except NotAsked as error:
            if leads_to:
                entry.asked_at = self.context.clock()
                self._forward(entry, leads_to)
            entry.become("skipped", error.reason)
            return True
        except NoAnswer as error:
            entry.asked_at = self.context.clock()
            entry.become("failed", error.reason)
            return error.is_answered
        note_reply(entry, reply, asked)
        if entry.state == "fetched" and publisher.article_id(reply.url) is None:
            # An old address that shows a page itself: whose it is, nothing says for certain.
            entry.become("failed", Why.NOT_REDIRECTED)
        return reply.status < HTTPStatus.INTERNAL_SERVER_ERROR and entry.reason not in _BROKEN

    def _forward(self, entry: Entry, url: str) -> None:
        """Take in where an address leads: to another article, which may be listed nowhere else."""
        context, publisher = self.context, self.context.publisher
        target = publisher.article_id(url) or ""
        if not publisher.is_in_section(url):
            context.book.add_elsewhere(target, url)
            return
        passed = self._forwards.get(entry.article_id, 0) + 1
        if passed > MAX_REDIRECTS:
            # A site that forwards for ever would spend the budget of all the others.
            return
        self._forwards.setdefault(target, passed)
        is_new = target not in context.book.entries
        listing = Listing(
            article_id=target,
            url=url,
            source=f"forward:{entry.article_id}",
            position=0,
            section=publisher.section_of(url) or "",
            seen_at=context.clock(),
        )
        context.listings.append(listing)
        context.book.add(listing)
        found = context.book.entries[target]
        if publisher.article_id(entry.url) is None:
            found.name(entry.url)
        if is_new:
            self._queue.extend(due.decide(self.context, [found]))

    def _give_up(self, entry: Entry) -> None:
        if self._bug is not None:
            raise self._bug
        if entry.http_status is None and entry.carried != "failed":
            reason = f"{MOST_TROUBLE} requests in a row without an answer: {entry.reason}"
            raise PublisherUnreachable(self.context.publisher.origin, reason)
        logger.warning("%s articles in a row went wrong: %s", MOST_TROUBLE, entry.reason)
        raise BackedOff


class Progress:
    """Says how far the crawl is, at most once a second: task logs are kept for ever."""

    def __init__(self) -> None:
        self._done, self._said_at = 0, 0.0

    def step(self, entry: Entry, left: int) -> None:
        """Count one article; ``left`` are still to come."""
        self._done += 1
        if not left or monotonic() - self._said_at >= _PROGRESS_SECONDS:
            self._said_at = monotonic()
            fields = {"done": self._done, "total": self._done + left, "url": entry.url}
            logger.info("progress", extra={"fields": fields})
