import html as html_text
import json

import pytest
from lxml import html as lxml_html

from publishers.fusion import global_content
from tests.publishers.pages import (
    BADGE,
    ID,
    OPEN_BODY,
    PREMIUM_URL,
    TOP_BODY,
    fusion,
    kept_of,
    premium_page,
    story,
    with_top,
)

SECRET = "HIDDENBODY"


@pytest.mark.parametrize(
    "hiding",
    [
        '<p style="display:none">{}</p>',
        '<p style="DISPLAY : NONE !important">{}</p>',
        '<p style="display:/**/none">{}</p>',
        '<p style="d\\69splay:none">{}</p>',
        '<p style="visibility:hidden">{}</p>',
        '<p style="position:absolute;left:-9999px">{}</p>',
        '<p style="opacity:.0">{}</p>',
        '<p style="height:0;overflow:hidden">{}</p>',
        "<p hidden>{}</p>",
        '<p hidden="false">{}</p>',
        '<p HIDDEN="until-found">{}</p>',
        '<p aria-hidden="true">{}</p>',
        '<p data-hidden-by-css="x1">{}</p>',
        '<p class="sr-only">{}</p>',
        '<div style="display:none"><p>{}</p></div>',
        "<ul hidden><li>{}</li></ul>",
        "<p>a<span style='display:none'>{}</span>b</p>",
        "<p>a<i hidden>{}</i>b</p>",
        "<!-- {} -->",
        "<p>a<!-- {} -->b</p>",
        "<noscript><p>{}</p></noscript>",
        "<template><p>{}</p></template>",
        "<script>var a = '{}'</script>",
        "<style>.a::after{{content:'{}'}}</style>",
        "<textarea>{}</textarea>",
        "<iframe srcdoc='<p>{}</p>'></iframe>",
        "<svg><text>{}</text></svg>",
        "<p>a<button>{}</button></p>",
        "<div>{}</div>",
        "<table><tr><td>{}</td></tr></table>",
        '<p data-text="{}">a</p>',
        '<p title="{}">a</p>',
        '<p class="{}">a</p>',
        '<p id="{}">a</p>',
        '<p data-test-ui="{}">a</p>',
        '<p><a href="javascript:{}">a</a></p>',
        '<p><a href="/x/?q={}#{}">a</a></p>',
        '<p><time datetime="{}">a</time></p>',
        '<figure><img alt="{}" src="data:{}"><figcaption>c</figcaption></figure>',
        '<section data-test-ui="article-bottom-body"><p>{}</p></section>',
        '<div data-test-ui="ad"><p>{}</p></div>',
        '<ul class="related-articles"><li>{}</li></ul>',
        "<custom-element><p>{}</p></custom-element>",
        "<details><summary>a</summary><p>{}</p></details>",
    ],
)
def test_nothing_hidden_in_the_public_part_survives(hiding: str):
    inside = "<p>Before.</p>" + hiding.replace("{}", SECRET) + "<p>After.</p>"
    kept = kept_of(with_top(inside))
    assert SECRET not in kept
    assert "<p>Before.</p>" in kept
    assert "<p>After.</p>" in kept


@pytest.mark.parametrize(
    "around",
    [
        '<div style="display:none">{}</div>',
        "<template>{}</template>",
        "<noscript>{}</noscript>",
        "<aside>{}</aside>",
        "<article>{}</article>",
        '<section data-test-ui="article-bottom-body">{}</section>',
        "<div hidden>{}</div>",
    ],
)
def test_a_public_part_in_a_hidden_place_is_not_public(around: str):
    hidden = around.format(TOP_BODY.format(f"<p>{SECRET}</p>"))
    kept = kept_of(premium_page(body=TOP_BODY.format("<p>Shown.</p>") + hidden))
    assert SECRET not in kept
    assert "<p>Shown.</p>" in kept


def test_harmless_styles_hide_nothing():
    assert "<p>Shown.</p>" in kept_of(with_top('<p style="text-align:center">Shown.</p>'))


@pytest.mark.parametrize(
    "parts",
    [
        {"head": f"<script>window.x='{SECRET}'</script><style>{SECRET}</style>"},
        {"head": f'<script id="__NEXT_DATA__" type="application/json">{{"a":"{SECRET}"}}</script>'},
        {
            "head": f'<meta name="article:body" content="{SECRET}"><meta itemprop="x" content="{SECRET}">'
        },
        {"head": f'<link rel="alternate" title="{SECRET}" href="/{SECRET}">'},
        {"head": f'<meta name="description" content="{SECRET}{" text" * 400}">'},
        {"header": f'{BADGE}<div class="intro">{SECRET}</div><p>{SECRET}</p>'},
        {"header": f'{BADGE}<div data-full-text="{SECRET}"></div>'},
        {"header": f'{BADGE}<span data-test-ui="author--role">{SECRET} {"text " * 100}</span>'},
        {"header": f'{BADGE}<div hidden><b data-test-ui="author--role">{SECRET}</b></div>'},
        {"header": f'{BADGE}<b data-test-ui="author--role" style="display:none">{SECRET}</b>'},
        {"header": f'{BADGE}<p data-test-ui="figure__caption" hidden>{SECRET}</p>'},
        {"script": fusion(story(isPremium=True, headline=f"{SECRET} {'text ' * 500}"))},
        {"script": fusion(story(isPremium=True, description={"basic": [[f"{SECRET} " * 300]]}))},
        {"after": f"<section><p>{SECRET}</p></section><div id='x'>{SECRET}</div>"},
        {"body": OPEN_BODY.format(SECRET)},
        {"body": TOP_BODY.format("<p>a</p>") + OPEN_BODY.format(SECRET)},
        {"body": f'<div class="article__raw-html"><p>{SECRET}</p></div>'},
        {"body": f'<div data-test-ui="article-body-full"><p>{SECRET}</p></div>'},
        {
            "script": fusion(
                story(isPremium=True),
                more=f'Fusion.contentCache={{"a":{{"data":{{"_id":"{ID}","elements":["{SECRET}"]}}}}}};',
            )
        },
        {
            "script": fusion(story(isPremium=True))
            + fusion(story(isPremium=True, elements=[SECRET]))
        },
        {"script": fusion(story(isPremium=True), more=f'Fusion.tree={{"children":["{SECRET}"]}};')},
    ],
)
def test_nothing_outside_the_public_parts_survives(parts: dict[str, str]):
    assert SECRET not in kept_of(premium_page(**parts), PREMIUM_URL)


def test_text_cannot_break_out_of_where_it_stands():
    text = '</script></title><!-- --> "quoted" & <b>'
    head = f'<meta name="description" content="{html_text.escape(text)}">'
    head += (
        f'<script type="application/ld+json">{json.dumps({"@type": "Article", "headline": text})}'
    )
    content = json.dumps(story(isPremium=True, headline=text)).replace("</", "<\\/")
    kept = kept_of(
        premium_page(head=head.replace("</", "<\\/") + "</script>", script=fusion(content))
    )
    assert kept.count("<script") == kept.count("</script>") == 2
    assert "<b>" not in kept
    assert (global_content(kept) or {})["headline"] == text
    assert lxml_html.fromstring(kept).xpath("//meta[@name='description']/@content") == [text]
