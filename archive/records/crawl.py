"""What a crawl is told, what it finds listed, and what became of each listed article."""

from datetime import date, datetime
from typing import Literal

from attrs import field, frozen

from archive.records.article import Access

Purpose = Literal["present", "dates", "repair", "survey"]
"""What a crawl is for: what is listed now, given dates, filling a gap, or a look at a live site."""

CrawlState = Literal["fetched", "not_modified", "not_due", "skipped", "failed", "pending"]
"""What became of a listed article at the end of the crawl, before its page was read."""


REVISIT = "revisit"
"""Source of a held article that nothing announced and that was due to be looked at again."""


@frozen(kw_only=True)
class CrawlPlan:
    """What one crawl is to do; equal plans on an equal site ask for the same."""

    run_id: str
    """Id of the run (``archive.keys.new_run_id``)."""

    publisher: str
    """Name of the publisher."""

    started_at: datetime
    """The present, as this run sees it: decides which days are listed and what is due."""

    since: date | None = None
    """First New Zealand date. None for a run over the present."""

    until: date | None = None
    """Last New Zealand date, inclusive. None for a run over the present."""

    ask: Literal["due", "all", "missing"] = "due"
    """Which listed articles are asked for: those due, all of them, or those never archived."""

    dry_run: bool = False
    """Only find out what is listed: no article is asked for, and nothing is written to the bucket but
    this run's turns and the copy of robots.txt that other runs go by."""

    repairs: bool = False
    """Whether it fills a gap: the section's pages are read beside the sitemaps of the dates."""

    survey: bool = False
    """Whether it only looks at how the site answers (``newsarchive doctor --live``)."""

    @property
    def purpose(self) -> Purpose:
        """What it is for."""
        if self.survey:
            return "survey"
        if self.repairs:
            return "repair"
        return "dates" if self.since or self.until else "present"


@frozen(kw_only=True)
class Listing:
    """One mention of an article in one announcement (a row of a sitemap, feed or section page)."""

    article_id: str
    """The publisher's own id, read from the address."""

    url: str
    """Address as announced, made absolute."""

    source: str
    """Which announcement, such as ``sitemap:2026-03-01`` or ``rss:world``."""

    position: int
    """Place in the announcement, from 0."""

    section: str
    """Section by the address, such as ``nz/politics``."""

    by: Literal["address", "taxonomy"] = "address"
    """What says that it belongs to the archived section: its address, or the section's own feed."""

    lastmod: datetime | None = None
    """Last change as the announcement states it: a hint for scheduling, never evidence."""

    seen_at: datetime
    """When the announcement was received."""


@frozen(kw_only=True)
class AnnouncementRead:
    """How one announcement answered: a sitemap, a feed or a section page."""

    source: str
    """Which announcement, such as ``sitemap:2026-03-01`` or ``rss:world``."""

    url: str
    """Address that was asked."""

    seen_at: datetime
    """When it was received, or given up."""

    http_status: int | None = None
    """Status of the answer. None when there was none."""

    problem: str | None = None
    """What is wrong with it, such as ``empty``, ``html``, ``http_500``, ``malformed_xml``. None when nothing is."""

    links: int = 0
    """Addresses in it, of whatever kind."""

    listed: int = 0
    """Of these, articles that were listed."""

    elsewhere: int = 0
    """Of these, articles of other sections: counted, not listed."""


@frozen(kw_only=True)
class Original:
    """The capture that a 304 says is still true: the answer whose validators were sent."""

    url: str
    """Its address."""

    captured_at: datetime
    """When it was captured."""

    payload_digest: str | None = None
    """Digest of its record: of the body as received, or of the cut page that is kept."""


