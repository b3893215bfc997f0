"""What a WACZ 1.1.1 file says of itself: its list of pages and its data package."""

from collections.abc import Iterable
from datetime import datetime

from attrs import frozen

from archive.codec import encode
from archive.keys import sha256_hex
from archive.records import Capture, ObjectEntry

VERSION = "1.1.1"
"""The version of the specification."""

PAGES_HEAD = encode({"format": "json-pages-1.0", "id": "pages", "title": "Articles"}) + b"\n"
"""First line of the list of pages."""


@frozen(kw_only=True)
class About:
    """What is said of a whole WACZ file."""

    title: str
    """Its title."""

    description: str
    """What it holds."""

    created_at: datetime
    """When it was made."""

    software: str
    """What made it."""


def page_line(capture: Capture, headline: str) -> bytes:
    """Return the line of a capture in the list of pages."""
    page = {
        "id": capture.warc.record_id if capture.warc else capture.revision,
        "title": headline or capture.url,
        # The index has whole seconds, and readers look up the one by the other.
        "ts": capture.captured_at.replace(microsecond=0),
        "url": capture.url,
    }
    return encode(page) + b"\n"


def datapackage(about: About, files: Iterable[ObjectEntry]) -> bytes:
    """Return ``datapackage.json``: every file with its size and digest."""
    resources = [
        {
            "name": one.key.rsplit("/", 1)[-1],
            "path": one.key,
            "hash": f"sha256:{one.sha256}",
            "bytes": one.size,
        }
        for one in files
    ]
    return encode(
        {
            "profile": "data-package",
            "wacz_version": VERSION,
            "title": about.title,
            "description": about.description,
            "created": about.created_at,
            "software": about.software,
            "resources": resources,
        }
    )


def datapackage_digest(package: bytes) -> bytes:
    """Return ``datapackage-digest.json``, by which a changed data package is noticed."""
    return encode({"path": "datapackage.json", "hash": f"sha256:{sha256_hex(package)}"})
