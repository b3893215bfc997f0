"""Which address answers what: to add one, add one function marked `@route`."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from urllib.parse import parse_qs

import attrs

from demo.newspaper import feeds
from demo.newspaper.article_page import Setting, article_page
from demo.newspaper.newsroom import Newsroom
from demo.newspaper.page import message_page
from demo.newspaper.profile import Profile
from demo.newspaper.section_pages import CARDS, listing_page
from demo.newspaper.story import Story, slugify
from demo.newspaper.vocabulary import SUBSECTIONS

HTML = "text/html; charset=utf-8"
XML_TYPE = "application/xml; charset=utf-8"
TEXT = "text/plain; charset=utf-8"

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


@attrs.frozen(kw_only=True)
class Answer:
    """What a route answers, before compression and conditions."""

    body: bytes = b""
    compressed: bytes | None = None
    """The same body compressed, where that is at hand."""

    status: int = 200
    content_type: str = HTML
    headers: Mapping[str, str] = attrs.field(factory=dict)

    modified_at: datetime | None = None
    """The value of `Last-Modified`; None for answers without validators."""


@attrs.frozen(kw_only=True)
class Site:
    """What routes answer from."""

    newsroom: Newsroom
    profile: Profile
    origin: str
    pages: PageCache


Handler = Callable[[Site, re.Match[str], str], Answer]

_ROUTES: list[tuple[re.Pattern[str], Handler]] = []


def route(pattern: str) -> Callable[[Handler], Handler]:
    """Let the function below answer the paths that match as a whole."""

    def enter(handler: Handler) -> Handler:
        _ROUTES.append((re.compile(pattern), handler))
        return handler

    return enter


def answer(site: Site, path: str, query: str) -> Answer:
    """The answer to a GET of this path and query."""
    for pattern, handler in _ROUTES:
        if found := pattern.fullmatch(path):
            return handler(site, found, query)
    return not_found()


def not_found(status: int = 404) -> Answer:
    page = message_page("Page not found", "The page you were looking for is not here.")
    return Answer(status=status, body=page.encode())


def redirect(address: str) -> Answer:
    return Answer(status=301, headers={"Location": address}, content_type=TEXT)


class PageCache:
    """Keeps each story's page, compressed, for as long as nothing it depends on changes."""

    def __init__(self) -> None:
        self._pages: dict[str, tuple[Story, str, bytes]] = {}

    def compressed(self, story: Story, setting: Setting) -> bytes:
        key = f"{setting.origin} {setting.cards_key}"
        kept = self._pages.get(story.article_id)
        if kept and kept[0] is story and kept[1] == key:
            return kept[2]
        page = compress(article_page(story, setting).encode())
        self._pages[story.article_id] = (story, key, page)
        return page


def compress(body: bytes) -> bytes:
    """gzip without a time in it: equal bodies have equal bytes."""
    return gzip.compress(body, 6, mtime=0)


def story_page(site: Site, story: Story) -> bytes:
    """The page of a story as it is served now, compressed."""
    minute = f"{site.newsroom.clock.now():%Y-%m-%d %H:%M}"
    key = minute if site.profile.side_cards == "by_minute" else ""
    setting = Setting(origin=site.origin, edition=site.newsroom.edition, cards_key=key)
    return site.pages.compressed(story, setting)


def etag(body: bytes) -> str:
    """A weak validator, the same whether the body is sent compressed or not."""
    return f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'


@route(r"/robots\.txt")
def _robots(site: Site, found: re.Match[str], query: str) -> Answer:
    match site.profile.robots:
        case "not_found":
            return not_found()
        case "server_error":
            return Answer(status=500, body=b"internal error", content_type=TEXT)
        case "html":
            return Answer(body=message_page("NZ Herald", "Welcome.").encode())
        case _:
            text = feeds.robots_text(site.origin, site.profile)
            return Answer(body=text.encode(), content_type=TEXT)


@route(r"/arc/outboundfeeds/sitemap-index/")
def _sitemap_index(site: Site, found: re.Match[str], query: str) -> Answer:
    newsroom = site.newsroom
    stories = newsroom.stories()
    moment = feeds.last_change(stories, newsroom, newsroom.clock.now().date())
    return _feed(feeds.sitemap_index(newsroom, site.origin, site.profile), query, moment)


@route(r"/arc/outboundfeeds/sitemap[23]?/(latest|\d{4}-\d\d-\d\d)(?:-(\d+))?/")
def _sitemap(site: Site, found: re.Match[str], query: str) -> Answer:
    newsroom = site.newsroom
    today = newsroom.clock.now().date()
    try:
        day = today if found[1] == "latest" else date.fromisoformat(found[1])
    except ValueError:
        return not_found()
    if day > today:
        return Answer(status=500, body=b"internal error", content_type=TEXT)
    if day < FIRST_LISTED_DAY:
        return not_found()
    stories = feeds.stories_of(newsroom, day, site.profile)
    if found[2]:
        limit = site.profile.sitemap_limit
        stories = stories[limit * (int(found[2]) - 1) : limit * int(found[2])]
    moment = feeds.last_change(stories, newsroom, day)
    return _feed(feeds.sitemap(stories, site.origin), query, moment)


