"""Asks for one address: its tries, its redirects, and what to do when the publisher says no."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from http import HTTPStatus

from attrs import field, frozen
from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Response
from twisted.internet.error import ConnectError, ConnectionClosed

from archive.errors import CrawlRefused
from archive.records import Asked
from archive.urls import join
from crawler.context import CrawlContext
from crawler.endings import BackedOff, NoAnswer, Stopped, Why
from crawler.gate import Passage
from crawler.pace import retry_after_seconds

Download = Callable[[Request], Awaitable[Response]]
"""How Scrapy's engine downloads; a type of its own, so that this module needs no engine."""

TRIES = 3
"""How often one address is asked before it counts as failed."""

MAX_REDIRECTS = 5

MAX_WAIT_SECONDS = 120.0
"""Longest ``Retry-After`` that a run waits for; a longer one ends it, and the rest stays pending."""

STOP_SECONDS = 10.0
"""How long a stop waits for the answer that is on its way."""

_SHORTEST_WAIT_SECONDS = 0.5
_REFUSED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS}
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

    truncated: str | None = None
    """Why the body is not whole. None when it is."""


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
        for _ in range(MAX_REDIRECTS + 1):
            reply = await self.ask(url, asked=asked)
            location = reply.headers.get("location")
            if reply.status not in _REDIRECTS or location is None:
                return reply
            try:
                url = self._context.publisher.normalise(join(url, location))
            except ValueError as error:
                raise NoAnswer(Why.REDIRECT_UNREADABLE) from error
            if check is not None:
                check(url)
        raise NoAnswer(Why.REDIRECT_LOOP)

    async def ask(self, url: str, *, asked: Asked | None = None) -> Reply:
        """Ask for an address until there is an answer that will not change by asking again."""
        for left in range(self._tries - 1, -1, -1):
            try:
                reply = await self._once(url, asked)
            except NoAnswer as error:
                if not left or error.reason is Why.TOO_LARGE:
                    raise
                await self._context.pace.wait(self._pause(left))
                continue
            if reply.status in _REFUSED:
                raise CrawlRefused(url, f"it answers {reply.status}")
            passes = reply.status in _PASSING or reply.truncated is not None
            if not passes or not left:
                break
            await self._back_off(reply, left)
        if reply.status == HTTPStatus.TOO_MANY_REQUESTS:
            raise BackedOff
        return reply

    async def _once(self, url: str, asked: Asked | None) -> Reply:
        request = Request(url, headers=_conditions(asked), dont_filter=True)
        try:
            response = await self._until_stopped(request)
        except (DownloadConnectionRefusedError, CannotResolveHostError) as error:
            raise NoAnswer(Why.UNREACHABLE) from error
        except DownloadTimeoutError as error:
            raise NoAnswer(Why.TIMEOUT) from error
        except DownloadCancelledError as error:
            raise NoAnswer(Why.TOO_LARGE) from error
        except (
            DownloadFailedError,
            ResponseDataLossError,
            ConnectError,
            ConnectionClosed,
        ) as error:
            raise NoAnswer(Why.CONNECTION_LOST) from error
        finally:
            self._context.pace.done()
        return Reply(
            url=request.url,
            status=response.status,
            headers={
                name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
                for name, values in response.headers.items()
            },
            passage=request.meta["passage"],
            at=request.meta["exchange_at"],
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
        asks = retry_after_seconds(reply.headers.get("retry-after"), self._context.clock)
        if asks is not None and asks > MAX_WAIT_SECONDS:
            raise BackedOff
        await self._context.pace.wait(max(asks or 0.0, self._pause(left)))

    def _pause(self, left: int) -> float:
        base = max(self._context.pace.delay_seconds, _SHORTEST_WAIT_SECONDS)
        return float(min(base * 2 ** (self._tries - 1 - left), MAX_WAIT_SECONDS))


def _conditions(asked: Asked | None) -> dict[str, str]:
    if asked is None:
        return {}
    named = {"If-None-Match": asked.etag, "If-Modified-Since": asked.last_modified}
    return {name: value for name, value in named.items() if value}
