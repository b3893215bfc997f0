import json
import re
from pathlib import Path

import pytest
from lxml import html as lxml_html

from publishers.access import decide_page
from publishers.fusion import global_content
from tests.publishers.pages import (
    BADGE,
    BOTTOM,
    CAPTION,
    PREMIUM_URL,
    RULES,
    TOP_BODY,
    URL,
    fusion,
    kept_of,
    page,
    premium_page,
    story,
    with_top,
)

SECRET = "HIDDENBODY"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "pages"


@pytest.fixture
def skeletons() -> dict[str, bytes]:
    if not SHARED.is_dir():
        pytest.skip("needs ../shared/pages, which is not part of the repository")
    return {path.stem: path.read_bytes() for path in SHARED.glob("*.html")}


def test_the_skeletons_are_judged_and_cut(skeletons: dict[str, bytes]):
    assert decide_page(skeletons["open"], URL, RULES).kept is None
    for name in ("premium", "premium-css-hidden"):
        decision = decide_page(skeletons[name], URL, RULES)
        assert decision.access == "premium"
        assert {"section:article-bottom-body", "fusion:globalContent.elements"} <= set(
            decision.cuts
        )
        kept = (decision.kept or b"").decode()
        assert "HIDDENBODY" not in kept
        assert "HIDDENJSON" not in kept
        assert "Officials from both sides" in kept
        assert "The meeting lasted about</p>" in kept
        assert "Death toll" not in kept
        assert "Subscribe" not in kept


def test_what_any_visitor_is_shown_is_kept():
    head = (
        '<meta name="description" content="The standfirst."><meta name="robots" content="noarchive">'
        '<meta property="article:published_time" content="2026-03-01T20:30:00Z">'
        f'<link rel="canonical" href="{URL}"><meta name="secret" content="{SECRET}">'
    )
    inside = (
        "<h2>Subhead</h2><p>One <b>two</b> &amp; “three” ā&nbsp;four.<br>Five</p>"
        "<ul><li>Item</li></ul><blockquote><p>Quote</p></blockquote>"
        '<figure class="article-media"><img alt="x"><figcaption>A port. Photo / AP</figcaption></figure>'
    )
    tree = lxml_html.fromstring(kept_of(with_top(inside, head=head)))
    assert tree.findtext(".//title") == "Strait talks resume - NZ Herald"
    assert tree.xpath("string(//h1[@data-test-ui='article__heading'])") == "Strait talks resume"
    assert tree.xpath("//meta/@content")[-3:] == [
        "The standfirst.",
        "noarchive",
        "2026-03-01T20:30:00Z",
    ]
    assert tree.xpath("//link[@rel='canonical']/@href") == [URL]
    names = ["author--link", "distributor--name", "author-display--date", "author-read-time"]
    shown = [tree.xpath("string(//header//*[@data-test-ui=$n])", n=name) for name in names]
    assert shown == ["Jane Example", "AP", "1 Mar, 2026 08:30 PM", "5 mins to read"]
    body = tree.xpath("//section[@data-test-ui='article-top-body']")[0]
    assert [e.text_content() for e in body.iter("h2", "p", "li", "figcaption")] == [
        "Subhead",
        "One two & “three” ā\xa0four.Five",
        "Item",
        "Quote",
        "A port. Photo / AP",
    ]
    assert "Delegates arrive. Photo / AP" in tree.xpath(
        "string(//p[@data-test-ui='figure__caption'])"
    )
    assert tree.get("lang") == "en-NZ"


def test_the_public_fields_of_the_json_are_kept_and_no_text():
    content = story(
        isPremium=True,
        headlines={"basic": "Strait talks resume", "web": "Talks", "seo_text": {"x": SECRET}},
        description={"basic": "The standfirst."},
        first_publish_date="2026-03-01T20:30:00Z",
        taxonomy={
            "sections": [
                {"_id": "/world", "name": "World", "additional_properties": {"o": SECRET}}
            ],
            "tags": [{"text": "Shipping", "slug": "shipping", "description": SECRET}],
        },
        credits={"by": [{"name": "Jane Example", "type": "author", "bio": SECRET}]},
        owner={"sponsored": False, "id": "nzme"},
        elements=[{"type": "text", "content": SECRET}],
        content_elements=[{"content": SECRET}],
        promo_items={"basic": {"description": {"basic": SECRET}}},
        related_content={"basic": [{"content_elements": [{"content": SECRET}]}]},
        headline_text=SECRET,
    )
    kept = kept_of(premium_page(script=fusion(content)))
    assert SECRET not in kept
    assert global_content(kept) == story(
        isPremium=True,
        headlines={"basic": "Strait talks resume", "web": "Talks"},
        description={"basic": "The standfirst."},
        first_publish_date="2026-03-01T20:30:00Z",
        taxonomy={
            "sections": [{"_id": "/world", "name": "World"}],
            "tags": [{"text": "Shipping", "slug": "shipping"}],
        },
        credits={"by": [{"name": "Jane Example", "type": "author"}]},
        owner={"sponsored": False},
    )


