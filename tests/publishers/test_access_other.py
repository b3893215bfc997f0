import json

import pytest

from publishers.access import decide_other, decide_page
from publishers.fusion import global_content
from tests.publishers.pages import (
    BOTTOM,
    ID,
    OPEN_BODY,
    OTHER_ID,
    PATH,
    RULES,
    TOP_BODY,
    URL,
    fusion,
    page,
    premium_page,
    story,
)

SECRET = "HIDDENJSON"
HTML = "text/html; charset=utf-8"
JSON = "application/json"
TEXT = [{"type": "text", "content": SECRET}]
PAID = {"_id": OTHER_ID, "canonical_url": "/world/o/", "isPremium": True, "elements": TEXT}
FREE = PAID | {"isPremium": False}
UNSAID = {key: value for key, value in PAID.items() if key != "isPremium"}


def listing(content: object = None, cache: object = None, head: str = "", body: str = "") -> bytes:
    section = {"_id": "/world", "node_type": "section"} if content is None else content
    more = f"Fusion.contentCache={json.dumps(cache or {})};"
    return (
        f"<!doctype html><html><head><title>World</title>{head}</head><body><h1>World</h1>"
        f'<article class="story-card"><a href="{PATH}">A headline ā</a></article>{body}'
        f"{fusion(section, more)}</body></html>"
    ).encode()


@pytest.mark.parametrize(
    ("html", "access"),
    [
        (listing(cache={"feed": {"data": [PAID]}}), "premium"),
        (listing(cache={"feed": {"data": [UNSAID]}}), "unknown"),
        (listing(cache={"feed": {"data": {"content_elements": [FREE, PAID]}}}), "premium"),
        (listing(cache={"html": {"data": {"content": SECRET}}}), "unknown"),
        (
            listing(
                cache={
                    "feed": {"data": [PAID | {"content_restrictions": {"content_code": "free"}}]}
                }
            ),
            "premium",
        ),
        (listing(content={"_id": "/world", "content_elements": [PAID]}), "premium"),
        (listing(content={"_id": "/world", "body": SECRET}), "unknown"),
        (listing(cache=[FREE | {"related": [PAID]}]), "premium"),
        (
            listing(
                head='<script type="application/ld+json">'
                f'[{{"@type":"NewsArticle","articleBody":"{SECRET}"}}]</script>'
            ),
            "unknown",
        ),
        (
            listing(
                head="<SCRIPT TYPE='application/json' id=x>"
                f"{json.dumps({'props': [PAID]})}</SCRIPT>"
            ),
            "premium",
        ),
        (
            listing(
                head=f'<script type="application/ld+json">{{"articleBody":"{SECRET}",}}</script>'
            ),
            "unknown",
        ),
    ],
)
def test_subscriber_text_is_cut_out_of_a_listing_and_the_links_stay(html: bytes, access: str):
    decision = decide_other(html, HTML, RULES)
    assert decision.access == access
    assert decision.kept is not None
    assert SECRET.encode() not in decision.kept
    assert PATH.encode() in decision.kept
    assert "A headline ā" in decision.kept.decode()
    assert decision.cuts
    assert decision.evidence
    again = decide_other(decision.kept, HTML, RULES)
    assert (again.access, again.kept, again.cuts) == ("free", None, ())


@pytest.mark.parametrize(
    "html",
    [
        listing(cache={"feed": {"data": [FREE]}}),
        listing(cache={"feed": {"data": {"content_elements": [FREE, story(isPremium=True)]}}}),
        listing(content={"_id": "/world", "content_elements": [FREE]}),
    ],
)
def test_a_listing_does_not_know_whether_the_text_of_its_articles_is_free(html: bytes):
    decision = decide_other(html, HTML, RULES)
    assert decision.kept is not None
    assert b"elements" not in decision.kept


@pytest.mark.parametrize(
    "html",
    [
        listing(),
        listing(cache={"feed": {"data": [story(isPremium=True)]}}),
        listing(body="<p>Premium. Subscribe to continue reading.</p>"),
        listing(head='<script type="application/ld+json">{"@type":"ItemList"}</script>'),
        b"<html><body>moved</body></html>",
        b"",
    ],
)
def test_a_listing_without_text_of_articles_is_kept_as_received(html: bytes):
    decision = decide_other(html, HTML, RULES)
    assert (decision.access, decision.kept, decision.cuts) == ("free", None, ())


