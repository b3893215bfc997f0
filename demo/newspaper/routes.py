"""All routes: the modules that have them, and the few that belong nowhere else.

To add a route, add one function marked `@route` to the module it fits.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from urllib.parse import parse_qs

import attrs

from demo.newspaper import (
    feed_routes,
    listing_routes,
    page_faults,
    redirect_faults,
    robots,
    story_routes,
)
from demo.newspaper.page import message_page
from demo.newspaper.routing import JSON, Answer, Call, answer, not_found, redirect, route

PARTS = (robots, feed_routes, listing_routes, story_routes, page_faults, redirect_faults)
"""The modules that enter their routes and kinds of fault into the tables."""

FORBIDDEN = ("/pf/", "/search", "/resizer/")
"""What a polite reader never asks for; robots.txt forbids the first two to everyone."""

PLAIN_HOSTS = ("nzherald.co.nz", "www.nzherald.co.nz")
FORMER_FEEDS = "rss.nzherald.co.nz"


def is_forbidden(path: str, query: str) -> bool:
    """Tell whether a polite reader never asks for this; it is noted in the log."""
    return path.startswith(FORBIDDEN) or "json" in parse_qs(query).get("outputType", ())


def respond(call: Call) -> Answer:
    """Answer a GET to any host.

    The plain addresses of the real site lead to its secure one, the host of the former feeds has
    nothing left, and every other host shows the site, as its mirrors do.
    """
    if call.host in PLAIN_HOSTS:
        query = f"?{call.query}" if call.query else ""
        return redirect(f"https://www.nzherald.co.nz{call.path}{query}")
    return not_found() if call.host == FORMER_FEEDS else answer(call)


@route(r"/pf/.*")
def _internal(call: Call) -> Answer:
    return Answer(body=json.dumps({"path": call.path}).encode(), content_type=JSON)


@route(r"/search.*")
def _search(_call: Call) -> Answer:
    return Answer(body=message_page("Search", "Nothing was found.").encode())


@route(r"/subscribe/")
def _subscribe(_call: Call) -> Answer:
    return Answer(body=message_page("Subscribe", "Choose a plan.").encode())


@route(r"/resizer/v2/[A-Z2-7]{26}\.jpg")
def _picture(_call: Call) -> Answer:
    pixel = b"GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x00;"
    return Answer(body=pixel, content_type="image/gif")


@route(r"/(?:[a-z0-9-]+/)*[a-z0-9-]+")
def _without_slash(call: Call) -> Answer:
    """Section pages without the slash at the end; anything else is not there."""
    there = answer(attrs.evolve(call, path=f"{call.path}/"))
    if there.status != HTTPStatus.OK:
        return not_found()
    return redirect(f"{call.path}/" + (f"?{call.query}" if call.query else ""))
