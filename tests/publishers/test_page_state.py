"""What a page is, decided from the page: no article is taken for something else, and nothing else for one."""

from datetime import UTC, datetime

import pytest

from demo.newspaper import Edition, Story
from demo.newspaper.article_page import Setting, article_page
from demo.newspaper.odd_pages import ODD_PAGES, OddPage
from demo.newspaper.variants import VARIANTS
from publishers import get
from publishers.access import decide_page
from publishers.page_state import PageState, page_state
from publishers.walls import WALLS, Wall
from tests.publishers.pages import (
    BADGE,
    ID,
    NZHERALD,
    OPEN_BODY,
    PATH,
    PREMIUM_URL,
    URL,
    fusion,
    page,
    story,
)

ORIGIN = "http://127.0.0.1:8000"
PAPER = get("nzherald").with_origin(ORIGIN)
AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
EDITION = Edition(datetime(2026, 3, 1, 9, 30, tzinfo=UTC))
STORIES = [EDITION.make(kind, at=AT) for kind in VARIANTS]

BARE = "<html><head><title>{title}</title></head><body {attributes}><p>{words}</p>{script}</body></html>"


def state(html: bytes, url: str = URL, headers: tuple[tuple[str, str], ...] = ()) -> PageState:
    decision = decide_page(html, url, NZHERALD.access)
    return page_state(decision.page, url, NZHERALD, headers)


def kind(html: bytes, url: str = URL, headers: tuple[tuple[str, str], ...] = ()) -> str:
    return state(html, url, headers).kind


@pytest.mark.parametrize("made", STORIES, ids=lambda made: made.variant)
def test_every_kind_of_story_is_what_its_newsroom_says(made: Story):
    html = article_page(made, Setting(origin=ORIGIN, edition=EDITION)).encode()
    url = ORIGIN + made.path
    found = page_state(decide_page(html, url, PAPER.access).page, url, PAPER)
    # That there are no words among the pictures is for the reader to find.
    told = {"article", "empty"} if made.page_state == "empty" else {made.page_state}
    assert found.kind in told
    assert bool(found.evidence) == (found.kind != "article")


@pytest.mark.parametrize(
    "odd", [odd for odd in ODD_PAGES.values() if odd.name != "empty_page"], ids=lambda odd: odd.name
)
def test_what_comes_in_place_of_a_story_is_told_apart(odd: OddPage):
    html = odd.make(ORIGIN, [s for s in STORIES if s.page_state == "article"])
    url = ORIGIN + STORIES[0].path
    decision = decide_page(html, url, PAPER.access)
    for headers in ((), tuple(odd.headers.items())):
        assert page_state(decision.page, url, PAPER, headers).kind == odd.state


def example(wall: Wall) -> bytes:
    """A bare page with this signature."""
    mark = (wall.marks or ("",))[0]
    attribute = f'{"id" if mark.startswith("#") else "class"}="{mark[1:]}"' if mark else ""
    script = f'<script>x="{wall.scripts[0]}"</script>' if wall.scripts else ""
    return BARE.format(
        title=(wall.titles or ("a page",))[0],
        attributes=attribute,
        words=(wall.words or ("Some words.",))[0],
        script=script,
    ).encode()


def about(wall: Wall) -> str:
    """A paragraph that names all of a signature."""
    return ", ".join((*wall.titles, *wall.scripts, *wall.marks, *wall.words)) or "nothing"


@pytest.mark.parametrize("wall", WALLS, ids=lambda wall: f"{wall.name}-{WALLS.index(wall)}")
def test_every_signature_is_found_where_it_stands_and_never_in_an_article(wall: Wall):
    if wall.header:
        assert kind(page(), headers=(wall.header,)) == wall.kind
        assert kind(page(), headers=((wall.header[0], "no"),)) == "article"
        return
    assert state(example(wall)).kind == wall.kind
    text = f"The page said: {about(wall)}."
    assert kind(page(body=OPEN_BODY.format(text))) == "article"
    assert kind(page(body=OPEN_BODY.format(text), head=example(wall).decode())) == "article"
    # Nor on an article's page of which we know no part, however its words go.
    unknown = f"<h1>How walls work</h1><article><p>{text}</p>{'<p>More of it.</p>' * 600}</article>"
    assert kind(unknown.encode()) == "unknown_layout"


@pytest.mark.parametrize(
    "headline",
    ["Page not found", "404", "Just a moment...", "Access denied", "Before you continue"],
)
def test_a_headline_alone_makes_no_article_something_else(headline: str):
    html = page().replace(b"Strait talks resume", headline.encode())
    assert kind(html) == "article"


