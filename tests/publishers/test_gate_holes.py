"""Places and labels under which a story's text could slip through: feeds, scripts, comments, errors."""

import json

import pytest

from publishers.access import decide_other, decide_page
from tests.publishers.pages import (
    BADGE,
    ID,
    OPEN_BODY,
    OTHER_ID,
    PREMIUM_URL,
    RULES,
    URL,
    fusion,
    page,
    premium_page,
    story,
)

SECRET = "HIDDENJSON"
HTML = "text/html; charset=utf-8"
TEXT = f"{SECRET} and a good deal more of the story, to its very end."
PAID = {"_id": OTHER_ID, "isPremium": True, "elements": [{"type": "text", "content": TEXT}]}
UNSAID = {"_id": OTHER_ID, "canonical_url": "/world/o/", "body": TEXT}
PAID_JSON = json.dumps(PAID)
FRONT = "<html><head><title>World</title></head><body><h1>World</h1>{}</body></html>"

ITEM = (
    "<item><title>A headline ā</title><link>https://www.nzherald.co.nz/world/a/premium/"
    f"{ID}/</link><pubDate>Sun, 01 Mar 2026 20:30:00 +0000</pubDate>"
    "<description><![CDATA[A standfirst.]]></description>{}</item>"
)


def feed(inside: str) -> bytes:
    item = ITEM.replace("{}", inside)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="c" xmlns:media="m">'
        f"<channel><title>NZ Herald</title>{item}{ITEM.replace('{}', '')}</channel></rss>"
    ).encode()


@pytest.mark.parametrize(
    "inside",
    [
        f"<content:encoded><![CDATA[<p>{SECRET}</p>]]></content:encoded>",
        f"<content:encoded>&lt;p&gt;{SECRET}&lt;/p&gt;</content:encoded>",
        f"<content type='html'>{SECRET}</content>",
        f"<content type='xhtml'><div><p>{SECRET}</p><content>x</content><p>{SECRET}</p></div></content>",
        f"<body>{SECRET}</body>",
        f"<media:text>{SECRET}</media:text>",
        f"<story:fullText>{SECRET}</story:fullText>",
        f"<description>{'words ' * 200}{SECRET}</description>",
        f"<description><![CDATA[{'words ' * 200}{SECRET}]]></description>",
        f"<content:encoded>{SECRET}",
    ],
)
@pytest.mark.parametrize(
    "label", ["application/rss+xml", "text/xml", "text/html", "text/plain", ""]
)
def test_a_feed_keeps_its_links_and_no_story(inside: str, label: str):
    content = feed(inside)
    decision = decide_other(content, label, RULES)
    kept = (decision.kept or b"").decode()
    assert decision.access == "unknown"
    assert SECRET not in kept
    assert kept.startswith('<?xml version="1.0" encoding="UTF-8"?><rss')
    assert "A headline ā" in kept
    assert "<![CDATA[A standfirst.]]>" in kept
    if "</content:encoded>" in inside or "encoded" not in inside:
        assert kept.count("<link>") == content.count(b"<link>") == 2
        assert decide_other(kept.encode(), label, RULES).kept is None


@pytest.mark.parametrize(
    "inside",
    [
        "",
        "<!-- a comment --><dc:creator><![CDATA[Jane Example, <b>AP</b>]]></dc:creator>",
        '<media:content url="x.jpg"><media:description>Delegates. Photo / AP</media:description></media:content>',
        "<content:encoded></content:encoded><body/>",
    ],
)
def test_a_feed_without_a_story_is_kept_as_received(inside: str):
    assert decide_other(feed(inside), "application/rss+xml", RULES).kept is None


def test_a_sitemap_is_kept_as_received():
    entry = "<url><loc>https://a/</loc><lastmod>2026-03-01</lastmod><news:news><news:title>ā</news:title></news:news></url>"
    content = f"<urlset>{entry * 300}</urlset>".encode()
    assert decide_other(content, "application/xml", RULES).kept is None


def test_a_feed_in_another_charset_is_cut_in_it():
    told = feed(f"<body>{SECRET}</body>").decode()
    for charset in ("utf-16", "iso-8859-1"):
        content = told.replace("ā", "é").replace("UTF-8", charset).encode(charset)
        kept = (decide_other(content, "text/xml", RULES).kept or b"").decode(charset)
        assert "A headline é" in kept
        assert SECRET not in kept


