"""Who wrote it, on self-written pages whose data do not say, or say less than what is shown."""

from datetime import UTC, datetime

import pytest

from pipelines.pages import PageReading, read

PROSE = "".join(
    f"<p>Paragraph {word} tells of the ferry between the two islands, of those who wait for it and of all "
    "the boats that went before, since the harbour was built by By Hand and Sons a hundred years ago.</p>"
    for word in ("one", "two", "three", "four")
)


def read_page(shown: str, head: str = "", below: str = "") -> PageReading:
    html = (
        f"<!doctype html><html><head><title>Ferry</title>{head}</head><body><article><h1>Ferry runs again</h1>"
        f"{shown}{PROSE}{below}</article></body></html>"
    )
    url = "https://news.example/world/ferry"
    when = datetime(2026, 3, 2, tzinfo=UTC)
    return read(html.encode(), url=url, captured_at=when, publisher=None)


OWN_NAME = '<script type="application/ld+json">{"@type":"NewsArticle","author":{"@type":"Organization","name":"Example News"},"publisher":{"name":"Example News"}}</script>'
AGENCY = OWN_NAME.replace('"name":"Example News"}', '"name":"Reuters"}', 1)


@pytest.mark.parametrize(
    ("shown", "names"),
    [
        ("<p class='x1'>By Jane Example</p>", ("Jane Example",)),
        (
            "<div><span>by HŌNE SAMPLE, JANE EXAMPLE and ANA TEST</span></div>",
            ("HŌNE SAMPLE", "JANE EXAMPLE", "ANA TEST"),
        ),
        ("<div>By<a href='/p/1'>Jane Example</a></div>", ("Jane Example",)),
        ("<a data-testid='AuthorNameLink' href='/x'>Jane Example</a>", ("Jane Example",)),
        (
            "<div class='byline-box'><a class='authors' href='/staff/7'>Jane Example</a> Example News</div>",
            ("Jane Example",),
        ),
    ],
)
@pytest.mark.parametrize("head", ["", OWN_NAME])
def test_the_byline_shown_names_the_people(shown: str, names: tuple[str, ...], head: str) -> None:
    found = read_page(shown, head)
    assert found.authors == names
    assert found.provenance["authors"].startswith("html:")


@pytest.mark.parametrize(
    "shown",
    [
        "<p>By the time the ferry came</p>",
        "<p>By 10 o'clock the queue was long</p>",
        "<figure itemscope itemtype='https://schema.org/ImageObject'><span itemprop='author'>Ana Lens</span></figure>",
    ],
)
def test_what_is_no_byline_names_nobody(shown: str) -> None:
    assert read_page(shown).authors == ()


def test_a_line_below_the_text_is_another_articles_byline() -> None:
    assert read_page("", OWN_NAME, below="<div>By Somebody Else</div>").authors == ()


def test_copy_of_an_agency_has_no_author_from_elsewhere_on_the_page() -> None:
    found = read_page("", AGENCY, below="<a href='/author/ana'>Ana Test</a>")
    assert (found.authors, found.agency) == ((), "Reuters")
