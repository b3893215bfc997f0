"""What a page is, apart from who may read it: an article, or one of the things shown in its place."""

from typing import Literal

from attrs import frozen

PageKind = Literal[
    "article",
    "soft_404",
    "block",
    "consent_wall",
    "empty",
    "section_front",
    "video",
    "gallery",
    "quiz",
    "sponsored",
    "noarchive",
    "unknown_layout",
]
"""``block`` is a challenge or refusal of the site's defences; ``unknown_layout`` an article, as far as
its meta elements say, on a page of which we know no part."""


@frozen
class PageState:
    """What a page is, and why we think so."""

    kind: PageKind
    """What it is."""

    evidence: tuple[str, ...] = ()
    """The marks that decided it, such as ``canonical:elsewhere``; empty for an article."""
