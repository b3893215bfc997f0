"""What a reader makes of one page: the fields that the page itself tells."""

from datetime import datetime

from attrs import field, frozen

from archive.records import Access, AuthorDetails, Block, DateCandidate, Image


@frozen(kw_only=True)
class PageReading:
    """Everything read from one page; :mod:`pipelines.normalise` makes an article of it."""

    article_id: str | None = None
    """The publisher's own id as the page states it. None when it states none."""

    canonical_url: str | None = None
    """The publisher's own choice of address. None when the page states none."""

    headline: str
    """The headline shown on the page, without the site's name."""

    alternative_headline: str | None = None
    """Headline used elsewhere on the page's own data where it differs. None when it does not."""

    description: str | None = None
    """The standfirst or summary. None when the page states none."""

    authors: tuple[str, ...] = ()
    """People in the byline, in its order."""

    agency: str | None = None
    """News agency or other newsroom the copy came from, a known one by its usual name. None for own copy."""

    author_details: tuple[AuthorDetails, ...] = ()
    """Role and lines about authors of whom the page says more than the name."""

    corrections: tuple[str, ...] = ()
    """What the newsroom says of its own changes, as on the page."""

    sections: tuple[str, ...] = ()
    """Sections by the publisher's taxonomy, sorted."""

    keywords: tuple[str, ...] = ()
    """Tags as the publisher gives them."""

    access: Access = "unknown"
    """Who may read the whole article."""

    access_evidence: tuple[str, ...] = ()
    """The marks that decided the access, such as ``fusion:isPremium=true``."""

    date_published: datetime | None = None
    """First publication, UTC. None when the page states no instant with its zone."""

    date_modified: datetime | None = None
    """Last change, UTC. None when the page states no instant with its zone."""

    date_published_raw: str | None = None
    """The first publication exactly as it stands on the page."""

    dates: tuple[DateCandidate, ...] = ()
    """Every date found, with its source, used or not."""

    date_conflicts: tuple[str, ...] = ()
    """Where ``dates`` contradict each other."""

    in_language: str | None = None
    """Language as BCP 47. None when the page states none."""

    body: tuple[Block, ...] = ()
    """The body's blocks in the order of the page."""

    images: tuple[Image, ...] = ()
    """The lead picture first, then in the order of the page."""

    read_minutes: int | None = None
    """Reading time as the page shows it, in minutes."""

    reader: str
    """Name of the reader."""

    reader_version: str
    """Its version and that of the library that finds the text."""

    provenance: dict[str, str] = field(factory=dict)
    """Field name to the place on the page from which its value was taken."""
