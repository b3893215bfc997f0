"""Reads the daily sitemaps: the index, and the UTC days that a crawl wants."""

import logging
from datetime import UTC, date, datetime

from crawler import feeds
from crawler.announcements import Announced, Announcements
from crawler.context import CrawlContext
from crawler.daily import DailySitemaps, daily_sitemaps
from crawler.feeds import Reading
from crawler.fetcher import Reply
from publishers.spec import SitemapIndex

logger = logging.getLogger(__name__)

MAX_DEPTH = 2
"""How deep indexes may lie within the index, and within a day."""

MAX_NESTED = 50
"""Most sitemaps and indexes that a crawl reads beyond those that the index names itself."""

TOO_NESTED = "too_nested"
"""Problem of a day of which not every sitemap was asked for, because of these bounds."""


class Sitemaps:
    """The daily sitemaps of one crawl: each wanted day is read whole, or stays unread with the reason."""

    def __init__(self, context: CrawlContext, announcements: Announcements) -> None:
        self._context = context
        self._announcements = announcements
        self._publisher = context.publisher
        self._began = context.clock()
        self._nested_left = MAX_NESTED
        self._doubt: str | None = None
        """What is wrong with the index, so that no day may be called whole. None when nothing is."""
        self._indexes: set[str] = set()

    async def read(self, index: SitemapIndex, wanted: list[date]) -> None:
        """Read the index and the wanted days, in that order."""
        found = await self._read_index("sitemap-index", self._publisher.address(index))
        listed = daily_sitemaps(self._publisher, dict.fromkeys(found), self._now())
        for day in wanted:
            if listed.addresses(day, self._now().date()):
                await self._read_day(day, listed)
            else:
                missing = f"sitemap:{day}: not listed by the sitemap index"
                self._leave_unread(day, self._doubt or missing)

    async def _read_index(self, source: str, url: str, depth: int = 0) -> list[str]:
        """Return the addresses in an index, and in the indexes that it names in turn."""
        self._indexes.add(url)
        said = await self._announcements.read(source, url, _index)
        if not said.is_whole:
            self._doubt = f"{source}: {said.word}"
        found: list[str] = []
        for number, address in enumerate(self._addresses(said), start=1):
            if not self._publisher.is_sitemap_index(address):
                found.append(address)
            elif address in self._indexes:
                continue
            elif depth < MAX_DEPTH and self._nested_left:
                self._nested_left -= 1
                found += await self._read_index(f"{source}.{number}", address, depth + 1)
            else:
                self._doubt = f"{source}: {TOO_NESTED}"
        return found

    async def _read_day(self, day: date, listed: DailySitemaps) -> None:
        too_old, today = self._announcements.too_old, self._now().date()
        problem = await self._read_parts(day, listed.addresses(day, today), today)
        if day == today != self._now().date():
            # Midnight has passed: ``latest`` may have been the next day's already.
            today = self._now().date()
            problem = await self._read_parts(day, listed.addresses(day, today), today)
        if problem or self._doubt:
            self._leave_unread(day, problem or str(self._doubt))
            return
        self._context.unread_days.pop(day, None)
        # What was left out as older than what is wanted was not read.
        if self._announcements.too_old == too_old:
            self._context.days.add(day)

    async def _read_parts(self, day: date, addresses: list[str], today: date) -> str | None:
        """Read the sitemaps of a day and return what is wrong. None when the day was read whole."""
        problems = []
        for part, url in enumerate(addresses, start=1):
            source = f"sitemap:{day}" if part == 1 else f"sitemap:{day}-{part}"
            problems.append(await self._read_part(source, url, may_be_empty=day == today))
        return next(filter(None, problems), None)

    async def _read_part(
        self, source: str, url: str, *, may_be_empty: bool, depth: int = 0
    ) -> str | None:
        said = await self._announcements.read(source, url, _sitemap, may_be_empty=may_be_empty)
        if not said.is_whole:
            return f"{source}: {said.word}"
        if not said.is_index:
            return None
        below = self._addresses(said)
        if depth == MAX_DEPTH or len(below) > self._nested_left:
            return f"{source}: {TOO_NESTED}"
        self._nested_left -= len(below)
        problems = [
            await self._read_part(
                f"{source}.{number}", url, may_be_empty=may_be_empty, depth=depth + 1
            )
            for number, url in enumerate(below, start=1)
        ]
        return next(filter(None, problems), None)

    def _addresses(self, index: Announced) -> list[str]:
        found = []
        for link in index.links:
            try:
                found.append(self._publisher.resolve(f"{self._publisher.origin}/", link.url))
            except ValueError:
                continue
        return list(dict.fromkeys(found))

    def _leave_unread(self, day: date, problem: str) -> None:
        self._context.unread_days[day] = problem
        source, _, reason = problem.rpartition(": ")
        fields = {"source": source, "reason": reason, "day": day.isoformat()}
        logger.warning("%s is not read: %s", day, problem, extra={"fields": fields})

    def _now(self) -> datetime:
        """Return the present as this crawl sees it, which began with its plan."""
        elapsed = self._context.clock() - self._began
        return (self._context.plan.started_at + elapsed).astimezone(UTC)


def _index(reply: Reply) -> Reading:
    return feeds.read_sitemap_index(reply.passage.body, name=reply.url)


def _sitemap(reply: Reply) -> Reading:
    return feeds.read_sitemap(reply.passage.body, name=reply.url)
