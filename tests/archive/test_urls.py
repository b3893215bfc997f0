from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.urls import host_of, join, normalise_url

TRACKING = ("utm_*", "ref", "_ga")


@pytest.mark.parametrize(
    ("url", "spelled"),
    [
        ("HTTPS://WWW.Example.CO.NZ/World/A/", "https://www.example.co.nz/World/A/"),
        ("http://example.com:80/a", "http://example.com/a"),
        ("https://example.com:443/a", "https://example.com/a"),
        ("http://example.com:8080/a", "http://example.com:8080/a"),
        ("https://example.com", "https://example.com/"),
        ("https://example.com./a", "https://example.com/a"),
        ("https://example.com/a#part", "https://example.com/a"),
        ("https://example.com/a#:~:text=some%20words", "https://example.com/a"),
        (
            "https://example.com/a?utm_source=x&UTM_Medium=y&b=1&ref=rss",
            "https://example.com/a?b=1",
        ),
        ("https://example.com/a?b=1&amp;c=2&amp;amp;ref=rss", "https://example.com/a?b=1&c=2"),
        ("https://example.com/a?%75tm_source=x", "https://example.com/a"),
        ("https://example.com/a?&&b=&c", "https://example.com/a?b=&c"),
        ("https://example.com/a?reference=1", "https://example.com/a?reference=1"),
        ("https://example.com/māori?q=ā", "https://example.com/m%C4%81ori?q=%C4%81"),
        ("https://example.com/m%C4%81ori", "https://example.com/m%C4%81ori"),
        ("https://māori.example/", "https://xn--mori-qsa.example/"),
        ("http://[::1]:8000/a", "http://[::1]:8000/a"),
        ("  https://example.com/a \n", "https://example.com/a"),
    ],
)
def test_addresses_have_one_spelling(url: str, spelled: str):
    assert normalise_url(url, TRACKING) == spelled


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/world/",
        "//example.com/a",
        "example.com/a",
        "mailto:desk@example.com",
        "javascript:void(0)",
        "ftp://example.com/",
        "https://",
        "https:///a",
        "https://user:secret@example.com/",
        "https://example.com:99999/",
        "https://example.com:x/",
        "https://exa mple.com/",
        "https://example.com/a b",
        "https://example.com/a\nb",
        "https://example.com/\x00",
        "https://example.com/\ud800",
        "http://[::1",
    ],
)
def test_what_is_no_web_address_is_refused(url: str):
    with pytest.raises(ValueError, match=r".+"):
        normalise_url(url)


@given(st.text(max_size=60), st.text(max_size=60))
def test_spelling_twice_changes_nothing(path: str, query: str):
    try:
        once = normalise_url(f"https://example.com/{path}?{query}", TRACKING)
    except ValueError:
        return
    assert normalise_url(once, TRACKING) == once
    assert once.isascii()
    assert urlsplit(once).fragment == ""


@pytest.mark.parametrize(
    ("link", "joined"),
    [
        ("/world/a/", "https://example.com/world/a/"),
        ("b/", "https://example.com/news/b/"),
        ("../b/", "https://example.com/b/"),
        ("?page=2", "https://example.com/news/?page=2"),
        ("//cdn.example.com/x", "https://cdn.example.com/x"),
        ("www.example.com/x", "https://www.example.com/x"),
        ("http://other.example/x", "http://other.example/x"),
        (" /world/ ", "https://example.com/world/"),
    ],
)
def test_links_are_resolved_against_their_page(link: str, joined: str):
    assert join("https://example.com/news/", link) == joined


@pytest.mark.parametrize("link", ["", "#top", "mailto:a@b", "javascript:x()", "tel:1", "http://"])
def test_links_that_lead_nowhere_are_refused(link: str):
    with pytest.raises(ValueError, match=r".+"):
        join("https://example.com/news/", link)


def test_hosts_are_compared_with_their_port():
    assert host_of("https://WWW.Example.com:443/a") == "www.example.com"
    assert host_of("http://127.0.0.1:8000") == "127.0.0.1:8000"


def test_an_address_is_measured_without_what_only_tracks():
    address = "https://example.com/a?utm_content=" + "x" * 9000
    assert normalise_url(address, TRACKING) == "https://example.com/a"
    with pytest.raises(ValueError, match="9034 characters"):
        normalise_url(address)
