"""What routes are given and what they answer; the table of routes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import attrs

from demo.newspaper.article_page import Setting, article_page
from demo.newspaper.clock import Clock
from demo.newspaper.delivery import Delivery, encode
from demo.newspaper.newsroom import Newsroom
from demo.newspaper.page import message_page
from demo.newspaper.profile import Profile
from demo.newspaper.request_log import RequestLog
from demo.newspaper.story import Story

HTML = "text/html; charset=utf-8"
XML = "application/xml; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
JSON = "application/json"


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

    delivery: Delivery = attrs.field(factory=Delivery)
    """How it goes over the wire."""

    def with_body(self, body: bytes | str) -> Answer:
        """Return the answer with another body."""
        sent = body.encode() if isinstance(body, str) else body
        return attrs.evolve(self, body=sent, compressed=None)

    def with_headers(self, **headers: str) -> Answer:
        """Return the answer with more headers; `X_Robots_Tag` means `X-Robots-Tag`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return attrs.evolve(self, headers={**self.headers, **named})


@attrs.frozen(kw_only=True)
class Site:
    """What routes answer from."""

    newsroom: Newsroom
    profile: Profile
    origin: str
    pages: PageCache
    log: RequestLog
    kept: AnswerCache


@attrs.frozen(kw_only=True)
class Call:
    """One request for a route."""

    site: Site
    path: str
    query: str
    """The part after `?`, as sent."""

    host: str = ""
    """The `Host` header, as sent."""

    parts: tuple[str | None, ...] = ()
    """What the groups of the route's pattern matched."""

    @property
    def name(self) -> str:
        """The first of the parts."""
        return self.parts[0] or ""


Handler = Callable[[Call], Answer]

_ROUTES: list[tuple[re.Pattern[str], Handler]] = []


def route(pattern: str) -> Callable[[Handler], Handler]:
    """Let the function below answer the paths that match as a whole."""

    def enter(handler: Handler) -> Handler:
        _ROUTES.append((re.compile(pattern), handler))
        return handler

    return enter


def answer(call: Call) -> Answer:
    """Return the answer to a GET, without what the profile's faults make of it."""
    for pattern, handler in _ROUTES:
        if found := pattern.fullmatch(call.path):
            return handler(attrs.evolve(call, parts=found.groups()))
    return not_found()


def not_found(status: int = 404) -> Answer:
    """Answer with a page that says so."""
    page = message_page("Page not found", "The page you were looking for is not here.")
    return Answer(status=status, body=page.encode())


def redirect(address: str, status: int = 301) -> Answer:
    """Answer that the page is at another address, for good or with 302 for now."""
    return Answer(status=status, headers={"Location": address}, content_type=TEXT)


class PageCache:
    """Keeps each story's page, compressed, for as long as nothing it depends on changes."""

    def __init__(self) -> None:
        self._pages: dict[str, tuple[Story, str, bytes]] = {}

    def compressed(self, story: Story, setting: Setting) -> bytes:
        """Return the page, made anew only if it has to be."""
        key = f"{setting.origin} {setting.cards_key} {setting.carried}"
        kept = self._pages.get(story.article_id)
        if kept and kept[0] is story and kept[1] == key:
            return kept[2]
        page = encode(article_page(story, setting).encode(), "gzip")
        self._pages[story.article_id] = (story, key, page)
        return page


def story_page(site: Site, story: Story) -> bytes:
    """Return the page of a story as it is served now, compressed."""
    minute = f"{site.newsroom.clock.now():%Y-%m-%d %H:%M}"
    edition = str(site.profile.side_edition or "")
    key = minute if site.profile.side_cards == "by_minute" else edition
    setting = Setting(
        origin=site.origin,
        edition=site.newsroom.edition,
        cards_key=key,
        carried=site.profile.carried,
    )
    return site.pages.compressed(story, setting)


class AnswerCache:
    """Keeps answers for as long as the platform does, whatever has changed since."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._answers: dict[str, tuple[datetime, Answer]] = {}

    def answer(self, key: str, age: timedelta, make: Callable[[], Answer]) -> Answer:
        """Return the answer that was made at most so long ago, or one made now."""
        now = self._clock.now()
        made_at, found = self._answers.get(key, (None, None))
        if made_at is None or found is None or not made_at <= now < made_at + age:
            found = make()
            self._answers[key] = (now, found)
        return found


def etag(body: bytes) -> str:
    """Return a weak validator, the same whether the body is sent compressed or not."""
    return f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
