"""Sitemaps, feeds and robots.txt: where the newspaper announces its stories."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from html import escape

from demo.newspaper.cards import image_address
from demo.newspaper.newsroom import Newsroom
from demo.newspaper.profile import Profile
from demo.newspaper.story import Story, iso_milliseconds

FEEDS = "/arc/outboundfeeds"
SUFFIX = "?outputType=xml&_website=nzh"
XML = '<?xml version="1.0" encoding="UTF-8"?>'
AI_AGENTS = ("GPTBot", "CCBot", "ClaudeBot", "Google-Extended", "PerplexityBot", "Bytespider")
FOLDERS = {"sitemap": 2, "sitemap2": 7, "sitemap3": 100_000}
"""Where a day's sitemap is found until it is so many days old."""

SITEMAP_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
IMAGE_SPACE = "http://www.google.com/schemas/sitemap-image/1.1"
NEWS_SPACE = "http://www.google.com/schemas/sitemap-news/0.9"


def robots_text(origin: str, profile: Profile) -> str:
    """robots.txt as the profile wants it (the ones that are text)."""
    if profile.robots == "blocks_all":
        return "User-agent: *\nDisallow: /\n"
    lines = ["# Use of this site to train machines is not permitted.", "User-agent: *"]
    lines += ["Disallow: /pf/", "Disallow: /search"]
    if profile.robots == "crawl_delay":
        lines.append("Crawl-delay: 5")
    blocked = (*AI_AGENTS, "newsarchive") if profile.robots == "blocks_us" else AI_AGENTS
    for agent in blocked:
        lines += ["", f"User-agent: {agent}", "Disallow: /"]
    lines += ["", f"Sitemap: {origin}{FEEDS}/sitemap-index/{SUFFIX}"]
    lines += [f"Sitemap: {origin}{FEEDS}/sitemap-news/{SUFFIX}"]
    return "\n".join(lines) + "\n"


def stories_of(newsroom: Newsroom, day: date, profile: Profile) -> list[Story]:
    """Return the stories that the sitemap of a UTC day lists."""
    return [s for s in newsroom.stories() if _listing_date(s, profile).date() == day]


def recent_stories(newsroom: Newsroom, profile: Profile) -> list[Story]:
    """Return the stories of the last two days, newest first, as the news sitemap lists them."""
    since = newsroom.clock.now() - timedelta(days=2)
    return [s for s in newsroom.stories() if _listing_date(s, profile) > since][::-1]


def sitemap_index(newsroom: Newsroom, origin: str, profile: Profile) -> str:
    """Return the index by day: `latest` first, then day by day back to the edition's first."""
    today = newsroom.clock.now().date()
    count = (today - newsroom.edition.days[0]).days + 1
    days = [today - timedelta(days=back) for back in range(max(1, count))]
    places = [place for day in days for place in _places(newsroom, day, profile)]
    addresses = [f"{origin}{place}{SUFFIX}" for place in places]
    addresses.append(f"{origin}{FEEDS}/sitemap-video/{SUFFIX}")
    entries = "".join(f"<sitemap><loc>{escape(loc)}</loc></sitemap>" for loc in addresses)
    return f'{XML}<sitemapindex xmlns="{SITEMAP_SPACE}">{entries}</sitemapindex>'


