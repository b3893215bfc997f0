"""Normalise: one article for each capture, or the reason why there is none."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from attrs import evolve

from archive.errors import NotAnArticle, UnreadablePage
from archive.records import WarcPointer
from archive.warc_pages import PageRecord
from pipelines.compare import canonical, revision_of
from pipelines.normalise import normalise
from publishers import get

CASES = Path(__file__).parent / "pages" / "nzherald" / "2"
NZHERALD = get("nzherald")
NOW = datetime(2026, 3, 2, 1, 2, 3, tzinfo=UTC)
POINTER = WarcPointer(
    file="nzherald/warc/2026-03-02/x-00000.warc.gz",
    offset=10,
    record_id="urn:uuid:0",
    payload_digest="sha256:0",
    content_digest="sha256:1",
)


def page(case: str = "wire", **changes: object) -> PageRecord:
    url = json.loads((CASES / f"{case}.json").read_text(encoding="utf-8"))["url"]
    record = PageRecord(
        url=url,
        captured_at=NOW,
        http_status=200,
        headers=(),
        content_type="text/html; charset=utf-8",
        content=(CASES / f"{case}.html").read_bytes(),
        warc=POINTER,
        is_cut=False,
        access="free",
        access_evidence=(),
        truncated=None,
    )
    return evolve(record, **changes)


def test_a_capture_becomes_an_article() -> None:
    found = normalise(page(), publisher=NZHERALD)
    assert found.article_id == "ABCDEFGHIJKLMNOPQRSTUVWXYA"
    assert (found.publisher, found.section) == ("nzherald", "world")
    assert (found.first_seen_at, found.captured_at, found.warc) == (NOW, NOW, POINTER)
    assert found.text.count("\n\n") == len(found.body) - 1
    assert found.word_count == len(found.text.split())
    assert found.revision == revision_of(found)
    assert canonical(found) == found


def test_the_first_sight_is_handed_down() -> None:
    earlier = datetime(2026, 1, 1, tzinfo=UTC)
    found = normalise(page(), publisher=NZHERALD, first_seen_at=earlier)
    assert (found.first_seen_at, found.captured_at) == (earlier, NOW)


def test_what_stands_around_the_story_does_not_change_its_revision() -> None:
    html = page().content
    other = html.replace(b"Ferry runs again", b"Ferry sinks").replace(b"1750226400000", b"1")
    assert other != html
    first, second = (
        normalise(page(content=content, captured_at=at), publisher=NZHERALD)
        for content, at in ((html, NOW), (other, datetime(2027, 1, 1, tzinfo=UTC)))
    )
    assert first.revision == second.revision


def test_one_word_changed_is_another_revision() -> None:
    changed = page().content.replace(b"leaving 14 vessels", b"leaving 15 vessels")
    first = normalise(page(), publisher=NZHERALD)
    assert normalise(page(content=changed), publisher=NZHERALD).revision != first.revision


def test_a_second_story_under_the_same_slug_is_another_article() -> None:
    other = "ZYXWVUTSRQPONMLKJIHGFEDCBA"
    content = page().content.replace(b"ABCDEFGHIJKLMNOPQRSTUVWXYA", other.encode())
    url = page().url.replace("ABCDEFGHIJKLMNOPQRSTUVWXYA", other)
    found = normalise(page(content=content, url=url), publisher=NZHERALD)
    assert found.article_id == other


def test_another_address_of_the_same_article_is_an_alias() -> None:
    url = page().url.replace("walk-out", "leave")
    found = normalise(page(url=url), publisher=NZHERALD)
    assert (found.url, found.aliases) == (url, (page().url,))
    assert normalise(page(), publisher=NZHERALD).aliases == ()


def test_a_cut_page_keeps_the_word_of_the_gate() -> None:
    evidence = ("fusion:isPremium=true",)
    cut = page(is_cut=True, access="premium", access_evidence=evidence)
    found = normalise(cut, publisher=NZHERALD)
    assert (found.access, found.access_evidence) == ("premium", evidence)


@pytest.mark.parametrize(
    ("changes", "error", "reason"),
    [
        ({"http_status": 404}, NotAnArticle, "http_404"),
        ({"truncated": "disconnect"}, UnreadablePage, "truncated: disconnect"),
        ({"content": b""}, NotAnArticle, "empty"),
        ({"headers": (("X-Robots-Tag", "noarchive"),)}, NotAnArticle, "noarchive"),
        ({"is_cut": True, "state": "soft_404"}, NotAnArticle, "soft_404"),
        ({"content": b"%PDF-1.4"}, UnreadablePage, "no HTML but a PDF"),
    ],
)
def test_what_is_no_article_says_why(
    changes: dict[str, object], error: type[Exception], reason: str
) -> None:
    with pytest.raises(error, match=reason):
        normalise(page(**changes), publisher=NZHERALD)


def test_a_page_of_no_known_publisher_has_no_id() -> None:
    found = normalise(page(), publisher=None)
    assert (found.article_id, found.publisher, found.section) == ("", "", None)
    assert found.reader == "general"
