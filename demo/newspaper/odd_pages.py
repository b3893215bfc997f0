"""Pages that are no articles, as they come in an article's place: bytes, and what goes with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

import attrs

from demo.newspaper.fusion import fusion_script
from demo.newspaper.page import document, message_page
from demo.newspaper.section_pages import listing_page
from demo.newspaper.story import Story

Make = Callable[[str, Sequence[Story]], bytes]
"""Makes the page, given the origin and the stories for its cards (newest first)."""

State = Literal["soft_404", "section_front", "block", "consent_wall", "empty"]


@attrs.frozen(kw_only=True)
class OddPage:
    """A page that is no article."""

    name: str
    state: State
    """What an archive should take it for."""

    make: Make
    status: int = 200
    headers: Mapping[str, str] = attrs.field(factory=dict)
    """What else the server sends with it."""


ODD_PAGES: dict[str, OddPage] = {}


def _odd_page(state: State, status: int = 200, **headers: str) -> Callable[[Make], Make]:
    def enter(make: Make) -> Make:
        name = make.__name__
        sent = {key.replace("_", "-"): value for key, value in headers.items()}
        ODD_PAGES[name] = OddPage(name=name, state=state, make=make, status=status, headers=sent)
        return make

    return enter


@_odd_page("soft_404")
def page_not_found(_origin: str, _stories: Sequence[Story]) -> bytes:
    """Say that there is no such page, with status 200."""
    return message_page("Page not found", "The page you were looking for is not here.").encode()


@_odd_page("section_front")
def front_instead(origin: str, stories: Sequence[Story]) -> bytes:
    """Return the World front, whose canonical address is its own."""
    return listing_page("World", "/world/", stories[:30], [], origin).encode()


@_odd_page("soft_404")
def null_content(_origin: str, _stories: Sequence[Story]) -> bytes:
    """Return the frame of a page whose scripts were given nothing to show in it."""
    head = '<title>NZ Herald</title><meta property="og:title" content="NZ Herald">'
    main = "<h1>Sorry, something is missing</h1><p>This story may have been moved or deleted.</p>"
    script = fusion_script(None, {}, {}, datetime.fromtimestamp(0, UTC))
    return document(head, main, script).encode()


@_odd_page("block", 403, server="cloudflare", cf_mitigated="challenge")
def cloudflare_challenge(_origin: str, _stories: Sequence[Story]) -> bytes:
    """Return a page that lets a browser work for its entry."""
    return (
        b'<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title><meta name="robots"'
        b' content="noindex,nofollow"><meta http-equiv="refresh" content="390"></head><body class='
        b'"no-js"><div class="main-wrapper" role="main"><h1>newspaper.example</h1><h2 id="challenge-'
        b'running">Checking that the site connection is secure</h2><noscript>Enable JavaScript and'
        b" cookies to continue</noscript></div><script>(function(){window._cf_chl_opt={cType:'managed'"
        b",cRay:'7d0a1b2c3d4e5f60'};var a=document.createElement('script');a.src='/cdn-cgi/challenge-"
        b"platform/h/b/orchestrate/chl_page/v1';document.head.appendChild(a)}());</script></body></html>"
    )


@_odd_page("block", 403, server="AkamaiGHost")
def akamai_denied(_origin: str, _stories: Sequence[Story]) -> bytes:
    """Return the page of a network that denies access."""
    return (
        b"<HTML><HEAD>\n<TITLE>Access Denied</TITLE>\n</HEAD><BODY>\n<H1>Access Denied</H1>\n \nYou"
        b' don\'t have permission to access "http&#58;&#47;&#47;newspaper&#46;example&#47;world&#47;" on'
        b" this server.<P>\nReference&#32;&#35;18&#46;2d351ab8&#46;1557333295&#46;a4e16ab\n<P>https&#58;"
        b"&#47;&#47;errors&#46;edgesuite&#46;net&#47;18&#46;2d351ab8&#46;1557333295&#46;a4e16ab</P>\n"
        b"</BODY>\n</HTML>\n"
    )


@_odd_page("block")
def captcha(_origin: str, _stories: Sequence[Story]) -> bytes:
    """Return a riddle for people, with status 200."""
    return (
        b'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>newspaper.example</title>'
        b'</head><body><h1>Please verify you are a human</h1><form id="challenge-form" method="post">'
        b'<div class="h-captcha" data-sitekey="10000000-ffff-ffff-ffff-000000000001"></div></form>'
        b'<script src="https://captcha-delivery.example/c.js"></script></body></html>'
    )


@_odd_page("consent_wall")
def consent_wall(_origin: str, _stories: Sequence[Story]) -> bytes:
    """Return a page that asks for consent before it shows anything."""
    return (
        b'<!doctype html><html lang="en-NZ"><head><meta charset="utf-8"><title>Before you continue -'
        b' NZ Herald</title></head><body><div id="consent-wall" class="cmp-container" role="dialog">'
        b"<h1>Before you continue</h1><p>We and our 412 partners store and read cookies on your device."
        b' Accept them to go on to the story.</p><form action="/consent/" method="post"><button>'
        b"Accept all</button><button>Manage choices</button></form></div></body></html>"
    )


@_odd_page("empty")
def empty_page(_origin: str, _stories: Sequence[Story]) -> bytes:
    """Return nothing at all."""
    return b""
