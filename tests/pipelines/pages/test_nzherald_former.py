"""Which reader reads a page of a former layout, and that it never reads what is for subscribers."""

from datetime import UTC, datetime

import pytest

from archive.codec import encode
from archive.errors import UnreadablePage
from pipelines.pages import PageReading, read
from publishers import get
from publishers.access import decide_page

NZHERALD = get("nzherald")
URL = "http://www.nzherald.co.nz/world/news/article.cfm?c_id=2&objectid=12999001"
LINES = (
    "The ferry to the islands left the port on Saturday with 80 people and four cows on board.",
    "Divers had found the rope in the second screw in March, and nobody had looked there before.",
)
PROSE = "".join(f'<p class="element element-paragraph">{line}</p>' for line in LINES)
CLASSIC = '<article class="article-main"><header><h1>Ferry back at sea</h1></header>{}</article>'
BODY = '<div id="article-content">{}</div>'
OLD = '<div class="page"><div class="storyHeader"><h1>Ferry back at sea</h1></div>{}</div>'
VIVA = (
    '<article><h1 data-test-ui="viva-article__heading">Ferry back at sea</h1>'
    '<section class="article-viva__body">{}</section></article>'
)
LAYOUTS = [CLASSIC.format(BODY), OLD, VIVA]


def page(body: str) -> bytes:
    return f"<html><head><title>Ferry back at sea</title></head><body>{body}</body></html>".encode()


def reading_of(html: bytes, year: int = 2026) -> PageReading:
    moment = datetime(year, 3, 2, tzinfo=UTC)
    return read(html, url=URL, captured_at=moment, publisher=NZHERALD)


TWO_LAYOUTS = CLASSIC.format(BODY.format(OLD.format(PROSE)))
TODAYS_TOO = TWO_LAYOUTS.replace("<h1>", '<h1 data-test-ui="article__heading">')


@pytest.mark.parametrize(
    ("body", "year", "reader"),
    [
        (TWO_LAYOUTS, 2011, "nzherald-2011"),
        (TWO_LAYOUTS, 2019, "nzherald-classic"),
        (TODAYS_TOO, 2011, "nzherald-2011"),
        (TODAYS_TOO, 2019, "nzherald-classic"),
        (OLD.format(PROSE), 2019, "nzherald-2011"),
        (CLASSIC.format(BODY.format(PROSE)), 2011, "nzherald-classic"),
    ],
)
def test_of_the_layouts_that_match_the_one_of_the_time_is_taken(body: str, year: int, reader: str):
    assert reading_of(page(body), year).reader == reader


@pytest.mark.parametrize(
    ("body", "reader", "until"),
    [
        (TWO_LAYOUTS, "nzherald-classic", "2020-10-31"),
        (OLD.format(PROSE), "nzherald-2011", "2017-07-17"),
    ],
)
def test_a_page_saved_long_ago_and_read_today_finds_its_reader(body: str, reader: str, until: str):
    found = reading_of(page(body))
    assert found.reader == reader
    assert found.provenance["reader"] == f"{reader}: layout of pages until {until}"
    assert "reader" not in reading_of(page(body), 2011).provenance


def test_todays_layout_goes_before_a_former_one_that_matches_too():
    body = TODAYS_TOO.replace("page", "article__body")
    assert reading_of(page(body)).reader == "nzherald"


@pytest.mark.parametrize("layout", LAYOUTS, ids=["classic", "2011", "viva"])
@pytest.mark.parametrize(
    "mark",
    [
        '<div class="article-offer">Subscribe</div>',
        '<i class="premium-sub"></i>',
        '<div id="premium-toaster"></div>',
        '<div id="article-content" class="premium-content"></div>',
        '<link rel="canonical" href="https://www.nzherald.co.nz/world/x/premium/AAAABBBBCCCCDDDDEEEEFFFF2A/">',
        '<script>Fusion.globalContent={"isPremium":true};</script>',
    ],
)
def test_text_for_subscribers_is_never_read(layout: str, mark: str):
    hidden = '<p class="element element-paragraph" style="display:none">HIDDENBODY is here.</p>'
    html = page(mark + layout.format(PROSE + hidden) + '<script>x="HIDDENJSON"</script>')
    found = reading_of(html)
    assert (found.access, found.body, found.headline) == ("premium", (), "Ferry back at sea")
    for told in (encode(found), decide_page(html, URL, NZHERALD.access).kept or b"HIDDENBODY"):
        assert b"HIDDEN" not in told
        assert b"Divers" not in told