@frozen(kw_only=True)
class CrawlLine:
    """What became of one listed article: a line of ``crawls/<day>/<run>.jsonl``."""

    article_id: str
    """The publisher's own id."""

    url: str
    """Address that was asked, or would be."""

    state: CrawlState
    """What became of it."""

    reason: str | None = None
    """Why, in one word such as ``same_validators`` or ``http_503``. None when fetched."""

    sources: tuple[str, ...] = ()
    """Announcements that named it, in order of meeting; ``revisit`` for what was due without one."""

    aliases: tuple[str, ...] = ()
    """Other addresses under which it was announced, sorted."""

    listed_at: datetime
    """When it was first met: in this run, or in the earlier one that left it pending or failed."""

    lastmod: datetime | None = None
    """Latest change that an announcement states. None when none does."""

    asked_at: datetime | None = None
    """When it was requested. None when it was not."""

    http_status: int | None = None
    """Status of the last response. None when there was none."""

    access: Access | None = None
    """Access as decided at the gate. None when no page was received."""

    etag: str | None = None
    """``ETag`` of the response, sent back with the next request. None when it had none."""

    last_modified: str | None = None
    """``Last-Modified`` of the response, as received."""

    original: Original | None = None
    """The answer that these validators are about; of a 304 the one before. None when there was none."""


@frozen(kw_only=True)
class Asked:
    """What the archive knows of an article from earlier runs: input of the due decision."""

    article_id: str
    """The publisher's own id."""

    asked_at: datetime
    """When it was last requested and answered: with a page, a 304, a forward, or that it is gone."""

    etag: str | None = None
    """``ETag`` of that answer."""

    last_modified: str | None = None
    """``Last-Modified`` of that answer."""

    original: Original | None = None
    """The answer that had a body; a 304 since then confirmed it."""

    lastmod: datetime | None = None
    """Latest change that announcements had stated by then."""

    fresh_at: datetime | None = None
    """From when its age counts: its publication, or the last change that was seen. None when nothing is held."""

    access: Access | None = None
    """Access as of the newest capture."""

    standing: Literal["skipped", "failed"] | None = None
    """How the last run that listed it ended for it, where that was not well. None where it was, and
    where something is held of the article."""

    standing_reason: str | None = None
    """Why, when ``standing`` is given."""


@frozen(kw_only=True)
class SurveyFinding:
    """One thing that a survey of a site looked at. Never holds text of an article."""

    topic: str
    """What was looked at, such as ``robots.txt`` or ``sitemaps: oldest day``."""

    finding: str
    """What was found."""

    detail: str
    """What it means for the settings, or what a person has to decide."""

    passed: bool | None
    """Whether a crawl can go on as it is set up. None when it could not be looked at."""

    url: str | None = None
    """Address that was asked. None when none was."""


@frozen(kw_only=True)
class CrawlSummary:
    """How a crawl ended: what the child process hands to whoever started it."""

    run_id: str
    """Id of the run."""

    publisher: str
    """Name of the publisher."""

    started_at: datetime
    """When it started."""

    ended_at: datetime
    """When it had written everything."""

    stopped: bool
    """Whether a signal ended it early, cleanly."""

    warc_keys: tuple[str, ...] = ()
    """WARC files in the bucket, in order."""

    crawl_key: str | None = None
    """Key of its crawl lines. None for a dry run."""

    states: dict[str, int] = field(factory=dict)
    """Number of articles by what became of them; for a dry run, of what would be asked (``pending``)."""

    other_sections: int = 0
    """Links of other sections that were met: counted, not listed."""

    requests: int = 0
    """Requests made, robots.txt and announcements included."""

    bytes: int = 0
    """Bytes of bodies received, as sent."""

    days: tuple[date, ...] = ()
    """UTC days whose sitemaps were read, and all of them listed."""

    purpose: Purpose = "present"
    """What it was for."""

    announcements: tuple[AnnouncementRead, ...] = ()
    """How each announcement answered, in the order of asking."""

    unread_days: dict[date, str] = field(factory=dict)
    """UTC days that were wanted and whose sitemaps could not be read, with the reason."""

    listings_key: str | None = None
    """Key of the rows of its announcements. None for a dry run, and when there was none."""

    robots_at: datetime | None = None
    """When the robots.txt was received that the run obeyed. None when there was none to be had."""

    ending: str | None = None
    """Reason of an early, clean end, such as ``request_budget``. None when it went to its end."""

    failure: str | None = None
    """What ended it before its time, in one line. None when nothing did."""

    survey: tuple[SurveyFinding, ...] = ()
    """What a survey found, in the order of asking; empty for a crawl."""
