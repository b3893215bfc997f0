"""Asks for one address: its tries, its redirects, and what to do when the publisher says no."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import datetime
from http import HTTPStatus

from attrs import evolve, field, frozen
from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Response
from twisted.internet.error import ConnectError, ConnectionClosed

from archive.records import Asked, Original
from archive.urls import join
from crawler import resolver
from crawler.context import CrawlContext
from crawler.endings import BackedOff, NoAnswer, Stopped, Why
from crawler.gate import Passage
from crawler.oversize import OVERSIZE
from crawler.pace import MAX_WAIT_SECONDS, retry_after_seconds

Download = Callable[[Request], Awaitable[Response]]
"""How Scrapy's engine downloads; a type of its own, so that this module needs no engine."""

TRIES = 3
"""How often one address is asked before it counts as failed."""

MAX_REDIRECTS = 5
"""Most redirects that are followed: what RFC 9309 wants of robots.txt, and more than a site needs."""

BUSY_DELAYS = 120
"""How many delays long everybody leaves a publisher alone that answers 429 to every try and does not say
how long: ten minutes at the delay of five seconds."""

STOP_SECONDS = 10.0
"""How long a stop waits for the answer that is on its way."""

_SHORTEST_WAIT_SECONDS = 0.5
_REFUSED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS}
_BUSY = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
_PASSING = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}
_REDIRECTS = {301, 302, 303, 307, 308}


@frozen(kw_only=True)
class Reply:
    """An answer, behind the gate."""

    url: str
    """Address that gave it."""

    status: int
    """Its status."""

    headers: dict[str, str]
    """Its headers, names in lower case."""

    passage: Passage = field(repr=False)
    """What came through the gate."""

    at: datetime
    """When it had been received."""

    original: Original | None = None
    """The answer itself, to be named by a later 304; of a 304 the one that it is about."""

    truncated: str | None = None
    """Why the body is not whole. None when it is."""

    redirects: tuple[str, ...] = ()
    """Addresses passed on the way to it, in order."""


