"""The book of one crawl: what was listed, once each, and what became of it. Pure."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from attrs import define, field

from archive.records import (
    REVISIT,
    Access,
    CrawlLine,
    CrawlState,
    LedgerLine,
    Listing,
    Original,
    OutcomeKind,
)


@define(kw_only=True)
class Entry:
    """One listed article and what became of it so far."""

    article_id: str
    """The publisher's own id."""

    url: str
    """Address that will be asked: the one met first."""

    listed_at: datetime
    """When it was first met: in this run, or in the one that left it."""

    lastmod: datetime | None = None
    """Latest change that an announcement states. None when none does."""

    carried: OutcomeKind | None = None
    """How an earlier run left it: pending or failed. None when it is not carried on."""

    sources: dict[str, None] = field(factory=dict)
    """Announcements that named it, in order of meeting."""

    aliases: set[str] = field(factory=set)
    """Other addresses of the same article."""

    state: CrawlState = "pending"
    """What became of it."""

    reason: str | None = None
    """Why. None when fetched, or not decided yet."""

    asked_at: datetime | None = None
    """When it was requested. None when it was not."""

    http_status: int | None = None
    """Status of the last response. None when there was none."""

    access: Access | None = None
    """Access as decided at the gate. None when no page was received."""

    etag: str | None = None
    """``ETag`` of the response."""

    last_modified: str | None = None
    """``Last-Modified`` of the response."""

    original: Original | None = None
    """The answer that these are about. None when there was none."""

    def become(self, state: CrawlState, reason: str | None) -> None:
        """Note what became of it."""
        self.state, self.reason = state, reason

    def fail_by_bug(self, reason: str, at: datetime) -> None:
        """Note that our own code broke down over it; its validators would hide the page from the next try."""
        self.asked_at, self.etag, self.last_modified = at, None, None
        self.become("failed", reason)

    def name(self, url: str) -> None:
        """Note another address of it."""
        if url != self.url:
            self.aliases.add(url)

    def line(self) -> CrawlLine:
        """Return the record of it."""
        return CrawlLine(
            article_id=self.article_id,
            url=self.url,
            state=self.state,
            reason=self.reason,
            sources=tuple(self.sources),
            aliases=tuple(sorted(self.aliases)),
            listed_at=self.listed_at,
            lastmod=self.lastmod,
            asked_at=self.asked_at,
            http_status=self.http_status,
            access=self.access,
            etag=self.etag,
            last_modified=self.last_modified,
            original=self.original,
        )


class Book:
    """Everything that one crawl was told of, each article once however often it is announced."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self._elsewhere: dict[str, set[str]] = {}

    def add(self, listing: Listing) -> None:
        """Take in one mention of an article."""
        entry = self.entries.get(listing.article_id)
        if entry is None:
            entry = Entry(article_id=listing.article_id, url=listing.url, listed_at=listing.seen_at)
            self.entries[listing.article_id] = entry
        entry.sources[listing.source] = None
        entry.name(listing.url)
        if listing.lastmod and (entry.lastmod is None or listing.lastmod > entry.lastmod):
            entry.lastmod = listing.lastmod

    def add_elsewhere(self, article_id: str, url: str) -> None:
        """Count an article of another section; where it is listed too, this is another address of it."""
        self._elsewhere.setdefault(article_id, set()).add(url)

    def carry(self, lines: Iterable[LedgerLine]) -> int:
        """Take in what an earlier run left, and return how many of it nobody announced.

        It keeps the time when it was first met, so that what fails for good is given up in the end.
        """
        new = 0
        for line in lines:
            entry = self.entries.get(line.article_id)
            if entry is None:
                entry = Entry(article_id=line.article_id, url=line.url, listed_at=line.listed_at)
                entry.sources.update(dict.fromkeys(line.sources or ("pending",)))
                self.entries[line.article_id] = entry
                new += 1
            entry.carried = line.outcome
        return new

    def revisit(self, article_id: str, url: str, *, at: datetime) -> Entry:
        """Take in a held article that nobody announced and that is to be looked at again."""
        entry = Entry(article_id=article_id, url=url, listed_at=at)
        entry.sources[REVISIT] = None
        self.entries[article_id] = entry
        return entry

    @property
    def other_sections(self) -> int:
        """Articles of other sections that were met."""
        return len(self._elsewhere.keys() - self.entries.keys())

    def to_ask(self) -> list[Entry]:
        """Return what has not been decided yet, the newest change first.

        What has no date was announced by a section's front or feed, which lead with the newest.
        """
        undecided = [e for e in self.entries.values() if e.state == "pending"]
        return sorted(undecided, key=lambda e: e.lastmod or e.listed_at, reverse=True)

    def leave_pending(self, reason: str) -> int:
        """Leave what has not been decided for the next run, and return how many."""
        left = [e for e in self.entries.values() if e.state == "pending" and e.reason is None]
        for entry in left:
            entry.reason = reason
        return len(left)

    def lines(self) -> list[CrawlLine]:
        """Return a record for each listed article, in order of meeting."""
        for article_id, entry in self.entries.items():
            for url in self._elsewhere.get(article_id, ()):
                entry.name(url)
        return [entry.line() for entry in self.entries.values()]

    def states(self) -> dict[str, int]:
        """Return the number of articles by what became of them."""
        return dict(sorted(Counter(entry.state for entry in self.entries.values()).items()))
