"""Pages that are no articles, as they come in an article's place: bytes, and what goes with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

import attrs

from demo.newspaper.page import message_page
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
    return b""


@_odd_page("block", 403, Server="cloudflare", cf_mitigated="challenge")
def cloudflare_challenge(_origin: str, _stories: Sequence[Story]) -> bytes:
    return b""


@_odd_page("block", 403, Server="AkamaiGHost")
def akamai_denied(_origin: str, _stories: Sequence[Story]) -> bytes:
    return b""


@_odd_page("block")
def captcha(_origin: str, _stories: Sequence[Story]) -> bytes:
    return b""


@_odd_page("consent_wall")
def consent_wall(_origin: str, _stories: Sequence[Story]) -> bytes:
    return b""


@_odd_page("empty")
def empty_page(_origin: str, _stories: Sequence[Story]) -> bytes:
    return b""
