"""How the made-up newspaper behaves: small named choices, all well-behaved by default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from demo.newspaper.carried import Carried
from demo.newspaper.fault import Fault

Robots = Literal[
    "normal", "crawl_delay", "blocks_all", "blocks_us", "not_found", "server_error", "html",
    "forbidden", "empty", "time_out", "huge", "changes",
]  # fmt: skip

XmlForm = Literal[
    "normal", "missing", "server_error", "empty", "blank", "html", "malformed", "wrong_root",
    "doctype", "utf16", "windows_1252", "nul", "relative", "schemeless", "double_escaped",
    "many_headers",
]  # fmt: skip
"""What shape XML comes in; each is described where it is made, in `xml_forms`."""

IndexShape = Literal["plain", "nested", "nested_loop", "dead", "whole"]

RssItems = Literal[
    "normal", "two_items", "duplicated", "no_date", "with_text", "long_urls", "homepage_urls",
    "guid_only", "two_days",
]  # fmt: skip


@dataclass(frozen=True)
class Profile:
    """The newspaper's manners. Replace `Newspaper.profile` to change them while it runs."""

    robots: Robots = "normal"
    """What `/robots.txt` answers. `blocks_us` blocks the agent token `newsarchive`; `forbidden`
    is a 403; `time_out` never comes; `huge` is 2 MB; `changes` blocks all from the second reading on."""

    validators: bool = True
    """Whether articles and sitemaps carry `ETag` and `Last-Modified` and can answer 304."""

    last_modified: Literal["story", "render_time"] = "story"
    """Whether `Last-Modified` tells of the story, or is the time of the answer, without `ETag`."""

    compress: bool = True
    """Whether bodies are gzipped for clients that accept it."""

    sitemap_index: XmlForm = "normal"
    """The shape of the index of sitemaps."""

    index: IndexShape = "plain"
    """What the index lists: the edition's days; other indexes that list them; itself besides; a
    sitemap that is not there besides; every day since 1 February 2024."""

    sitemap: XmlForm = "normal"
    """The shape of the daily sitemaps."""

    sitemap_date: Literal["published", "modified"] = "published"
    """Which date decides on the sitemap a story stands in."""

    sitemap_limit: int = 1000
    """Stories in one sitemap; a busier day is split into `-1`, `-2` …"""

    sitemap_cache: Literal["fresh", "stale"] = "fresh"
    """Whether sitemaps are made anew for each request, or kept as long as the platform keeps them:
    5 minutes in `sitemap`, an hour in `sitemap2`, a day in `sitemap3`."""

    lastmod: Literal["modified", "build_time"] = "modified"
    """Whether a sitemap's `lastmod` is the story's last change, or the time of the answer."""

    sitemap_news: XmlForm = "normal"
    """The shape of the news sitemap."""

    rss: XmlForm | RssItems = "normal"
    """The shape of the feeds, or what their items are like. `rss_items` in `rss` says more."""

    rss_parameters: Literal["ignored", "honoured"] = "ignored"
    """Whether feeds heed `size` and `from`."""

    day_limit: int | Mapping[date, int] | None = None
    """How many stories each section announces on a UTC day, for all days or by day; None for all."""

    listing: Literal["normal", "empty"] = "normal"
    """Whether lists stand in the HTML of section pages; empty ones would be filled in a browser."""

    side_cards: Literal["stable", "by_minute"] = "stable"
    """Whether the cards beside a story depend on the minute of the clock."""

    side_edition: int = 0
    """Another number shows other cards beside every story."""

    carried: Carried = "nothing"
    """In what shape the text of a subscriber-only story stands on every article page and list."""

    wrong_slug: Literal["redirect", "not_found"] = "redirect"
    """What the right id under a slug it never had answers."""

    redirect_status: Literal[301, 302] = 301
    """The status of a redirect from an address that a story used to have."""

    removed_status: int = 410
    """The status of a story that was removed."""

    delay_seconds: float = 0.0
    """How long each answer is held back."""

    faults: Mapping[str, int | str | Fault] = field(default_factory=dict)
    """Answers that go wrong, by path: a status, the name of a kind, or a whole fault. In the path
    `*` stands for anything, as in `/world/*/*/` for articles; the first that fits counts."""
