"""No body is received beyond a size: it must not fill memory and disk."""

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload

MAX_BODY_BYTES = 32 * 1024 * 1024
"""Longest body that is received: a page is 250 KB, a large sitemap a few MB."""

OVERSIZE = "length"
"""What the record of such an exchange says of itself (``WARC-Truncated``): its headers and no body."""

_RECEIVED = "received_bytes"


class SizeLimit:
    """Ends a download by what it announces, or when it goes on and on.

    Scrapy's own limit would leave nothing that could be recorded.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "SizeLimit":
        """Make it, as Scrapy does."""
        limit = cls()
        crawler.signals.connect(limit.on_headers, signals.headers_received)
        crawler.signals.connect(limit.on_bytes, signals.bytes_received)
        return limit

    def on_headers(self, body_length: object, request: Request) -> None:
        """End a download that announces too much; an unknown length is no number."""
        if isinstance(body_length, int) and body_length > MAX_BODY_BYTES:
            _stop(request)

    def on_bytes(self, data: bytes, request: Request) -> None:
        """End a download that has become too much."""
        received = request.meta.get(_RECEIVED, 0) + len(data)
        request.meta[_RECEIVED] = received
        if received > MAX_BODY_BYTES:
            _stop(request)


def was_oversize(request: Request) -> bool:
    """Tell whether the download of a request was ended for its size."""
    return bool(request.meta.get(OVERSIZE))


def received_bytes(request: Request) -> int:
    """Return the bytes of the body that came, kept or not."""
    return int(request.meta.get(_RECEIVED, 0))


def _stop(request: Request) -> None:
    request.meta[OVERSIZE] = True
    raise StopDownload(fail=False)
