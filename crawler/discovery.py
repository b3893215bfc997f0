"""The first half of a crawl: robots.txt, then every announcement; fills the book with what they list."""

import logging
from datetime import UTC, date, timedelta

from archive.errors import FailedError
from crawler.announcements import Announcements
from crawler.context import CrawlContext
from crawler.fetcher import Fetcher
from crawler.present import Present
from crawler.robots_file import obey_robots
from crawler.schedule import wanted_days
from crawler.sitemaps import Sitemaps
from publishers.spec import SitemapIndex

logger = logging.getLogger(__name__)


class Discovery:
    """Finds out what the publisher lists."""

    def __init__(self, context: CrawlContext, fetcher: Fetcher) -> None:
        self._context = context
        self._fetcher = fetcher
        self._publisher = context.publisher

    async def run(self) -> None:
        """Fill the book.

        Raises :class:`CrawlRefused` when robots.txt says no or can't be read, and
        :class:`FailedError` when nothing of what the plan wants is listed anywhere.
        """
        context = self._context
        wanted = self._wanted()
        # However the crawl ends, what it did not come to stands as unread.
        context.unread_days.update({day: f"sitemap:{day}: not asked" for day in wanted})
        await obey_robots(context, self._fetcher)
        announcements = Announcements(context, self._fetcher)
        sitemaps, present = Sitemaps(context, announcements), Present(context, announcements)
        for announcement in self._publisher.announcements:
            if isinstance(announcement, SitemapIndex):
                await sitemaps.read(announcement, wanted)
        match context.plan.purpose:
            case "present":
                await present.read()
            case "repair":
                await present.read_pages()
        self._log(announcements.too_old)
        self._check(wanted)

    def _wanted(self) -> list[date]:
        context, listing_days = self._context, self._context.archive.settings.listing_days
        since = context.plan.started_at.astimezone(UTC).date() - timedelta(days=listing_days)
        runs = context.archive.catalogue.runs(self._publisher.name, since=since)
        return wanted_days(context.plan, runs, listing_days=listing_days)

    def _check(self, wanted: list[date]) -> None:
        context, plan = self._context, self._context.plan
        if plan.purpose == "dates" and len(context.unread_days) == len(wanted):
            dates = " to ".join(dict.fromkeys(str(day) for day in (plan.since, plan.until) if day))
            causes = "; ".join(dict.fromkeys(context.unread_days.values()))
            message = f"{dates} is not available ({causes})"
            raise FailedError(message)
        if plan.purpose != "dates" and not context.listings:
            problems = [f"{a.source}: {a.problem}" for a in context.announcements if a.problem]
            message = f"nothing is listed by {self._publisher.origin} ({'; '.join(problems)})"
            raise FailedError(message)

    def _log(self, too_old: int) -> None:
        context = self._context
        unread = [a for a in context.announcements if a.problem]
        logger.info(
            "%s articles listed by %s announcements",
            len(context.book.entries),
            len(context.announcements) - len(unread),
            extra={
                "fields": {
                    "listed": len(context.book.entries),
                    "other_sections": context.book.other_sections,
                    "too_old": too_old,
                    "unread_announcements": len(unread),
                    "unread_days": len(context.unread_days),
                }
            },
        )
