"""How the pages of each kind are built, whatever their stories say."""

import re

import pytest

from demo.newspaper.variants import VARIANTS
from tests.demo.newspaper_pages import body, fusion, linked_data, make, page

ADVERT = 'data-test-ui="ad"'


@pytest.mark.parametrize("kind", VARIANTS)
def test_every_kind_is_made_alike_each_time_and_apart_by_number(kind):
    story = make(kind)
    assert story == make(kind)
    assert story.variant == kind
    other = make(kind, number=1)
    assert other.article_id != story.article_id
    assert other.path != story.path


@pytest.mark.parametrize("count", range(6))
def test_a_body_has_none_to_five_adverts(count):
    story = make(f"adverts_{count}")
    inside = body(page(story))
    assert inside.count(ADVERT) == count
    assert "Advertise" not in " ".join(story.public_paragraphs)


def test_two_adverts_may_stand_in_a_row():
    pair = re.compile(
        rf"{ADVERT}[^>]*><p>Advertisement</p><a[^>]*>[^<]*</a></div><div[^>]*{ADVERT}"
    )
    assert pair.search(body(page(make("adverts_2"))))
    assert not pair.search(body(page(make("adverts_1"))))


@pytest.mark.parametrize(
    ("kind", "paragraphs", "figures"),
    [("ap_wire", 2, 0), ("caption_in_figure", 1, 1), ("caption_in_json", 0, 0), ("big_read", 0, 0)],
)
def test_the_lead_pictures_caption_is_in_one_of_three_places(kind, paragraphs, figures):
    story = make(kind)
    html = page(story)
    line = f'<p data-test-ui="figure__caption">{story.images[0].shown_caption}</p>'
    assert html.count(line) == paragraphs
    assert html.count(f'<figure data-test-ui="hero-figure">{line}') == figures
    assert fusion(html)["ogImageAlt"] == story.images[0].shown_caption
    assert ("hero-container" in html) == (kind != "big_read")


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("ap_wire", '{date}</time><span data-test-ui="author-read-time">{n} mins to read<'),
        ("minutes_glued", "{date}{n} mins to read</time></div>"),
        (
            "minutes_in_words",
            '{date}</time><span data-test-ui="author-read-time">{n} minutes to read<',
        ),
    ],
)
def test_the_length_is_stated_in_three_ways(kind, shown):
    story = make(kind)
    assert shown.format(date=story.shown_date, n=story.read_minutes) in page(story)


def test_an_opinion_may_begin_with_key_facts():
    story = make("opinion_facts")
    html = page(story)
    assert 'Opinion by </span><a data-test-ui="author--link"' in html
    assert ">Learn more</a>" in html
    assert "<h2>THREE KEY FACTS</h2><figure" in html or "<h2>THREE KEY FACTS</h2><ul>" in html
    assert [block.kind for block in story.body[:3]] == ["heading", "list", "paragraph"]


def test_viva_has_names_of_its_own():
    html = page(make("viva"))
    assert 'data-test-ui="viva-article__heading"' in html
    assert '<section class="article-viva__body">' in html
    assert 'data-test-ui="article__heading"' not in html
    assert 'data-test-ui="article__body"' not in html


@pytest.mark.parametrize(
    ("kind", "stated", "there"),
    [
        ("gallery", ("type", "gallery"), 'data-test-ui="gallery"'),
        ("quiz", ("subtype", "quiz"), '<iframe src="https://quiz.example/'),
        ("video", ("type", "video"), "<video-js"),
        ("sponsored_world", ("owner", {"id": "nzme", "sponsored": True}), ">sponsored</span><h1"),
    ],
)
def test_what_is_no_article_says_so(kind, stated, there):
    story = make(kind)
    html = page(story)
    assert fusion(html)[stated[0]] == stated[1]
    assert there in html
    assert story.page_state == kind.removesuffix("_world")
    assert story.path.startswith("/world/")


def test_a_redesigned_page_has_no_name_that_is_known():
    story = make("redesign")
    html = page(story)
    main = html[html.index("<main>") : html.index("</main>")]
    assert "data-test-ui" not in main
    assert "article__" not in main
    assert "Fusion" not in html
    assert story.public_paragraphs[0] in main
    assert linked_data(html)["headline"] == story.headline


def test_a_page_may_weigh_over_a_megabyte():
    assert 1_050_000 < len(page(make("heavy")).encode()) < 1_300_000


def test_the_site_promotes_itself_at_the_start_in_the_middle_and_at_the_end():
    story = make("rich_body")
    html = page(story)
    inside = body(html)
    promotions = ('href="/topic/politics/"', "mailto:", 'href="/newsletters/"')
    places = [inside.index(text) for text in promotions]
    assert places == sorted(places)
    assert inside.index(story.public_paragraphs[0]) > places[0]
    assert inside.index(story.public_paragraphs[-1]) < places[2]
    elements = fusion(html)["elements"]
    assert elements[0]["type"] == elements[-1]["type"] == "raw_html"
    assert not any("newsletter" in text for text in story.public_paragraphs)


def test_a_rich_body_has_every_kind_of_block():
    inside = body(page(make("rich_body")))
    for tag in ("<ul><li>", "<ol>", "<table>", "<blockquote><p>", "<h2>", "<h3>"):
        assert tag in inside
    assert 'class="twitter-tweet"' in inside
    assert 'class="instagram-media"' in inside


def test_a_body_may_hold_every_sign():
    story = make("all_signs")
    inside = body(page(story))
    for sign in ("ā", "“", "☕", "&nbsp;", "&shy;", "\u00ad", "ﬁ", "محمود", "עמוס"):
        assert sign in inside
    text = " ".join(story.public_paragraphs)
    assert not set("\u00ad\u00a0") & set(text)
    assert "نجوى قاسم" in story.authors


def test_a_story_may_have_no_paragraph_and_notes_may_follow_one():
    inside = body(page(make("no_paragraphs")))
    assert "<p>" not in inside[inside.index('data-test-ui="article__body"') :]
    assert "<figure" in inside
    assert 'data-test-ui="article__body"></section>' in page(make("empty_body"))
    notes = make("notes_at_foot").public_paragraphs[-2:]
    assert [note.split(":")[0] for note in notes] == ["Correction", "Update"]
    assert f"<p><em>{notes[1]}</em></p>" in body(page(make("notes_at_foot")))


def test_two_stories_may_share_a_slug_or_all_their_words():
    first, second = make("same_slug"), make("same_slug", number=1)
    assert first.slug == second.slug
    assert first.body != second.body
    first, second = make("same_wire"), make("same_wire", number=1)
    assert (first.headline, first.body, first.slug) == (second.headline, second.body, second.slug)
    assert first.article_id != second.article_id
