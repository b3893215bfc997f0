"""The systems that are measured: our readers, and trafilatura with its own metadata.

Apart from ``extraction_quality``, because reading processes import what they run by name.
"""

import gzip
import logging
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import trafilatura

from archive.errors import ArchiveError
from pipelines import pages
from pipelines.compare import text_of

Row = dict[str, Any]
"""A page of the manifest, or a record in the yardstick's fields."""


def predict(folder: Path, page: Row) -> Row:
    """Return our record of one page in the yardstick's fields."""
    content = _content(folder, page)
    started = time.process_time()
    try:
        reading = pages.read(
            content, url=page["url"], captured_at=datetime.now(UTC), publisher=None
        )
    except ArchiveError as error:
        return {"id": page["id"], "error": str(error), "seconds": time.process_time() - started}
    seconds = time.process_time() - started
    published = reading.date_published
    return {
        "id": page["id"],
        "url": page["url"],
        "title": reading.headline,
        # Gold bylines name an agency that stands alone; our record keeps it in a field of its own.
        "authors": list(reading.authors) or list(filter(None, [reading.agency])),
        "published": published.isoformat() if published else reading.date_published_raw,
        "text": text_of(reading.body),
        "tags": list(reading.keywords),
        "lead_image": reading.images[0].url if reading.images else None,
        "images": [{"url": image.url, "caption": image.caption} for image in reading.images],
        "seconds": seconds,
    }


def predict_peer(folder: Path, page: Row, *, precision: bool) -> Row:
    """Return trafilatura's own record of one page, its metadata included."""
    logging.disable(logging.CRITICAL)
    content = _content(folder, page)
    started = time.process_time()
    found = trafilatura.bare_extraction(
        content,
        url=page["url"],
        with_metadata=True,
        include_comments=False,
        favor_precision=precision,
    )
    seconds = time.process_time() - started
    if found is None or isinstance(found, dict):
        return {"id": page["id"], "seconds": seconds}
    return {
        "id": page["id"],
        "title": found.title,
        "authors": [name.strip() for name in (found.author or "").split(";") if name.strip()],
        "published": found.date,
        "text": found.text,
        "tags": found.tags,
        "lead_image": found.image,
        "seconds": seconds,
    }


def _content(folder: Path, page: Row) -> bytes:
    return gzip.decompress((folder / "html" / f"{page['id']}.html.gz").read_bytes())
