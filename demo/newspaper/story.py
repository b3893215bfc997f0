"""What is true about one made-up story, so that tests can compare an archive with it.

A page, a feed entry and a card are all made from a `Story`; nothing on them contradicts it.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import attrs

NEW_ZEALAND = ZoneInfo("Pacific/Auckland")

BlockKind = Literal["paragraph", "heading", "quote", "list", "embed", "update"]
Access = Literal["free", "premium", "unknown"]
"""`unknown` when the page contradicts itself, so that nobody can tell."""

PageState = Literal[
    "article", "empty", "video", "gallery", "quiz", "sponsored", "noarchive", "unknown_layout"
]
DatesStated = Literal["all", "shown", "none"]


class Block(NamedTuple):
    """A piece of the body: its kind, and its text as a reader sees it.

    The items of a list, the rows of a table (cells joined by ` | `, a list as well) and the title
    and text of a live update are lines of one text. The text
    of an embed is the address of what is embedded.
    """

    kind: BlockKind
    text: str

    html: str = ""
    """How the page spells it, where that is not just the text in the element for its kind."""


class Image(NamedTuple):
    """A picture: its 26-character id, its caption without the credit, and whose photo it is."""

    id: str
    caption: str
    credit: str

    @property
    def shown_caption(self) -> str:
        """The caption as it stands on the page: `Delegates arrive. Photo / AP`."""
        return f"{self.caption} Photo / {self.credit}"


@attrs.frozen(kw_only=True)
class Story:
    """One story as the newsroom knows it."""

    article_id: str
    """26 characters: 128 bits in base32 without padding. The identity; a slug may be shared."""

    variant: str
    """Which kind of page it has: a name in `variants.VARIANTS`."""

    section: str
    """The primary section as a path without slashes at the ends: `world`, `world/asia`, `nz`."""

    sections: tuple[str, ...]
    """All sections it is filed under, the primary one among them."""

    url_prefix: str
    """What its address begins with; usually the section, but `world/video` for a World video."""

    slug: str
    """The readable part of its address."""

    headline: str
    """The headline on the page."""

    web_headline: str
    """The other headline, for search engines: in `<title>`, `og:title` and `headlines.web`."""

    description: str
    """The standfirst."""

    authors: tuple[str, ...] = ()
    """People in the byline; empty for wire copy that names only its agency."""

    agency: str | None = None
    """AP, Reuters, AFP, New York Times …; None for the newspaper's own copy (`NZ Herald`)."""

    role: str | None = None
    """What the first author does, as shown beside the name; None when nothing is shown."""

    access: Access = "free"
    """Whether only subscribers may read all of it."""

    premium_in_url: bool = False
    """Whether the address carries the `/premium/` segment."""

    body: tuple[Block, ...] = ()
    """What any visitor may read, in order; of a premium story only its public part."""

    hidden: tuple[str, ...] = ()
    """The paragraphs for subscribers, without their marker words. Empty on free stories."""

    update_times: tuple[datetime, ...] = ()
    """When each `update` block of a live blog was posted, in the order of those blocks."""

    corrections: tuple[str, ...] = ()
    """Which paragraphs of the body say what the newspaper changed, in order."""

    images: tuple[Image, ...] = ()
    """The lead picture first; the others stand in the body."""

    tags: tuple[str, ...] = ()
    """Keywords as the page states them."""

    date_published: datetime
    """First publication, in UTC, whole seconds."""

    date_modified: datetime
    """Last change, in UTC, whole seconds; never before the publication."""

    read_minutes: int = 1
    """The length the page states, in minutes."""

    sponsored: bool = False
    """Whether someone paid for it."""

    page_state: PageState = "article"
    """What an archive should take its page for; only an `article` is read."""

    withheld: bool = False
    """Whether an archive keeps nothing of the body, because the page does not tell what is public."""

    dates_stated: DatesStated = "all"
    """Whether the page states its times, only shows one without a zone, or has none at all."""

    served_from: datetime | None = None
    """From when it is on the site; None for `date_published`, which an embargo error may put later."""

    headlines: tuple[str, ...] = ()
    """The headline from each of `update_times` on, in their order; empty unless it grows."""

    @property
    def bio(self) -> str | None:
        """The lines about the first author below the story; None when nothing is said of them."""
        if not self.role or not self.authors:
            return None
        return (
            f"{self.authors[0]} is a {self.role.lower()} who has covered events at home and abroad for more"
            " than a decade."
        )

    @property
    def path(self) -> str:
        """Its canonical address without the origin."""
        premium = "premium/" if self.premium_in_url else ""
        return f"/{self.url_prefix}/{self.slug}/{premium}{self.article_id}/"

    @property
    def public_paragraphs(self) -> tuple[str, ...]:
        """The texts of `body`: what any visitor sees, premium or not."""
        return tuple(block.text for block in self.body)

    @property
    def archived_body(self) -> tuple[Block, ...]:
        """What an archive should have read of the body."""
        return () if self.withheld else self.body

    @property
    def out_at(self) -> datetime:
        """When it appeared on the site."""
        return self.served_from or self.date_published

    def as_of(self, now: datetime) -> Story:
        """Return the story as it stands at an instant: a growing live blog has what was posted by then."""
        if not self.headlines:
            return self
        missing = sum(at > now for at in self.update_times)
        times, headlines = self.update_times[missing:], self.headlines[missing:]
        opening = tuple(block for block in self.body if block.kind != "update")
        entries = tuple(block for block in self.body if block.kind == "update")[missing:]
        return attrs.evolve(
            self,
            body=(*opening, *entries),
            update_times=times,
            headlines=headlines,
            headline=headlines[0] if headlines else self.headline,
            date_modified=times[0] if times else self.date_published,
        )

    @property
    def distributor(self) -> str:
        """The name beside the byline: the agency, or the newspaper itself."""
        return self.agency or "NZ Herald"

    @property
    def shown_date(self) -> str:
        """The date on the page: UTC, without a zone, as in `11 Dec, 2023 09:28 PM`."""
        at = self.date_published
        return f"{at.day} {at:%b, %Y %I:%M %p}"

    @property
    def local_date_published(self) -> datetime:
        """The publication by a New Zealand clock."""
        return self.date_published.astimezone(NEW_ZEALAND)


def slugify(headline: str) -> str:
    """Lower-case ASCII words joined by hyphens, at most twelve of them."""
    plain = unicodedata.normalize("NFKD", headline.replace("’", "").replace("‘", ""))
    words = re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode().lower())
    return "-".join(words[:12])


def iso(at: datetime) -> str:
    """`2026-03-01T20:30:00Z`, as pages state times."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def iso_milliseconds(at: datetime) -> str:
    """`2026-03-01T20:30:00.000Z`, as feeds and JSON state times."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def later(at: datetime, minutes: int, limit: datetime) -> datetime:
    """So many minutes later, but not after the limit (unless `at` itself is)."""
    return max(at, min(at + timedelta(minutes=minutes), limit))
