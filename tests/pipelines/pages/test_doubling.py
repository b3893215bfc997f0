"""A page that is twice as long takes twice the time, not four times: each case read beside its double."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from pipelines.pages import read
from publishers.page_limits import has_crowded_tags
from tests.pipelines.hostile import PROSE, URL, WORDS, data, many, page

MOST_RATIO = 3.5
"""Time at the double size to the time at the size: 2 is linear, 4 is quadratic."""

MOMENT = datetime(2026, 3, 2, tzinfo=UTC)


def meta(values: list[str], name: str) -> bytes:
    return page(PROSE, "<title>A</title>" + "".join(f'<meta name="{name}" content="{v}">' for v in values))  # fmt: skip


def letters(number: int) -> str:
    return "Ex" + str(number).translate(str.maketrans("0123456789", "abcdefghij"))


def article(**values: object) -> bytes:
    return data(json.dumps({"@type": "NewsArticle", "headline": "A headline here"} | values))


CASES: dict[str, tuple[Callable[[int], bytes], int]] = {
    "title": (lambda n: page(PROSE, f"<title>{'a - ' * n}</title>"), 100_000),
    "h1": (lambda n: page(f"<h1>{'e.example | ' * n}</h1>{PROSE}"), 20_000),
    "many h1": (lambda n: many("<h1>Headline {0} here</h1>", n), 1_000),
    "titles": (lambda n: meta([f"Headline {i} here" for i in range(n)], "og:title"), 4_000),
    "author": (lambda n: meta(["by a and " * n], "author"), 100_000),
    "authors": (lambda n: meta([f"Jane Example{i}" for i in range(n)], "author"), 1_500),
    "JSON-LD authors": (lambda n: article(author=[{"name": f"Jane {letters(i)}", "jobTitle": "Editor"} for i in range(n)]), 1_000),
    "bylines": (lambda n: many('<p class="byline">Jane Example{0}</p>', n), 800),
    "captions": (lambda n: page(PROSE + '<figure><img src="/a.jpg"><figcaption>A ship. Photo / AP</figcaption></figure>' * n), 800),
    "keywords": (lambda n: meta([", ".join(f"tag {i}" for i in range(n))], "keywords"), 40_000),
    "JSON-LD keywords": (lambda n: article(keywords=[f"tag {i}" for i in range(n)]), 20_000),
    "JSON-LD nodes": (lambda n: data(json.dumps([{"@type": "Person", "@id": str(i)} for i in range(n)])), 20_000),
    "JSON-LD articles": (lambda n: data(json.dumps([{"@type": "NewsArticle", "headline": "A", f"k{i}": 1} for i in range(n)])), 8_000),
    "JSON-LD that breaks off": (lambda n: data('{"a":1}' * n + "x"), 20_000),
    "furniture": (lambda n: many("<p>" + "sign up " * 34 + "{0}</p>", n), 300),
    "names": (lambda n: page("".join(f'<div class="relatedA{i}">{i}</div>' for i in range(n)) + PROSE), 1_500),
    "long name": (lambda n: page(f'<div class="{"relateA " * n}">x</div>{PROSE}'), 10_000),
    "spans": (lambda n: page(f"<p>{'<span>text </span>' * n}</p>"), 10_000),
    "split body": (lambda n: many(f'<div class="body"><p>{WORDS * 2}{{0}}</p></div><div>x</div>', n), 400),
}  # fmt: skip


def best(function: Callable[[bytes], object], html: bytes) -> float:
    """Return the least CPU seconds of three times."""
    seconds = []
    for _ in range(3):
        started = time.process_time()
        function(html)
        seconds.append(time.process_time() - started)
    return min(seconds)


@pytest.mark.parametrize("name", CASES)
def test_reading_grows_with_the_page(name: str) -> None:
    def reading(html: bytes) -> object:
        return read(html, url=URL, captured_at=MOMENT, publisher=None)

    make, size = CASES[name]
    once = best(reading, make(size))
    assert best(reading, make(2 * size)) < MOST_RATIO * once


def test_looking_for_crowded_tags_grows_with_the_page() -> None:
    piece = b"<script>i<n " + b"a " * 2_000 + b"</script>"
    once = best(has_crowded_tags, piece * 1_000)
    assert best(has_crowded_tags, piece * 2_000) < MOST_RATIO * once