@pytest.mark.parametrize("hidden", ["section", "flag", "code"])
def test_an_article_that_comes_as_something_else_is_cut_as_an_article(hidden: str):
    if hidden == "section":
        html = listing(body=TOP_BODY.format("<p>a</p>") + BOTTOM.format(f"<p>{SECRET}</p>"))
    elif hidden == "flag":
        html = page(script=fusion(PAID), body=OPEN_BODY.format(SECRET))
    else:
        restricted = {"content_restrictions": {"content_code": "premium"}}
        html = page(script=fusion(story(**restricted)), body=OPEN_BODY.format(SECRET))
    decision = decide_other(html, HTML, RULES)
    assert decision.access == "premium"
    assert SECRET.encode() not in (decision.kept or SECRET.encode())


def test_a_listing_whose_json_cannot_be_read_is_unknown():
    html = listing().replace(b"Fusion.contentCache={}", b'Fusion.contentCache=("HIDDENJSON")')
    decision = decide_other(html, HTML, RULES)
    assert decision.access == "unknown"
    assert SECRET.encode() not in (decision.kept or SECRET.encode())


def test_a_listing_in_another_charset_stays_in_it():
    html = listing(cache=[PAID]).decode().encode("utf-16")
    kept = decide_other(html, HTML, RULES).kept
    assert kept is not None
    assert "A headline ā" in kept.decode("utf-16")
    latin = listing(cache=[PAID]).decode().replace("ā", "é").encode("latin-1")
    kept = decide_other(latin, "text/html; charset=iso-8859-1", RULES).kept
    assert kept is not None
    assert "A headline é" in kept.decode("latin-1")


@pytest.mark.parametrize(
    ("value", "access"),
    [
        (PAID, "premium"),
        ([FREE, PAID], "premium"),
        ({"a": {"b": [{"c": UNSAID}]}}, "unknown"),
        ({"content": SECRET}, "unknown"),
        ({"articleBody": SECRET, "isAccessibleForFree": True}, "unknown"),
        (
            {"isPremium": False, "content_restrictions": {"content_code": "x"}, "body": SECRET},
            "premium",
        ),
        (FREE | {"related": UNSAID}, "unknown"),
        (PAID | {"_id": ["odd"]}, "premium"),
        (PAID | {"isPremium": 1}, "premium"),
    ],
)
@pytest.mark.parametrize(
    "declared", [JSON, "application/vnd.api+json", "text/html", "text/plain", ""]
)
def test_subscriber_text_is_cut_out_of_json(value: object, access: str, declared: str):
    content = json.dumps(value).encode()
    decision = decide_other(content, declared, RULES)
    assert decision.access == access
    assert decision.kept is not None
    kept = json.dumps(json.loads(decision.kept))
    assert kept.count(SECRET) == content.decode().count(SECRET) - 1
    assert decide_other(decision.kept, declared, RULES).kept is None


def test_of_a_barred_story_its_public_fields_stay():
    listed = {"content_elements": [UNSAID, PAID, FREE]}
    kept = decide_other(json.dumps(listed).encode(), JSON, RULES).kept
    public = {"_id": OTHER_ID, "canonical_url": "/world/o/"}
    assert json.loads(kept or b"") == {
        "content_elements": [public, public | {"isPremium": True}, FREE]
    }


@pytest.mark.parametrize(
    "value",
    [
        FREE,
        [FREE, {"x": FREE}],
        {"items": [], "content": [{"isPremium": False, "content": "x"}]},
        {"name": "World"},
        [],
        "text",
        3,
        None,
    ],
)
def test_json_without_subscriber_text_is_kept_as_received(value: object):
    decision = decide_other(json.dumps(value).encode(), JSON, RULES)
    assert (decision.access, decision.kept) == ("free", None)


