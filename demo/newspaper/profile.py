"""How the made-up newspaper behaves: small named choices, all well-behaved by default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Robots = Literal[
    "normal", "crawl_delay", "blocks_all", "blocks_us", "not_found", "server_error", "html"
]
Rss = Literal["normal", "two_items", "empty", "malformed", "html"]


@dataclass(frozen=True)
class Fault:
    """An answer that goes wrong."""

    status: int
    """The HTTP status that is sent instead of the page."""

    times: int | None = None
    """How often it happens before the path recovers; None for always."""

    retry_after: str | None = None
    """The value of `Retry-After`; None sends no such header."""


@dataclass(frozen=True)
class Profile:
    """The newspaper's manners. Replace `Newspaper.profile` to change them while it runs."""

    robots: Robots = "normal"
    """What `/robots.txt` answers. `blocks_us` blocks the agent token `newsarchive`."""

    validators: bool = True
    """Whether articles and sitemaps carry `ETag` and `Last-Modified` and can answer 304."""

    compress: bool = True
    """Whether bodies are gzipped for clients that accept it."""

    rss: Rss = "normal"
    """What the feeds hold: up to a hundred items, two, none, broken XML, or a web page."""

    side_cards: Literal["stable", "by_minute"] = "stable"
    """Whether the cards beside a story depend on the minute of the clock."""

    sitemap_date: Literal["published", "modified"] = "published"
    """Which date decides on the sitemap a story stands in."""

    sitemap_limit: int = 1000
    """Stories in one sitemap; a busier day is split into `-1`, `-2` …"""

    wrong_slug: Literal["redirect", "not_found"] = "redirect"
    """What the right id under a wrong slug answers."""

    removed_status: int = 410
    """The status of a story that was removed."""

    delay_seconds: float = 0.0
    """How long each answer is held back."""

    faults: Mapping[str, int | Fault] = field(default_factory=dict)
    """Answers that go wrong, by path; a path that ends in `*` means all that begin so."""


PROFILES: dict[str, Profile] = {
    "normal": Profile(),
    "no_validators": Profile(validators=False),
    "lively_cards": Profile(side_cards="by_minute"),
    "silent_feeds": Profile(rss="empty"),
    "robots_blocks_all": Profile(robots="blocks_all"),
    "robots_blocks_us": Profile(robots="blocks_us"),
    "robots_server_error": Profile(robots="server_error"),
    "robots_crawl_delay": Profile(robots="crawl_delay"),
}
"""Profiles that can be asked for by name on the command line."""
