"""The gate on pages that name their parts in their classes, and no attribute of their own."""

import pytest

from publishers.access import decide_page
from publishers.rules import AccessRules

URL = "https://www.courier.example/europe/2026/03/01/what-the-pilots-want-4711040.html"
RULES = AccessRules(
    name_attribute="class",
    flags=(),
    free_codes=(),
    url_segments=("plus",),
    badges=("c-plus-badge",),
    subscriber_sections=("paid",),
    public_sections=("teaser",),
    body_names=("text",),
    heading_names=("title",),
    byline_names=("signature",),
)
PAGE = (
    '<html><body><article><h1 class="title">What the pilots want</h1>'
    '<p class="signature">By Ilse Marrow</p>{}</article></body></html>'
)
SHOWN = "<p>Fourteen ships waited off the mole.</p>"
TEASER = f'<div class="text teaser">{SHOWN}</div>'
PAID = '<div class="paid"><p>HIDDENBODY The fifth is about the kettle.</p></div>'
BADGE = '<span class="c-plus-badge">Plus</span>'


@pytest.mark.parametrize(
    "body",
    [
        TEASER + PAID,
        TEASER + PAID.replace('"paid"', "'wide  PAID'"),
        TEASER + PAID.replace('"paid"', "paid"),
        f"{TEASER}<!-- {PAID} -->",
        f"{TEASER}<template>{PAID}</template>",
        TEASER.replace(SHOWN, SHOWN + PAID),
        PAID + TEASER,
        TEASER + PAID.replace("<p>", TEASER.replace(SHOWN, "<p>HIDDENBODY")),
    ],
)
def test_only_what_everybody_is_shown_is_kept_and_it_is_judged_the_same(body: str):
    decision = decide_page(PAGE.format(body).encode(), URL, RULES)
    assert decision.access == "premium"
    assert "section:paid" in decision.evidence
    assert decision.kept is not None
    assert b"HIDDENBODY" not in decision.kept
    for shown in (b"Fourteen ships", b"What the pilots want", b"By Ilse Marrow"):
        assert shown in decision.kept
    again = decide_page(decision.kept, URL, RULES)
    assert (again.access, again.kept) == ("premium", decision.kept)


def test_a_page_without_a_mark_is_free_and_one_without_a_known_body_is_not():
    assert decide_page(PAGE.format(TEASER).encode(), URL, RULES).kept is None
    unknown = decide_page(PAGE.format(f"<div>{SHOWN}</div>").encode(), URL, RULES)
    assert unknown.access == "unknown"
    assert b"Fourteen" not in (unknown.kept or b"")


def test_a_badge_before_the_headline_is_a_mark():
    html = PAGE.format('<div class="text"><p>HIDDENBODY Nine points.</p></div>')
    decision = decide_page(html.replace("<h1", f"{BADGE}<h1").encode(), URL, RULES)
    assert (decision.access, decision.evidence) == ("premium", ("badge",))
    assert b"HIDDENBODY" not in (decision.kept or b"")
