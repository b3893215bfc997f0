"""A reading follows from the page's bytes alone: not from order, process, hash seed or what was read before."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from archive.errors import ArchiveError
from benchmarks.fuzz_pages import Source, newspaper, real
from pipelines.pages import read
from pipelines.pages.workers import Readers
from publishers import get
from tests.pipelines.hostile import READ, READ_OR_REFUSED, URL, data

LISTS = '{"@type": "NewsArticle", "headline": "A headline here", "articleSection": ["World", "Asia", "Trade", "Travel"], "keywords": ["port", "rail", "ferry"], "author": ["Jane Example", "John Sample"]}'
STORIES = [*newspaper(), Source(URL, data(LISTS))]
MOMENT = datetime(2026, 3, 2, tzinfo=UTC)
HOSTILE = ("spans 20,000", "nesting 2,000", "lone surrogate", "XML bomb", "title of 200 kB", "author of 450 kB", "JSON-LD 100,000 deep", "nesting of b 100,000", "rows 8,000")  # fmt: skip


def told(source: Source) -> str:
    """Return all that a reading holds, in its order; read with the gate and without."""
    return "\n".join(_told(source, publisher) for publisher in ("nzherald", None))


def _told(source: Source, name: str | None) -> str:
    publisher = get(name) if name else None
    try:
        found = read(source.html, url=source.url, captured_at=MOMENT, publisher=publisher)
    except ArchiveError as error:
        return repr(error)
    return repr(found)


@pytest.fixture(scope="module", params=["newspaper", "real"])
def pages(request: pytest.FixtureRequest) -> Sequence[Source]:
    """The newspaper's pages in each variant and a page of many labels, then 40 real ones."""
    if request.param == "newspaper":
        return STORIES
    request.getfixturevalue("shared")
    return real()[:40]


@pytest.fixture(scope="module")
def first(pages: Sequence[Source]) -> list[str]:
    """What the pages say when they are read in their order."""
    return [told(page) for page in pages]


def test_in_another_order(pages: Sequence[Source], first: list[str]) -> None:
    order = random.Random(1).sample(range(len(pages)), len(pages))  # noqa: S311 - no secret
    shuffled = {number: told(pages[number]) for number in order}
    assert [shuffled[number] for number in range(len(pages))] == first


def test_after_hostile_pages(pages: Sequence[Source], first: list[str]) -> None:
    for name in HOSTILE:
        assert told(Source(URL, (READ | READ_OR_REFUSED)[name]()))
    assert [told(page) for page in pages] == first


@pytest.mark.parametrize("seed", ["1", "2"])
def test_in_a_process_with_another_hash_seed(
    pages: Sequence[Source], first: list[str], seed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONHASHSEED", seed)
    with Readers(1) as readers:
        assert [done.result for done in readers.map(told, pages)] == first


def test_the_pages_say_something(pages: Sequence[Source], first: list[str]) -> None:
    assert sum("body=(Block" in said for said in first) > len(pages) * 0.9
    assert len(set(first)) == len(pages)
