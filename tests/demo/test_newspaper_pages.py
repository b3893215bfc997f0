import gzip
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from demo.newspaper import Edition, Newspaper, Profile
from tests.demo.newspaper_support import TODAY, ask, of_kind


@pytest.fixture(scope="module")
def edition() -> Edition:
    return Edition(TODAY)


@pytest.fixture
def paper(edition: Edition) -> Iterator[Newspaper]:
    with Newspaper(edition) as newspaper:
        newspaper.clock.set(TODAY)
        yield newspaper


def test_pages_weigh_what_real_pages_weigh(edition, paper):
    weights = {story.variant: len(paper.page(story)) for story in edition.stories[-60:]}
    weights["section"] = len(ask(paper, "/world/").body)
    assert all(150_000 <= weight <= 250_000 for weight in weights.values()), weights


def test_a_page_is_compressed_for_those_who_accept_it(edition, paper):
    story = edition.stories[5]
    packed = ask(paper, story.path, Accept_Encoding="gzip, deflate")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert paper.bytes_sent(story.path) == packed.body
    assert gzip.decompress(packed.body) == paper.page(story)
    again = ask(paper, story.path, Accept_Encoding="gzip;q=0.5")
    assert again.body == packed.body
    plain = ask(paper, story.path, Accept_Encoding="gzip;q=0")
    assert "Content-Encoding" not in plain.headers
    assert plain.body == paper.page(story)


def test_an_unchanged_page_is_not_sent_again(edition, paper):
    story = edition.stories[5]
    first = ask(paper, story.path, Accept_Encoding="gzip")
    by_tag = ask(paper, story.path, If_None_Match=first.headers["ETag"])
    by_date = ask(paper, story.path, If_Modified_Since=first.headers["Last-Modified"])
    assert (by_tag.status, by_tag.body, by_date.status) == (304, b"", 304)
    assert paper.bytes_sent(story.path) == first.body
    paper.change(story.article_id, headline="Another headline")
    assert ask(paper, story.path, If_None_Match=first.headers["ETag"]).status == 200


def test_a_profile_without_validators_always_sends_the_page(edition, paper):
    paper.profile = Profile(validators=False)
    reply = ask(paper, edition.stories[5].path, If_Modified_Since="Sun, 01 Mar 2026 09:30:00 GMT")
    assert reply.status == 200
    assert not {"ETag", "Last-Modified"} & set(reply.headers)


def test_an_article_page_says_what_is_true(edition, paper):
    story = of_kind(edition, "staff")
    page = ask(paper, story.path).text
    assert f'data-test-ui="article__heading">{story.headline}</h1>' in page
    assert f"{story.shown_date}</time>" in page
    assert f"{story.read_minutes} mins to read" in page
    linked = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert linked
    data = json.loads(linked[1])
    assert datetime.fromisoformat(data["datePublished"]) == story.date_published
    assert [author["name"] for author in data["author"]] == list(story.authors)
    content = fusion_content(page)
    assert content["isPremium"] is False
    assert content["_id"] == story.article_id
    texts = [part["content"] for part in content["elements"] if part["type"] == "text"]
    assert texts == [text.replace("&", "&amp;") for text in story.public_paragraphs]


def fusion_content(page: str) -> dict[str, object]:
    start = page.index("Fusion.globalContent=") + len("Fusion.globalContent=")
    return json.JSONDecoder().raw_decode(page, start)[0]


def test_free_pages_carry_the_words_of_premium_ones_but_no_hidden_text(edition, paper):
    for story in edition.stories:
        page = paper.page(story).decode()
        assert "Access to Herald Premium articles require" in page
        assert ("HIDDENJSON" in page) == bool(story.hidden)
        if story.access == "free":
            assert "HIDDENBODY" not in page
            assert "nzh-premium-badge" not in page
            assert fusion_content(page)["isPremium"] is False


@pytest.mark.parametrize(
    ("variant", "marks"),
    [
        ("premium_style", {"HIDDENBODY", "nzh-premium-badge", 'style="display:none"'}),
        ("premium_stylesheet", {"HIDDENBODY", "nzh-premium-badge", 'data-hidden-by-css="x1"'}),
        ("premium_json", {"nzh-premium-badge"}),
        ("premium_url", {"HIDDENBODY", "nzh-premium-badge", 'style="display:none"', "/premium/"}),
        ("premium_flag", set()),
    ],
)
def test_premium_pages_differ_in_their_marks(edition, paper, variant, marks):
    story = of_kind(edition, variant)
    page = ask(paper, story.path).text
    assert fusion_content(page)["isPremium"] is True
    looked_for = ("HIDDENBODY", "nzh-premium-badge", 'style="display:none"', 'by-css="x1"')
    assert {mark for mark in looked_for if mark in page} == {
        mark.removeprefix("data-hidden-") for mark in marks if mark != "/premium/"
    }
    assert ("content_restrictions" in page) == (variant != "premium_flag")
    assert ("/premium/" in story.path) == ("/premium/" in marks)
    assert "HIDDEN" not in "".join(story.public_paragraphs)
    assert not set(story.hidden) & set(story.public_paragraphs)


def test_section_pages_carry_hidden_text_of_premium_stories_in_their_data(paper):
    page = ask(paper, "/world/").text
    assert "HIDDENJSON" in page
    assert "HIDDENBODY" not in page
    assert "?ref=section-front" in page
    assert f'href="{paper.origin}/world/' in page
    assert "sponsored" in page


def test_text_that_looks_like_script_does_not_end_the_script(edition, paper):
    story = of_kind(edition, "script_in_text")
    page = ask(paper, story.path).text
    content = fusion_content(page)
    texts = [part["content"] for part in content["elements"] if part["type"] == "text"]
    assert any("};Fusion.globalContentConfig" in text for text in texts)
    assert page.count("</script>") == 3


def test_near_identical_paragraphs_are_both_there(edition, paper):
    page = ask(paper, of_kind(edition, "repeated_paragraphs").path).text
    assert page.count("<p>Both officials spoke on condition of anonymity") == 2


def test_side_cards_change_only_when_they_should(edition, paper):
    story = edition.stories[-1]
    stable = paper.page(story)
    paper.clock.advance(timedelta(minutes=1))
    assert paper.page(story) == stable
    paper.profile = Profile(side_cards="by_minute")
    lively = paper.page(story)
    paper.clock.advance(timedelta(minutes=1))
    assert paper.page(story) != lively
