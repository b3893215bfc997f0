"""Listing pages: the World front, its sub-sections, other sections, the latest news."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from typing import Any

from demo.newspaper.cards import card
from demo.newspaper.filler import advert
from demo.newspaper.fusion import fusion_script, hidden_elements, summary_json
from demo.newspaper.page import document
from demo.newspaper.story import Story
from demo.newspaper.vocabulary import SUBSECTIONS

CARDS = 30

MIRROR = "https://nzme-nzh-prod.web.arc-cdn.net"
"""Another host of the real platform that shows the same site."""

OTHER_HOSTS = ("https://www.viva.example/world/", "//social.example/nzherald")


def listing_page(
    title: str, path: str, stories: Sequence[Story], others: Sequence[Story], origin: str
) -> str:
    """Return a page of cards: the section's stories, some of them again, and some from elsewhere."""
    cards = [_linked_card(origin, story, place) for place, story in enumerate(stories)]
    cards[8:8] = [advert("list"), *(card(origin, story) for story in others)]
    repeated = "".join(_linked_card(origin, story, 1) for story in stories[:3])
    main = (
        f'<h1 class="section__heading">{escape(title)}</h1>{_menu(path)}'
        f'<section class="story-grid">{"".join(cards)}</section>'
        f'<section class="most-read"><h2>Most read</h2>{repeated}</section>{_elsewhere(stories)}'
    )
    moment = max((story.date_modified for story in stories), default=datetime.fromtimestamp(0, UTC))
    script = fusion_script(
        {"_id": path, "node_type": "section", "name": title},
        {"source": "site-service-hierarchy", "query": {"id": path}},
        {"content-by-section": {f'{{"section":"{path}"}}': {"data": _cached(stories)}}},
        moment,
    )
    return document(_head(title, path, origin), main, script)


def _linked_card(origin: str, story: Story, place: int) -> str:
    """Links come in every shape that real pages have them in."""
    shapes = (
        story.path,
        f"{origin}{story.path}",
        story.path.rstrip("/"),
        f"{story.path}?ref=section-front",
    )
    return card(origin, story, shapes[place % len(shapes)], standfirst=place % 5 == 0)


def _elsewhere(stories: Sequence[Story]) -> str:
    """Links to other hosts: partners, a post, and the first story on a mirror of the site."""
    mirrored = [f"{MIRROR}{story.path}" for story in stories[:1]]
    links = "".join(
        f'<li><a href="{address}">Read on</a></li>' for address in (*OTHER_HOSTS, *mirrored)
    )
    return f'<ul class="elsewhere">{links}</ul>'


def _menu(path: str) -> str:
    if not path.startswith("/world/"):
        return ""
    links = "".join(
        f'<li><a href="/world/{slug}/">{name}</a></li>' for slug, name in SUBSECTIONS.items()
    )
    return f'<ul data-test-ui="section-menu">{links}</ul>'


def _cached(stories: Sequence[Story]) -> dict[str, Any]:
    """Return the list as the scripts have it: premium stories come with their whole text, marked."""
    entries = []
    for story in stories:
        entry = summary_json(story)
        if story.hidden:
            entry["elements"] = hidden_elements(story)
        entries.append(entry)
    return {"content_elements": entries, "count": len(entries)}


def _head(title: str, path: str, origin: str) -> str:
    return (
        f"<title>{escape(title)} - NZ Herald</title>"
        f'<link rel="canonical" href="{origin}{path}"/>'
        f'<meta property="og:title" content="{escape(title)} - NZ Herald">'
        '<meta property="og:type" content="website">'
        f'<link rel="alternate" type="application/rss+xml" href="/arc/outboundfeeds/rss/section'
        f'{path}?outputType=xml&amp;_website=nzh">'
    )
