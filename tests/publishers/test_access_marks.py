import json

import pytest

from publishers.access import decide_page
from tests.publishers.pages import (
    BADGE,
    BOTTOM,
    ID,
    OPEN_BODY,
    OTHER_ID,
    PATH,
    PREMIUM_URL,
    RULES,
    TOP_BODY,
    URL,
    fusion,
    page,
    premium_page,
    story,
)

UNSAID = fusion(story())
CARD = f'<article class="story-card">{BADGE}<h3><a href="/world/x/{OTHER_ID}/">Other</a></h3></article>'


def access(html: bytes, url: str = URL) -> str:
    return decide_page(html, url, RULES).access


def evidence(html: bytes, url: str = URL) -> tuple[str, ...]:
    return decide_page(html, url, RULES).evidence


@pytest.mark.parametrize(
    ("html", "mark"),
    [
        (page(script=fusion(story(isPremium=True))), "fusion:isPremium=true"),
        (page(script=fusion(story(isPremium="True"))), "fusion:isPremium=true"),
        (
            page(script=fusion(story(content_restrictions={"content_code": "premium"}))),
            "fusion:content_code=premium",
        ),
        (page(script=UNSAID, header=BADGE), "badge"),
        (page(script="", header=BADGE), "badge"),
        (page(script=UNSAID, body=BOTTOM.format("")), "section:article-bottom-body"),
        (page(script=UNSAID, body='<div id="premium-toaster"></div>'), "historic:#premium-toaster"),
        (page(script=UNSAID, body='<p class="a article-offer">x</p>'), "historic:.article-offer"),
        (page(script=UNSAID, body='<i class="premium-sub"></i>'), "historic:.premium-sub"),
        (
            page(script=UNSAID, body='<div id="article-content" class="premium-content"></div>'),
            "historic:#article-content.premium-content",
        ),
        (
            page(script=UNSAID, head=f'<link rel="canonical" href="{PREMIUM_URL}">'),
            "url:/premium/",
        ),
        (page(script=fusion(story(canonical_url="/world/a/Premium/X/"))), "url:/premium/"),
    ],
)
def test_each_hard_mark_alone_means_premium(html: bytes, mark: str):
    decision = decide_page(html, URL, RULES)
    assert decision.access == "premium"
    assert mark in decision.evidence
    assert decision.kept is not None


def test_the_address_alone_means_premium():
    assert access(page(script=UNSAID), PREMIUM_URL) == "premium"
    assert "url:/premium/" in evidence(page(script=UNSAID), PREMIUM_URL)


def test_a_true_flag_without_a_badge_is_no_contradiction():
    assert evidence(page(script=fusion(story(isPremium=True)))) == ("fusion:isPremium=true",)


@pytest.mark.parametrize(
    "said", [{"isPremium": False}, {"content_restrictions": {"content_code": "free"}}]
)
@pytest.mark.parametrize(
    "marked",
    [
        {"header": BADGE},
        {"body": TOP_BODY.format("<p>a</p>") + BOTTOM.format("<p>b</p>")},
        {"body": '<div id="premium-toaster"></div>'},
        {"head": f'<link rel="canonical" href="{PREMIUM_URL}">'},
    ],
)
def test_a_hard_mark_on_a_page_that_says_free_is_unknown(
    said: dict[str, object], marked: dict[str, str]
):
    decision = decide_page(page(script=fusion(story(**said)), **marked), URL, RULES)
    assert decision.access == "unknown"
    assert decision.kept is not None
    assert b"<p>" not in decision.kept


@pytest.mark.parametrize(("flag", "code"), [(True, "free"), (False, "metered")])
def test_a_flag_and_a_code_that_disagree_are_unknown(flag: bool, code: str):  # noqa: FBT001 - data
    content = story(isPremium=flag, content_restrictions={"content_code": code})
    assert access(page(script=fusion(content))) == "unknown"


def test_words_never_decide():
    html = page(body=OPEN_BODY.format("A premium subscription now costs more. Subscribe! Sign in."))
    assert access(html) == "free"
    assert evidence(html) == ("fusion:isPremium=false",)


