"""The addresses under `/arc/outboundfeeds/`: sitemaps and feeds."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from http import HTTPStatus
from urllib.parse import parse_qs

import attrs

from demo.newspaper import sitemaps
from demo.newspaper.announced import announced, last_change, recent_stories, stories_of
from demo.newspaper.page import message_page
from demo.newspaper.profile import RssItems, XmlForm
from demo.newspaper.routing import TEXT, XML, Answer, Call, not_found, route
from demo.newspaper.rss import MOST, feed_path, rss, rss_items
from demo.newspaper.sections import SECTIONS
from demo.newspaper.story import Story
from demo.newspaper.xml_forms import formed

CACHED = {
    "sitemap": timedelta(minutes=5),
    "sitemap2": timedelta(hours=1),
    "sitemap3": timedelta(days=1),
}
"""How long the platform keeps a day's sitemap, by its folder."""


@route(r"/arc/outboundfeeds/sitemap-index/(?:(recent|older)/)?")
def _sitemap_index(call: Call) -> Answer:
    """By day; the inner ones are there for the index that lists indexes."""
    newsroom, profile = call.site.newsroom, call.site.profile
    if call.name:
        places = sitemaps.nested_places(newsroom, profile, call.name)
    else:
        places = sitemaps.index_places(newsroom, profile)
    moment = last_change(newsroom.stories(), newsroom, newsroom.clock.now().date())
    return _xml(
        call, sitemaps.sitemap_index(places, call.site.origin), profile.sitemap_index, moment
    )


@route(r"/arc/outboundfeeds/(sitemap[23]?)/(latest|\d{4}-\d\d-\d\d)(?:-(\d+))?/")
def _sitemap(call: Call) -> Answer:
    """List a UTC day, under any of the three folders whatever its age."""
    if call.site.profile.sitemap_cache == "stale":
        key = f"{call.path}?{call.query}"
        return call.site.kept.answer(key, CACHED[call.name], lambda: _sitemap_now(call))
    return _sitemap_now(call)


def _sitemap_now(call: Call) -> Answer:
    newsroom, profile = call.site.newsroom, call.site.profile
    now = newsroom.clock.now()
    _, name, part = call.parts
    try:
        day = now.date() if name in {"latest", None} else date.fromisoformat(str(name))
    except ValueError:
        return not_found()
    if day > now.date():
        return Answer(status=500, body=b"internal error", content_type=TEXT)
    if day < sitemaps.FIRST_LISTED_DAY:
        return not_found()
    stories = stories_of(newsroom, day, profile)
    if part:
        limit = profile.sitemap_limit
        stories = stories[limit * (int(part) - 1) : limit * int(part)]
    text = sitemaps.sitemap(stories, call.site.origin, _lastmod(call))
    return _xml(call, text, profile.sitemap, last_change(stories, newsroom, day))


@route(r"/arc/outboundfeeds/sitemap-news/")
def _sitemap_news(call: Call) -> Answer:
    stories = recent_stories(call.site.newsroom, call.site.profile)
    text = sitemaps.news_sitemap(stories, call.site.origin, _lastmod(call))
    return _xml(call, text, call.site.profile.sitemap_news)


@route(r"/arc/outboundfeeds/sitemap-video/")
def _sitemap_video(call: Call) -> Answer:
    return _xml(call, sitemaps.video_sitemap(call.site.origin))


@route(r"/arc/outboundfeeds/rss/section/([a-z/-]+)/")
def _section_feed(call: Call) -> Answer:
    """Exactly this section, as the real filter has it: `/world` does not include `/world/asia`."""
    section = call.name
    if section.split("/")[0] not in SECTIONS:
        return not_found()
    stories = announced(call.site.newsroom, call.site.profile)[::-1]
    return _feed(call, f"section/{section}", [s for s in stories if section in s.sections])


@route(r"/arc/outboundfeeds/rss/(curated/78/)?")
def _site_feed(call: Call) -> Answer:
    """List the whole site's newest, or the twenty that editors chose: every fifth story."""
    stories = announced(call.site.newsroom, call.site.profile)[::-1]
    if call.name:
        return _feed(call, "curated/78", stories[::5][:20])
    return _feed(call, "", stories)


@route(r"/rss/")
def _list_of_feeds(_call: Call) -> Answer:
    """Return a web page about the feeds, which is no feed."""
    return Answer(body=message_page("RSS feeds", "Choose a feed for your reader.").encode())


def _feed(call: Call, name: str, stories: list[Story]) -> Answer:
    profile = call.site.profile
    now = call.site.newsroom.clock.now().replace(microsecond=0)
    start, size = _window(call)
    items = rss_items(stories, profile, now)[start : start + size]
    text = rss(items, call.site.origin, feed_path(name), profile, now)
    return _xml(call, text, profile.rss)


def _window(call: Call) -> tuple[int, int]:
    """Return where a feed starts and how long it is."""
    if call.site.profile.rss_parameters == "ignored":
        return 0, MOST
    asked = parse_qs(call.query)
    start, size = asked.get("from", ["0"])[0], asked.get("size", [str(MOST)])[0]
    return (int(start), min(int(size), MOST)) if (start + size).isdecimal() else (0, MOST)


def _lastmod(call: Call) -> datetime | None:
    fresh = call.site.profile.lastmod == "build_time"
    return call.site.newsroom.clock.now() if fresh else None


def _xml(
    call: Call,
    text: str,
    form: XmlForm | RssItems = "normal",
    modified_at: datetime | None = None,
) -> Answer:
    """XML, which is only there when it is asked for by its output type."""
    if parse_qs(call.query).get("outputType") != ["xml"]:
        return not_found()
    honest = Answer(body=text.encode(), content_type=XML)
    found = formed(form, call, honest)
    return attrs.evolve(found, modified_at=modified_at) if found.status == HTTPStatus.OK else found
