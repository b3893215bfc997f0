import json

import pytest

from publishers.access import decide_page
from tests.publishers.pages import (
    BADGE,
    BOTTOM,
    OPEN_BODY,
    OTHER_ID,
    PATH,
    PREMIUM_URL,
    RULES,
    TOP_BODY,
    URL,
    access,
    evidence,
    fusion,
    page,
    story,
)

UNSAID = fusion(story())
CARD = f'<article class="story-card">{BADGE}<h3><a href="/world/x/{OTHER_ID}/">Other</a></h3></article>'


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
    latest = f'<section id="article-RHRLatestfrom"><div class="card">{BADGE}</div></section>'
    assert access(page(script=UNSAID, body=body + latest)) == "free"
    menu = f"<nav>{BADGE}</nav><aside>{BADGE}</aside><footer>{BADGE}</footer>"
    assert access(page(script=UNSAID, body=body + menu)) == "free"


def test_a_badge_that_cannot_be_placed_counts_unless_the_page_says_it_is_free():
    below = OPEN_BODY.format("x") + f"<div>{BADGE}</div>"
    assert access(page(body=below)) == "free"
    assert access(page(body=below, script=UNSAID)) == "unknown"
    assert access(page(after=BADGE, script=UNSAID)) == "unknown"


def test_a_badge_is_seen_however_it_is_written():
    for badge in (
        BADGE.upper(),
        "<b data-test-ui=' x\tnzh-premium-badge '>",
        BADGE.replace("nzh-premium", "nzh&#45;premium"),
    ):
        assert "badge" in evidence(page(script=UNSAID, header=badge))


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


@pytest.mark.parametrize("content", ["null", "{}", "[]"])
def test_json_that_says_nothing_is_unknown_beside_a_body(content: str):
    assert access(page(script=fusion(content))) == "unknown"


@pytest.mark.parametrize("name", ["globalContent", "global\ufffdontent", "Global"])
def test_a_damaged_script_that_has_lost_its_content_is_unknown(name: str):
    script = fusion(story(isPremium=True)).replace("Fusion.globalContent=", f"Fusion.{name}:")
    decision = decide_page(page(script=script.replace(' id="', ' io="')), URL, RULES)
    assert (decision.access, decision.evidence) == ("unknown", ("fusion:globalContent absent",))
    assert decision.kept is not None
    assert b"The talks went on" not in decision.kept
    assert decide_page(decision.kept, URL, RULES).kept == decision.kept


def test_an_article_that_writes_of_the_script_needs_none():
    assert access(page(script="", body=OPEN_BODY.format("He typed Fusion.spa=1;"))) == "free"


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


def test_the_free_page_is_kept_as_received():
    decision = decide_page(page(), URL, RULES)
    assert (decision.access, decision.kept, decision.cuts) == ("free", None, ())


def test_the_address_may_be_anything():
    for url in ("", "nonsense", "http://[::1", f"https://mirror.example{PATH}"):
        assert access(page(), url) == "free"
