"""Which address answers what: to add one, add one function marked `@route`."""

from __future__ import annotations

import gzip
import json
from datetime import date, datetime
from http import HTTPStatus
from urllib.parse import parse_qs

from demo.newspaper import feeds
from demo.newspaper.page import message_page
from demo.newspaper.routing import (
    JSON,
    TEXT,
    XML,
    Answer,
    Call,
    answer,
    not_found,
    redirect,
    route,
    story_page,
)
from demo.newspaper.section_pages import CARDS, listing_page
from demo.newspaper.story import slugify
from demo.newspaper.vocabulary import SUBSECTIONS

FIRST_LISTED_DAY = date(2024, 2, 1)
"""Before this day the sitemaps know nothing, as on the real site."""

FORBIDDEN = ("/pf/", "/search")
"""What robots.txt forbids to everyone; asking for it is noted in the log."""

SECTIONS = {
    "world": "World",
    "nz": "New Zealand",
    "business": "Business",
    "sport": "Sport",
    "entertainment": "Entertainment",
    "travel": "Travel",
    "video": "Video",
    "sponsored-stories": "Sponsored Stories",
}


@route(r"/robots\.txt")
def _robots(call: Call) -> Answer:
    match call.site.profile.robots:
        case "not_found":
            return not_found()
        case "server_error":
            return Answer(status=500, body=b"internal error", content_type=TEXT)
        case "html":
            return Answer(body=message_page("NZ Herald", "Welcome.").encode())
        case _:
            text = feeds.robots_text(call.site.origin, call.site.profile)
            return Answer(body=text.encode(), content_type=TEXT)


@route(r"/arc/outboundfeeds/sitemap-index/")
def _sitemap_index(call: Call) -> Answer:
    newsroom = call.site.newsroom
    stories = newsroom.stories()
    moment = feeds.last_change(stories, newsroom, newsroom.clock.now().date())
    return _feed(call, feeds.sitemap_index(newsroom, call.site.origin, call.site.profile), moment)


@route(r"/arc/outboundfeeds/sitemap[23]?/(latest|\d{4}-\d\d-\d\d)(?:-(\d+))?/")
def _sitemap(call: Call) -> Answer:
    newsroom = call.site.newsroom
    today = newsroom.clock.now().date()
    try:
        day = today if call.name == "latest" else date.fromisoformat(call.name)
    except ValueError:
        return not_found()
    if day > today:
        return Answer(status=500, body=b"internal error", content_type=TEXT)
    if day < FIRST_LISTED_DAY:
        return not_found()
    stories = feeds.stories_of(newsroom, day, call.site.profile)
    if call.parts[1]:
        limit = call.site.profile.sitemap_limit
        stories = stories[limit * (int(call.parts[1]) - 1) : limit * int(call.parts[1])]
    moment = feeds.last_change(stories, newsroom, day)
    return _feed(call, feeds.sitemap(stories, call.site.origin), moment)


@route(r"/arc/outboundfeeds/sitemap-news/")
def _sitemap_news(call: Call) -> Answer:
    stories = feeds.recent_stories(call.site.newsroom, call.site.profile)
    return _feed(call, feeds.news_sitemap(stories, call.site.origin))


@route(r"/arc/outboundfeeds/sitemap-video/")
def _sitemap_video(call: Call) -> Answer:
    return _feed(call, feeds.video_sitemap(call.site.origin))


@route(r"/arc/outboundfeeds/rss/section/([a-z/-]+)/")
def _rss(call: Call) -> Answer:
    """Exactly this section, as the real filter has it: `/world` does not include `/world/asia`."""
    section, profile = call.name, call.site.profile
    if section.split("/")[0] not in SECTIONS:
        return not_found()
    if profile.rss == "html":
        return Answer(body=message_page("Sorry", "Something went wrong.").encode())
    stories = [s for s in reversed(call.site.newsroom.stories()) if section in s.sections]
    count = {"two_items": 2, "empty": 0}.get(profile.rss, 100)
    now = call.site.newsroom.clock.now()
    text = feeds.rss(stories[:count], call.site.origin, section, now.replace(microsecond=0))
    return _feed(call, text[:-40] if profile.rss == "malformed" else text)


def _feed(call: Call, text: str, modified_at: datetime | None = None) -> Answer:
    """XML, which is only there when it is asked for by its output type."""
    if parse_qs(call.query).get("outputType") != ["xml"]:
        return not_found()
    return Answer(body=text.encode(), content_type=XML, modified_at=modified_at)


@route(r"/(world|nz|business|sport|entertainment|travel|video|sponsored-stories)/")
def _section(call: Call) -> Answer:
    return _listing(call, SECTIONS[call.name], call.name)


@route(r"/world/(australia|asia|uk|united-states|middle-east|europe|pacific)/")
def _subsection(call: Call) -> Answer:
    return _listing(call, SUBSECTIONS[call.name], f"world/{call.name}")


@route(r"/|/latest-news/")
def _latest(call: Call) -> Answer:
    return _listing(call, "Latest news", "")


@route(r"/author/([a-z-]+)/")
def _author(call: Call) -> Answer:
    theirs = [
        story
        for story in reversed(call.site.newsroom.stories())
        if call.name in map(slugify, story.authors)
    ]
    if not theirs:
        return not_found()
    page = listing_page(theirs[0].authors[0], call.path, theirs[:CARDS], [], call.site.origin)
    return Answer(body=page.encode())


def _listing(call: Call, title: str, section: str) -> Answer:
    stories = call.site.newsroom.newest_in(section, CARDS)
    others = [
        story
        for other in ("sponsored-stories", "video", "nz", "sport")
        for story in call.site.newsroom.newest_in(other, 1)
    ]
    page = listing_page(title, call.path, stories, others, call.site.origin)
    return Answer(body=page.encode())


@route(r"/pf/.*")
def _internal(call: Call) -> Answer:
    return Answer(body=json.dumps({"path": call.path}).encode(), content_type=JSON)


@route(r"/search.*")
def _search(_call: Call) -> Answer:
    return Answer(body=message_page("Search", "Nothing was found.").encode())


@route(r"/resizer/v2/[A-Z2-7]{26}\.jpg")
def _picture(_call: Call) -> Answer:
    pixel = b"GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x00;"
    return Answer(body=pixel, content_type="image/gif")


@route(r"/(?:[a-z0-9-]+/)+([A-Z2-7]{26})(/?)")
def _article(call: Call) -> Answer:
    story = call.site.newsroom.story(call.name)
    if story is None:
        return not_found()
    if call.site.newsroom.is_removed(story.article_id):
        return not_found(call.site.profile.removed_status)
    other_address = call.path.rstrip("/") != story.path.rstrip("/")
    if other_address and call.site.profile.wrong_slug == "not_found":
        return not_found()
    if call.path != story.path:
        return redirect(story.path + (f"?{call.query}" if call.query else ""))
    page = story_page(call.site, story)
    return Answer(body=gzip.decompress(page), compressed=page, modified_at=story.date_modified)


@route(r"/(?:[a-z-]+/)*[a-z-]+")
def _without_slash(call: Call) -> Answer:
    """Section pages without the slash at the end; anything else is not there."""
    there = answer(call.site, f"{call.path}/", call.query)
    if there.status != HTTPStatus.OK:
        return not_found()
    return redirect(f"{call.path}/" + (f"?{call.query}" if call.query else ""))
