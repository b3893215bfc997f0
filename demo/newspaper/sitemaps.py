"""The sitemaps: the index by day, the days, the news and the videos."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from html import escape

from demo.newspaper.announced import FEEDS, SUFFIX, XML, stories_of
from demo.newspaper.cards import image_address
from demo.newspaper.newsroom import Newsroom
from demo.newspaper.profile import Profile
from demo.newspaper.story import Story, iso_milliseconds

FIRST_LISTED_DAY = date(2024, 2, 1)
"""Before this day the sitemaps know nothing, as on the real site."""

FOLDERS = {"sitemap": 2, "sitemap2": 7, "sitemap3": 100_000}
"""Where a day's sitemap is found until it is so many days old."""

SITEMAP_SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
IMAGE_SPACE = "http://www.google.com/schemas/sitemap-image/1.1"
NEWS_SPACE = "http://www.google.com/schemas/sitemap-news/0.9"


def index_places(newsroom: Newsroom, profile: Profile) -> list[str]:
    """Return the paths of all that the index lists: `latest` first, then day by day back."""
    days = _places_of_days(newsroom, profile)
    rest = [f"{FEEDS}/sitemap-video/"]
    match profile.index:
        case "nested":
            return [f"{FEEDS}/sitemap-index/recent/", f"{FEEDS}/sitemap-index/older/", *rest]
        case "nested_loop":
            return [f"{FEEDS}/sitemap-index/", *days, *rest]
        case "dead":
            return [f"{FEEDS}/sitemap-archive/", *days, *rest]
        case _:
            return [*days, *rest]


def nested_places(newsroom: Newsroom, profile: Profile, part: str) -> list[str]:
    """Return what the inner index `recent` (two days) or `older` lists."""
    days = _places_of_days(newsroom, profile)
    recent = [place for place in days if f"{FEEDS}/sitemap/" in place]
    return recent if part == "recent" else days[len(recent) :]


def sitemap_index(places: Iterable[str], origin: str) -> str:
    """Return an index of these paths."""
    addresses = [f"{origin}{place}{SUFFIX}" for place in places]
    entries = "".join(f"<sitemap><loc>{escape(loc)}</loc></sitemap>" for loc in addresses)
    return f'{XML}<sitemapindex xmlns="{SITEMAP_SPACE}">{entries}</sitemapindex>'


def _places_of_days(newsroom: Newsroom, profile: Profile) -> list[str]:
    today = newsroom.clock.now().date()
    first = FIRST_LISTED_DAY if profile.index == "whole" else newsroom.edition.days[0]
    count = (today - first).days + 1
    days = [today - timedelta(days=back) for back in range(max(1, count))]
    return [place for day in days for place in _places(newsroom, day, profile)]


def _places(newsroom: Newsroom, day: date, profile: Profile) -> list[str]:
    """Return the paths of a day's sitemaps: by age, and several when the day is busy."""
    age = (newsroom.clock.now().date() - day).days
    folder = next(name for name, until in FOLDERS.items() if age < until)
    name = "latest" if age == 0 else day.isoformat()
    known = day >= newsroom.edition.days[0]
    parts = -(-len(stories_of(newsroom, day, profile)) // profile.sitemap_limit) if known else 1
    if parts <= 1:
        return [f"{FEEDS}/{folder}/{name}/"]
    return [f"{FEEDS}/{folder}/{name}-{part}/" for part in range(1, parts + 1)]


def sitemap(stories: Iterable[Story], origin: str, lastmod: datetime | None = None) -> str:
    """Return a plain sitemap of these stories; with a `lastmod`, that one for all of them."""
    entries = "".join(f"<url>{_location(story, origin, lastmod)}</url>" for story in stories)
    return f'{XML}<urlset xmlns="{SITEMAP_SPACE}" xmlns:image="{IMAGE_SPACE}">{entries}</urlset>'


def news_sitemap(stories: Iterable[Story], origin: str, lastmod: datetime | None = None) -> str:
    """Return the news sitemap, whose publication date is the last change, as on the real platform."""
    entries = "".join(
        f"<url>{_location(story, origin, lastmod)}<news:news><news:publication><news:name>NZ Herald"
        "</news:name><news:language>en</news:language></news:publication>"
        f"<news:publication_date>{iso_milliseconds(lastmod or story.date_modified)}"
        f"</news:publication_date><news:title><![CDATA[{story.headline}]]></news:title>"
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


def _location(story: Story, origin: str, lastmod: datetime | None) -> str:
    lead = story.images[0]
    return (
        f"<loc>{origin}{story.path}</loc>"
        f"<lastmod>{iso_milliseconds(lastmod or story.date_modified)}</lastmod>"
        "<changefreq>always</changefreq><priority>0.5</priority><image:image>"
        f"<image:loc>{escape(image_address(origin, lead, 1200))}</image:loc>"
        f"<image:caption><![CDATA[{lead.shown_caption}]]></image:caption>"
        f"<image:title><![CDATA[{story.headline}]]></image:title></image:image>"
    )
