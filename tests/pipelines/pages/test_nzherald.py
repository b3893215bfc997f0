"""The publisher's reader on self-written pages; what it makes of each whole one: test_saved_pages."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.codec import encode
from archive.errors import NotAnArticle, UnreadablePage
from pipelines.pages import PageReading, read
from publishers import get

NOW = datetime(2026, 3, 2, tzinfo=UTC)
WIRE = Path(__file__).parent / "nzherald" / "2" / "wire.html"
URL = json.loads(WIRE.with_suffix(".json").read_text(encoding="utf-8"))["url"]


def reading_of(html: bytes, url: str = URL) -> PageReading:
    return read(html, url=url, captured_at=NOW, publisher=get("nzherald"))


def test_nothing_around_the_story_is_in_its_reading() -> None:
    text = " ".join(block.text for block in reading_of(WIRE.read_bytes()).body)
    for words in ("Advertis", "Photo", "Latest", "Share", "Subscribe", "Ferry", "warmer", "mins"):
        assert words not in text


def test_the_visible_time_is_kept_as_it_stands_and_never_read() -> None:
    found = reading_of(WIRE.read_bytes())
    assert "11 Dec, 2023 09:28 PM" in [date.value for date in found.dates]
    html = WIRE.read_bytes()
    for stated in (b"2023-12-11T21:28:00Z", b"2023-12-11T21:28:00.000Z"):
        html = html.replace(stated, b"")
    found = reading_of(html)
    assert found.date_published is None
    assert found.date_published_raw == "11 Dec, 2023 09:28 PM"


def test_every_field_says_where_it_was_taken_from() -> None:
    found = reading_of(WIRE.read_bytes())
    fields = ("headline", "alternative_headline", "description", "agency", "date_published", "body")
    assert set(fields) <= set(found.provenance)
    assert found.provenance["body"] == "html:article__body (trafilatura)"


def test_a_video_is_no_article() -> None:
    start, end = (
        b'<section class="article__body"',
        b'<section data-test-ui="article__action-bar" class="article__action-bar" id="share-bar-below"',
    )
    html = WIRE.read_bytes()
    html = html[: html.index(start)] + b"<video-js></video-js>" + html[html.index(end) :]
    with pytest.raises(NotAnArticle, match="video"):
        reading_of(html.replace(b'"type":"story"', b'"type":"video"'))


def test_a_front_under_the_address_of_a_story_is_no_article() -> None:
    html = b'<html><head><link rel="canonical" href="https://www.nzherald.co.nz/world/"></head><body><h1>World</h1></body></html>'
    with pytest.raises(NotAnArticle, match=r"section_front \(canonical:/world/\)"):
        reading_of(html)


def test_a_layout_nobody_knows_is_never_an_empty_success() -> None:
    html = WIRE.read_bytes().replace(b"data-test-ui", b"data-x").replace(b"article__", b"story__")
    try:
        found = reading_of(html)
    except UnreadablePage:
        return
    assert found.reader == "general"
    assert found.provenance["reader"] == "general: no known layout"
    assert found.access == "unknown" or found.body


@pytest.mark.parametrize("page", ["open", "premium", "premium-css-hidden"])
def test_no_subscriber_word_is_in_any_reading(shared: Path, page: str) -> None:
    html = (shared / "pages" / f"{page}.html").read_bytes()
    url = "https://www.nzherald.co.nz/world/example-strait-talks-resume/AAAABBBBCCCCDDDDEEEEFFFF2A/"
    found = reading_of(html, url)
    told = encode(found).decode()
    assert "HIDDENBODY" not in told
    assert "HIDDENJSON" not in told
    assert found.access == ("free" if page == "open" else "premium")
    assert found.access_evidence
    assert found.body[0].text.startswith("Officials from both sides of the strait met")
    assert len(found.body) == (3 if page == "open" else 2)
