"""The cards that advertise other stories, beside an article and on section pages."""

from __future__ import annotations

import random
from html import escape

from demo.newspaper.filler import ICON
from demo.newspaper.story import Image, Story

SPONSORED = '<span class="story-card__label">sponsored</span>'


def image_address(origin: str, image: Image, width: int) -> str:
    """Where a picture is; the address carries a key and a size, the id is what counts."""
    key = f"{random.Random(image.id).getrandbits(256):064x}"  # noqa: S311 - it protects nothing
    return f"{origin}/resizer/v2/{image.id}.jpg?auth={key}&width={width}&quality=70&smart=false"


def source_set(origin: str, image: Image) -> str:
    """List a picture's addresses by width, as `srcset` has them."""
    widths = (576, 768, 1440)
    return ", ".join(f"{image_address(origin, image, width)} {width}w" for width in widths)


def card(origin: str, story: Story, href: str = "", *, standfirst: bool = False) -> str:
    """Return a card: picture, headline (also as the picture's alt text), short date, perhaps more."""
    lead = story.images[0]
    headline = escape(story.headline)
    teaser = f'<p class="story-card__deck">{escape(story.description)}</p>' if standfirst else ""
    premium = '<span class="story-card__label">Premium</span>' if story.access != "free" else ""
    return (
        f'<article class="story-card">{SPONSORED if story.sponsored else premium}'
        f'<a href="{escape(href or story.path)}" class="story-card__media" tabindex="-1">'
        f'<img class="lazyload" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="{headline}" '
        f'data-srcset="{escape(source_set(origin, lead))}">{ICON}</a>'
        f'<h3 class="story-card__heading"><a href="{escape(href or story.path)}">{headline}</a>'
        f"</h3><time>{_short_date(story)}</time>{teaser}</article>"
    )


def _short_date(story: Story) -> str:
    at = story.date_published
    return f"{at.day} {at:%b %I:%M %p}"
