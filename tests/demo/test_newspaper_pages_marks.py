"""Which marks of access each odd kind of page carries, and where its hidden text lies."""

import pytest

from tests.demo.newspaper_pages import fusion, linked_data, make, page

MARKS = {
    "badge": 'data-test-ui="nzh-premium-badge"',
    "section": 'data-test-ui="article-bottom-body"',
    "url": "/premium/",
    "toaster": 'id="premium-toaster"',
    "offer": 'class="article-offer"',
    "sub": 'class="premium-sub"',
    "content": 'id="article-content" class="premium-content"',
}

PAGES = {
    # kind: marks, isPremium, content code, access
    "contradictory_section": ({"section", "toaster"}, False, "free", "unknown"),
    "contradictory_badge": ({"badge"}, False, "free", "unknown"),
    "contradictory_code": ({"section", "toaster"}, True, "free", "unknown"),
    "premium_badge": ({"badge"}, None, None, "premium"),
    "premium_url_alone": ({"url"}, None, None, "premium"),
    "premium_url_flag": ({"url", "section", "toaster"}, True, None, "premium"),
    "premium_offer": ({"offer"}, None, None, "premium"),
    "premium_toaster": ({"toaster"}, None, None, "premium"),
    "premium_sub": ({"sub"}, None, None, "premium"),
    "premium_2019": ({"content"}, None, None, "premium"),
    "premium_spread": ({"badge", "section", "toaster"}, True, "premium", "premium"),
    "free_string": (set(), False, "free", "free"),
    "noarchive_other": (set(), False, "free", "free"),
}


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_carries_the_marks_of_its_kind_and_no_others(kind):
    marks, flag, code, access = PAGES[kind]
    story = make(kind)
    html = page(story)
    # Beside the story, cards may lead to others whose addresses carry the mark.
    own = html[: html.index("<style>")] + html[html.index("<main>") : html.index("article-RHR")]
    assert {name for name, mark in MARKS.items() if mark in own} == marks
    content = fusion(html)
    assert content.get("isPremium") is flag
    assert content.get("content_restrictions", {}).get("content_code") == code
    assert story.access == access


@pytest.mark.parametrize("kind", [kind for kind in PAGES if PAGES[kind][3] != "free"])
def test_the_hidden_text_is_marked_and_is_in_the_page_twice(kind):
    story = make(kind)
    html = page(story)
    assert len(story.hidden) > 5
    assert html.count("HIDDENBODY") == len(story.hidden)
    assert sum("HIDDENJSON" in str(e) for e in fusion(html)["elements"]) == len(story.hidden)
    visible = html.replace("HIDDENBODY ", "\0").replace("HIDDENJSON ", "\0")
    # No copy of a hidden paragraph is without its marker word.
    for text in story.hidden:
        note = text[text.index(" Note ") :]
        assert visible.count(note) == sum(text in part for part in visible.split("\0")[1:])


def test_subscriber_text_can_be_in_every_part_of_a_pages_data():
    story = make("premium_spread")
    html = page(story)
    assert linked_data(html)["articleBody"].count("HIDDENJSON") == len(story.hidden)
    cached = fusion(html, "contentCache")["content-by-id"][story.article_id]["data"]
    assert str(cached["elements"]).count("HIDDENJSON") == len(story.hidden)


def test_the_last_public_sentence_of_a_premium_story_breaks_off():
    for kind in ("premium_style", "premium_spread", "contradictory_section"):
        last = make(kind).public_paragraphs[-1]
        assert len(last.split()) == 6
        assert last[-1].isalnum()


def test_a_free_page_may_call_itself_not_free_in_its_linked_data():
    assert linked_data(page(make("free_string")))["isAccessibleForFree"] == "False"
    assert linked_data(page(make("ap_wire")))["isAccessibleForFree"] is True


@pytest.mark.parametrize(
    ("kind", "name", "state"),
    [
        ("noarchive", "robots", "noarchive"),
        ("noarchive_ours", "newsarchive", "noarchive"),
        ("noarchive_other", "googlebot", "article"),
    ],
)
def test_a_page_may_ask_not_to_be_archived(kind, name, state):
    story = make(kind)
    assert f'<meta name="{name}" content="noarchive' in page(story)
    assert story.page_state == state
    assert story.archived_body == (() if state == "noarchive" else story.body)