@pytest.mark.parametrize(
    ("html", "expected", "evidence"),
    [
        (page(script="", body="", head="<title>Page not found</title>"), "unknown_layout", "layout:no known part"),
        (BARE.format(title="Page not found - NZ Herald", attributes="", words="Sorry.", script="").encode(), "soft_404", "title:page not found"),
        (BARE.format(title="x", attributes="", words="<h1>404</h1>", script="").encode(), "soft_404", "title:404"),
        (BARE.format(title="x", attributes="", words="Gone.", script=fusion("null")).encode(), "soft_404", "fusion:globalContent empty"),
        (BARE.format(title="World", attributes="", words="Cards.", script=fusion({"_id": "/world/", "node_type": "section"})).encode(), "section_front", "fusion:/world/"),
        (b'<link rel="canonical" href="https://www.nzherald.co.nz/"><h1>News</h1>', "section_front", "canonical:/"),
        (b'<link rel="canonical" href="https://www.nzherald.co.nz/404/"><h1>Page not found</h1>', "soft_404", "title:page not found"),
        (b"<html><body><script>app()</script></body></html>", "empty", "page:no text"),
        (page(body=OPEN_BODY.format("")), "empty", "body:no text"),
        (page(body="", script=fusion(story(brightcoveId="1"))), "video", "fusion:brightcoveId"),
        (page(script=fusion(story(owner={"sponsored": True}))), "sponsored", "fusion:owner.sponsored=true"),
        (page(script=fusion(story(subtype="quiz")), body=""), "quiz", "fusion:subtype=quiz"),
        (page(script=fusion(story(type="gallery")), body=""), "gallery", "fusion:type=gallery"),
        (page(body='<div class="story">Words.</div>'), "unknown_layout", "layout:no known body"),
        (b"", "unknown_layout", "page:unreadable"),
    ],
)  # fmt: skip
def test_the_evidence_says_why(html: bytes, expected: str, evidence: str):
    found = state(html)
    assert (found.kind, *found.evidence) == (expected, evidence)


@pytest.mark.parametrize(
    "html",
    [
        page(head=f'<link rel="canonical" href="https://www.nzherald.co.nz{PATH}">'),
        page(head='<link rel="canonical" href="https://other.example/world/">'),
        # The page's own data know better than a template's mistake.
        page(head='<link rel="canonical" href="https://www.nzherald.co.nz/world/">'),
        page(header=BADGE, script="", body=""),
        page(body=OPEN_BODY.format('<iframe src="https://maps.example/"></iframe>')),
        page(script=fusion(story(video=True, owner={"sponsored": False}))),
    ],
)
def test_an_article_is_an_article(html: bytes):
    assert state(html) == PageState("article")


def test_a_story_of_another_address_does_not_save_a_front():
    html = page(
        script=fusion(story(_id=ID[::-1])),
        head='<link rel="canonical" href="https://www.nzherald.co.nz/world/">',
    )
    assert kind(html) == "section_front"


def test_a_listing_page_is_a_front_and_a_challenge_on_it_a_block():
    front = b"<html><title>World</title><body><a href='/world/a/'>A story</a></body></html>"
    assert kind(front, NZHERALD.origin + "/world/") == "section_front"
    challenge = front.replace(b"<body>", b"<body><script>window._cf_chl_opt={}</script>")
    assert kind(challenge, NZHERALD.origin + "/world/") == "block"
    assert kind(page(), NZHERALD.origin + "/world/") == "article"


def test_a_challenge_at_a_premium_address_is_a_block():
    assert kind(example(WALLS[1]), PREMIUM_URL) == "block"


def test_a_block_stays_one_though_it_asks_not_to_be_archived():
    html = example(WALLS[1]).replace(b"<title>", b'<meta name="robots" content="noarchive"><title>')
    assert kind(html) == "block"


@pytest.mark.parametrize(
    ("value", "barred"),
    [
        ("noarchive", True),
        ("NoIndex, NOARCHIVE", True),
        ("newsarchive: noarchive", True),
        ("NewsArchive: nosnippet, noarchive", True),
        ("*: noarchive", True),
        ("noindex, googlebot: noarchive", False),
        ("googlebot: nofollow, noarchive", False),
        ("googlebot: noarchive, newsarchive: nofollow", False),
        ("googlebot: nofollow, newsarchive: noarchive", True),
        ("unavailable_after: 25 Jun 2027 15:00:00 PST, noarchive", True),
        ("max-image-preview: large, noarchive", True),
        ("noindex, nofollow", False),
        ("", False),
    ],
)
def test_the_header_binds_whom_it_names(value: str, barred: bool):  # noqa: FBT001 - a table
    found = kind(page(), headers=(("X-Robots-Tag", value),))
    assert found == ("noarchive" if barred else "article")


def test_several_headers_are_each_read():
    headers = (("X-Robots-Tag", "googlebot: noindex"), ("x-robots-tag", "noarchive"))
    assert kind(page(), headers=headers) == "noarchive"


@pytest.mark.parametrize(
    ("meta", "barred"),
    [
        ('name="robots" content="noarchive"', True),
        ('name="ROBOTS" content="index NoArchive"', True),
        ('name="newsarchive" content="nofollow,noarchive"', True),
        ('name="googlebot" content="noarchive"', False),
        ('name="robots" content="max-image-preview:large"', False),
        ('name="description" content="noarchive"', False),
    ],
)
def test_the_meta_elements_bind_whom_they_name(meta: str, barred: bool):  # noqa: FBT001 - a table
    assert kind(page(head=f"<meta {meta}>")) == ("noarchive" if barred else "article")
