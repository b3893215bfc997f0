"""Pages that come in an article's place."""

import re

import pytest

from demo.newspaper.odd_pages import ODD_PAGES
from tests.demo.newspaper_pages import EDITION, ORIGIN, fusion

NEWEST = EDITION.in_section("world")[::-1]


def odd(name: str) -> str:
    return ODD_PAGES[name].make(ORIGIN, NEWEST).decode()


@pytest.mark.parametrize("name", ODD_PAGES)
def test_an_odd_page_is_the_same_each_time_and_no_article(name):
    assert odd(name) == odd(name)
    assert "article__body" not in re.sub(r"<style>.*?</style>", "", odd(name))
    assert not re.search(r'"og:type" content="article"', odd(name))


def test_a_missing_story_comes_with_status_200_in_three_ways():
    names = ("page_not_found", "front_instead", "null_content")
    assert [ODD_PAGES[name].status for name in names] == [200, 200, 200]
    assert "<h1>Page not found</h1>" in odd("page_not_found")
    assert f'<link rel="canonical" href="{ORIGIN}/world/"/>' in odd("front_instead")
    assert len(re.findall(r'<article class="story-card">', odd("front_instead"))) >= 30
    assert fusion(odd("null_content")) is None


def test_defences_have_their_own_signs():
    assert ODD_PAGES["cloudflare_challenge"].headers["cf-mitigated"] == "challenge"
    assert "/cdn-cgi/challenge-platform/" in odd("cloudflare_challenge")
    assert "Reference&#32;&#35;18" in odd("akamai_denied")
    assert "h-captcha" in odd("captcha")
    assert {page.status for page in ODD_PAGES.values() if page.state == "block"} == {200, 403}


def test_a_page_may_ask_for_consent_or_be_empty():
    assert 'id="consent-wall"' in odd("consent_wall")
    assert odd("empty_page") == ""
