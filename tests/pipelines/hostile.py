"""Pages made to bring a reader down, each built when it is asked for: the largest have 21 MB."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from archive.errors import ArchiveError
from demo.newspaper import Edition
from demo.newspaper.article_page import Setting, article_page
from pipelines.pages import PageReading, read
from pipelines.pages.workers import Readers
from publishers import get

WORDS = "This is a sentence of a long article with many words in it, one after the other. "
PROSE = f"<p>{WORDS * 3}</p>" * 4
URL = "https://www.nzherald.co.nz/world/example/AAAABBBBCCCCDDDDEEEEFFFF2A/"
MEGABYTE = 1_000_000
_MOMENT = datetime(2026, 3, 2, tzinfo=UTC)
_KILLED = ("time limit", "process died", "bytes of memory", "reader failed")
_META = '<meta charset="{}">'
_ENTITY = '<?xml version="1.0"?><!DOCTYPE html [{}]><html><body><h1>A headline here</h1><p>&a9; {}</p></body></html>'
_LAUGHS = '<!ENTITY a0 "lol">' + "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
_LETTERS = (
    "<p>This is a sentence with Māori “quoted” café words, and more words follow them all.</p>" * 8
)


def page(body: str, head: str = "<title>A headline here</title>") -> bytes:
    """Return a page of one article."""
    html = f"<html><head>{head}</head><body><article><h1>A headline here</h1>{body}</article></body></html>"
    return html.encode("utf-8", "surrogatepass")


def filled(size: int) -> bytes:
    """Return a page of paragraphs, of this size in bytes."""
    return page(PROSE * (size // len(PROSE)))


def many(form: str, count: int) -> bytes:
    """Return a page in which ``form`` stands so often, each time with another number."""
    return page("".join(form.format(n) for n in range(count)))


def nested(depth: int, start: str, end: str) -> bytes:
    """Return a page whose text stands below so many elements."""
    return page(start * depth + PROSE + end * depth)


def of_publisher(html: bytes, story: bytes) -> bytes:
    """Return the page with its head and its article put into a story of the publisher's layout."""
    head, mark, body = html.partition(b"<article>")
    if not mark:
        return html
    start, body = (
        b'data-test-ui="article__body" data-ref-group="body">',
        body.rpartition(b"</article>")[0],
    )
    head = head.partition(b"<head>")[2].partition(b"</head>")[0]
    return story.replace(b"<head>", b"<head>" + head, 1).replace(start, start + body, 1)


def data(content: str) -> bytes:
    """Return a page with JSON-LD."""
    return page(f'<script type="application/ld+json">{content}</script>{PROSE}')


def entity(declared: str) -> bytes:
    """Return a page of XHTML that declares an entity of its own and uses it."""
    return (_ENTITY.format(declared, WORDS * 4) + PROSE).encode()


def encoded(charset: str, stated: str = "") -> bytes:
    """Return a page in a charset, which may say that it has another."""
    head = "<title>A headline here</title>" + (_META.format(stated) if stated else "")
    return page(_LETTERS, head).decode().encode(charset, "xmlcharrefreplace")


READ: dict[str, Callable[[], bytes]] = {
    "spans 20,000": lambda: page("<p>" + f"<span>{WORDS[:18]}</span>" * 20_000 + "</p>"),
    "10 MB in one text": lambda: page(f"<p>{WORDS * (10 * MEGABYTE // len(WORDS))}</p>"),
    "nesting 2,000": lambda: nested(2_000, "<div>", "</div>"),
    "nesting of b 2,000": lambda: nested(2_000, "<b>", "</b>"),
    "nesting of lists 2 x 1,000": lambda: nested(1_000, "<ul><li>x", "</li></ul>"),
    "nesting 100,000 in a script": lambda: page(f"<script>{'<div>' * 100_000}</script>{PROSE}"),
    "lone surrogate": lambda: page(f"<p>bad\ud800{WORDS * 4}</p>{PROSE}"),
    "UTF-16 with a mark": lambda: encoded("utf-16"),
    "UTF-16 without a mark": lambda: encoded("utf-16-le"),
    "another charset stated": lambda: encoded("utf-8", "iso-8859-1"),
    "unknown charset stated": lambda: encoded("utf-8", "nonsense"),
    "Latin-1 that is not stated": lambda: encoded("windows-1252"),
    "NUL": lambda: page(PROSE.replace("words", "wo\0rds")),
    "control characters": lambda: page(PROSE.replace("words", "\x01wo\x08rds\x1f\ufffe")),
    "XML bomb": lambda: entity(_LAUGHS),
    "XXE": lambda: entity('<!ENTITY a9 SYSTEM "file:///etc/passwd">'),
    "JSON-LD 100,000 deep": lambda: data("[" * 100_000),
    "JSON-LD 100,000 deep and closed": lambda: data('{"a":' * 100_000 + "1" + "}" * 100_000),
    "JSON-LD of 5 MB": lambda: data(json.dumps([{"@type": "Person", "name": n, "about": WORDS} for n in range(45_000)])),
    "script of 16 MB": lambda: page(f"<script>{'if (i<n) f(i); ' * MEGABYTE}</script>{PROSE}"),
    "comment of 5 MB that does not end": lambda: page(PROSE + "<!-- " + "x" * 5 * MEGABYTE),
    "title of 200 kB": lambda: page(PROSE, f"<title>{'a - ' * 50_000}</title>"),
    "author of 450 kB": lambda: page(PROSE, f'<meta name="author" content="{"by a and " * 50_000}">'),
    "spaces of 3 MB": lambda: page(f"<p>{WORDS}{' ' * 3 * MEGABYTE}{WORDS}</p>{PROSE}"),
}  # fmt: skip
"""Pages with an article in spite of everything."""

