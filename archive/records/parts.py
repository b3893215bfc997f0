"""What a record of an article is made of: blocks, authors, pictures, dates, and where its bytes lie."""

from datetime import datetime
from typing import Literal

from attrs import frozen
from msgspec import UNSET, UnsetType

BlockKind = Literal["paragraph", "heading", "quote", "list", "embed", "update"]
"""What a block of the body is; ``update`` is an entry of a live blog."""


@frozen(kw_only=True)
class Block:
    """One block of the body, in the order of the page."""

    kind: BlockKind
    """What it is."""

    text: str
    """Its text, white space collapsed; the items of a list, and the title and paragraphs of a live blog's
    entry, stand one a line."""

    date_published: datetime | UnsetType = UNSET
    """When a live blog's entry was posted, UTC: part of the revision, as it stands in the text. Absent
    (``UNSET``) in all other blocks, and where the page states no instant with its zone."""


@frozen(kw_only=True)
class AuthorDetails:
    """What a page says of one of its authors besides the name."""

    name: str
    """The name as it stands in ``authors``."""

    job_title: str | None = None
    """Role, such as ``Health Editor``. None when the page states none."""

    description: str | None = None
    """The lines about the author. None when the page has none."""


@frozen(kw_only=True)
class Image:
    """A picture of the article. The pixels are not archived, only what the page says of it."""

    id: str | None = None
    """The publisher's own id (26 characters). None when the address has none."""

    url: str | None = None
    """Address as it stands on the page. None for a caption without a picture."""

    caption: str | None = None
    """Caption without the credit. None when there is none."""

    credit: str | None = None
    """Who took it, as the publisher credits it, without ``Photo /``. None when not credited."""


@frozen(kw_only=True)
class DateCandidate:
    """A date found on the page, whether or not it was used."""

    value: str
    """As it stands on the page."""

    source: str
    """Where it stood, such as ``json-ld:datePublished``."""


@frozen(kw_only=True)
class WarcPointer:
    """Where the bytes lie that an article was read from."""

    file: str
    """Key of the WARC file."""

    offset: int
    """Where the record's gzip member starts, in bytes."""

    record_id: str
    """``WARC-Record-ID`` without angle brackets: ``urn:uuid:…``."""

    payload_digest: str
    """Digest of the body as received (still compressed): ``sha256:<hex>``. For a cut premium page, of
    the original that was not kept."""

    content_digest: str
    """Digest of the body after decompression, of what is kept: ``sha256:<hex>``."""


RemovalKind = Literal["http_404", "http_410", "soft_404", "redirected"]
"""How a publisher shows that an article is gone: by status, by a page that says so or that is a section's
front, or by a redirect to an address that is no article's."""


@frozen(kw_only=True)
class Removal:
    """What was found at the address of an article that is no longer there."""

    kind: RemovalKind
    """How it shows."""

    http_status: int
    """Status of the answer."""

    location: str | None = None
    """Where a redirect leads. None for any other answer."""

    evidence: tuple[str, ...] = ()
    """Marks of the page that decided it; empty where the status did."""
