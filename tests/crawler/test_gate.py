"""What of an exchange comes through the gate: what is kept, what is handed on, and what it is called."""

import gzip
from datetime import UTC, datetime

import pytest

from archive.warc import Exchange
from crawler.gate import Passage, pass_gate
from publishers import get
from tests.publishers.pages import BADGE, OPEN_BODY, URL, fusion, page, premium_page, story

HERALD = get("nzherald")
FRONT = HERALD.origin + "/world/"
FEED = HERALD.origin + "/arc/outboundfeeds/rss/section/world/"
HTML = ("Content-Type", "text/html; charset=utf-8")
NOARCHIVE = ("X-Robots-Tag", "noarchive")
CHALLENGE = b"<title>Just a moment...</title><script>window._cf_chl_opt={}</script>"
LINKS = b"<html><title>World</title><body><a href='/world/a/'>A story</a></body></html>"


def passed(
    body: bytes,
    url: str = URL,
    *headers: tuple[str, str],
    status: int = 200,
    truncated: str | None = None,
) -> Passage:
    exchange = Exchange(
        url=url,
        captured_at=datetime(2026, 3, 1, tzinfo=UTC),
        status=status,
        headers=headers or (HTML,),
        body=body,
        truncated=truncated,
    )
    return pass_gate(exchange, publisher=HERALD)


def kind(passage: Passage) -> str | None:
    return passage.state.kind if passage.state else None


def test_an_article_is_called_one_and_its_note_says_so():
    found = passed(page())
    assert (kind(found), found.access, found.kept, found.withheld) == (
        "article",
        "free",
        None,
        False,
    )
    assert found.note is not None
    assert (found.note.access, found.note.state, found.note.cuts) == ("free", "article", ())


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (CHALLENGE, "block"),
        (b"<title>Page not found</title><p>Sorry.</p>", "soft_404"),
        (b"\x00\x01 no page", "unknown_layout"),
    ],
)
def test_what_comes_in_an_articles_place_is_called_by_its_name(body: bytes, expected: str):
    assert kind(passed(body)) == expected


@pytest.mark.parametrize("url", [URL, FRONT, FEED])
@pytest.mark.parametrize("status", [200, 403, 404, 503])
def test_a_challenge_is_a_block_at_any_address_and_status(url: str, status: int):
    found = passed(CHALLENGE, url, HTML, status=status)
    assert kind(found) == "block"
    assert kind(passed(b"", url, HTML, ("cf-mitigated", "challenge"), status=status)) == "block"


@pytest.mark.parametrize("status", [301, 304, 404, 410, 500])
def test_an_answer_that_is_no_page_has_no_state(status: int):
    assert kind(passed(page(), URL, HTML, status=status)) is None


def test_what_is_no_page_of_anything_has_no_state():
    assert (
        kind(
            passed(b"User-agent: *", HERALD.origin + "/robots.txt", ("Content-Type", "text/plain"))
        )
        is None
    )
    assert kind(passed(b"<urlset></urlset>", FEED, ("Content-Type", "text/xml"))) is None
    assert kind(passed(LINKS, FRONT)) == "section_front"


def test_nothing_of_an_article_that_must_not_be_archived_is_kept_or_handed_on():
    for found in (
        passed(page(), URL, HTML, NOARCHIVE),
        passed(page(head='<meta name="newsarchive" content="noarchive">')),
    ):
        assert (kind(found), found.withheld, found.body) == ("noarchive", True, b"")
        assert found.note is not None
        assert (found.note.cuts, found.note.state) == (("everything",), "noarchive")
    # Nor of what came in its place, or in part.
    barred = page(head='<meta name="robots" content="noarchive">')
    assert passed(barred, status=404).withheld
    assert passed(barred[:-200], truncated="disconnect").withheld
    assert passed(CHALLENGE, URL, HTML, NOARCHIVE).withheld
    others = passed(page(), URL, HTML, ("X-Robots-Tag", "googlebot: noarchive"))
    assert (kind(others), others.withheld) == ("article", False)


@pytest.mark.parametrize(
    ("url", "content_type", "body"),
    [
        (FRONT, "text/html", LINKS),
        (FRONT, "text/html", LINKS.replace(b"<title>", b'<meta name="robots" content="noarchive"><title>')),
        (FEED, "application/xml", b"<urlset><url><loc>https://a/</loc></url></urlset>"),
        (FRONT + "x.json", "application/json", b'{"name": "World"}'),
        (HERALD.origin + "/robots.txt", "text/plain", b"User-agent: *"),
    ],
)  # fmt: skip
def test_an_announcement_that_must_not_be_archived_is_read_and_not_kept(
    url: str, content_type: str, body: bytes
):
    headers = [("Content-Type", content_type)]
    if b"noarchive" not in body:
        headers.append(NOARCHIVE)
    found = passed(body, url, *headers)
    assert (found.withheld, found.body, found.problem) == (True, body, None)
    assert found.note is not None
    assert found.note.state == "noarchive"


def test_a_body_that_is_packed_and_does_not_say_so_is_judged_by_what_is_in_it():
    found = passed(gzip.compress(premium_page()))
    assert (found.access, kind(found)) == ("premium", "article")
    assert b"HIDDEN" not in found.body
    twice = passed(
        gzip.compress(gzip.compress(premium_page())), URL, HTML, ("Content-Encoding", "gzip")
    )
    assert twice.access == "premium"
    broken = passed(gzip.compress(premium_page())[:-9])
    assert (broken.problem, broken.withheld, broken.body) == ("undecodable", True, b"")


def test_of_what_came_in_part_no_text_is_kept():
    whole = page(body=OPEN_BODY.format("HIDDENBODY"), script=fusion(story(isPremium=True)))
    found = passed(whole[: whole.index(b"<script")], truncated="disconnect")
    assert (found.access, kind(found)) == ("unknown", None)
    assert b"HIDDENBODY" not in found.body + (found.kept or b"HIDDENBODY")


def test_the_headers_charset_is_the_pages():
    latin = page().decode().replace("Strait talks", "Caf\xe9 talks").encode("iso-8859-1")
    found = passed(latin.replace(b'<meta charset="utf-8">', b"") + BADGE.encode(), URL, ("Content-Type", "text/html; charset=iso-8859-1"))  # fmt: skip
    assert found.access == "free"
    paid = passed(
        premium_page().decode().replace("Strait talks", "Caf\xe9 talks").encode("iso-8859-1"),
        URL,
        ("Content-Type", "text/html; charset=iso-8859-1"),
    )
    assert "Caf\xe9 talks" in paid.body.decode()


def test_a_feed_loses_its_stories_and_stays_a_feed():
    body = b"<rss><channel><item><link>https://a/</link><content:encoded>HIDDENBODY</content:encoded></item></channel></rss>"
    found = passed(body, FEED, ("Content-Type", "application/rss+xml"))
    assert found.problem is None
    assert b"<link>https://a/</link>" in found.body
    assert b"HIDDENBODY" not in found.body
    assert (found.kept, found.kept_type) == (found.body, "application/rss+xml")