def test_json_ld_keeps_the_article_and_the_breadcrumbs_without_text():
    blocks = [
        {
            "@context": "https://schema.org",
            "@graph": [
                {
                    "@type": ["NewsArticle"],
                    "headline": "Strait talks resume",
                    "articleBody": SECRET,
                    "text": SECRET,
                    "image": {"@type": "ImageObject", "url": "https://a/b.jpg", "text": SECRET},
                    "author": [{"@type": "Person", "name": "Jane Example", "description": SECRET}],
                    "hasPart": {"@type": "WebPageElement", "text": SECRET},
                }
            ],
        },
        {
            "@type": "BreadcrumbList",
            "itemListElement": [{"position": 1, "name": "World", "x": SECRET}],
        },
        {"@type": "FAQPage", "text": SECRET},
        {
            "@type": "LiveBlogPosting",
            "headline": "Live",
            "liveBlogUpdate": [{"articleBody": SECRET}],
        },
    ]
    head = "".join(f'<script type="application/ld+json">{json.dumps(b)}</script>' for b in blocks)
    head += f'<script type="application/ld+json">{{"articleBody": "{SECRET}",,}}</script>'
    kept = kept_of(premium_page(head=head))
    assert SECRET not in kept
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', kept)
    assert [json.loads(block)["@type"] for block in found] == [
        ["NewsArticle"],
        "BreadcrumbList",
        "LiveBlogPosting",
    ]
    assert json.loads(found[0])["author"] == [{"@type": "Person", "name": "Jane Example"}]


def test_an_unknown_page_keeps_headline_description_and_byline_only():
    head = '<meta name="description" content="The standfirst.">'
    body = TOP_BODY.format("<p>The talks went on.</p>") + BOTTOM.format(SECRET)
    kept = kept_of(page(header=BADGE, head=head, body=body))
    assert "Strait talks resume" in kept
    assert "The standfirst." in kept
    assert "Jane Example" in kept
    assert "The talks went on." not in kept
    assert CAPTION not in kept
    assert SECRET not in kept


@pytest.mark.parametrize(
    "html",
    [
        premium_page(),
        premium_page(header="", script=""),
        page(header=BADGE),
        page(script=fusion("undefined")),
        page(script='<script id="fusion-metadata"></script>'),
        page(script=fusion(story()), after=BADGE),
        page(script="", after=BADGE),
        page(script=fusion(story(isPremium="perhaps"))),
        page(script=fusion(story(isPremium=False), more="Fusion.contentCache=load();")),
        page(body="<p>x</p>", script=fusion("null")),
        page(script=fusion(story(isPremium=True)) + fusion(story(isPremium=False))),
        page(script="", body=f"<!-- {BOTTOM} --><div class='premium-sub article-offer'></div>"),
        premium_page(head=f'<link rel="canonical" href="{PREMIUM_URL}">', header=""),
        page(header=BADGE).replace(b"<h1", b"<h4").replace(b"</h1>", b"</h4>"),
        page(header=BADGE, script="").replace(b"article", b"section"),
        b"<html><body><h1>New design</h1></body></html>",
        b"",
        premium_page(
            body=TOP_BODY.format("<p>a<blockquote>b<p>c</blockquote><li>d<p>e<a>f<p>g</a>")
        ),
    ],
)
@pytest.mark.parametrize("url", [URL, PREMIUM_URL])
def test_deciding_on_what_was_kept_gives_the_same_and_cuts_nothing_more(html: bytes, url: str):
    first = decide_page(html, url, RULES)
    assert first.kept is not None
    # Not by keeping nothing: what was public is there.
    assert (b"Strait talks" in first.kept) == (b"Strait talks" in html)
    again = decide_page(first.kept, url, RULES)
    assert (again.access, again.kept) == (first.access, first.kept)
    assert again.cuts == ()
    assert decide_page(html, url, RULES) == first
