"""Broken and hostile input: a reading or one of our errors, never anything else."""

import gzip
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import NotAnArticle, UnreadablePage
from pipelines.pages import PageReading, read
from pipelines.pages.markup import MAX_BYTES, decode, stated_address
from publishers import get

TEXT = (
    "Māori “quoted” café words stand in this paragraph, and more words follow them to make it long."
)
URL = "https://www.nzherald.co.nz/world/example/AAAABBBBCCCCDDDDEEEEFFFF2A/"


def page(body: str, charset: str = "") -> str:
    return f"<html><head>{charset}<title>A headline here</title></head><body><article>{body}</article></body></html>"


def reading_of(html: bytes, *, known: bool = False, content_type: str | None = None) -> PageReading:
    publisher = get("nzherald") if known else None
    now = datetime(2026, 3, 2, tzinfo=UTC)
    return read(html, url=URL, captured_at=now, publisher=publisher, content_type=content_type)


PROSE = f"<p>{TEXT}</p>" * 4
META = '<meta charset="{}">'


@pytest.mark.parametrize(
    ("html", "content_type"),
    [
        (page(PROSE).encode("utf-8"), None),
        (page(PROSE).encode("utf-8-sig"), "text/html; charset=iso-8859-1"),
        (page(PROSE).encode("utf-16"), None),
        (page(PROSE).encode("utf-16"), "text/html; charset=utf-8"),
        (page(PROSE).encode("utf-16-le"), None),
        (page(PROSE).encode("utf-16-le"), "text/html; charset=utf-16le"),
        (page(PROSE).encode("utf-16-be"), "text/html; charset=iso-8859-1"),
        (page(PROSE, META.format("iso-8859-1")).encode("utf-8"), None),
        (page(PROSE).encode("utf-8"), "text/html; charset=windows-1252"),
        (page(PROSE).encode("iso-8859-13", "xmlcharrefreplace"), "text/html; charset=iso-8859-13"),
        (page(PROSE, META.format("nonsense")).encode("utf-8"), 'text/html; charset="nonsense"'),
    ],
)
def test_letters_survive_whatever_the_encoding(html: bytes, content_type: str | None) -> None:
    assert reading_of(html, content_type=content_type).body[0].text == TEXT


@pytest.mark.parametrize("stated", ["iso-8859-1", "windows-1252"])
def test_utf_8_is_utf_8_whatever_the_header_says(stated: str) -> None:
    content_type = f"text/html; charset={stated}"
    assert decode("Café Zoë, 5 £".encode(), content_type) == "Café Zoë, 5 £"
    assert decode("Café Zoë, 5 £".encode("iso-8859-1"), content_type) == "Café Zoë, 5 £"


def test_undeclared_bytes_beyond_ascii_are_windows_1252() -> None:
    assert decode("naïve “café” – £5".encode("windows-1252")) == "naïve “café” – £5"


def test_a_few_broken_bytes_do_not_change_the_encoding() -> None:
    content = TEXT.encode() + b"\xff" + TEXT.encode()
    assert decode(content) == f"{TEXT}\ufffd{TEXT}"


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(2000), "picture"),
        (gzip.compress(page(PROSE).encode(), mtime=0), "compressed"),
        (b"x" * (MAX_BYTES + 1), "over size"),
    ],
)
def test_what_is_no_page_is_unreadable_with_the_reason(
    html: bytes, reason: str, *, known: bool
) -> None:
    error = NotAnArticle if known and reason == "empty" else UnreadablePage
    with pytest.raises(error, match=reason):
        reading_of(html, known=known)


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize(
    "html",
    [
        bytes(range(256)) * 40,
        b"<" * 5000,
        b"plain words without any markup",
        b"<html><!-- " + b"x" * 10_000,
        page("<p>" + "bad \x00\x01\x1f\ufffe words. " * 40 + "</p>").encode(),
        page("<p>" + "lone \ud800 surrogate words. " * 40 + "</p>").encode("utf-8", "surrogatepass"),
        page('<script type="application/ld+json">' + "[" * 100_000 + "</script>" + PROSE).encode(),
        page('<script type="application/ld+json">{"@type":"NewsArticle","author":{"name":{"name":[[5]]}},"datePublished":7,"headline":["x",null],"image":[{"url":{"a":1}}],"keywords":[null,{}],"publisher":[[]],"inLanguage":{},"isAccessibleForFree":{}}</script>' + PROSE).encode(),
        page('<link rel="canonical" href="http://[broken"><img srcset=""><figure><img src="http://[x"></figure>' + PROSE).encode(),
        ("<div>" * 100_000).encode(),
        b'<script id="fusion-metadata">Fusion.globalContent={"_id":5,"taxonomy":[1],"headlines":3,"elements":{"a":1}};</script><h1 data-test-ui="article__heading">x</h1>',
    ],
)  # fmt: skip
def test_a_broken_page_ends_in_a_reading_or_an_error_of_ours(html: bytes, *, known: bool) -> None:
    try:
        found = reading_of(html, known=known)
    except (UnreadablePage, NotAnArticle):
        return
    assert found.headline


def test_text_nested_2000_deep_is_found() -> None:
    html = page("<div>" * 2000 + PROSE + "</div>" * 2000).encode()
    assert reading_of(html).body[0].text == TEXT


def test_a_nul_does_not_end_the_text() -> None:
    html = page(PROSE.replace("words", "wo\x00rds")).encode()
    assert reading_of(html).body[0].text == TEXT


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.booleans())
def test_no_bytes_at_all_bring_a_reader_down(inside: bytes, known: bool) -> None:  # noqa: FBT001
    html = b"<html><head>" + inside + b"</head><body><h1>A headline</h1>" + inside + PROSE.encode()
    with suppress(UnreadablePage, NotAnArticle):
        reading_of(html, known=known)


@pytest.mark.parametrize(
    ("html", "address"),
    [
        (
            b'<link rel="canonical" href="https://a.example/x?a=1&amp;b=2"/>',
            "https://a.example/x?a=1&b=2",
        ),
        (b"<link href='https://a.example/x' rel='canonical'>", "https://a.example/x"),
        (b'<meta property="og:url" content="https://a.example/y">', "https://a.example/y"),
        (b'<link rel="canonical" href="/relative">', None),
        (b"", None),
    ],
)
def test_a_saved_page_states_its_address(html: bytes, address: str | None) -> None:
    assert stated_address(html) == address
