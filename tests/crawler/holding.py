"""What must hold of the books after each visit to a site, whatever the site did."""

import re
from collections import Counter
from datetime import datetime, timedelta
from typing import Protocol

from archive.codec import decode_lines
from archive.connect import Archive
from archive.keys import captures_key, ledger_key
from archive.object_store import ObjectStore
from archive.records import Capture, CrawlSummary, LedgerLine, Listing, OutcomeKind, RunReport
from demo.newspaper import Profile, Story
from tests.crawler.crawling import PUBLISHER, unpacked
from tests.crawler.random_site import Visit

WORDS: tuple[OutcomeKind, ...] = ("archived", "unchanged", "skipped", "failed", "pending")
ADDRESS = re.compile(rb"/world/(?:[a-z0-9-]+/)*([A-Z2-7]{26})")
ARTICLES = {"article", "unknown_layout"}
SECRET = (b"HIDDENBODY", b"HIDDENJSON")


class Site(Protocol):
    """Crawls of one site into one archive."""

    archive: Archive

    @property
    def asked(self) -> list[str]:
        """Addresses asked for, over all visits."""

    @property
    def sent(self) -> dict[str, bytes]:
        """Bodies that arrived whole with status 200, by address, of the current visit."""

    def visit(self, visit: Visit) -> tuple[CrawlSummary, RunReport] | None:
        """Crawl and keep the books. None when there are none to keep."""


def visit_all(site: Site, visits: list[Visit]) -> None:
    """Make each visit, and check the books after it."""
    new: Counter[str] = Counter()
    for visit in visits:
        before = len(site.asked)
        open_before = _open(site)
        ended = site.visit(visit)
        _asked_politely(site.asked[before:])
        _keeps_no_secret(site)
        if ended is None:
            continue
        summary, report = ended
        ledger = _ledger(site, report)
        _balances(report, ledger)
        _lists_what_was_told(site, summary, ledger)
        _loses_nothing_open(site, open_before, ledger)
        new.update(line.article_id for line in ledger if line.reason == "new_article")
        _doubles_nothing(site, report, new)


def _ledger(site: Site, report: RunReport) -> list[LedgerLine]:
    content = site.archive.store.get(ledger_key(PUBLISHER, report.run_id))
    return list(decode_lines(content, LedgerLine))


def _balances(report: RunReport, ledger: list[LedgerLine]) -> None:
    assert report.balanced
    assert report.listed == sum(getattr(report, word) for word in WORDS) == len(ledger)
    assert len({line.article_id for line in ledger}) == len(ledger)
    counted = Counter(line.outcome for line in ledger)
    assert all(getattr(report, word) == counted[word] for word in WORDS)
    assert all(line.reason for line in ledger)


def _lists_what_was_told(site: Site, summary: CrawlSummary, ledger: list[LedgerLine]) -> None:
    """Every article named by an announcement that could be read has a line, and a row says where."""
    rows: list[Listing] = []
    if summary.listings_key:
        rows = list(decode_lines(site.archive.store.get(summary.listings_key), Listing))
    read = {one.url for one in summary.announcements if one.problem is None}
    told = {
        found.decode()
        for url, body in site.sent.items()
        if url in read
        for found in ADDRESS.findall(body.replace(b"\0", b""))
    }
    lines = {line.article_id for line in ledger}
    assert told <= lines
    assert {row.article_id for row in rows} <= lines
    assert all(one.problem != "" for one in summary.announcements)


def _open(site: Site) -> set[str]:
    """What earlier runs left to be asked for again."""
    return {line.article_id for line in site.archive.catalogue.pending(PUBLISHER)}


def _loses_nothing_open(site: Site, before: set[str], ledger: list[LedgerLine]) -> None:
    lines = {line.article_id for line in ledger}
    assert before <= lines | _open(site)


def _doubles_nothing(site: Site, report: RunReport, new: Counter[str]) -> None:
    assert all(count == 1 for count in new.values())
    content = site.archive.store.get(captures_key(PUBLISHER, report.run_id))
    captures = list(decode_lines(content, Capture))
    assert len({(one.article_id, one.captured_at) for one in captures}) == len(captures)
    objects = {key.split("/")[2] for key in site.archive.store.list_keys(f"{PUBLISHER}/articles/")}
    held = {capture.article_id for capture in site.archive.catalogue.newest(PUBLISHER)}
    assert objects == held


def _asked_politely(asked: list[str]) -> None:
    assert not asked or asked[0].endswith("/robots.txt") or "/robots.txt" not in " ".join(asked)
    assert not [url for url in asked if "/pf/" in url or "/search" in url or "/subscribe" in url]
    assert max(Counter(asked).values(), default=0) <= 3  # the tries of one


def _keeps_no_secret(site: Site) -> None:
    for key in site.archive.store.list_keys(""):
        before = b""
        for name, content in unpacked(key, site.archive.store.get(key)):
            found = [word for word in SECRET if word in content]
            assert not found, (name, before[:900])
            before = content


def finds_everything(site: Site, chosen: list[Story], after: datetime) -> None:
    """A site that is well again a day later is wholly held, whatever happened before."""
    site.visit(
        Visit(at=after + timedelta(hours=25), profile=Profile(), request_budget=500, pages=False)
    )
    held = {capture.article_id for capture in site.archive.catalogue.newest(PUBLISHER)}
    assert {story.article_id for story in chosen if _has_record(story)} <= held


def _has_record(story: Story) -> bool:
    # A free page without a word is set aside as empty.
    return story.page_state in ARTICLES and bool(story.body or story.access != "free")


def empty(store: ObjectStore) -> None:
    """Remove every object, so that the next example meets an empty bucket."""
    for key in list(store.list_keys("")):
        store.delete(key)