BADGE_ONLY = page(header=BADGE, body=OPEN_BODY.format("HIDDENBODY"), script="").decode()

SCRIPTS = [
    f'<script type="text/x-component">{PAID_JSON}</script>',
    f'<script type="application/json">)]}}\',\n{PAID_JSON}</script>',
    f"<script>window.__STATE__ = {PAID_JSON};</script>",
    f"<script>window.a=1;if(a){{b()}};window.__STATE__={{}};push([1,{PAID_JSON}])</script>",
    f"<SCRIPT>self.__next_f.push({PAID_JSON})</SCRIPT>",
    f"<!-- {PAID_JSON} -->",
    f"<script>/* {json.dumps(UNSAID)} */</script>",
    f"<script>window.X = {{isPremium: true, body: '{TEXT}'}};</script>",
    f'<script>window.X = JSON.parse("{json.dumps(PAID_JSON)[1:-1]}");</script>',
    f"<script>window.X = {PAID_JSON[:-3]}</script>",
    f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", "articleBody": TEXT})}</script>',
]  # fmt: skip


@pytest.mark.parametrize("script", SCRIPTS)
def test_no_script_or_comment_of_a_front_carries_a_story(script: str):
    html = FRONT.format(f'<a href="/world/a/">A story ā</a>{script}').encode()
    kept = decide_other(html, HTML, RULES).kept
    assert kept is not None
    assert SECRET not in kept.decode()
    assert '<a href="/world/a/">A story ā</a>' in kept.decode()
    assert decide_other(kept, HTML, RULES).kept is None


@pytest.mark.parametrize("script", SCRIPTS[:-1])
def test_no_script_or_comment_of_a_free_article_carries_another_story(script: str):
    decision = decide_page(page(body=OPEN_BODY.format("Own text.") + script), URL, RULES)
    assert decision.access == "free"
    assert decision.kept is not None
    assert SECRET not in decision.kept.decode()
    assert "Own text." in decision.kept.decode()


@pytest.mark.parametrize(
    "script",
    [
        '<script>var a={"content":"x","items":[]};f({body:a})</script>',
        "<style>.body:before{content:'“'}</style>",
        '<script>fetch("/api",{body:JSON.stringify({"content":"A long sentence, sent as it is."})})</script>',
        "<!-- content: the body of elements -->",
    ],
)
def test_a_script_without_a_story_is_kept_as_received(script: str):
    assert decide_other(FRONT.format(script).encode(), HTML, RULES).kept is None
    assert decide_page(page(after=script), URL, RULES).kept is None


@pytest.mark.parametrize("said", [{"isPremium": False}, {"content_restrictions": {"content_code": "free"}}])  # fmt: skip
def test_a_page_is_not_believed_that_another_storys_text_is_free(said: dict[str, object]):
    carried = f'<script type="application/json">{json.dumps(UNSAID | said)}</script>'
    front = decide_other(FRONT.format(carried).encode(), HTML, RULES).kept
    article = decide_page(page(after=carried), URL, RULES).kept
    assert SECRET.encode() not in (front or SECRET.encode())
    assert SECRET.encode() not in (article or SECRET.encode())


@pytest.mark.parametrize(
    ("content", "label"),
    [
        (f"<!-- {'made by a machine ' * 300} -->{BADGE_ONLY}", ""),
        (premium_page().decode().partition("<main>")[2], "text/plain"),
        (f"callback({PAID_JSON})", "application/javascript"),
        (f"var x = {PAID_JSON};", "text/plain"),
        (f")]}}',\n{PAID_JSON}", "text/plain"),
        (f"while(1);{json.dumps({'content': TEXT})}", "text/plain"),
        (PAID_JSON, "text/css"),
        (PAID_JSON[:-2], "text/plain"),
        (PAID_JSON, "text/html"),
        (premium_page().decode(), "application/javascript"),
    ],
)  # fmt: skip
def test_a_wrong_label_hides_nothing(content: str, label: str):
    decision = decide_other(content.encode(), label, RULES)
    assert decision.kept is not None
    assert b"HIDDEN" not in decision.kept