def _places(newsroom: Newsroom, day: date, profile: Profile) -> list[str]:
    """Return the paths of a day's sitemaps: by age, and several when the day is busy."""
    age = (newsroom.clock.now().date() - day).days
    folder = next(name for name, until in FOLDERS.items() if age < until)
    name = "latest" if age == 0 else day.isoformat()
    parts = -(-len(stories_of(newsroom, day, profile)) // profile.sitemap_limit)
    if parts <= 1:
        return [f"{FEEDS}/{folder}/{name}/"]
    return [f"{FEEDS}/{folder}/{name}-{part}/" for part in range(1, parts + 1)]


def sitemap(stories: Iterable[Story], origin: str) -> str:
    """Return a plain sitemap of these stories."""
    entries = "".join(f"<url>{_location(story, origin)}</url>" for story in stories)
    return f'{XML}<urlset xmlns="{SITEMAP_SPACE}" xmlns:image="{IMAGE_SPACE}">{entries}</urlset>'


def news_sitemap(stories: Iterable[Story], origin: str) -> str:
    """Return the news sitemap, whose publication date is the last change, as on the real platform."""
    entries = "".join(
        f"<url>{_location(story, origin)}<news:news><news:publication><news:name>NZ Herald"
        "</news:name><news:language>en</news:language></news:publication>"
        f"<news:publication_date>{iso_milliseconds(story.date_modified)}</news:publication_date>"
        f"<news:title><![CDATA[{story.headline}]]></news:title>"
        f"<news:keywords>{escape(', '.join(story.tags))}</news:keywords></news:news></url>"
        for story in stories
    )
    spaces = f'xmlns="{SITEMAP_SPACE}" xmlns:image="{IMAGE_SPACE}" xmlns:news="{NEWS_SPACE}"'
    return f"{XML}<urlset {spaces}>{entries}</urlset>"


def video_sitemap(origin: str) -> str:
    """Return a sitemap of something else, for readers to pass over."""
    return sitemap([], origin).replace(
        "</urlset>", f"<url><loc>{origin}/video/</loc></url></urlset>"
    )


def rss(stories: Sequence[Story], origin: str, section: str, built_at: datetime) -> str:
    """Return the feed of a section: titles and summaries only."""
    self_link = f"{origin}{FEEDS}/rss/section/{section}/"
    items = "".join(_item(story, origin) for story in stories)
    return (
        f'{XML}<rss xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" version="2.0" '
        'xmlns:media="http://search.yahoo.com/mrss/"><channel>'
        f"<title><![CDATA[NZ Herald]]></title><link>{origin}</link>"
        f'<atom:link href="{self_link}" rel="self" type="application/rss+xml"/>'
        "<description><![CDATA[NZ Herald News Feed]]></description>"
        f"<lastBuildDate>{format_datetime(built_at)}</lastBuildDate><language>en</language>"
        "<ttl>1</ttl><sy:updatePeriod>hourly</sy:updatePeriod>"
        f"<sy:updateFrequency>1</sy:updateFrequency>{items}</channel></rss>"
    )


def last_change(stories: Sequence[Story], newsroom: Newsroom, day: date) -> datetime:
    """When a list of stories last changed: a story in it, or anything the newsroom did."""
    moments = [story.date_modified for story in stories]
    moments.append(datetime.combine(day, time(), UTC))
    if newsroom.changed_at:
        moments.append(newsroom.changed_at)
    return max(moments)


def _listing_date(story: Story, profile: Profile) -> datetime:
    modified = profile.sitemap_date == "modified"
    return story.date_modified if modified else story.date_published


def _location(story: Story, origin: str) -> str:
    lead = story.images[0]
    return (
        f"<loc>{origin}{story.path}</loc><lastmod>{iso_milliseconds(story.date_modified)}</lastmod>"
        "<changefreq>always</changefreq><priority>0.5</priority><image:image>"
        f"<image:loc>{escape(image_address(origin, lead, 1200))}</image:loc>"
        f"<image:caption><![CDATA[{lead.shown_caption}]]></image:caption>"
        f"<image:title><![CDATA[{story.headline}]]></image:title></image:image>"
    )


def _item(story: Story, origin: str) -> str:
    lead = story.images[0]
    address = f"{origin}{story.path}"
    return (
        f"<item><title><![CDATA[{story.headline}]]></title><link>{address}</link>"
        f'<guid isPermaLink="true">{address}</guid>'
        f"<dc:creator><![CDATA[{', '.join(story.authors)}]]></dc:creator>"
        f"<description><![CDATA[{story.description}]]></description>"
        f"<pubDate>{format_datetime(story.date_published)}</pubDate>"
        f'<media:content url="{escape(image_address(origin, lead, 1200))}" type="image/jpeg" '
        'height="675" width="1200"><media:description type="plain">'
        f"<![CDATA[{lead.shown_caption}]]></media:description></media:content></item>"
    )
