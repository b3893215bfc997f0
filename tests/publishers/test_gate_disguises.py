"""Another story's text on a free page and on a front, however it is spelled, and what only looks like it."""

import base64
import html
import json
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
