"""The gate on the made-up newspaper's pages, one of each kind."""

from datetime import UTC, datetime

import pytest
from lxml import html as lxml_html

from demo.newspaper import Edition, Story
from demo.newspaper.article_page import Setting, article_page
from demo.newspaper.carried import SHAPES, Carried, carried, carrying
from demo.newspaper.section_pages import listing_page
from publishers import get
from publishers.access import decide_other, decide_page

ORIGIN = "http://127.0.0.1:8000"
PAPER = get("nzherald").with_origin(ORIGIN)
EDITION = Edition(datetime(2026, 3, 1, 9, 30, tzinfo=UTC))
KINDS = {story.variant: story for story in EDITION.stories}


@pytest.mark.parametrize("story", KINDS.values(), ids=KINDS.keys())
def test_free_stories_pass_and_premium_ones_keep_their_public_part(story: Story):
    url = ORIGIN + story.path
    html = article_page(story, Setting(origin=ORIGIN, edition=EDITION)).encode()
    assert PAPER.article_id(url) == story.article_id
    decision = decide_page(html, url, PAPER.access)
    assert decision.access == story.access
    if story.access == "free":
        assert decision.kept is None
        return
    kept = (decision.kept or b"").decode()
    assert "HIDDEN" not in kept
    tree = lxml_html.fromstring(kept)
    body = tree.xpath("//*[@data-test-ui='article-top-body']")[0]
    assert [p.text_content() for p in body.iter("p")] == list(story.public_paragraphs)
    assert tree.xpath("string(//h1)") == story.headline
    again = decide_page(decision.kept or b"", url, PAPER.access)
    assert again.kept == decision.kept
    assert (again.access, again.evidence, again.cuts) == ("premium", decision.evidence, ())


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", ["article", "listing"])
@pytest.mark.parametrize("variant", ["premium_url", "premium_flag", "contradictory_section"])
def test_a_page_that_carries_another_storys_text_loses_it_and_nothing_else(
    shape: Carried, kind: str, variant: str
):
    premium = EDITION.make(variant, at=EDITION.stories[-1].date_published)
    load = carried(shape, premium, ORIGIN)
    story = KINDS["staff"]
    if kind == "article":
        html = article_page(story, Setting(origin=ORIGIN, edition=EDITION))
        html = carrying(html, shape, [premium], ORIGIN)
        decision = decide_page(html.encode(), ORIGIN + story.path, PAPER.access)
        assert decision.access == "free"
    else:
        html = listing_page("World", "/world/", [premium, story], [], ORIGIN)
        html = carrying(html, shape, [premium], ORIGIN)
        decision = decide_other(html.encode(), "text/html; charset=utf-8", PAPER.access)
    kept = (decision.kept or b"").decode()
    before, found, after = html.partition(load)
    assert found
    assert kept.startswith(before[: before.rfind("<main>")])
    left = kept[len(before) : kept.index("</main>", len(before))]
    assert "HIDDEN" not in kept
    assert len(left) < len(load) / 2
    if kind == "article":
        assert kept == before + left + after


def test_a_section_page_keeps_its_links_and_loses_the_text_in_its_scripts():
    stories = EDITION.in_section("world")[-30:]
    html = listing_page("World", "/world/", stories, stories[:2], ORIGIN)
    assert "HIDDEN" in html
    decision = decide_other(html.encode(), "text/html; charset=utf-8", PAPER.access)
    kept = html if decision.kept is None else decision.kept.decode()
    assert "HIDDEN" not in kept
    links = [lxml_html.fromstring(text).xpath("//a/@href") for text in (html, kept)]
    assert links[0] == links[1]
