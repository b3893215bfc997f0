"""What was read out of a page: its content, when and where it was seen, and both joined."""

from datetime import datetime
from typing import Literal

from attrs import field, frozen
from msgspec import UNSET, UnsetType

from archive.records.parts import (
    AuthorDetails,
    Block,
    DateCandidate,
    Image,
    Removal,
    WarcPointer,
)

Access = Literal["free", "premium", "unknown"]
"""Who may read the whole article: anybody, subscribers, or we could not tell (treated as premium)."""

RECORD_VERSION = 1
"""Raised when the meaning of a record's fields changes."""


@frozen(kw_only=True)
class ArticleContent:
    """One revision: the story's own content and nothing that two captures of it could differ in.

    This is the object under ``articles/<article_id>/<revision>.json``.
    """

    article_id: str
    """The publisher's own id, 26 characters."""

    revision: str
    """SHA-256, in hexadecimal, of the canonical form of the fields below (``pipelines.compare``)."""

    publisher: str
    """Name of the publisher, such as ``nzherald``."""

    headline: str
    """The headline shown on the page, without the site's name."""

    description: str | None = None
    """The standfirst or summary. None when the page states none."""

    authors: tuple[str, ...] = ()
    """People in the byline, in its order; agencies stand in ``agency``."""

    agency: str | None = None
    """News agency or other newsroom the copy came from, a known one by its usual name, such as ``AP``.
    None for staff copy."""

    body: tuple[Block, ...] = ()
    """The body's blocks in order; for premium articles, the public ones only."""

    captions: tuple[str, ...] = ()
    """Captions with their credits, in the order of the page."""

    access: Access
    """Who may read the whole article."""


@frozen(kw_only=True)
class Tombstone:
    """The revision of an article that is gone from the site: the same for all, as nothing is said any more.

    It lies under ``articles/`` beside the others, which stay. When and how the article was seen to be
    gone stands in the captures.
    """

    article_id: str
    """The publisher's own id."""

    revision: str
    """SHA-256, in hexadecimal, of the canonical form of the last field."""

    publisher: str
    """Name of the publisher."""

    removed: Literal[True] = True
    """What it says."""


@frozen(kw_only=True)
class Capture:
    """When, where and with which metadata a revision was seen: a line of ``captures/``."""

    article_id: str
    """The publisher's own id."""

    revision: str
    """Which revision was seen."""

    access: Access
    """Who may read the whole article, as that revision has it: ``unknown`` never supersedes."""

    publisher: str
    """Name of the publisher."""

    run_id: str
    """Run that saw it."""

    captured_at: datetime
    """When the response was received."""

    url: str
    """Address that was asked, after redirects."""

    canonical_url: str | None = None
    """The publisher's own choice of address. None when the page states none."""

    aliases: tuple[str, ...] = ()
    """Other addresses of the same article that were met, sorted."""

    alternative_headline: str | None = None
    """Headline used elsewhere (search engines, social media) where it differs. None when it does not."""

    author_details: tuple[AuthorDetails, ...] = ()
    """Role and lines about authors, in the order of the byline; only those of whom the page says more
    than the name."""

    corrections: tuple[str, ...] = ()
    """What the newsroom says of its own changes (corrections, clarifications, updates), as on the page and
    in its order; those that stand in the body stand there too."""

    section: str | None = None
    """Section by address, such as ``world`` or ``nz/politics``."""

    sections: tuple[str, ...] = ()
    """Sections by the publisher's taxonomy, sorted."""

    keywords: tuple[str, ...] = ()
    """Tags as the publisher gives them."""

    access_evidence: tuple[str, ...] = ()
    """The marks that decided the access, such as ``fusion:isPremium=true``."""

    date_published: datetime | None = None
    """First publication as the publisher states it, UTC. None when it states none."""

    date_modified: datetime | None = None
    """Last change as the publisher states it, UTC. None when it states none."""

    date_published_raw: str | None = None
    """The first publication exactly as it stands on the page."""

    dates: tuple[DateCandidate, ...] = ()
    """Every date found, with its source."""

    date_conflicts: tuple[str, ...] = ()
    """Where the page's data contradicts itself by more than a minute: a field and what each place states
    of it, such as ``date_published: json-ld:datePublished 2026-03-01T10:00:00Z, fusion:…``."""

    in_language: str | None = None
    """Language as BCP 47, such as ``en-NZ``. None when the page states none."""

    images: tuple[Image, ...] = ()
    """The lead picture first, which the page shares as its own; then in the order of the page."""

    read_minutes: int | None = None
    """Reading time as the page shows it, in minutes."""

    warc: WarcPointer | None = None
    """Where the bytes lie. None for a page read from a saved file."""

    reader: str
    """Reader that made this, such as ``nzherald-fusion``."""

    reader_version: str
    """Version of that reader and of the library that finds the text, such as ``1-tf2.3.1``."""

    provenance: dict[str, str] = field(factory=dict)
    """Field name to the place on the page from which its value was taken."""

    removal: Removal | UnsetType = UNSET
    """What stood in the article's place, when it was seen to be gone; then the revision is that of a
    :class:`Tombstone`. Absent (``UNSET``) for an article that stands."""

    @property
    def is_removal(self) -> bool:
        """Whether the article was seen to be gone."""
        return self.removal is not UNSET


