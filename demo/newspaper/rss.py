"""The RSS feeds: titles and summaries, and what is odd about their items."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape

from demo.newspaper.announced import FEEDS, XML
from demo.newspaper.cards import image_address
from demo.newspaper.profile import Profile
from demo.newspaper.story import Story

MOST = 100
"""Items in a feed at most."""

LONG = 9000
"""Characters of a very long address, more than many servers and clients take."""


def rss_items(stories: Sequence[Story], profile: Profile, now: datetime) -> list[Story]:
    """Return the stories (newest first) that a feed has items for.

    `two_items` has two; `two_days` only what changed in the last two days, as the platform has it;
    `duplicated` each one twice.
    """
    match profile.rss:
        case "two_items":
            return list(stories[:2])
        case "two_days":
            return [s for s in stories if s.date_modified > now - timedelta(days=2)]
        case "duplicated":
            return [story for story in stories for _ in range(2)]
        case _:
            return list(stories)


def rss(stories: Sequence[Story], origin: str, path: str, profile: Profile, now: datetime) -> str:
    """Return the feed at a path: titles and summaries only, unless the profile wants it otherwise."""
    items = "".join(_item(story, origin, profile, now) for story in stories)
    return (
        f'{XML}<rss xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" version="2.0" '
        'xmlns:media="http://search.yahoo.com/mrss/"><channel>'
        f"<title><![CDATA[NZ Herald]]></title><link>{origin}</link>"
        f'<atom:link href="{origin}{path}" rel="self" type="application/rss+xml"/>'
        "<description><![CDATA[NZ Herald News Feed]]></description>"
        f"<lastBuildDate>{format_datetime(now)}</lastBuildDate><language>en</language>"
        "<ttl>1</ttl><sy:updatePeriod>hourly</sy:updatePeriod>"
        f"<sy:updateFrequency>1</sy:updateFrequency>{items}</channel></rss>"
    )


def feed_path(name: str) -> str:
    """Return the path of a feed: `section/world`, `curated/78`, or the whole site for no name."""
    return f"{FEEDS}/rss/{name}/" if name else f"{FEEDS}/rss/"


def _item(story: Story, origin: str, profile: Profile, now: datetime) -> str:
    lead = story.images[0]
    dated = now if profile.rss == "no_date" else story.date_published
    return (
        f"<item><title><![CDATA[{story.headline}]]></title>{_links(story, origin, profile)}"
        f"<dc:creator><![CDATA[{', '.join(story.authors)}]]></dc:creator>"
        f"<description><![CDATA[{story.description}]]></description>"
        f"<pubDate>{format_datetime(dated)}</pubDate>{_text(story, profile)}"
        f'<media:content url="{escape(image_address(origin, lead, 1200))}" type="image/jpeg" '
        'height="675" width="1200"><media:description type="plain">'
        f"<![CDATA[{lead.shown_caption}]]></media:description></media:content></item>"
    )


def _links(story: Story, origin: str, profile: Profile) -> str:
    """Return link and guid: `homepage_urls` lead to the front, `guid_only` has no link."""
    address = f"{origin}{story.path}"
    if profile.rss == "homepage_urls":
        address = f"{origin}/"
    if profile.rss == "long_urls":
        address += f"?utm_content={'x' * LONG}"
    link = "" if profile.rss == "guid_only" else f"<link>{address}</link>"
    return f'{link}<guid isPermaLink="true">{address}</guid>'


def _text(story: Story, profile: Profile) -> str:
    """Return the whole text with `with_text`, what is for subscribers too, marked HIDDENBODY."""
    if profile.rss != "with_text":
        return ""
    hidden = [f"{text} HIDDENBODY" for text in story.hidden]
    texts = "".join(f"<p>{escape(text)}</p>" for text in (*story.public_paragraphs, *hidden))
    return f"<content:encoded><![CDATA[{texts}]]></content:encoded>"
