"""Reads the announcements and fills the book with what they list."""

import logging
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from archive.errors import FailedError, UnreadablePage
from archive.records import Listing
from crawler import feeds
from crawler.context import CrawlContext
from crawler.endings import NoAnswer, NotAsked
from crawler.feeds import Link
from crawler.fetcher import Fetcher, Reply
from crawler.robots_file import obey_robots
from crawler.schedule import earliest_change, wanted_days
from publishers.spec import Announcement, NewsSitemap, SectionFeed, SectionPage, SitemapIndex

logger = logging.getLogger(__name__)

Links = TypeVar("Links")

MAX_SUBSECTIONS = 20
"""Most sub-sections of a section's menu that are read."""

_OK = 200


class Discovery:
    """The first half of a crawl: robots.txt, then every announcement."""

    def __init__(self, context: CrawlContext, fetcher: Fetcher) -> None:
        self._context = context
        self._fetcher = fetcher
        self._publisher = context.publisher
        self._failed: dict[str, str] = {}
        self._read: list[str] = []
        self._too_old = 0
        self._today = context.plan.started_at.astimezone(UTC).date()
        self._not_before = earliest_change(context.plan, context.publisher.timezone)

    async def run(self) -> None:
        """Fill the book.

        Raises :class:`CrawlRefused` when robots.txt says no or can't be read, and
        :class:`FailedError` when not one announcement can be read.
        """
        await obey_robots(self._context, self._fetcher)
        await self._read_sitemaps()
        if self._context.plan.since is None and self._context.plan.until is None:
            for announcement in self._publisher.announcements:
                await self._read_present(announcement)
        if not self._read:
            causes = "; ".join(f"{source}: {reason}" for source, reason in self._failed.items())
            message = f"no announcement of {self._publisher.origin} could be read ({causes})"
            raise FailedError(message)
        self._log()

    async def _read_sitemaps(self) -> None:
        context, listing_days = self._context, self._context.archive.settings.listing_days
        since = self._today - timedelta(days=listing_days)
        runs = context.archive.catalogue.runs(self._publisher.name, since=since)
        wanted = wanted_days(context.plan, runs, listing_days=listing_days)
        for announcement in self._publisher.announcements:
            if isinstance(announcement, SitemapIndex):
                await self._read_index(announcement, wanted)

    async def _read_index(self, index: SitemapIndex, wanted: list[date]) -> None:
        url = self._publisher.address(index)
        found = await self._fetch("sitemap-index", url)
        if found is None:
            return
        addresses = self._parse(
            "sitemap-index", lambda: feeds.read_sitemap_index(found.passage.body, name=url)
        )
        listed = self._daily(addresses or [])
        for day in wanted:
            if not listed.get(day):
                self._fail(f"sitemap:{day}", "the sitemap index does not list that day")
            elif await self._read_day(day, listed[day]):
                self._context.days.add(day)

    async def _read_day(self, day: date, addresses: list[str]) -> bool:
        """Read the sitemaps of a day, of which a busy day has several.

        False unless all of it was read, and nothing left out as older than what is wanted.
        """
        whole, too_old = True, self._too_old
        for part, address in enumerate(addresses, start=1):
            source = f"sitemap:{day}" if part == 1 else f"sitemap:{day}-{part}"
            whole &= await self._read_links(source, address, feeds.read_sitemap)
        return whole and self._too_old == too_old

    def _daily(self, addresses: Iterable[str]) -> dict[date, list[str]]:
        """Return the sitemaps of each day; a busy day has several, today's is called ``latest``."""
        listed: dict[date, list[str]] = {}
        for address in addresses:
            day = self._publisher.sitemap_day(address)
            if day is not None:
                listed.setdefault(self._today if day == "latest" else day, []).append(address)
        return listed

    async def _read_present(self, announcement: Announcement) -> None:
        url = self._publisher.address(announcement)
        match announcement:
            case NewsSitemap():
                await self._read_links("news-sitemap", url, feeds.read_sitemap)
            case SectionFeed(section=section):
                await self._read_links(f"rss:{section}", url, feeds.read_feed)
            case SectionPage(section=section):
                links = await self._read_page(f"section:{section}", url)
                below = feeds.subsections(links, url)
                for address in below[:MAX_SUBSECTIONS]:
                    name = address.removeprefix(url).strip("/")
                    await self._read_page(f"section:{section}/{name}", address)

    async def _read_links(self, source: str, url: str, read: Callable[..., list[Link]]) -> bool:
        reply = await self._fetch(source, url)
        if reply is None:
            return False
        links = self._parse(source, lambda: read(reply.passage.body, name=url))
        if links is None:
            return False
        self._list(source, links, reply.at)
        return True

    async def _read_page(self, source: str, url: str) -> list[str]:
        reply = await self._fetch(source, url)
        if reply is None:
            return []
        content = reply.passage.body
        links = self._parse(
            source, lambda: feeds.read_section_page(content, base=reply.url, name=url)
        )
        if links is None:
            return []
        self._list(source, [Link(link) for link in links], reply.at)
        return links

    async def _fetch(self, source: str, url: str) -> Reply | None:
        try:
            reply = await self._fetcher.follow(url)
        except (NotAsked, NoAnswer) as error:
            self._fail(source, error.reason)
            return None
        problem = reply.passage.problem or reply.truncated
        if reply.status != _OK or problem:
            self._fail(source, problem or f"http_{reply.status}")
            return None
        return reply

    def _parse(self, source: str, read: Callable[[], Links]) -> Links | None:
        try:
            links = read()
        except UnreadablePage as error:
            self._fail(source, error.reason)
            return None
        return links

    def _list(self, source: str, links: Iterable[Link], seen_at: datetime) -> None:
        self._read.append(source)
        for position, link in enumerate(links):
            try:
                url = self._publisher.normalise(link.url)
            except ValueError:
                continue
            article_id = self._publisher.article_id(url)
            if article_id is None:
                continue
            if not self._publisher.is_in_section(url):
                self._context.book.add_elsewhere(article_id)
            elif self._not_before and link.lastmod and link.lastmod < self._not_before:
                self._too_old += 1
            else:
                listing = Listing(
                    article_id=article_id,
                    url=url,
                    source=source,
                    position=position,
                    section=self._publisher.section_of(url) or "",
                    lastmod=link.lastmod,
                    seen_at=seen_at,
                )
                self._context.listings.append(listing)
                self._context.book.add(listing)

    def _fail(self, source: str, reason: str) -> None:
        self._failed[source] = reason
        logger.warning(
            "%s could not be read: %s",
            source,
            reason,
            extra={"fields": {"source": source, "reason": reason}},
        )

    def _log(self) -> None:
        book = self._context.book
        logger.info(
            "%s articles listed by %s announcements",
            len(book.entries),
            len(self._read),
            extra={
                "fields": {
                    "listed": len(book.entries),
                    "other_sections": book.other_sections,
                    "too_old": self._too_old,
                    "unread_announcements": len(self._failed),
                }
            },
        )
