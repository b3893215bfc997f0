"""Another story's text on a free page and on a front, however it is spelled, and what only looks like it."""

import base64
import html
import json
import time
from typing import Any
from urllib.parse import quote

import pytest

from publishers.access import decide_other, decide_page
from tests.publishers.pages import ID, OPEN_BODY, OTHER_ID, PATH, RULES, URL, page

HTML = "text/html; charset=utf-8"
TEXT = "<p>HIDDENJSON and a good deal more of the story, to its very end.</p>"
STORIES: dict[str, dict[str, Any]] = {
    "marked": {"_id": OTHER_ID, "isPremium": True, "elements": [{"type": "text", "content": TEXT}]},
    "unsaid": {"_id": OTHER_ID, "canonical_url": "/world/o/", "body": TEXT},
    "linked": {
        "@type": "NewsArticle",
        "mainEntityOfPage": {"@id": f"https://www.nzherald.co.nz/world/o/{OTHER_ID}/"},
        "articleBody": TEXT,
    },
    "not free": {"@type": ["NewsArticle"], "isAccessibleForFree": False, "articleBody": TEXT},
}
FRONT = "<html><head><title>World</title></head><body><h1>World</h1>{}<p>The end.</p></body></html>"
LINKED = '<script type="Application/LD+JSON">{}</script>'


def packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


SHAPES = {
    "attribute": lambda data: f'<div data-story="{html.escape(data)}"></div>',
    "decimal": lambda data: f'<div data-story="{data.replace(chr(34), "&#34;")}"></div>',
    "hexadecimal": lambda data: f'<div data-story="{data.replace(chr(34), "&#x22;")}"></div>',
    "twice escaped": lambda data: f'<i data-s="{html.escape(html.escape(data))}"></i>',
    "single quotes": lambda data: f"<div data-story='{data}'></div>",
    "input": lambda data: f'<input type=hidden value="{html.escape(data)}">',
    "meta": lambda data: f'<meta name="story" content="{html.escape(data)}">',
    "textarea": lambda data: f"<textarea hidden>{html.escape(data)}</textarea>",
    "plain textarea": lambda data: f"<textarea hidden>{data}</textarea>",
    "own element": lambda data: f"<story-data>{data}</story-data>",
    "next to a script": lambda data: f"<p data-s='{data}'></p><script>x={{'body':1}}</script>",
    "escaped in a string": lambda data: f'<i data-s="{html.escape(json.dumps({"s": data}))}"></i>',
    "u-escaped": lambda data: (
        f"""<script>x=JSON.parse('{data.replace('"', chr(92) + "u0022")}')</script>"""
    ),
    "x-escaped": lambda data: f"""<script>x='{data.replace('"', chr(92) + "x22")}'</script>""",
    "cache in base64": lambda data: (
        f'<script>Fusion.contentCache={{"p":"{packed(data)}"}}</script>'
    ),
    "template": lambda data: f"<template>{data}</template>",
    "srcdoc": lambda data: f"<iframe srcdoc='<script>x={html.escape(data)}</script>'></iframe>",
    "style": lambda data: f"<style>/* {data} */</style>",
    "drawing": lambda data: f"<svg><desc>{html.escape(data)}</desc></svg>",
    "linked data": LINKED.format,
    "list": lambda data: LINKED.format(f'{{"@type":"ItemList","itemListElement":[{data}]}}'),
    "flight": lambda data: f"<script>__next_f.push([1,{json.dumps('5:' + data)}])</script>",
    "string": lambda data: f"<script>x=JSON.parse({json.dumps(data)})</script>",
    "single string": lambda data: f"<script>x=JSON.parse('{data}')</script>",
    "next": lambda data: f'<script type="application/json">{{"p":{json.dumps(data)}}}</script>',
    "cache": lambda data: f'<script>Fusion.contentCache={{"p":{json.dumps(data)}}}</script>',
    "base64": lambda data: f'<script>x=JSON.parse(atob("{packed(data)}"))</script>',
    "base64 list": lambda data: f'<div data-s="{packed("[" + data + "]")}"></div>',
    "base64 string": lambda data: f'<script>x={{"p":"{packed(data)}"}}</script>',
    "percent": lambda data: f'<script>x=decodeURIComponent("{quote(data)}")</script>',
    "percent attribute": lambda data: f'<div data-s="{quote(data)}"></div>',
}


