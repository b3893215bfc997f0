"""What the parts of one crawl share: plan, publisher, archive, book, and what it has cost so far."""

import asyncio
from collections.abc import Callable
from datetime import date, datetime

from attrs import define, field

from archive.connect import Archive
from archive.errors import ConfigurationError
from archive.lease import Turnstile
from archive.records import AnnouncementRead, CrawlPlan, Listing, SurveyFinding
from archive.tombstones import taken_down
from crawler.book import Book
from crawler.endings import EarlyEnd
from crawler.pace import Pace
from crawler.recorder import Recorder
from crawler.robots import Robots
from publishers.spec import Publisher


@define(kw_only=True)
class CrawlContext:
    """One crawl, from its plan to its books."""

    plan: CrawlPlan
    """What to do."""

    publisher: Publisher
    """Whom to ask, at the origin of the settings."""

    archive: Archive
    """Settings, store and catalogue."""

    recorder: Recorder | None
    """Where exchanges are kept. None for a dry run and a survey, which keep none."""

    clock: Callable[[], datetime]
    """Tells the time."""

    stop: asyncio.Event = field(factory=asyncio.Event)
    """Set when the crawl is to end early."""

    pace: Pace = field()
    """Hands out turns."""

    robots: Robots | None = None
    """The rules. None until robots.txt was read: nothing else may be asked before."""

    book: Book = field(factory=Book)
    """What was listed and what became of it."""

    requests: int = 0
    """Requests made."""

    request_limit: int = field()
    """Requests after which no other is made: the run's budget, or discovery's share of it."""

    bytes: int = 0
    """Bytes of bodies received, as sent."""

    days: set[date] = field(factory=set)
    """UTC days whose sitemaps were read, and all of them listed."""

    unread_days: dict[date, str] = field(factory=dict)
    """UTC days that were wanted and could not be read, with the reason."""

    announcements: list[AnnouncementRead] = field(factory=list)
    """How each announcement answered, in the order of asking."""

    listings: list[Listing] = field(factory=list)
    """Every mention of an article in an announcement."""

    survey: list[SurveyFinding] = field(factory=list)
    """What a survey found, in the order of asking."""

    robots_at: datetime | None = None
    """When the robots.txt was received that is obeyed. None before, and when there is none to obey."""

    finished: bool = False
    """Whether everything was asked for that was due."""

    ending: EarlyEnd | None = None
    """Why the crawl ended early, cleanly. None when it did not."""

    error: Exception | None = None
    """Why the crawl failed. None when it did not."""

    taken_down: frozenset[str] = field(init=False)
    """Articles that were removed from the archive for a legal reason: they are not asked for."""

    @taken_down.default
    def _taken_down(self) -> frozenset[str]:
        return taken_down(self.archive.store, self.publisher.name)

    @request_limit.default
    def _request_limit(self) -> int:
        return self.archive.settings.request_budget

    @pace.default
    def _pace(self) -> Pace:
        name = self.publisher.name
        return Pace(
            Turnstile(self.archive.store, name, self.plan.run_id),
            self.archive.settings.delay_seconds,
            self.stop,
            publisher=name,
            clock=self.clock,
        )


def context_of(spider: object) -> CrawlContext:
    """Return the context of a spider; raises :class:`ConfigurationError` when it has none."""
    context = getattr(spider, "context", None)
    if not isinstance(context, CrawlContext):
        message = "the spider needs a plan: start it with `newsarchive crawl`"
        raise ConfigurationError(message)
    return context