def test_the_class_of_a_subscribers_body_is_enough():
    html = page(
        CLASSIC.format(BODY.format(PROSE).replace("content", 'content" class="premium-content'))
    )
    found = reading_of(html)
    assert (found.access, found.body, found.reader) == ("premium", (), "nzherald-classic")


@pytest.mark.parametrize("layout", LAYOUTS[:2], ids=["classic", "2011"])
def test_what_a_style_hides_is_not_read_though_no_mark_is_known(layout: str):
    hidden = (
        '<p class="element element-paragraph zXy" style="display: none">HIDDENBODY is here.</p>'
    )
    found = reading_of(page(layout.format(PROSE + hidden)))
    assert [block.text for block in found.body] == list(LINES)


@pytest.mark.parametrize(
    "body",
    [
        CLASSIC.format(BODY.format(PROSE)).replace("h1", "h2"),
        CLASSIC.format(PROSE),
        CLASSIC.format(BODY.format(PROSE)).replace("article", "section").replace("n-c", "n_c"),
        OLD.format(PROSE).replace("h1", "h2"),
        OLD.format(PROSE).replace("page", "x").replace("storyHeader", "article__body"),
        OLD.format("").replace("page", "x") + PROSE,
    ],
)
def test_a_layout_that_nearly_matches_goes_to_the_general_reader(body: str):
    found = reading_of(page(body), 2019)
    assert found.provenance["reader"] == "general: no known layout"
    assert found.access == "free"
    assert [block.text for block in found.body] == list(LINES)


@pytest.mark.parametrize("name", ["article-content", "element-paragraph", "storyHeader"])
def test_a_body_nobody_knows_is_not_taken_to_be_free(name: str):
    body = CLASSIC.format(BODY.format(PROSE)) if name != "storyHeader" else OLD.format(PROSE)
    html = page(body.replace("element-paragraph", "text").replace(name, "other"))
    found = reading_of(html, 2019)
    assert (found.access, found.body, found.reader) == ("unknown", (), "general")


def test_a_former_page_without_a_story_is_no_empty_success():
    with pytest.raises(UnreadablePage, match="no article text"):
        reading_of(page(OLD.format("")), 2011)


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("By Ilse Marrow", ("Ilse Marrow",)),
        ("By: Ilse van Marrow and Odd Tarn", ("Ilse van Marrow", "Odd Tarn")),
        ("By Monday the port was closed", ()),
        ("By Monday.", ()),
    ],
)
def test_only_a_first_line_of_names_is_a_byline(line: str, authors: tuple[str, ...]):
    first = f'<p class="element element-paragraph">{line}</p>'
    found = reading_of(page(CLASSIC.format(BODY.format(first + PROSE))))
    assert found.authors == authors
    assert (found.body[0].text == line) == (not authors)


def test_names_beside_other_stories_are_nobodys_byline():
    beside = '<article class="story-preview-wrapper"><span class="author">Odd Tarn</span></article>'
    links = '<aside><a href="/author/odd-tarn/">Odd Tarn</a></aside>'
    found = reading_of(page(CLASSIC.format(BODY.format(PROSE) + beside) + links))
    assert found.authors == ()


def test_of_several_authors_nobody_guesses_whose_the_role_is():
    byline = (
        '<div class="byline has-author"><span class="author">By Ilse Marrow</span>'
        '<span class="author-title">Shipping reporter</span><span class="author">Odd Tarn</span></div>'
    )
    found = reading_of(page(CLASSIC.format(byline + BODY.format(PROSE))))
    assert (found.authors, found.author_details) == (("Ilse Marrow", "Odd Tarn"), ())
    assert "Shipping reporter" not in encode(found).decode()