READ_OR_REFUSED: dict[str, Callable[[], bytes]] = {
    "spans 100,000": lambda: page("<p>" + f"<span>{WORDS[:18]}</span>" * 100_000 + "</p>"),
    "attributes 200,000": lambda: page(f"<p {' '.join(f'a{n}={n}' for n in range(200_000))}>{WORDS}</p>{PROSE}"),
    "paragraphs of 5 MB": lambda: filled(5 * MEGABYTE),
    "text of 19 MB": lambda: page(f"<p>{WORDS * 230}</p>" * 1_000),
    "paragraphs of 19 MB": lambda: filled(19 * MEGABYTE),
    "paragraphs of 21 MB": lambda: filled(21 * MEGABYTE),
    "nesting 100,000": lambda: nested(100_000, "<div>", "</div>"),
    "nesting of b 100,000": lambda: nested(100_000, "<b>", "</b>"),
    "nesting of lists 100,000": lambda: nested(100_000, "<ul><li>x", "</li></ul>"),
    "links 50,000": lambda: many('<a href="/story/{0}">Link text number {0} with some words</a> ', 50_000),
    "paragraphs 70,000": lambda: many(f"<p>{WORDS}</p>", 70_000),
    "paragraphs 15,000": lambda: many(f"<p>{WORDS}</p>", 15_000),
    "paragraphs 15,000, each another": lambda: many("<p>{0} " + WORDS + "{0}</p>", 15_000),
    "dates 50,000": lambda: many("<p>On 10 January 2020, 2020-01-10, at {0} o'clock.</p>", 50_000),
    "dates 15,000": lambda: many("<p>On 10 January 2020, 2020-01-10, at {0} o'clock.</p>", 15_000),
    "links 8,000 in items": lambda: many('<li><a href="/story/{0}">Link text number {0} with words</a></li>', 8_000),
    "rows 20,000": lambda: page(f"<table>{'<tr><td>one</td><td>two</td></tr>' * 20_000}</table>{PROSE}"),
    "rows 8,000": lambda: page(f"<table>{'<tr><td>one</td><td>two</td></tr>' * 8_000}</table>{PROSE}"),
    "line breaks 49,000": lambda: page(f"<p>{(WORDS[:18] + '<br>') * 49_000}</p>"),
}  # fmt: skip
"""Pages that are read or refused."""

REFUSED: dict[str, Callable[[], bytes]] = {
    "gzip": lambda: gzip.compress(page(PROSE), mtime=0),
    "gzip bomb": lambda: gzip.compress(b" " * 100 * MEGABYTE, mtime=0),
    "PDF": lambda: b"%PDF-1.7\n" + bytes(range(256)) * 400,
    "PNG": lambda: b"\x89PNG\r\n\x1a\n" + bytes(500_000),
    "JSON document": lambda: json.dumps({"headline": "A headline here", "body": WORDS * 9}).encode(),
    "plain text": lambda: WORDS.encode() * 9,
    "empty": lambda: b"",
    "white space": lambda: b" \r\n\t" * 1000,
    "no text": lambda: page(""),
}  # fmt: skip
"""What is no page, or a page without an article."""


def story_page() -> bytes:
    """Return a page of the made-up newspaper that everybody may read."""
    edition = Edition(datetime(2026, 3, 1, 9, 30, tzinfo=UTC))
    return article_page(
        edition.stories[0], Setting(origin="https://www.nzherald.co.nz", edition=edition)
    ).encode()


def ended(readers: Readers, html: bytes, story: bytes | None) -> PageReading | ArchiveError:
    """Return how a page ended, by itself, after which its process reads a good one.

    With a ``story`` the page is put into the publisher's layout and goes through the access gate.
    """
    publisher = None if story is None else get("nzherald")
    page_read = partial(read, url=URL, captured_at=_MOMENT, publisher=publisher)
    bad = html if story is None else of_publisher(html, story)
    good = page(PROSE) if story is None else story
    first, then = (done.result for done in readers.map(page_read, [bad, good], name=_name))
    assert not isinstance(then, ArchiveError), then
    assert then.body
    if isinstance(first, ArchiveError):
        assert not any(words in str(first) for words in _KILLED), first
    return first


def _name(html: bytes) -> str:
    return f"page of {len(html)} bytes"
