"""What belongs to the text of a page of any publisher, and what stands beside it, on self-written pages."""

from datetime import UTC, datetime

import pytest
from lxml import etree

from archive.records import Block
from pipelines.pages import read
from pipelines.pages.completion import completed
from pipelines.pages.engine import main_text
from pipelines.pages.furniture import is_furniture, without_furniture
from pipelines.pages.markup import tree_of
from pipelines.pages.passages import passages_of

URL = "https://news.example/world/ferry"
PROSE = [
    f"Paragraph {word} tells of the ferry between the two islands and of the people who wait for it."
    for word in ("one", "two", "three", "four", "five", "six")
]
ASIDE = "Get the island letter every Friday morning, with all that the ferry's captain has seen this week."


def page(body: str) -> bytes:
    return (
        "<!doctype html><html><head><title>Ferry runs again</title></head><body>"
        f"<article><h1>Ferry runs again</h1>{body}</article></body></html>"
    ).encode()


def texts(body: str) -> list[str]:
    found = read(page(body), url=URL, captured_at=datetime(2026, 3, 2, tzinfo=UTC), publisher=None)
    return [block.text for block in found.body]


def paragraphs(lines: list[str], attributes: str = "") -> str:
    return "".join(f"<p{attributes}>{line}</p>" for line in lines)


@pytest.mark.parametrize(
    "part",
    [
        "<div class='NewsletterBox'><p>{}</p></div>",
        "<div id='story_promo'><p>{}</p></div>",
        "<section data-testid='recirc-unit'><p>{}</p></section>",
        "<p class='article-disclaimer'>{}</p>",
        "<div class='image-widget'><img src='/a.jpg'><p>{}</p></div>",
        "<figure><img src='/a.jpg'><figcaption>{}</figcaption></figure>",
    ],
)
def test_a_part_with_the_name_of_a_side_part_is_left_out(part: str) -> None:
    lines = [f"{line} {n}" for n, line in enumerate(PROSE * 3)]
    assert texts(paragraphs(lines[:9]) + part.format(ASIDE) + paragraphs(lines[9:])) == lines


@pytest.mark.parametrize(
    "body",
    [
        f"<div class='body-with-newsletter'>{paragraphs(PROSE)}</div>",
        "".join(f"<div class='promo-text'><p>{line}</p></div>" for line in PROSE),
        paragraphs(PROSE, " class='subscribe'"),
        paragraphs(PROSE, " id='ad-x1'"),
    ],
)
def test_the_text_stays_whatever_its_parts_are_called(body: str) -> None:
    assert texts(body) == PROSE


def test_words_that_are_links_are_part_of_their_sentence() -> None:
    linked = "The captain, <a href='/a'>a father of three</a>, is best known for <a href='/b'>a song about the ferry</a> of long ago."
    plain = "The captain, a father of three, is best known for a song about the ferry of long ago."
    assert plain in texts(paragraphs([*PROSE[:3], linked, *PROSE[3:]]))


def test_a_paragraph_between_two_of_the_text_is_text() -> None:
    lines = [
        f"{line} That was morning {n} of the strike on the quay." for n, line in enumerate(PROSE)
    ]
    torn = "Paragraph three tells of the ferry between the two of the people who wait. That was morning 2"
    found = [Block(kind="paragraph", text=text) for text in (lines[0], torn, lines[4])]
    passages = passages_of(tree_of(page(paragraphs(lines)), url=URL))
    assert [block.text for block in completed(found, passages)] == lines[:5]


def test_a_text_in_boxes_without_paragraphs_is_found_whole() -> None:
    boxes = [f"<div class='x{n}'><span>{line}</span></div>" for n, line in enumerate(PROSE * 3)]
    first = "<p>A line that stands in the only paragraph of the page, above all that follows after it.</p>"
    assert len(texts(first + "".join(boxes))) >= len(PROSE)


def test_a_list_of_links_is_not_taken_for_the_text() -> None:
    cards = "".join(
        f"<a class='card' href='/{n}'><div><span>Harbour</span></div><p>Story {n} of the long series about boats and bridges</p></a>"
        for n in range(12)
    )
    body = (
        f"<div class='cards'>{cards}</div><div><div class='story'>{paragraphs(PROSE)}</div></div>"
    )
    assert set(PROSE) <= set(texts(body))


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement",
        "Story continues below this advertisement",
        "ALSO READ: Bridge closed for a week",
        "[Related: How to sail]",
        "Sign up for our free newsletter to get the latest from the islands.",
        "Follow the Island News on Facebook and Instagram.",
        "© 2026 Island News. All rights reserved.",
        "Photo: Jane Example / Island News",
        "You may also like...",
    ],
)
def test_a_line_of_the_site_is_no_text(line: str) -> None:
    assert is_furniture(Block(kind="paragraph", text=line))


@pytest.mark.parametrize(
    "line",
    [
        "The advertisement showed a ferry.",
        "More than 300 people waited for the ferry.",
        (
            "Readers who sign up for the newsletter by Friday are invited, the harbour master told the council, "
            "which has paid for forty thousand printed copies since the spring and has not yet decided how it will "
            "go on with them next year, when the money that the ministry gave to the islands for such things will "
            "have been spent."
        ),
        "Copyright law was the subject of the evening.",
        "Comments by the minister angered the islands.",
        "Watch the tide, said the captain.",
    ],
)
def test_a_paragraph_about_such_things_is_text(line: str) -> None:
    assert not is_furniture(Block(kind="paragraph", text=line))


def test_the_links_under_a_label_go_with_it() -> None:
    lines = [PROSE[0], "Read more:", "Bridge closed for a week", PROSE[1]]
    blocks = [Block(kind="paragraph", text=line) for line in lines]
    kept = without_furniture(blocks, lambda: frozenset({"Bridge closed for a week"}))
    assert [block.text for block in kept] == PROSE[:2]
    assert [block.text for block in without_furniture(blocks, frozenset)] == [
        PROSE[0],
        "Bridge closed for a week",
        PROSE[1],
    ]


def test_the_tree_is_left_as_it_was() -> None:
    tree = tree_of(page(f"<div class='promo'>{ASIDE}</div>{paragraphs(PROSE)}"), url=URL)
    before = etree.tostring(tree)
    assert main_text(tree)
    assert etree.tostring(tree) == before


def test_prose_into_which_trafilatura_never_looks_is_the_text_where_it_finds_but_links() -> None:
    cards = "".join(
        f"<a class='card' href='/{n}'><div><span>Harbour</span></div><p>Story {n} of the series</p></a>"
        for n in range(12)
    )
    # What has this name may hold whole articles that follow, so trafilatura never looks into it.
    text = f"<div class='infinite-scroll'><div class='prose'>{paragraphs(PROSE * 2)}</div></div>"
    assert set(PROSE) <= set(texts(f"<div class='lateral'>{cards}</div>{text}"))
