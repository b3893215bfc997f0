"""Removals: how a publisher shows that an article is gone, told apart from faults and refusals.

A refusal (401, 403, 451, a challenge), a fault (5xx), a consent wall and a forward to another article
are none. Whether an article counts as removed is decided by its sequence of captures, for which more
than one look is needed (``archive.sequence``).
"""

from http import HTTPStatus
from urllib.parse import urlsplit

from archive.codec import encode
from archive.errors import NotAnArticle
from archive.keys import sha256_hex
from archive.records import Capture, OutcomeKind, Removal, Seen, Tombstone
from archive.sequence import ENOUGH_LOOKS
from archive.urls import join
from archive.warc_pages import PageRecord
from publishers.spec import Publisher

TOMBSTONE = sha256_hex(encode({"removed": True}))
"""Revision of every tombstone."""

READER, READER_VERSION = "removal", "1"
"""What stands as the reader of a removal: these rules."""

_REDIRECTS = {301, 302, 303, 307, 308}
_INSTEAD = {"soft_404", "section_front"}


def removal_of(page: PageRecord, publisher: Publisher) -> Removal | None:
    """Return how an answer at an article's address shows that it is gone. None when it does not."""
    if page.http_status == HTTPStatus.NOT_FOUND:
        return Removal(kind="http_404", http_status=page.http_status)
    if page.http_status == HTTPStatus.GONE:
        return Removal(kind="http_410", http_status=page.http_status)
    if page.http_status in _REDIRECTS and (location := _header(page, "location")):
        up = _leads_up(page.url, location, publisher)
        return (
            Removal(kind="redirected", http_status=page.http_status, location=location)
            if up
            else None
        )
    return None


def removal_in(page: PageRecord, error: NotAnArticle) -> Removal | None:
    """Return how a page that is no article shows that one is gone. None when it does not."""
    if error.reason not in _INSTEAD:
        return None
    evidence = (error.reason, *page.state_evidence)
    return Removal(kind="soft_404", http_status=page.http_status, evidence=evidence)


def capture_of(removal: Removal, page: PageRecord, publisher: Publisher, run_id: str) -> Capture:
    """Return the capture that keeps what stood in an article's place."""
    return Capture(
        article_id=publisher.article_id(page.url) or "",
        revision=TOMBSTONE,
        access="unknown",
        publisher=publisher.name,
        run_id=run_id,
        captured_at=page.captured_at,
        url=page.url,
        section=publisher.section_of(page.url),
        warc=page.warc,
        reader=READER,
        reader_version=READER_VERSION,
        removal=removal,
    )


def tombstone_of(capture: Capture) -> Tombstone:
    """Return the revision that a removal is."""
    return Tombstone(article_id=capture.article_id, revision=TOMBSTONE, publisher=capture.publisher)


def compare_removal(removal: Removal, seen: Seen, run_id: str) -> tuple[OutcomeKind, str]:
    """Return the outcome of a look that found a held article gone, and its reason.

    The first such look is a failure that may pass; the second, by another run, makes it a removal.
    """
    before = set(seen.gone_in)
    if len(before) >= ENOUGH_LOOKS:
        return "unchanged", "removed"
    if len(before | {run_id}) >= ENOUGH_LOOKS:
        return "archived", "removed"
    return "failed", removal.kind


def _leads_up(url: str, location: str, publisher: Publisher) -> bool:
    """Tell whether a redirect leads to a page above the article: its section's, or the front."""
    try:
        target = publisher.normalise(join(url, location))
    except ValueError:
        return False
    path = urlsplit(target).path.rstrip("/") + "/"
    return publisher.is_ours(target) and urlsplit(url).path.startswith(path)


def _header(page: PageRecord, name: str) -> str | None:
    return next((value for key, value in page.headers if key.lower() == name), None)
