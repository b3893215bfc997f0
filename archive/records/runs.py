"""The books: what became of everything a run was told of, and what was set aside."""

from datetime import UTC, date, datetime
from typing import Literal

from attrs import field, frozen

from archive.records.article import Access, Capture
from archive.records.changes import ChangeKind
from archive.records.coverage import Alarm, Gap
from archive.records.crawl import AnnouncementRead, CrawlLine, Purpose
from archive.records.links import Sketch
from archive.records.manifests import ObjectEntry

OutcomeKind = Literal["archived", "unchanged", "skipped", "failed", "pending"]
"""The five words of the books: everything listed ends as exactly one of them."""


@frozen(kw_only=True)
class Outcome:
    """What normalise, compare and store made of one capture: a line of ``outcomes/``."""

    article_id: str
    """The publisher's own id."""

    outcome: OutcomeKind
    """One of the five words."""

    reason: str
    """``new_article``, ``new_revision``, ``same_content``, or why it was skipped or failed."""

    capture: Capture | None = None
    """The capture. None when no article could be read."""

    kinds: tuple[ChangeKind, ...] = ()
    """What kind of change it is from what stood before, as known when the page was read. Empty for what is
    neither a new article nor a new revision, a removal or a return."""

    sketch: Sketch | None = None
    """What leads to articles that share its text. None for a revision that was held, or with too little text."""

    filled: tuple[str, ...] = ()
    """Watched fields of the record that are not empty, sorted. Empty when no article could be read."""

    kept: ObjectEntry | None = None
    """The object of its revision, for the run's manifest. None when it was held before, and without a capture."""


@frozen(kw_only=True)
class LedgerLine:
    """What became of one listed article in one run: a line of ``ledger/<day>/<run>.jsonl``."""

    article_id: str
    """The publisher's own id."""

    url: str
    """Address that was asked, or would be."""

    outcome: OutcomeKind
    """One of the five words."""

    reason: str
    """Why, in one word."""

    sources: tuple[str, ...] = ()
    """Announcements that named it."""

    listed_at: datetime
    """When it was first met: in this run, or in the earlier one that left it pending or failed."""

    http_status: int | None = None
    """Status of the response. None when it was not asked."""

    access: Access | None = None
    """Access of the page. None when none was received."""

    revision: str | None = None
    """Revision that was seen. None when no page was received or read."""