@pytest.mark.parametrize("name", STORIES)
@pytest.mark.parametrize("shape", SHAPES)
def test_another_storys_text_is_cut_out_however_it_is_spelled(shape: str, name: str):
    data = json.dumps(STORIES[name])
    markup = SHAPES[shape](data)
    free = page(body=OPEN_BODY.format("Own text."), after=markup)
    article = decide_page(free, URL, RULES)
    front = decide_other(FRONT.format(markup).encode(), HTML, RULES)
    assert article.access == "free"
    for kept in (article.kept, front.kept):
        told = (kept or b"HIDDENJSON").decode()
        assert "HIDDENJSON" not in told
        assert packed(data)[20:60] not in told
        assert packed("[" + data)[20:60] not in told
    assert b"Own text." in (article.kept or b"")
    assert b"<p>The end.</p>" in (front.kept or b"")
    assert decide_page(article.kept or b"", URL, RULES).kept is None
    assert decide_other(front.kept or b"", HTML, RULES).kept is None


@pytest.mark.parametrize(
    "value",
    [
        {"_id": OTHER_ID, "isPremium": True, "content": {"rendered": TEXT}},
        {"_id": OTHER_ID, "isPremium": True, "content": {"blocks": [{"text": TEXT}]}},
        {"_id": OTHER_ID, "isPremium": True, "raw": json.dumps({"elements": [{"content": TEXT}]})},
        {"_id": OTHER_ID, "isPremium": "yes", "body": TEXT},
        {"_id": OTHER_ID, "type": "story", "headline": "Another", "elements": [{"content": TEXT}]},
        {"meta": {"isPremium": True}, "content": {"elements": [{"type": "text", "content": TEXT}]}},
    ],
)
@pytest.mark.parametrize("shape", ["next", "attribute"])
def test_text_is_found_in_every_form_of_a_story(value: dict[str, Any], shape: str):
    markup = SHAPES[shape](json.dumps(value))
    article = decide_page(page(after=markup), URL, RULES).kept
    front = decide_other(FRONT.format(markup).encode(), HTML, RULES).kept
    assert b"HIDDENJSON" not in (article or b"HIDDENJSON")
    assert b"HIDDENJSON" not in (front or b"HIDDENJSON")


@pytest.mark.parametrize(
    "code",
    [
        "x={isPremium:true,body:'It\\'s HIDDENJSON and a good deal more of the story.'}",
        'x={"isPremium":true,"at":new Date(1),"body":"It\'s HIDDENJSON and a good deal more of it."}',
        'x={"isPremium":true,"body":"\\u003Cp\\u003EHIDDENJSON, and more.",at:undefined}',
    ],
)
def test_text_is_found_in_a_literal_that_is_no_json(code: str):
    for markup in (f"<script>{code}</script>", f'<div x-data="{html.escape(code)}"></div>'):
        kept = decide_page(page(after=markup), URL, RULES).kept
        assert b"HIDDENJSON" not in (kept or b"HIDDENJSON")


def test_the_page_itself_is_the_story_that_its_address_names():
    other = STORIES["marked"] | {"isPremium": False, "canonical_url": "/world/o/"}
    markup = f"<script>Fusion.globalContent={json.dumps(other)};</script>"
    kept = decide_page(page(head=markup), URL, RULES).kept
    assert b"HIDDENJSON" not in (kept or b"HIDDENJSON")


OWN = {"_id": ID, "canonical_url": PATH, "body": TEXT}
OWN_LINKED = {"@type": "NewsArticle", "@id": f"{URL}#article", "articleBody": TEXT}


