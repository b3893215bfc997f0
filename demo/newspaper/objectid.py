"""The number that a story had on the site's former platform."""

from __future__ import annotations

from demo.newspaper.chance import chance


def objectid(article_id: str) -> int:
    """Return the eight digits that old addresses and `source.source_id` have for a story."""
    return chance(article_id, "objectid").randint(10_000_000, 12_999_999)
