"""Wherever a secret stands outside what visitors are shown, it does not come through the gate."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from publishers.access import decide_other, decide_page
from tests.publishers.pages import (
    BADGE,
    BOTTOM,
    H1,
    PREMIUM_URL,
    RULES,
    TOP_BODY,
    URL,
    fusion,
    page,
    story,
)

SECRET = "HIDDENBODY"
TAGS = st.sampled_from(["div", "p", "section", "span", "li", "h2", "table", "aside", "x-y", "main"])
ATTRIBUTES = st.sampled_from(
    ["title", "alt", "data-text", "class", "id", "value", "content", "style"]
)
HIDDEN = st.sampled_from(
    ["hidden", 'style="display:none"', 'aria-hidden="true"', 'data-hidden-by-css="x1"']
)
WORDS = st.sampled_from(
    ["Subscribe", "Premium", "The talks", "</p>", "<b>", "<!--", "-->", "&amp;", ""]
)

plain = st.builds(lambda words: " ".join([SECRET, *words, SECRET]), st.lists(WORDS, max_size=3))
quoted = st.builds(lambda name, end: f'<i {name}="{SECRET}{end}"></i>', ATTRIBUTES, st.just(""))
in_json = st.recursive(
    st.just(SECRET) | st.just({"content": SECRET}),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=2)
        | st.dictionaries(
            st.sampled_from(["elements", "body", "x", "items", "_id"]), inner, min_size=1
        )
    ),
    max_leaves=4,
)
scripts = st.builds(
    lambda value, kind: f'<script type="{kind}">{json.dumps(value)}</script>',
    in_json,
    st.sampled_from(["application/json", "application/ld+json", "text/template"]),
)
wrapped = st.recursive(
    plain | quoted | scripts | st.builds(BOTTOM.format, plain),
    lambda inner: st.builds(lambda tag, text: f"<{tag}>{text}</{tag}>", TAGS, inner),
    max_leaves=3,
)
hidden = st.builds(
    lambda tag, how, text: f"<{tag} {how}>{text}</{tag}>", TAGS.filter("main".__ne__), HIDDEN, plain
) | st.builds(lambda: f"<!-- {SECRET} --><template><p>{SECRET}</p></template>")


@st.composite
def premium_pages(draw: st.DrawFn) -> bytes:
    """A premium page with the secret at some of the places that are not for everybody."""
    around = [draw(st.just("") | wrapped) for _ in range(3)]
    in_top = draw(st.just("") | hidden.filter(lambda text: "<main" not in text))
    flag = {"isPremium": True, "elements": draw(in_json), "promo_items": draw(in_json)}
    cache = f"Fusion.contentCache={json.dumps(draw(in_json))};".replace("</", "<\\/")
    return page(
        header=BADGE,
        head=draw(st.just("") | scripts),
        body=f"{around[0]}{TOP_BODY.format(f'<p>Shown.</p>{in_top}')}{around[1]}{BOTTOM.format(SECRET)}",
        after=around[2],
        script=fusion(json.dumps(story(**flag)).replace("</", "<\\/"), cache),
    )


@settings(max_examples=300, deadline=None)
@given(premium_pages(), st.sampled_from([URL, PREMIUM_URL, ""]))
def test_a_secret_outside_the_public_parts_never_comes_through(html: bytes, url: str):
    decision = decide_page(html, url, RULES)
    assert decision.access == "premium"
    assert decision.kept is not None
    assert SECRET.encode() not in decision.kept
    again = decide_page(decision.kept, url, RULES)
    assert (again.access, again.kept, again.cuts) == ("premium", decision.kept, ())


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode), st.booleans())
def test_whatever_arrives_is_decided_and_what_is_kept_is_steady(noise: bytes, inside: bool):  # noqa: FBT001 - drawn
    html = page().replace(b"The talks went on.", noise) if inside else noise
    first = decide_page(html, URL, RULES)
    assert first.access == "free" or first.kept is not None
    if first.kept is not None:
        again = decide_page(first.kept, URL, RULES)
        assert again.access == first.access
        assert again.kept in {None, first.kept}
    decide_other(noise, "", RULES)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.text(st.characters(blacklist_characters="<>&", codec="utf-8"), max_size=60), max_size=5
    )
)
def test_a_free_page_is_kept_as_received(texts: list[str]):
    body = "".join(f"<p>{text}</p>" for text in texts)
    html = page(body=f'<section data-test-ui="article__body">{body}</section>')
    assert decide_page(html, URL, RULES).kept is None


def values(depth: int = 3) -> st.SearchStrategy[Any]:
    leaf = st.just(SECRET) | st.none() | st.booleans() | st.integers()
    keys = st.sampled_from(["content", "elements", "body", "data", "items", "isPremium"])
    return st.recursive(
        leaf, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=8 * depth
    )


@settings(max_examples=200, deadline=None)
@given(values())
def test_cut_json_is_json_and_steady(value: Any):
    first = decide_other(json.dumps({"data": value}).encode(), "application/json", RULES)
    if first.kept is not None:
        json.loads(first.kept)
        assert decide_other(first.kept, "application/json", RULES).kept is None


def test_the_headline_stays_whatever_is_hidden():
    html = page(header=BADGE, script=fusion(story(isPremium=True)), body=BOTTOM.format(SECRET))
    assert H1.encode() in (decide_page(html, URL, RULES).kept or b"")
