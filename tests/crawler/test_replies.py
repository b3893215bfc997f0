"""What an answer makes of an article in the book."""

from datetime import UTC, datetime
from typing import get_args

import pytest

from crawler.book import Entry
from crawler.fetcher import Reply
from crawler.gate import Passage
from crawler.replies import note_reply
from publishers.page_state import PageKind, PageState

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)

EXPECTED = {
    "article": ("fetched", None),
    "unknown_layout": ("fetched", None),
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


@pytest.mark.parametrize("kind", EXPECTED)
def test_each_kind_of_page_has_its_place_in_the_books(kind: PageKind) -> None:
    entry = Entry(article_id="A", url="http://a/", listed_at=NOW)
    passage = Passage(body=b"x", access="free", note=None, kept=None, state=PageState(kind))
    reply = Reply(url="http://a/", status=200, headers={"etag": "e"}, passage=passage, at=NOW)
    note_reply(entry, reply, None)
    assert (entry.state, entry.reason) == EXPECTED[kind]
    assert (entry.asked_at, entry.http_status) == (NOW, 200)
    # Of what may not be kept the next answer has to be whole: the word may be gone by then.
    assert entry.etag == (None if kind == "noarchive" else "e")


def test_no_kind_is_forgotten() -> None:
    # A block is a refusal: it ends the crawl before anything is noted.
    assert EXPECTED.keys() | {"block"} == set(get_args(PageKind))