@pytest.mark.parametrize(
    "content", [b'{"content": "HIDDENJSON"', b"HIDDENJSON", b"<p>HIDDENJSON</p>"]
)
def test_json_that_cannot_be_read_is_not_kept(content: bytes):
    decision = decide_other(content, JSON, RULES)
    assert (decision.access, decision.kept) == ("unknown", b"null")


@pytest.mark.parametrize("content_type", [JSON, HTML])
def test_what_nests_without_end_is_not_kept(content_type: str):
    content = b'{"a":' * 50_000 + b'"HIDDENJSON"' + b"}" * 50_000
    page_of_it = fusion(content.decode()).encode()
    decision = decide_other(content if content_type == JSON else page_of_it, content_type, RULES)
    assert decision.access == "unknown"
    assert SECRET.encode() not in (decision.kept or SECRET.encode())


def test_what_is_still_compressed_is_not_kept():
    decision = decide_other(b"\x1f\x8b\x08\x00packed", HTML, RULES)
    assert decision.access == "unknown"
    assert b"packed" not in (decision.kept or b"packed")


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"User-agent: *\nDisallow: /pf/\n", "text/plain"),
        (b"[robots] is not JSON", "text/plain"),
        (
            b'<?xml version="1.0"?><urlset><url><loc>https://a/</loc></url></urlset>',
            "application/xml",
        ),
        (b"\xff\xd8\xff\xe0{", "image/jpeg"),
        (b"\x1f\x8b\x08\x00", "application/gzip"),
    ],
)
def test_other_kinds_pass_as_received(content: bytes, content_type: str):
    decision = decide_other(content, content_type, RULES)
    assert (decision.access, decision.kept) == ("free", None)


def test_html_is_known_whatever_it_is_declared_as():
    for declared in ("", "text/plain", "application/octet-stream", "application/xhtml+xml"):
        kept = decide_other(premium_page(), declared, RULES).kept
        assert b"HIDDEN" not in (kept or b"HIDDEN")


@pytest.mark.parametrize(
    "script",
    [
        fusion(
            story(isPremium=False, elements=["Own."]), f"Fusion.contentCache={json.dumps([PAID])};"
        ),
        fusion(
            story(isPremium=False, elements=["Own."]),
            f"Fusion.contentCache={json.dumps([UNSAID])};",
        ),
        fusion(story(isPremium=False, elements=["Own."], related=[PAID])),
        fusion(
            story(isPremium=False, elements=["Own."]),
            f'Fusion.contentCache={{"html":{{"data":{{"content":"{SECRET}"}}}}}};',
        ),
        fusion(
            story(isPremium=False, elements=["Own."]),
            f'Fusion.contentCache={{"html":{{"data":{{"\\u0063ontent":"{SECRET}"}}}}}};',
        ),
        fusion(story(elements=["Own."], related={"basic": [UNSAID]})),
        fusion(story(isPremium=False, elements=["Own.", PAID])),
        fusion(story(isPremium=False, elements=["Own."]))
        + f'<script type="application/json">{json.dumps({"stories": [PAID]})}</script>',
    ],
)
def test_a_free_article_keeps_its_own_text_and_loses_that_of_subscriber_only_ones(script: str):
    body = OPEN_BODY.format("Own text ā.")
    decision = decide_page(page(script=script, body=body), URL, RULES)
    assert decision.access == "free"
    assert decision.kept is not None
    kept = decision.kept.decode()
    assert SECRET not in kept
    assert "Own text ā." in kept
    content = global_content(kept)
    assert content is not None
    assert content["elements"][0] == "Own."
    again = decide_page(decision.kept, URL, RULES)
    assert (again.access, again.kept, again.cuts) == ("free", None, ())


def test_a_cached_copy_of_the_free_article_itself_is_its_own_text():
    own = story(isPremium=False, elements=["Own."], canonical_url=PATH)
    script = fusion(own, f'Fusion.contentCache={{"a":{{"data":{json.dumps(own)}}}}};')
    assert decide_page(page(script=script), URL, RULES).kept is None
    unsaid = {"_id": ID, "canonical_url": PATH, "elements": ["Own."]}
    script = fusion(own, f'Fusion.contentCache={{"a":{{"data":{json.dumps(unsaid)}}}}};')
    assert decide_page(page(script=script), URL, RULES).kept is None