@pytest.mark.parametrize("label", ["text/html; charset=utf-16", "text/html; charset=utf-7", "text/html; charset=ibm037", "text/html; charset=iso-8859-1"])  # fmt: skip
@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "utf-16-le", "utf-32-be"])
def test_a_wrong_charset_hides_no_mark(label: str, charset: str):
    content = premium_page().decode().encode(charset)
    assert decide_page(content, URL, RULES, label).access == "premium"
    for kept in (
        decide_page(content, URL, RULES, label).kept,
        decide_other(content, label, RULES).kept,
    ):
        assert b"HIDDEN" not in (kept or b"HIDDEN")


def test_the_headers_charset_is_believed_before_the_pages_own():
    content = page(script=fusion(story(isPremium=True, headline="Caf\xe9")), header=BADGE)
    content = content.decode().replace("Strait talks", "Caf\xe9 talks").encode("iso-8859-1")
    kept = decide_page(content, URL, RULES, "text/html; charset=iso-8859-1").kept
    assert "Caf\xe9 talks" in (kept or b"").decode()


@pytest.mark.parametrize(
    "mark", ['<div id="premium-toaster"></div>', '<div class="article-offer"></div>']
)
def test_marks_of_former_layouts_decide_on_other_pages_too(mark: str):
    html = FRONT.format(f'<div class="story">HIDDENBODY {mark}</div>').encode()
    decision = decide_other(html, HTML, RULES)
    assert decision.access == "premium"
    assert b"HIDDENBODY" not in (decision.kept or b"HIDDENBODY")


def test_an_error_page_that_carries_a_story_is_cut_as_one():
    body = OPEN_BODY.format("HIDDENBODY")
    badge_only = page(header=BADGE, body=body, script="")
    assert b"HIDDENBODY" not in (decide_other(badge_only, HTML, RULES, URL).kept or b"HIDDENBODY")
    plain = FRONT.format("<div>HIDDENBODY</div>").encode()
    by_address = decide_other(plain, HTML, RULES, PREMIUM_URL).kept
    assert b"HIDDENBODY" not in (by_address or b"HIDDENBODY")
    assert decide_other(FRONT.format("Not found").encode(), HTML, RULES, URL).kept is None


def test_a_menu_that_leads_to_the_subscribers_front_makes_no_front_premium():
    cards = f'<article><a href="{PREMIUM_URL}">{BADGE}A story</a></article>' * 3
    assert decide_other(FRONT.format(cards).encode(), HTML, RULES).kept is None


def test_of_a_page_that_is_not_whole_the_marks_may_be_missing():
    whole = page(
        header="", body=OPEN_BODY.format("HIDDENBODY"), script=fusion(story(isPremium=True))
    )
    part = whole[: whole.index(b"<script")]
    decision = decide_page(part, URL, RULES, whole=False)
    assert (decision.access, decision.evidence) == ("unknown", ("page:not whole",))
    assert b"HIDDENBODY" not in (decision.kept or b"HIDDENBODY")
    assert decide_page(part, URL, RULES).access == "free"
    badged = decide_page(premium_page()[:-100], URL, RULES, whole=False)
    assert badged.access == "premium"


def test_an_amp_page_is_kept_without_its_text():
    amp = (
        f'<!doctype html><html amp><head><link rel="canonical" href="{URL}"><title>Talks</title></head>'
        '<body><h1>Talks</h1><section subscriptions-section="content"><p>HIDDENBODY</p></section></body></html>'
    ).encode()
    decision = decide_page(amp, f"{URL}?outputType=amp", RULES)
    assert decision.access == "unknown"
    assert b"HIDDENBODY" not in (decision.kept or b"HIDDENBODY")


@pytest.mark.parametrize("magic", [b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"BZh9"])
@pytest.mark.parametrize("label", ["text/html", "application/xml", "text/plain", ""])
def test_what_is_still_packed_is_not_kept(magic: bytes, label: str):
    kept = decide_other(magic + b"packed", label, RULES).kept
    assert b"packed" not in (kept or b"packed")


@pytest.mark.parametrize("form", ["{}", "<![CDATA[{}]]>"])
def test_in_a_feed_an_address_may_be_long_and_a_text_may_not(form: str):
    address, text = "http://a/world/?q=" + "x" * 9000, "word " * 2000
    told = (
        f"<rss><item><link>{form.format(address)}</link><description>d</description></item></rss>"
    )
    assert decide_other(told.encode(), "application/xml", RULES).kept is None
    told = f"<rss><item><link>{form.format(text)}</link><description>d</description></item></rss>"
    assert b"word word" not in (
        decide_other(told.encode(), "application/xml", RULES).kept or b"word word"
    )