@frozen(kw_only=True)
class Article:
    """A record as it is shown: one revision joined with one capture of it."""

    article_id: str
    """The publisher's own id, 26 characters; empty for a saved page of no known publisher."""

    revision: str
    """SHA-256 of the story's own content, in hexadecimal."""

    record_version: int = RECORD_VERSION
    """Version of this record's field definitions."""

    publisher: str
    """Name of the publisher; empty for a saved page of no known publisher."""

    url: str
    """Address that was asked, after redirects."""

    canonical_url: str | None = None
    """The publisher's own choice of address. None when the page states none."""

    aliases: tuple[str, ...] = ()
    """Other addresses of the same article that were met, sorted."""

    headline: str
    """The headline shown on the page, without the site's name."""

    alternative_headline: str | None = None
    """Headline used elsewhere where it differs. None when it does not."""

    description: str | None = None
    """The standfirst or summary. None when the page states none."""

    authors: tuple[str, ...] = ()
    """People in the byline, in its order."""

    agency: str | None = None
    """News agency or other newsroom the copy came from. None for staff copy."""

    author_details: tuple[AuthorDetails, ...] = ()
    """Role and lines about authors of whom the page says more than the name."""

    corrections: tuple[str, ...] = ()
    """What the newsroom says of its own changes: corrections, clarifications, updates."""

    section: str | None = None
    """Section by address."""

    sections: tuple[str, ...] = ()
    """Sections by the publisher's taxonomy, sorted."""

    keywords: tuple[str, ...] = ()
    """Tags as the publisher gives them."""

    access: Access
    """Who may read the whole article."""

    access_evidence: tuple[str, ...] = ()
    """The marks that decided the access."""

    date_published: datetime | None = None
    """First publication as the publisher states it, UTC. None when it states none."""

    date_modified: datetime | None = None
    """Last change as the publisher states it, UTC. None when it states none."""

    date_published_raw: str | None = None
    """The first publication exactly as it stands on the page."""

    dates: tuple[DateCandidate, ...] = ()
    """Every date found, with its source."""

    date_conflicts: tuple[str, ...] = ()
    """Where the page's data contradicts itself: a field and what each place states of it."""

    first_seen_at: datetime
    """When the archive first held this article, in any revision."""

    captured_at: datetime
    """When the response was received from which this was read."""

    removed_at: datetime | None = None
    """When it was first seen to be gone from the site, once a second look has confirmed it. None while it
    stands there, as far as is known."""

    in_language: str | None = None
    """Language as BCP 47. None when the page states none."""

    body: tuple[Block, ...] = ()
    """The body's blocks in order; for premium articles, the public ones only."""

    text: str = ""
    """The body as plain text, blocks separated by a blank line."""

    images: tuple[Image, ...] = ()
    """The lead picture first, which the page shares as its own; then in the order of the page."""

    word_count: int = 0
    """Words of ``text``, split at white space."""

    read_minutes: int | None = None
    """Reading time as the page shows it, in minutes."""

    warc: WarcPointer | None = None
    """Where the bytes lie. None for a page read from a saved file."""

    reader: str
    """Reader that made this."""

    reader_version: str
    """Version of that reader and of the library that finds the text, such as ``1-tf2.3.1``."""

    provenance: dict[str, str] = field(factory=dict)
    """Field name to the place on the page from which its value was taken."""