@route(r"/arc/outboundfeeds/sitemap-news/")
def _sitemap_news(site: Site, found: re.Match[str], query: str) -> Answer:
    stories = feeds.recent_stories(site.newsroom, site.profile)
    return _feed(feeds.news_sitemap(stories, site.origin), query, None)


@route(r"/arc/outboundfeeds/sitemap-video/")
def _sitemap_video(site: Site, found: re.Match[str], query: str) -> Answer:
    return _feed(feeds.video_sitemap(site.origin), query, None)


@route(r"/arc/outboundfeeds/rss/section/([a-z/-]+)/")
def _rss(site: Site, found: re.Match[str], query: str) -> Answer:
    """Exactly this section, as the real filter has it: `/world` does not include `/world/asia`."""
    section, profile = found[1], site.profile
    if section.split("/")[0] not in SECTIONS:
        return not_found()
    if profile.rss == "html":
        return Answer(body=message_page("Sorry", "Something went wrong.").encode())
    stories = [s for s in reversed(site.newsroom.stories()) if section in s.sections]
    count = {"two_items": 2, "empty": 0}.get(profile.rss, 100)
    now = site.newsroom.clock.now()
    text = feeds.rss(stories[:count], site.origin, section, now.replace(microsecond=0))
    return _feed(text[:-40] if profile.rss == "malformed" else text, query, None)


def _feed(text: str, query: str, modified_at: datetime | None) -> Answer:
    """XML, which is only there when it is asked for by its output type."""
    if parse_qs(query).get("outputType") != ["xml"]:
        return not_found()
    return Answer(body=text.encode(), content_type=XML_TYPE, modified_at=modified_at)


@route(r"/(world|nz|business|sport|entertainment|travel|video|sponsored-stories)/")
def _section(site: Site, found: re.Match[str], query: str) -> Answer:
    return _listing(site, SECTIONS[found[1]], found[0], found[1])


@route(r"/world/(australia|asia|uk|united-states|middle-east|europe|pacific)/")
def _subsection(site: Site, found: re.Match[str], query: str) -> Answer:
    return _listing(site, SUBSECTIONS[found[1]], found[0], f"world/{found[1]}")


@route(r"/|/latest-news/")
def _latest(site: Site, found: re.Match[str], query: str) -> Answer:
    return _listing(site, "Latest news", found[0], "")


@route(r"/author/([a-z-]+)/")
def _author(site: Site, found: re.Match[str], query: str) -> Answer:
    theirs = [
        story
        for story in reversed(site.newsroom.stories())
        if found[1] in map(slugify, story.authors)
    ]
    if not theirs:
        return not_found()
    page = listing_page(theirs[0].authors[0], found[0], theirs[:CARDS], [], site.origin)
    return Answer(body=page.encode())


def _listing(site: Site, title: str, path: str, section: str) -> Answer:
    stories = site.newsroom.newest_in(section, CARDS)
    others = [
        story
        for other in ("sponsored-stories", "video", "nz", "sport")
        for story in site.newsroom.newest_in(other, 1)
    ]
    return Answer(body=listing_page(title, path, stories, others, site.origin).encode())


@route(r"/pf/.*")
def _internal(site: Site, found: re.Match[str], query: str) -> Answer:
    return Answer(body=json.dumps({"path": found[0]}).encode(), content_type="application/json")


@route(r"/search.*")
def _search(site: Site, found: re.Match[str], query: str) -> Answer:
    return Answer(body=message_page("Search", "Nothing was found.").encode())


@route(r"/resizer/v2/[A-Z2-7]{26}\.jpg")
def _picture(site: Site, found: re.Match[str], query: str) -> Answer:
    pixel = b"GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x00;"
    return Answer(body=pixel, content_type="image/gif")


@route(r"/(?:[a-z0-9-]+/)+([A-Z2-7]{26})(/?)")
def _article(site: Site, found: re.Match[str], query: str) -> Answer:
    story = site.newsroom.story(found[1])
    if story is None:
        return not_found()
    if site.newsroom.is_removed(story.article_id):
        return not_found(site.profile.removed_status)
    if found[0].rstrip("/") + "/" != story.path and site.profile.wrong_slug == "not_found":
        return not_found()
    if found[0] != story.path:
        return redirect(story.path + (f"?{query}" if query else ""))
    page = story_page(site, story)
    return Answer(body=gzip.decompress(page), compressed=page, modified_at=story.date_modified)


@route(r"/(?:[a-z-]+/)*[a-z-]+")
def _without_slash(site: Site, found: re.Match[str], query: str) -> Answer:
    """Section pages without the slash at the end; anything else is not there."""
    there = answer(site, f"{found[0]}/", query)
    if there.status != 200:  # noqa: PLR2004 - the HTTP status of success
        return not_found()
    return redirect(f"{found[0]}/" + (f"?{query}" if query else ""))