class Fetcher:
    """Asks politely. Everything it sends passes the manners, everything it gets the capture."""

    def __init__(self, context: CrawlContext, download: Download, *, tries: int = TRIES) -> None:
        self._context = context
        self._tries = tries
        self._download = download

    async def follow(
        self, url: str, *, check: Callable[[str], None] | None = None, asked: Asked | None = None
    ) -> Reply:
        """Ask for an address and follow its redirects, each of which ``check`` may turn down.

        ``asked`` makes the request conditional. Raises :class:`NotAsked`, :class:`NoAnswer`,
        :class:`CrawlRefused` and whatever ends a crawl early.
        """
        passed: list[str] = []
        while True:
            reply = await self.ask(url, asked=asked)
            location = reply.headers.get("location")
            if reply.status not in _REDIRECTS or location is None:
                return evolve(reply, redirects=tuple(passed))
            passed.append(url)
            url = self._redirected(url, location)
            if url in passed:
                raise NoAnswer(Why.REDIRECT_LOOP)
            if len(passed) > MAX_REDIRECTS:
                raise NoAnswer(Why.TOO_MANY_REDIRECTS)
            if check is not None:
                check(url)

    def _redirected(self, url: str, location: str) -> str:
        """Return where a redirect leads; never to another host, whatever its name resolves to."""
        try:
            target = self._context.publisher.normalise(join(url, location))
        except ValueError as error:
            raise NoAnswer(Why.REDIRECT_UNREADABLE) from error
        if not self._context.publisher.is_ours(target):
            raise NoAnswer(Why.OTHER_HOST)
        return target

    async def ask(self, url: str, *, asked: Asked | None = None) -> Reply:
        """Ask for an address until there is an answer that will not change by asking again."""
        for left in range(self._tries - 1, -1, -1):
            try:
                reply = await self._once(url, asked)
            except NoAnswer as error:
                if not left or error.reason in {Why.TOO_LARGE, Why.PRIVATE_ADDRESS}:
                    raise
                await self._context.pace.pause(self._pause(left), f"to try again: {error.reason}")
                continue
            if refusal := _refusal(reply):
                raise await self._context.pace.refuse(url, refusal)
            if not (reply.status in _PASSING or reply.truncated):
                break
            await self._back_off(reply, left)
        return reply

    async def _once(self, url: str, asked: Asked | None) -> Reply:
        # The capture needs to know what a 304 is about.
        meta = {"original": asked.original if asked else None}
        request = Request(url, headers=_conditions(asked), dont_filter=True, meta=meta)
        try:
            response = await self._until_stopped(request)
        except (DownloadConnectionRefusedError, CannotResolveHostError) as error:
            private = resolver.was_refused(url)
            raise NoAnswer(Why.PRIVATE_ADDRESS if private else Why.UNREACHABLE) from error
        except DownloadTimeoutError as error:
            raise NoAnswer(Why.TIMEOUT) from error
        except (
            DownloadFailedError,
            ResponseDataLossError,
            ConnectError,
            ConnectionClosed,
        ) as error:
            raise NoAnswer(Why.CONNECTION_LOST) from error
        finally:
            self._context.pace.done()
        if request.meta["truncated"] == OVERSIZE:
            raise NoAnswer(Why.TOO_LARGE)
        return Reply(
            url=request.url,
            status=response.status,
            headers={
                name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
                for name, values in response.headers.items()
            },
            passage=request.meta["passage"],
            at=request.meta["exchange_at"],
            original=request.meta["original"],
            truncated=request.meta["truncated"],
        )

    async def _until_stopped(self, request: Request) -> Response:
        """Download; a stop leaves the answer that is on its way a moment to arrive."""
        download = asyncio.ensure_future(self._download(request))
        stop = asyncio.ensure_future(self._context.stop.wait())
        try:
            await asyncio.wait({download, stop}, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait({download}, timeout=STOP_SECONDS)
            if not download.done():
                raise Stopped
        finally:
            stop.cancel()
            if not download.done():
                download.cancel()
        return download.result()

    async def _back_off(self, reply: Reply, left: int) -> None:
        """Pause before the next try: everybody, when the publisher is busy or names a time."""
        asks = retry_after_seconds(reply.headers.get("retry-after"), self._context.clock)
        last_429 = not left and reply.status == HTTPStatus.TOO_MANY_REQUESTS
        pause = max(asks or 0.0, self._pause(left) if left else 0.0)
        if last_429:
            pause = max(pause, BUSY_DELAYS * self._context.pace.delay_seconds)
        if asks or (pause and reply.status in _BUSY):
            named = " with Retry-After" if asks else ""
            await self._context.pace.back_off(pause, f"{reply.url} answers {reply.status}{named}")
        else:
            await self._context.pace.pause(pause, f"to try again: {reply.status}")
        if last_429:
            raise BackedOff

    def _pause(self, left: int) -> float:
        base = max(self._context.pace.delay_seconds, _SHORTEST_WAIT_SECONDS)
        jitter = random.uniform(1, 1.5)  # noqa: S311 - spreads runs, no secret
        return float(min(base * jitter * 2 ** (self._tries - 1 - left), MAX_WAIT_SECONDS))


def _refusal(reply: Reply) -> str | None:
    """Return how the publisher refuses us. None when it does not."""
    if reply.status in _REFUSED:
        return f"it answers {reply.status}"
    state = reply.passage.state
    if state is not None and state.kind == "block":
        return f"it answers {reply.status} with a challenge ({', '.join(state.evidence)})"
    return None


def _conditions(asked: Asked | None) -> dict[str, str]:
    if asked is None:
        return {}
    named = {"If-None-Match": asked.etag, "If-Modified-Since": asked.last_modified}
    return {name: value for name, value in named.items() if value}
