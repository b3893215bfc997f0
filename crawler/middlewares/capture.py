"""Every response passes here first: it is recorded, and what nobody may keep goes no further."""

import asyncio
from http import HTTPStatus
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response

from archive.keys import digest
from archive.records import Original
from archive.warc import Exchange
from crawler.context import CrawlContext, context_of
from crawler.gate import Passage, pass_gate
from crawler.oversize import OVERSIZE, received_bytes, was_oversize


class CaptureMiddleware:
    """Writes each exchange into the WARC file and hands on only what came through the gate.

    A middleware and not a signal handler: what goes wrong here (a full disk) must end the crawl, and
    Scrapy swallows the errors of handlers.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "CaptureMiddleware":
        """Make it, as Scrapy does."""
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Response:
        """Record the response as received, or cut; raises :class:`DiskFull`."""
        context = context_of(self._crawler.spider)
        exchange = _exchange(request, response, context)
        context.bytes += max(len(exchange.body), received_bytes(request))
        passage = pass_gate(exchange, publisher=context.publisher)
        await _record(context, exchange, passage, request)
        request.meta["passage"] = passage
        request.meta["exchange_at"] = exchange.captured_at
        request.meta["truncated"] = exchange.truncated
        headers = Headers(response.headers)
        headers.pop("Content-Encoding", None)
        return response.replace(body=passage.body, headers=headers)


async def _record(
    context: CrawlContext, exchange: Exchange, passage: Passage, request: Request
) -> None:
    recorder, before = context.recorder, request.meta.get("original")
    is_news = exchange.status != HTTPStatus.NOT_MODIFIED
    request.meta["original"] = _original(exchange, passage) if is_news else before
    if recorder is None:
        return
    if is_news:
        recorder.keep(exchange, passage)
    else:
        recorder.keep_not_modified(exchange, before)
    if recorder.is_full:
        await asyncio.to_thread(recorder.rotate)


def _original(exchange: Exchange, passage: Passage) -> Original:
    kept = exchange.body if passage.kept is None else passage.kept
    return Original(url=exchange.url, captured_at=exchange.captured_at, payload_digest=digest(kept))


def _exchange(request: Request, response: Response, context: CrawlContext) -> Exchange:
    try:
        reason = HTTPStatus(response.status).phrase
    except ValueError:
        reason = ""
    return Exchange(
        url=request.url,
        captured_at=context.clock(),
        # Twisted adds the host when it sends.
        request_headers=(("Host", urlsplit(request.url).netloc), *_pairs(request.headers)),
        status=response.status,
        reason=reason,
        protocol=response.protocol or "HTTP/1.1",
        headers=_pairs(response.headers),
        body=b"" if was_oversize(request) else response.body,
        ip_address=str(response.ip_address) if response.ip_address else None,
        truncated=_truncated(request, response),
    )


def _truncated(request: Request, response: Response) -> str | None:
    if was_oversize(request):
        return OVERSIZE
    return "disconnect" if "dataloss" in response.flags else None


def _pairs(headers: Headers) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in headers.items()
        for value in values
    )
