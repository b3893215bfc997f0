"""robots.txt in all its moods."""

from __future__ import annotations

import attrs

from demo.newspaper.announced import FEEDS, SUFFIX
from demo.newspaper.delivery import Delivery
from demo.newspaper.page import message_page
from demo.newspaper.profile import Robots
from demo.newspaper.routing import TEXT, Answer, Call, not_found, route

AI_AGENTS = ("GPTBot", "CCBot", "ClaudeBot", "Google-Extended", "PerplexityBot", "Bytespider")
PATH = "/robots.txt"
BLOCKS_ALL = "User-agent: *\nDisallow: /\n"
HUGE = 2 * 1024 * 1024
NEVER_SECONDS = 3600.0

NO_TEXT: dict[Robots, Answer] = {
    "not_found": not_found(),
    "server_error": Answer(status=500, body=b"internal error", content_type=TEXT),
    "forbidden": Answer(status=403, body=b"forbidden", content_type=TEXT),
    "html": Answer(body=message_page("NZ Herald", "Welcome.").encode()),
}
"""The answers that are no robots.txt."""


@route(r"/robots\.txt")
def _robots(call: Call) -> Answer:
    robots = call.site.profile.robots
    text = Answer(body=robots_text(call.site.origin, robots).encode(), content_type=TEXT)
    if robots == "time_out":
        return attrs.evolve(text, delivery=Delivery(hold_seconds=NEVER_SECONDS))
    if robots == "changes" and PATH in call.site.log.paths():
        return text.with_body(BLOCKS_ALL)
    return NO_TEXT.get(robots, text)


def robots_text(origin: str, robots: Robots) -> str:
    """robots.txt as the profile wants it (the ones that are text)."""
    if robots == "blocks_all":
        return BLOCKS_ALL
    if robots == "empty":
        return ""
    lines = ["# Use of this site to train machines is not permitted.", "User-agent: *"]
    lines += ["Disallow: /pf/", "Disallow: /search"]
    if robots == "crawl_delay":
        lines.append("Crawl-delay: 5")
    for agent in (*AI_AGENTS, "newsarchive") if robots == "blocks_us" else AI_AGENTS:
        lines += ["", f"User-agent: {agent}", "Disallow: /"]
    lines += ["", f"Sitemap: {origin}{FEEDS}/sitemap-index/{SUFFIX}"]
    lines += [f"Sitemap: {origin}{FEEDS}/sitemap-news/{SUFFIX}"]
    text = "\n".join(lines) + "\n"
    padding = "# " + "x" * 77 + "\n"
    return text + padding * (HUGE // len(padding)) if robots == "huge" else text
