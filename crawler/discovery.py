"""The first half of a crawl: robots.txt, then every announcement; fills the book with what they list."""

import logging
from datetime import UTC, date, timedelta

from archive.errors import FailedError
from archive.records import RunReport
from crawler.announcements import Announcements
from crawler.context import CrawlContext
from crawler.endings import BudgetSpent
from crawler.fetcher import Fetcher
from crawler.present import MAX_SUBSECTIONS, Present
from crawler.robots_file import obey_robots
from crawler.schedule import wanted_days
from crawler.sitemaps import Sitemaps
from publishers.spec import SitemapIndex

logger = logging.getLogger(__name__)

ARTICLES_PART = 5
"""Once a run has spent its whole request budget on announcements, later ones leave one part in so many of
it to the articles: with a budget that is too small, some are archived all the same."""


class Discovery:
    """Finds out what the publisher lists."""

    def __init__(self, context: CrawlContext, fetcher: Fetcher) -> None:
        self._context = context
        self._fetcher = fetcher
        self._publisher = context.publisher

    async def run(self) -> BudgetSpent | None:
        """Fill the book; returns the ending of a run whose budget is too small to ask for everything.

        Raises :class:`CrawlRefused` when robots.txt says no or can't be read, and
        :class:`FailedError` when nothing of what the plan wants is listed anywhere.
        """
        context, budget = self._context, self._context.request_limit
        runs = self._runs()
        if any(run.ending == BudgetSpent.reason and not run.asked for run in runs):
            context.request_limit -= budget // ARTICLES_PART
        try:
            await self._read(wanted_days(context.plan, runs, listing_days=self._listing_days))
        except BudgetSpent as ending:
            self._warn(budget)
            return ending
        finally:
            context.request_limit = budget
        return None

    async def _read(self, wanted: list[date]) -> None:
        context = self._context
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

    @property
    def _listing_days(self) -> int:
        return self._context.archive.settings.listing_days

    def _runs(self) -> list[RunReport]:
        started_on = self._context.plan.started_at.astimezone(UTC).date()
        since = started_on - timedelta(days=self._listing_days)
        return list(self._context.archive.catalogue.runs(self._publisher.name, since=since))

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

    def _warn(self, budget: int) -> None:
        """Tell that the budget is too small, and what would do for all that is known of by now."""
        context = self._context
        asked = {read.url for read in context.announcements}
        fronts = [self._publisher.address(one) for one in self._publisher.announcements]
        left = len(set(fronts) - asked) + len(context.unread_days) + MAX_SUBSECTIONS
        if context.plan.purpose == "dates":
            left = len(context.unread_days) + 1
        needed = context.requests + left
        needed += -(-needed // (ARTICLES_PART - 1))
        logger.warning(
            "%s requests are too few to read all announcements: "
            "raise ARCHIVE_REQUEST_BUDGET to at least %s",
            budget,
            needed,
            extra={"fields": {"request_budget": budget, "needed": needed}},
        )

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
