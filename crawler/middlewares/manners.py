"""Every request passes here: nothing before robots.txt, nothing forbidden, one turn at a time."""

from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.context import CrawlContext, context_of
from crawler.endings import BudgetSpent, ByteBudgetSpent, NotAsked, RulesExpired, Why


class MannersMiddleware:
    """Lets a request through in its turn, or raises the reason why it may not go."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "MannersMiddleware":
        """Make it, as Scrapy does."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait for the request's turn.

        Raises :class:`NotAsked`, whatever :meth:`crawler.pace.Pace.turn` does, and what ends a crawl
        that has had its share.
        """
        context = context_of(self._crawler.spider)
        _check(request.url, context)
        if context.requests >= context.request_limit:
            raise BudgetSpent
        if context.bytes >= context.archive.settings.byte_budget:
            raise ByteBudgetSpent
        await context.pace.turn()
        # After the wait, which may be long.
        if context.robots is not None and context.robots.expired_at(context.clock()):
            raise RulesExpired
        context.requests += 1


def _check(url: str, context: CrawlContext) -> None:
    if not context.publisher.is_ours(url):
        raise NotAsked(Why.OTHER_HOST)
    if context.publisher.is_denied(url):
        raise NotAsked(Why.DENIED_PATH)
    if context.robots is None:
        if urlsplit(url).path != "/robots.txt":
            raise NotAsked(Why.ROBOTS_UNKNOWN)
    elif not context.robots.allows(url):
        raise NotAsked(Why.ROBOTS)
