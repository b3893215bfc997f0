"""What an answer makes of an article in the book. Pure."""

from http import HTTPStatus

from archive.records import Asked, CrawlState
from crawler.book import Entry
from crawler.fetcher import Reply
from publishers.page_state import PageKind

_OTHERWISE: dict[PageKind, tuple[CrawlState, str]] = {
    "video": ("skipped", "not_an_article_video"),
    "gallery": ("skipped", "not_an_article_gallery"),
    "quiz": ("skipped", "not_an_article_quiz"),
    "sponsored": ("skipped", "not_an_article_sponsored"),
    "noarchive": ("skipped", "noarchive"),
    "soft_404": ("failed", "soft_404"),
    "consent_wall": ("failed", "consent_wall"),
    "empty": ("failed", "empty"),
    "section_front": ("failed", "section_front"),
}
"""What a page is that came well and is no article."""


def note_reply(entry: Entry, reply: Reply, asked: Asked | None) -> None:
    """Note an answer; ``asked`` is what the archive knew before."""
    entry.asked_at, entry.http_status = reply.at, reply.status
    entry.access = reply.passage.access
    entry.etag = reply.headers.get("etag")
    entry.last_modified = reply.headers.get("last-modified")
    entry.original = reply.original
    if reply.status == HTTPStatus.NOT_MODIFIED and asked is not None:
        entry.etag = entry.etag or asked.etag
        entry.last_modified = entry.last_modified or asked.last_modified
        entry.original = asked.original
        entry.access = asked.access
        leave(entry, asked, "not_modified", "same_validators")
    elif reply.status != HTTPStatus.OK:
        entry.become("failed", f"http_{reply.status}")
    elif reply.truncated:
        entry.become("failed", "truncated")
    elif reply.passage.problem:
        entry.become("failed", reply.passage.problem)
    else:
        entry.become(*_page(reply))
    if entry.reason == "noarchive":
        # The word may go while the page stays: it is asked for in full, for we hold nothing of it.
        entry.etag = entry.last_modified = None


def leave(entry: Entry, asked: Asked | None, state: CrawlState, reason: str) -> None:
    """Note an article of which nothing new was received: what could not be archived stays what it was.

    Only what is held may be called unchanged.
    """
    if asked is not None and asked.standing is not None:
        entry.become(asked.standing, asked.standing_reason)
    else:
        entry.become(state, reason)


def _page(reply: Reply) -> tuple[CrawlState, str | None]:
    passage = reply.passage
    if passage.state is not None and passage.state.kind in _OTHERWISE:
        return _OTHERWISE[passage.state.kind]
    return ("fetched", None) if passage.access else ("failed", "empty")
