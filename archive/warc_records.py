"""WARC records as bytes, and what is said in them. Pure: whoever calls hands in the times."""

import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import uuid4

from attrs import frozen

from archive.keys import digest
from archive.records import Access

HTTP_RESPONSE = "application/http;msgtype=response"
HTTP_REQUEST = "application/http;msgtype=request"
WARC_FIELDS = "application/warc-fields"

# What a cut page's metadata keeps of the original's headers: none of them carries text.
_SAFE_HEADERS = {
    "content-type",
    "date",
    "etag",
    "last-modified",
    "content-encoding",
    "x-robots-tag",
}

Headers = tuple[tuple[str, str], ...]
"""HTTP headers as pairs, in order, repeated ones repeated."""


@frozen(kw_only=True)
class Exchange:
    """One request and its response, as they went over the wire."""

    url: str
    """Address that was asked."""

    captured_at: datetime
    """When the response had been received."""

    request_headers: Headers = ()
    """Headers sent, with ``Host``."""

    status: int
    """Status of the response."""

    reason: str = ""
    """Its reason phrase."""

    protocol: str = "HTTP/1.1"
    """Protocol of the response, such as ``HTTP/1.1`` or ``h2``."""

    headers: Headers = ()
    """Headers received, repeated ones repeated."""

    body: bytes = b""
    """Body as received: still compressed, transfer coding removed."""

    ip_address: str | None = None
    """Address of the server. None when it is not known."""

    truncated: str | None = None
    """Why the body is not whole: ``length``, ``time``, ``disconnect``. None when it is."""


@frozen(kw_only=True)
class AccessNote:
    """What was decided at the gate about a page, for the record."""

    access: Access
    """Who may read it."""

    evidence: tuple[str, ...] = ()
    """The marks that decided it."""

    cuts: tuple[str, ...] = ()
    """What was cut out of it."""

    state: str | None = None
    """What the page is, such as ``article`` or ``soft_404``. None when that was not decided."""

    state_evidence: tuple[str, ...] = ()
    """The marks that decided that."""


def warc_date(instant: datetime) -> str:
    """Return an instant as it stands in WARC headers, with microseconds."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def new_id() -> str:
    """Return a new record id, without its angle brackets."""
    return f"urn:uuid:{uuid4()}"


def build_record(
    kind: str, record_id: str, at: datetime, head: dict[str, str | None], block: bytes
) -> bytes:
    """Return a record uncompressed; what is None in ``head`` is left out."""
    named = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<{record_id}>",
        "WARC-Date": warc_date(at),
        **head,
        "WARC-Block-Digest": digest(block),
        "Content-Length": str(len(block)),
    }
    lines = [f"{name}: {value}" for name, value in named.items() if value is not None]
    top = "\r\n".join(["WARC/1.1", *lines, "", ""]).encode()
    return top + block + b"\r\n\r\n"


def compress(record: bytes, *, level: int = 6) -> bytes:
    """Return a record as a gzip member of its own."""
    stream = zlib.compressobj(level, zlib.DEFLATED, 31)
    return stream.compress(record) + stream.flush()


def warc_fields(pairs: Iterable[tuple[str, str]]) -> bytes:
    """Return pairs as the block of a warcinfo or metadata record; empty values are left out."""
    lines = [f"{name}: {' '.join(value.split())}\r\n" for name, value in pairs if value]
    return "".join(lines).encode()


def note_fields(exchange: Exchange, note: AccessNote) -> Iterable[tuple[str, str]]:
    """Yield what a metadata record says of a page: the gate's decision and nothing of its text."""
    yield "access", note.access
    yield from (("access-evidence", mark) for mark in note.evidence)
    yield from (("cut", cut) for cut in note.cuts)
    yield "page-state", note.state or ""
    yield from (("page-evidence", mark) for mark in note.state_evidence)
    yield "http-status", str(exchange.status)
    for name, value in exchange.headers:
        if name.lower() in _SAFE_HEADERS:
            yield "http-header", f"{name}: {value}"
    yield "original-payload-digest", digest(exchange.body)
    yield "original-payload-bytes", str(len(exchange.body))


def response_head(exchange: Exchange) -> bytes:
    """Return status line and headers of the response."""
    return _http_block(f"HTTP/1.1 {exchange.status} {exchange.reason}", exchange.headers)


def request_block(exchange: Exchange) -> bytes:
    """Return the request as it was sent."""
    rest = exchange.url.split("://", 1)[-1].split("#", 1)[0]
    target = rest[rest.find("/") :] if "/" in rest else "/"
    return _http_block(f"GET {target} HTTP/1.1", exchange.request_headers)


def is_coded(exchange: Exchange) -> bool:
    """Tell whether the body has a content coding, and is small already."""
    return any(name.lower() == "content-encoding" for name, _ in exchange.headers)


def _http_block(line: str, headers: Headers) -> bytes:
    lines = [line, *(f"{name}: {value}" for name, value in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1", "replace")
