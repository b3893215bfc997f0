"""Trees that would cost minutes lose their wrappers and none of their words; others stay as they are."""

import pytest
from lxml.html import tostring

from archive.errors import UnreadablePage
from pipelines.pages.markup import text_of, tree_of
from pipelines.pages.simplify import DEEPEST, MOST_CHILDREN
from publishers.page_limits import MAX_ATTRIBUTES, MAX_ELEMENTS, MAX_EQUALS, has_crowded_tags

URL = "https://news.example/story"


def page(body: str) -> bytes:
    return f"<html><body>{body}</body></html>".encode()


def test_an_ordinary_page_stays_as_it_is() -> None:
    html = page("<div><p>One <b>two</b> <span>three</span> four.</p></div>" * 300)
    assert tostring(tree_of(html, url=URL)) == html


def test_a_crowd_of_pieces_of_text_becomes_one_text() -> None:
    pieces = "".join(
        f"<span>a{n} <b>b</b></span> c<a href='/x'>d</a>" for n in range(MOST_CHILDREN)
    )
    tree = tree_of(page(f"<p>{pieces}</p>"), url=URL)
    assert text_of(tree) == " ".join(f"a{n} b cd" for n in range(MOST_CHILDREN)).replace(
        "d a", "da"
    )
    (paragraph,) = tree.iter("p")
    assert {child.tag for child in paragraph} == {"a"}


def test_a_crowd_of_paragraphs_stays() -> None:
    tree = tree_of(page("<p>One.</p>" * (MOST_CHILDREN + 1)), url=URL)
    assert len(list(tree.iter("p"))) == MOST_CHILDREN + 1


def test_what_nests_too_deeply_keeps_its_words_and_paragraphs() -> None:
    html = page("<div>x " * 2 * DEEPEST + "<p>One <b>two</b>.</p><p>Three.</p>")
    tree = tree_of(html, url=URL)
    assert text_of(tree) == "x " * 2 * DEEPEST + "One two . Three."
    assert [text_of(element) for element in tree.iter("p")] == ["One two .", "Three."]
    assert max(len(list(e.iterancestors())) for e in tree.iter()) <= DEEPEST


def test_more_elements_than_any_article_has_are_refused() -> None:
    with pytest.raises(UnreadablePage, match=f"over {MAX_ELEMENTS} elements"):
        tree_of(page("<br>" * MAX_ELEMENTS), url=URL)
    tree_of(page("<br>" * (MAX_ELEMENTS - 3)), url=URL)


@pytest.mark.parametrize("form", ['a{}="{}"', "a{}={}", "a{} b{}"])
def test_more_attributes_than_any_element_has_are_refused(form: str) -> None:
    attributes = " ".join(form.format(n, n) for n in range(MAX_ATTRIBUTES + 1))
    with pytest.raises(UnreadablePage, match=f"over {MAX_ATTRIBUTES} attributes"):
        tree_of(page(f"<p {attributes}>x</p>"), url=URL)


def test_more_attributes_than_any_page_has_are_refused() -> None:
    with pytest.raises(UnreadablePage, match="attributes"):
        tree_of(page("<p a=1 b=2 c=3>" * (MAX_EQUALS // 3 + 1)), url=URL)


def test_scripts_and_long_values_are_no_attributes() -> None:
    script = "if (i<n) " + "a = b; " * MAX_ATTRIBUTES
    value = "b = c " * MAX_ATTRIBUTES
    assert not has_crowded_tags(page(f"<script>{script}</script><p title='{value}'>x</p>"))
