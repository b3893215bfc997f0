"""Invented pages for the tests of the gate, with the names that real ones have."""

import json
from typing import Any

from publishers import get
from publishers.access import decide_page

NZHERALD = get("nzherald")
RULES = NZHERALD.access
ID = "AAAABBBBCCCCDDDDEEEEFFFF2A"
OTHER_ID = "ZZZZYYYYXXXXWWWWVVVVUUUU2A"
PATH = f"/world/example-strait-talks-resume/{ID}/"
URL = NZHERALD.origin + PATH
PREMIUM_URL = f"{NZHERALD.origin}/world/example-strait-talks-resume/premium/{ID}/"

BADGE = '<div data-test-ui="nzh-premium-badge"><span>Premium</span></div>'
BOTTOM = '<section class="article__body" data-test-ui="article-bottom-body">{}</section>'
OPEN_BODY = '<section class="article__body" data-test-ui="article__body"><p>{}</p></section>'
TOP_BODY = '<section class="article__body" data-test-ui="article-top-body">{}</section>'
H1 = '<h1 class="article__heading" data-test-ui="article__heading">Strait talks resume</h1>'
BYLINE = (
    '<section data-test-ui="author--information"><a data-test-ui="author--link"'
    ' href="/author/jane-example/">Jane Example</a><span data-test-ui="distributor--name">AP</span>'
    '<time data-test-ui="author-display--date">1 Mar, 2026 08:30 PM</time>'
    '<span data-test-ui="author-read-time">5 mins to read</span></section>'
)
CAPTION = '<p data-test-ui="figure__caption">Delegates arrive. Photo / AP</p>'


def story(**fields: Any) -> dict[str, Any]:
    return {"_id": ID, "type": "story", "headline": "Strait talks resume"} | fields


def fusion(content: object, more: str = "") -> str:
    text = content if isinstance(content, str) else json.dumps(content)
    return (
        '<script id="fusion-metadata" type="application/javascript">'
        f'window.Fusion=window.Fusion||{{}};Fusion.arcSite="nzh";Fusion.globalContent={text};'
        f'Fusion.globalContentConfig={{"source":"content-by-url"}};{more}</script>'
    )


def page(
    *,
    header: str = "",
    body: str = OPEN_BODY.format("The talks went on."),
    script: str | None = None,
    head: str = "",
    after: str = "",
) -> bytes:
    """An article page; free unless it is given marks."""
    data = fusion(story(isPremium=False)) if script is None else script
    return (
        f'<!doctype html><html lang="en-NZ"><head><meta charset="utf-8">'
        f"<title>Strait talks resume - NZ Herald</title>{head}</head><body>"
        '<nav><a href="/premium/">Premium</a> <a href="/subscribe/">Subscribe</a></nav>'
        f'<main><article class="article"><header>{header}{H1}{BYLINE}</header>'
        "<p>Access to Herald Premium articles require a Premium subscription.</p>"
        f"{CAPTION}{body}</article>{after}</main>{data}</body></html>"
    ).encode()


def premium_page(hidden: str = "<p>HIDDENBODY</p>", **parts: Any) -> bytes:
    """A premium page as it usually is: badge, both sections, the flag."""
    given = {
        "header": BADGE,
        "body": TOP_BODY.format("<p>The talks went on.</p>") + BOTTOM.format(hidden),
        "script": fusion(
            story(isPremium=True, elements=[{"type": "text", "content": "HIDDENJSON"}])
        ),
    }
    return page(**given | parts)


def kept_of(html: bytes, url: str = URL) -> str:
    decision = decide_page(html, url, RULES)
    assert decision.kept is not None
    return decision.kept.decode("utf-8")


def with_top(inside: str, **parts: Any) -> bytes:
    """A premium page with this in its public part."""
    hidden = BOTTOM.format("<p>HIDDENBODY</p>")
    return premium_page(body=TOP_BODY.format(inside) + hidden, **parts)


def access(html: bytes, url: str = URL) -> str:
    return decide_page(html, url, RULES).access


def evidence(html: bytes, url: str = URL) -> tuple[str, ...]:
    return decide_page(html, url, RULES).evidence
