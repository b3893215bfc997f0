"""Takedowns: what was removed from the archive for a legal reason, who asked for it, and why."""

from datetime import datetime

from attrs import frozen

from archive.records.manifests import ObjectEntry


@frozen(kw_only=True)
class Rewritten:
    """An object that holds other articles too: the one taken down was cut out of it."""

    before: ObjectEntry
    """As it was written first, or as an earlier takedown left it."""

    after: ObjectEntry
    """As it is now."""


@frozen(kw_only=True)
class TakedownTurn:
    """Whose turn it is: ``leases/takedowns.json``, so that no two cut the same objects at once."""

    serial: int = 0
    """Number of the newest takedown."""


@frozen(kw_only=True)
class Takedown:
    """The removal of an article: ``tombstones/<article_id>.json``, written before anything is removed.

    It names no word of the article. A later removal of what was left of the same article has a number
    behind the id: ``tombstones/<article_id>-2.json``.
    """

    article_id: str
    """The publisher's own id."""

    publisher: str
    """Name of the publisher."""

    run_id: str
    """Id of the removal; its manifest is written when all is done."""

    serial: int
    """Takedowns are numbered in the order in which they were carried out, from 1, not always without gaps."""

    taken_down_at: datetime
    """When it was ordered."""

    reason: str
    """Why, in the words of whoever asked."""

    requested_by: str
    """Who asked for it."""

    approved_by: str | None = None
    """Who approved it in Airflow. None for a removal by hand."""

    listings: bool = False
    """Whether announcements that name it are blanked too: sitemaps, feeds, section pages."""

    aliases: tuple[str, ...] = ()
    """Its addresses that do not hold its id, sorted."""

    removed: tuple[ObjectEntry, ...] = ()
    """Objects that are gone, by key."""

    rewritten: tuple[Rewritten, ...] = ()
    """Objects that have other bytes, by key."""