@pytest.mark.parametrize(
    "markup",
    [
        f'<div data-story="{html.escape(json.dumps(OWN))}"></div>',
        f"<script>__next_f.push([1,{json.dumps(json.dumps(OWN))}])</script>",
        LINKED.format(json.dumps(OWN_LINKED)),
        LINKED.format(json.dumps(OWN_LINKED | {"isAccessibleForFree": False})),
        LINKED.format(json.dumps({"@type": "NewsArticle", "articleBody": TEXT})),
        LINKED.format(json.dumps(OWN_LINKED | {"@id": "", "url": f" /x/{ID}/?a=b"})),
        f"<script>x={json.dumps({'id': 1, 'canonical_url': PATH, 'body': TEXT})}</script>",
    ],
)
def test_a_free_pages_own_text_stays_wherever_it_stands(markup: str):
    decision = decide_page(page(after=markup), URL, RULES)
    assert (decision.access, decision.kept) == ("free", None)


@pytest.mark.parametrize(
    "markup",
    [
        "<style>.a{justify-content:center}.b:before{content:'a quotation mark, and a long one at that'}</style>",
        f'<div data-props="{html.escape(json.dumps({"body": "large", "content": "wide"}))}"></div>',
        f'<a href="/share/?body={quote(json.dumps({"content": "A headline"}))}">Share</a>',
        f'<img src="data:image/png;base64,{packed("a picture " * 50)}">',
        f'<div data-token="{packed(json.dumps({"user": "nobody", "session": "x" * 60}))}"></div>',
        "<p>The body: a long sentence about the contents of an elements: list.</p>",
        '<div onclick="go({content: 1})" data-a=\'{"content":"b"}\'></div>',
    ],
)  # fmt: skip
def test_what_only_looks_like_it_is_kept_as_received(markup: str):
    assert decide_page(page(after=markup), URL, RULES).kept is None
    assert decide_other(FRONT.format(markup).encode(), HTML, RULES).kept is None


def test_what_is_left_of_an_attribute_without_quotes_takes_no_other_with_it():
    load = packed(json.dumps(STORIES["marked"]))
    body = f'<section data-s={load} data-test-ui="article__body"><p>Own text.</p></section>'
    decision = decide_page(page(body=body), URL, RULES)
    assert decision.access == "free"
    assert b'<section data-s="" data-test-ui="article__body">' in (decision.kept or b"")


ESCAPES = f"&{'amp;' * 12}quot;body%{'25' * 12}22:"


@pytest.mark.parametrize(
    "piece",
    [
        "eyJ",
        'a={body:"forty characters of a long text that is none at all"};',
        '"body":1,',
        '["body",',
        "\\",
        "<!--a-->",
        "&amp;quot;body&quot;:1",
        ESCAPES,
    ],
)
def test_no_page_takes_long_however_it_repeats_itself(piece: str):
    # Eight times the text takes some eight times as long, and not sixty-four times.
    script = "<script>{}</script>"
    times = []
    for size in (50_000, 400_000):
        pieces = piece * (size // len(piece))
        content = FRONT.format(f'{pieces}{script.format(pieces)}<i data-s="{html.escape(pieces)}">')
        began = time.process_time()
        decide_other(content.encode(), HTML, RULES)
        decide_page(content.encode(), URL, RULES)
        times.append(time.process_time() - began)
    assert times[1] < 30 * times[0]


def test_the_number_of_a_character_may_be_any():
    markup = f'<i data-s="&quot;body&quot;: &#{"9" * 5000};"></i>'
    assert decide_page(page(after=markup), URL, RULES).access == "free"


@pytest.mark.parametrize("label", ["image/png", "image/svg+xml", "font/woff"])
def test_a_page_that_is_called_a_picture_is_a_page(label: str):
    markup = SHAPES["attribute"](json.dumps(STORIES["marked"]))
    content = f"<!-- a comment --> <!doctype html>{FRONT.format(markup)}".encode()
    assert b"HIDDENJSON" not in (decide_other(content, label, RULES).kept or b"HIDDENJSON")
