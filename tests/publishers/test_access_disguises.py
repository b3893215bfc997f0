import json

import pytest

from publishers.access import decide_page
from tests.publishers.pages import (
    ID,
    OPEN_BODY,
    RULES,
    TOP_BODY,
    URL,
    access,
    evidence,
    fusion,
    page,
    premium_page,
    story,
)

UNSAID = fusion(story())


@pytest.mark.parametrize("depth", [2500, 60_000])
def test_a_page_too_deep_for_the_parser_is_unknown(depth: int):
    html = page(body="<div>" * depth + "HIDDENBODY" + "</div>" * depth)
    decision = decide_page(html, URL, RULES)
    assert decision.access == "unknown"
    assert b"HIDDENBODY" not in (decision.kept or b"HIDDENBODY")


@pytest.mark.parametrize(
    "script",
    [
        "<script>Fusion.globalContent={};</script>" + fusion(story(isPremium=True)),
        fusion(story(isPremium=False))
        + '<script>Fusion.globalContent={"isPremium":true};</script>',
        fusion(story(isPremium=False), more='Fusion["globalContent"] = {"isPremium": true};'),
        fusion(story(isPremium=False))
        + '<!-- <script>Fusion.globalContent={"isPremium":true};</script> -->',
        fusion(
            story(isPremium=False),
            more=(f'Fusion.contentCache={{"x":{{"data":{{"_id":"{ID}","isPremium":true}}}}}};'),
        ),
    ],
)
def test_any_object_of_the_page_that_says_premium_counts(script: str):
    assert access(page(script=script)) == "premium"


def test_text_that_looks_like_the_end_of_the_script_hides_nothing():
    text = 'they wrote "};Fusion.globalContentConfig={}" and </script>'
    content = json.dumps(story(elements=[{"type": "text", "content": text}], isPremium=True))
    assert access(page(script=fusion(content.replace("</", "<\\/")))) == "premium"
    quoted = story(
        isPremium=False, elements=[{"content": 'Fusion.globalContent={"isPremium":true}'}]
    )
    assert access(page(script=fusion(quoted))) == "free"
    assert access(page(body=OPEN_BODY.format("He typed Fusion.globalContent=oops"))) == "free"


@pytest.mark.parametrize(
    "bottom",
    [
        "<SECTION DATA-TEST-UI='article-bottom-body'>x</SECTION>",
        "<div data-test-ui = article-bottom-body>x</div>",
        '<section data-test-ui="\n  article-bottom-body\t">x</section>',
        '<section data-test-ui="Article-Bottom-Body">x</section>',
        '<section data-test-ui="body article-bottom-body">x</section>',
        '<section data-test-ui="article&#45;bottom-body">x</section>',
        '<section data-test-ui="x" data-test-ui="article-bottom-body">x</section>',
        '<template><section data-test-ui="article-bottom-body">x</section></template>',
        '<noscript><section data-test-ui="article-bottom-body">x</section></noscript>',
        '<!-- <section data-test-ui="article-bottom-body">x</section> -->',
        "<textarea><section data-test-ui='article-bottom-body'>x</section></textarea>",
    ],
)
def test_a_subscribers_section_is_seen_however_it_is_written(bottom: str):
    html = page(script=UNSAID, body=TOP_BODY.format("<p>a</p>") + bottom)
    assert "section:article-bottom-body" in evidence(html)
    assert access(html) == "premium"


def test_a_style_sheet_or_script_that_names_the_section_means_nothing():
    style = '<style>[data-test-ui="article-bottom-body"]{display:none}</style>'
    script = """<script>find("section[data-test-ui='article-bottom-body']");
        make("<section data-test-ui='article-bottom-body'>")</script>"""
    assert access(page(head=style + script)) == "free"


@pytest.mark.parametrize(
    ("charset", "bom"),
    [
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("utf-32-le", b"\xff\xfe\x00\x00"),
        ("utf-32-be", b""),
        ("utf-32-le", b""),
        ("utf-8", b"\xef\xbb\xbf"),
    ],
)
def test_marks_are_seen_in_every_unicode_encoding(charset: str, bom: bytes):
    decision = decide_page(bom + premium_page().decode().encode(charset), URL, RULES)
    assert decision.access == "premium"
    assert decision.kept is not None
    assert b"HIDDEN" not in decision.kept
    assert "The talks went on." in decision.kept.decode()
    assert access(bom + page().decode().encode(charset)) == "free"


def test_a_byte_order_mark_is_believed_where_no_other_sign_is():
    text = "会谈" * 20_000
    html = premium_page().decode().replace("<!doctype html>", f"<!-- {text} --><!doctype html>")
    assert access(b"\xff\xfe" + html.encode("utf-16-le")) == "premium"


@pytest.mark.parametrize(
    "claim", ["utf-7", "cp037", "utf-16", "iso-8859-1", "shift_jis", "nonsense", "hex", "\u017f"]
)
def test_a_wrong_charset_hides_no_mark(claim: str):
    html = premium_page().replace(b'charset="utf-8"', f'charset="{claim}"'.encode())
    decision = decide_page(html, URL, RULES)
    assert decision.access == "premium"
    assert b"HIDDEN" not in (decision.kept or b"HIDDEN")


def test_nul_and_invalid_bytes_hide_no_mark():
    html = premium_page().replace(b"<nav>", b"<p>\x00\xff\xed\xa0\x80</p><nav>")
    assert access(html) == "premium"
    assert access(page().replace(b"<nav>", b"<p>\x00\xff</p><nav>")) == "free"


def test_half_an_emoji_in_the_json_is_no_stumbling_block():
    html = premium_page(script=fusion(story(isPremium=True, headline="a \ud83d b")))
    decision = decide_page(html, URL, RULES)
    assert decision.access == "premium"
    assert decision.kept is not None


def test_a_public_part_nested_too_deeply_to_be_rebuilt_is_unknown():
    inside = "<p>" + "<b>" * 1500 + "HIDDENBODY" + "</b>" * 1500 + "</p>"
    decision = decide_page(premium_page(body=TOP_BODY.format(inside)), URL, RULES)
    assert decision.access == "unknown"
    assert b"HIDDENBODY" not in (decision.kept or b"HIDDENBODY")
