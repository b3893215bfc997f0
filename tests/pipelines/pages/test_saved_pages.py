"""Saved pages, ``<reader>/<version>/<page>.html``, each with what we expect of its record beside it."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

import publishers
from archive.codec import encode
from archive.errors import ConfigurationError
from archive.records import Article
from pipelines.normalise import article_of
from pipelines.pages import read, readers_of
from publishers.access import decide_page

PAGES = sorted(Path(__file__).parent.glob("*/*/*.html"))
HIDDEN = (b"HIDDENBODY", b"HIDDENJSON")
VARIES = {"captured_at", "first_seen_at", "reader_version", "record_version", "revision"}
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def expected(page: Path) -> dict[str, object]:
    """Return what is told beside a page: a record as ``newsarchive read --json`` prints it, or some fields."""
    told = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    fields = {"url": told["url"], **told.get("expected", told)}
    return {name: value for name, value in fields.items() if name not in VARIES}


def article(page: Path) -> Article:
    url = str(expected(page)["url"])
    publisher = publishers.for_url(url)
    reading = read(page.read_bytes(), url=url, captured_at=NOW, publisher=publisher)
    return article_of(reading, url=url, captured_at=NOW, publisher=publisher)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: "-".join(path.with_suffix("").parts[-3:]))
def test_a_page_gives_the_record_beside_it(page: Path):
    found, wanted = json.loads(encode(article(page))), expected(page)
    assert {name: found[name] for name in wanted} == wanted
    version = found["reader_version"].split("-")[0]
    folder = "general" if found["reader"] == "general" else f"{found['reader']}/{version}"
    assert page.parent.as_posix().endswith(f"/{folder}")


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if any(word in page.read_bytes() for word in HIDDEN)],
    ids=lambda path: "-".join(path.with_suffix("").parts[-3:]),
)
def test_nothing_for_subscribers_is_kept_or_read(page: Path):
    url = str(expected(page)["url"])
    publisher = publishers.for_url(url)
    assert publisher is not None
    kept = decide_page(page.read_bytes(), url, publisher.access).kept
    assert kept is not None
    record = encode(article(page))
    assert not [word for word in HIDDEN if word in kept or word in record]


@pytest.mark.parametrize("name", publishers.names())
def test_each_publisher_has_a_page_of_each_reader_and_one_for_subscribers(name: str):
    publisher = publishers.get(name)
    pages = [page for page in PAGES if publisher.is_ours(str(expected(page)["url"]))]
    readers = {(reader.name, reader.version) for reader in readers_of(publisher.reader)}
    assert readers <= {page.parts[-3:-1] for page in pages}
    assert any(HIDDEN[0] in page.read_bytes() for page in pages), "no page with the word HIDDENBODY"


def test_a_reader_that_is_not_there_says_what_to_do():
    with pytest.raises(ConfigurationError, match=r"write it, or leave out `reader`"):
        readers_of("smh")
    with pytest.raises(ConfigurationError, match=r"pipelines/pages/markup.py has no READERS"):
        readers_of("markup")
