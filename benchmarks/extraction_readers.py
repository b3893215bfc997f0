"""Our readers, and trafilatura with its own metadata, as the child process calls them.

The other peers need environments of their own: :mod:`benchmarks.peers.readers`.
"""

import functools
from datetime import UTC, datetime
from typing import Any

import trafilatura

import publishers
from archive.errors import ArchiveError
from pipelines import pages
from pipelines.compare import text_of
from publishers.spec import Publisher

Row = dict[str, Any]
"""A record in the yardstick's fields."""

CAPTURED_AT = datetime(2026, 3, 2, tzinfo=UTC)


def general(content: bytes, url: str, _day: str | None) -> Row:
    """Read a page of nobody we know, as ``newsarchive read`` does."""
    return _read(content, url, None)


def publisher(content: bytes, url: str, _day: str | None) -> Row:
    """Read a page of the publisher we archive, the access gate included."""
    origin = "/".join(url.split("/")[:3])
    return _read(content, url, _publisher(origin))


@functools.cache
def _publisher(origin: str) -> Publisher:
    return publishers.get("nzherald").with_origin(origin)


def _read(content: bytes, url: str, publisher: Publisher | None) -> Row:
    try:
        reading = pages.read(content, url=url, captured_at=CAPTURED_AT, publisher=publisher)
    except ArchiveError as error:
        return {"error": str(error)}
    published = reading.date_published
    return {
        "title": reading.headline,
        # Gold bylines name an agency that stands alone; our record keeps it in a field of its own.
        "authors": list(reading.authors) or list(filter(None, [reading.agency])),
        "published": published.isoformat() if published else reading.date_published_raw,
        "text": text_of(reading.body),
        "tags": list(reading.keywords),
        "lead_image": reading.images[0].url if reading.images else None,
    }


def trafilatura_default(content: bytes, url: str, _day: str | None) -> Row:
    """Read with trafilatura as it comes."""
    return _trafilatura(content, url, precision=False)


def trafilatura_precision(content: bytes, url: str, _day: str | None) -> Row:
    """Read with trafilatura, which is asked to leave out what it is not sure of."""
    return _trafilatura(content, url, precision=True)


def _trafilatura(content: bytes, url: str, *, precision: bool) -> Row:
    found = trafilatura.bare_extraction(
        content, url=url, with_metadata=True, include_comments=False, favor_precision=precision
    )
    if found is None or isinstance(found, dict):
        return {}
    return {
        "title": found.title,
        "authors": [name.strip() for name in (found.author or "").split(";") if name.strip()],
        "published": found.date,
        "text": found.text,
        "tags": found.tags,
        "lead_image": found.image,
    }