@pytest.mark.parametrize("value", [False, "False", "false", True, "True"])
def test_json_ld_is_evidence_and_never_decides(value: object):
    block = json.dumps({"@type": "NewsArticle", "isAccessibleForFree": value})
    html = page(head=f'<script type="application/ld+json">{block}</script>')
    assert access(html) == "free"
    assert f"json-ld:isAccessibleForFree={str(value).lower()}" in evidence(html)


@pytest.mark.parametrize("beside", ["after", "body"])
def test_a_badge_on_the_card_of_another_article_means_nothing(beside: str):
    body = OPEN_BODY.format("x")
    cards = f'<section id="article-RHRLatestfrom">{CARD}</section>'
    html = page(after=cards) if beside == "after" else page(body=body + cards)
    assert access(html) == "free"
    link = f'<div class="promo"><a href="/world/x/{OTHER_ID}/">{BADGE}</a></div>'
    assert access(page(script=UNSAID, body=body + link)) == "free"
    menu = f"<nav>{BADGE}</nav><aside>{BADGE}</aside><footer>{BADGE}</footer>"
    assert access(page(script=UNSAID, body=body + menu)) == "free"


def test_a_badge_that_cannot_be_placed_counts_unless_the_page_says_it_is_free():
    below = OPEN_BODY.format("x") + f"<div>{BADGE}</div>"
    assert access(page(body=below)) == "free"
    assert access(page(body=below, script=UNSAID)) == "unknown"
    assert access(page(after=BADGE, script=UNSAID)) == "unknown"


def test_a_badge_in_the_header_counts_in_a_link_too():
    assert access(page(script=UNSAID, header=f'<a href="/subscribe/">{BADGE}</a>')) == "premium"


def test_an_unknown_layout_is_unknown():
    html = (
        b"<html><body><article><h1>New design</h1><div class='x'>Text</div></article></body></html>"
    )
    assert access(html) == "unknown"
    assert evidence(html) == ("layout:unrecognised",)
    assert access(page(body="<p>x</p>", script=fusion("null"))) == "unknown"
    assert access(page(body="<p>x</p>", script=fusion("{}"))) == "unknown"


@pytest.mark.parametrize("kind", ["video", "gallery", "section"])
def test_a_page_without_a_body_is_known_by_its_json(kind: str):
    assert access(page(body="<video></video>", script=fusion(story(type=kind)))) == "free"


@pytest.mark.parametrize("content", ["undefined", "JSON.parse('{}')", '{"a":', "{isPremium:!0}"])
def test_json_that_is_there_and_cannot_be_read_is_unknown(content: str):
    assert access(page(script=fusion(content))) == "unknown"


def test_a_script_that_has_lost_its_content_is_unknown():
    assert (
        access(page(script='<script id="fusion-metadata">Fusion.spa=false;</script>')) == "unknown"
    )


def test_an_unclear_flag_is_unknown():
    assert access(page(script=fusion(story(isPremium="perhaps")))) == "unknown"


def test_a_cache_that_cannot_be_read_is_unknown():
    script = fusion(story(isPremium=False), more="Fusion.contentCache=load();")
    assert access(page(script=script)) == "unknown"


@pytest.mark.parametrize("content", [b"", b"   ", b"\x00\x01", b"\x1f\x8b\x08garbage"])
def test_what_is_no_page_is_unknown_and_nothing_is_kept(content: bytes):
    decision = decide_page(content, URL, RULES)
    assert decision.access == "unknown"
    assert decision.kept is not None
    assert len(decision.kept) < 400


@pytest.mark.parametrize("depth", [2500, 60_000])
def test_a_page_too_deep_for_the_parser_is_unknown(depth: int):
    html = page(body="<div>" * depth + "HIDDENBODY" + "</div>" * depth)
    decision = decide_page(html, URL, RULES)
    assert decision.access == "unknown"
    assert b"HIDDENBODY" not in (decision.kept or b"HIDDENBODY")


def test_the_free_page_is_kept_as_received():
    decision = decide_page(page(), URL, RULES)
    assert (decision.access, decision.kept, decision.cuts) == ("free", None, ())


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


def test_the_address_may_be_anything():
    for url in ("", "nonsense", "http://[::1", f"https://mirror.example{PATH}"):
        assert access(page(), url) == "free"