@frozen(kw_only=True)
class RunReport:
    """The run report. ``listed = archived + unchanged + skipped + failed + pending``."""

    run_id: str
    """Id of the run."""

    publisher: str
    """Name of the publisher."""

    started_at: datetime
    """When the crawl started."""

    ended_at: datetime
    """When the crawl ended."""

    listed: int
    """Distinct article ids that were announced, left by an earlier run, or due to be looked at again."""

    archived: int
    """Of these, new articles and new revisions, premium ones included."""

    unchanged: int
    """Of these, known and not due, not modified, or with the same content."""

    skipped: int
    """Of these, left out on purpose, with a reason."""

    failed: int
    """Of these, asked for and not archived, with a reason."""

    pending: int
    """Of these, left for the next run."""

    new_articles: int
    """Articles archived for the first time."""

    new_revisions: int
    """Known articles whose content had changed."""

    requests: int
    """Requests made, robots.txt and announcements included."""

    bytes: int
    """Bytes of bodies received, as sent."""

    reasons: dict[str, int] = field(factory=dict)
    """Number of articles by reason."""

    balanced: bool
    """Whether the books balance."""

    changed_days: tuple[str, ...] = ()
    """New Zealand dates of the articles that were archived: what is announced."""

    stopped: bool = False
    """Whether a signal ended the crawl early."""

    days: tuple[date, ...] = ()
    """UTC days whose sitemaps were read, and all of them listed."""

    purpose: Purpose = "present"
    """What the crawl was for."""

    announcements: tuple[AnnouncementRead, ...] = ()
    """How each announcement answered."""

    revisits: int = 0
    """Of those listed, held articles that nothing announced and that were due to be looked at again."""

    kinds: dict[str, int] = field(factory=dict)
    """Number of articles by kind of change, first captures left out; one may count under several."""

    other_sections: int = 0
    """Links of other sections that were met: counted, not listed."""

    ending: str | None = None
    """Reason of an early, clean end. None when the crawl went to its end."""

    error: str | None = None
    """What ended the crawl before its time, in one line. None when nothing did."""

    pages: int = 0
    """Pages that were received with status 200 at an article's address."""

    premium: int = 0
    """Of these, articles for subscribers only."""

    unknown: int = 0
    """Of these, articles with access that could not be told: treated as for subscribers only."""

    empty: int = 0
    """Of these, without anything in them."""

    unreadable: int = 0
    """Of these, set aside because no article could be read from them."""

    removed: int = 0
    """Articles that were asked for and are no longer there: 404, 410, or a page that says so."""

    asked: int = 0
    """Articles that were asked for and should be held: all but those skipped and pending."""

    kept: int = 0
    """Of these, archived or unchanged."""

    otherwise: dict[str, int] = field(factory=dict)
    """By reason, articles that were asked for and are not archived, but neither empty, unreadable nor
    removed: skipped as ``noarchive`` or ``not_an_article_video``, failed as ``http_503``. Addresses of
    what is held under another id are left out."""

    filled: dict[str, int] = field(factory=dict)
    """For each watched field of a record: pages of free articles on which it was found."""

    readable: int = 0
    """Pages of free articles that were read: what ``filled`` counts among."""

    gaps: tuple[Gap, ...] = ()
    """Gaps that the run opened, closed or tried in vain to close, as they stood after it, none longer
    than a UTC day."""

    alarms: tuple[Alarm, ...] = ()
    """What looks wrong; each turns a task red."""

    @property
    def adds_up(self) -> bool:
        """Whether ``listed`` is the sum of the five words."""
        words = self.archived + self.unchanged + self.skipped + self.failed + self.pending
        return self.listed == words

    @property
    def complete(self) -> bool:
        """Whether the run listed its own present, so that the next one may list from there on."""
        covers_present = self.started_at.astimezone(UTC).date() in self.days
        return self.purpose == "present" and self.balanced and not self.stopped and covers_present


@frozen(kw_only=True)
class Quarantined:
    """Something set aside with its reason: an object under ``quarantine/``."""

    stage: str
    """Stage that set it aside."""

    run_id: str
    """Run in which that happened."""

    article_id: str | None
    """Article it would have been. None when not even that is known."""

    url: str | None
    """Its address."""

    reason: str
    """Why, in words, with the class of the error."""

    warc_file: str | None = None
    """Key of the WARC file that holds the bytes."""

    warc_offset: int | None = None
    """Where its record starts in that file, in bytes."""


@frozen(kw_only=True)
class Seen:
    """What the archive holds of an article: input of ``compare``."""

    first_seen_at: datetime
    """When it was first captured."""

    latest_revision: str
    """Revision of its newest capture, leaving out ``unknown`` access where another is known."""

    latest_access: Access
    """Access of that revision."""

    revisions: frozenset[str]
    """Every revision that was captured."""

    gone_in: tuple[str, ...] = ()
    """Runs in a row, up to the newest capture, that found it gone. Empty while it stands."""

    removed_at: datetime | None = None
    """When it was first seen to be gone, once a second look has confirmed it. None while it stands."""


@frozen(kw_only=True)
class RunBooks:
    """Everything a finished run adds to the catalogue."""

    report: RunReport
    """The run report."""

    crawl_lines: tuple[CrawlLine, ...] = ()
    """What became of each listed article at the end of the crawl."""

    ledger: tuple[LedgerLine, ...] = ()
    """What became of each listed article in the end."""

    captures: tuple[Capture, ...] = ()
    """The run's captures."""

    sketches: tuple[Sketch, ...] = ()
    """Sketches of the revisions that the run was the first to keep."""

    timezone: str = "Pacific/Auckland"
    """Time zone of the publisher: an article belongs to its date there."""
