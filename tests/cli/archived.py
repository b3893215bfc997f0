"""Crawls of the newspaper with their books kept, as every door to the archive does it."""

from collections.abc import Iterable
from typing import Any

from attrs import evolve, frozen

from archive.codec import decode_lines
from archive.connect import Archive
from archive.keys import ledger_key
from archive.records import Article, Capture, CrawlSummary, LedgerLine, RunReport
from demo.newspaper import Newspaper, Profile, Story
from pipelines import steps
from tests.crawler.crawling import Crawling
from tests.pipelines.support import PUBLISHER, take_steps

LISTING_DAYS = 2


@frozen
class Done:
    """A run whose books are kept."""

    summary: CrawlSummary
    report: RunReport
    ledger: dict[str, LedgerLine]

    def verdict(self, story: Story) -> tuple[str, str]:
        line = self.ledger[story.article_id]
        return line.outcome, line.reason


class Archived:
    """The newspaper, with few stories of earlier days, on its way into the archive."""

    def __init__(self, archive: Archive, newspaper: Newspaper) -> None:
        # All of today, and of the days before as much as a crawl needs.
        days = newspaper.edition.days
        newspaper.profile = Profile(day_limit=dict.fromkeys(days[:-1], 2))
        self.crawling = Crawling(archive, newspaper)
        self.newspaper = newspaper
        self.archive = evolve(archive, settings=self.crawling.settings)

    def run(self, **plan: Any) -> Done:
        """Crawl to the end and keep the books, which balance."""
        return self.keep(self.crawling.run(settings={"listing_days": LISTING_DAYS}, **plan))

    def keep(self, summary: CrawlSummary) -> Done:
        """Keep the books of a crawl, which balance."""
        report = take_steps(self.archive, summary)
        assert report.balanced
        assert report.adds_up
        content = self.archive.store.get(ledger_key(PUBLISHER, report.run_id))
        ledger = {line.article_id: line for line in decode_lines(content, LedgerLine)}
        return Done(summary, report, ledger)

    def captures(self, story: Story) -> list[Capture]:
        return self.archive.catalogue.captures(PUBLISHER, story.article_id)

    def article(self, story: Story) -> Article:
        """The record that is shown of a story now."""
        newest = self.archive.catalogue.newest(PUBLISHER)
        (capture,) = (one for one in newest if one.article_id == story.article_id)
        return steps.article(self.archive, capture)

    def objects(self, story: Story) -> list[str]:
        prefix = f"{PUBLISHER}/articles/{story.article_id}/"
        return list(self.archive.store.list_keys(prefix))

    def held(self, stories: Iterable[Story]) -> set[str]:
        ids = {story.article_id for story in stories}
        return set(self.archive.catalogue.seen(PUBLISHER, ids))
