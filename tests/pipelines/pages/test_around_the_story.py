"""What stands among and around a story's paragraphs, each by the one mark that tells it."""

from datetime import UTC, datetime

import pytest

from archive.records import Block
from pipelines.pages import PageReading, read
from tests.publishers.pages import BYLINE, H1, NZHERALD, URL, fusion, story

NOW = datetime(2026, 3, 2, tzinfo=UTC)
FIRST = "Officials from both sides of the strait met on Monday for the first time in four years."
LAST = "The ferries between the two shores will run again from the end of the month, they said."
STRANGE = "Ten boats for hire at the old pier"
CAPTION = "Delegates arrive. Photo / AP"


def reading(inside: str = "", before: str = "", **fields: object) -> PageReading:
    """The reading of a free page with this between its paragraphs, and this before its body."""
    html = (
        '<!doctype html><html lang="en-NZ"><head><meta charset="utf-8"></head><body><main>'
        f'<article class="article"><header>{H1}{BYLINE}</header>{before}'
        f'<section class="article__body" data-test-ui="article__body"><p>{FIRST}</p>{inside}'
        f"<p>{LAST}</p></section></article></main>"
        f"{fusion(story(isPremium=False, **fields))}</body></html>"
    )
    return read(html.encode(), url=URL, captured_at=NOW, publisher=NZHERALD)


@pytest.mark.parametrize(
    "html",
    [
        pytest.param('<div data-test-ui="ad"><p>{}</p></div>', id="advert by name"),
        pytest.param('<div id="ad-container"><p>{}</p></div>', id="advert by id"),
        pytest.param('<div class="article__ad-wrapper"><p>{}</p></div>', id="advert by class"),
        pytest.param('<section data-test-ui="audio"><p>{}</p></section>', id="audio widget"),
        pytest.param('<p data-test-ui="figure__caption">{}</p>', id="caption"),
        pytest.param(
            '<section id="article-RHRLatestfrom"><p>{}</p></section>', id="latest stories"
        ),
        pytest.param('<div data-test-ui="article-sidebar-bottom"><p>{}</p></div>', id="sidebar"),
    ],
)
def test_what_stands_among_the_paragraphs_is_left_out(html: str) -> None:
    found = reading(html.format(STRANGE))
    assert [block.text for block in found.body] == [FIRST, LAST]


@pytest.mark.parametrize("line", ["Advertisement", "Latest from World", "sponsored"])
def test_a_line_of_the_site_is_left_out_however_often(line: str) -> None:
    found = reading(f"<p>{line}</p>{line}<h2>{line}</h2><p>{STRANGE}, {line}</p>")
    assert [block.text for block in found.body] == [FIRST, f"{STRANGE}, {line}", LAST]


@pytest.mark.parametrize(
    ("before", "fields"),
    [
        pytest.param(f'<p data-test-ui="figure__caption">{CAPTION}</p>', {}, id="after the header"),
        pytest.param(
            f'<figure data-test-ui="hero-figure"><p data-test-ui="figure__caption">{CAPTION}</p></figure>',
            {},
            id="in its figure",
        ),
        pytest.param("", {"ogImageAlt": CAPTION}, id="only in the JSON"),
    ],
)
def test_the_lead_pictures_caption_is_found_where_it_stands(
    before: str, fields: dict[str, str]
) -> None:
    found = reading(before=before, **fields)
    (image,) = found.images
    assert (image.caption, image.credit) == ("Delegates arrive.", "AP")
    assert found.body == (
        Block(kind="paragraph", text=FIRST),
        Block(kind="paragraph", text=LAST),
    )


def test_a_length_glued_to_the_date_is_no_part_of_it() -> None:
    glued = BYLINE.replace("08:30 PM</time>", "08:30 PM5 mins to read</time>")
    assert glued != BYLINE
    html = f"{H1}{glued}<section data-test-ui=article__body><p>{FIRST}</p><p>{LAST}</p></section>"
    page = f"<article><header>{html}</article>{fusion(story(isPremium=False))}"
    found = read(page.encode(), url=URL, captured_at=NOW, publisher=NZHERALD)
    assert found.date_published_raw == "1 Mar, 2026 08:30 PM"
    assert found.date_published is None
    assert found.read_minutes == 5
