"""Tombstones: which articles were taken down, as the bucket or a copy of it says."""

import logging
from collections.abc import Container, Mapping

from archive.codec import decode
from archive.errors import BrokenRecord
from archive.holdings import Holdings, noticing_damage
from archive.keys import run_manifest_key
from archive.records import RunManifest, Takedown

TAKEN_DOWN = "taken_down"
"""Reason of an article in the books that was removed for a legal reason: it is neither asked for nor kept."""

logger = logging.getLogger(__name__)


def takedowns(holdings: Holdings, publisher: str) -> dict[str, Takedown]:
    """Return every takedown, by the key of its tombstone, in the order in which they were ordered.

    Raises :class:`BrokenRecord` for a tombstone that can't be read: what it says must not be guessed.
    """
    listed = holdings.list_objects(f"{publisher}/tombstones/")
    found = {one.key: read_takedown(holdings, one.key) for one in listed}
    return dict(in_order(found))


def readable_takedowns(
    holdings: Holdings, publisher: str, besides: Container[str] = ()
) -> dict[str, Takedown]:
    """Return what :func:`takedowns` does, without those that can't be read, which verify names, or are known."""
    found = {}
    for one in holdings.list_objects(f"{publisher}/tombstones/"):
        if one.key in besides:
            continue
        try:
            found[one.key] = read_takedown(holdings, one.key)
        except BrokenRecord:
            logger.exception("a tombstone is left out")
    return dict(in_order(found))


def in_order(takedowns: Mapping[str, Takedown]) -> list[tuple[str, Takedown]]:
    """Return tombstones and their keys in the order in which they were ordered."""
    return sorted(takedowns.items(), key=lambda item: item[1].serial)


def read_takedown(holdings: Holdings, key: str) -> Takedown:
    """Return a takedown; raises KeyError without one, :class:`BrokenRecord` when it can't be read."""
    return decode(holdings.get(key), Takedown, name=key)


def taken_down(holdings: Holdings, publisher: str) -> frozenset[str]:
    """Return the ids of articles that were taken down: they are never asked for or kept again."""
    # The first tombstone of an article has its id as its name; a later one's name is no article's.
    listed = holdings.list_objects(f"{publisher}/tombstones/")
    return frozenset(one.key.rsplit("/", 1)[1].removesuffix(".json") for one in listed)


def is_done(holdings: Holdings, takedown: Takedown) -> bool:
    """Tell whether a takedown went to its end: its manifest is the last that it writes, and names the tombstone."""
    key = run_manifest_key(takedown.publisher, takedown.run_id)
    try:
        with noticing_damage(holdings, key):
            manifest = decode(holdings.get(key), RunManifest, name=key)
    except (BrokenRecord, KeyError):
        return False
    own = f"{takedown.publisher}/tombstones/{takedown.article_id}"
    return any(one.key.startswith(own) for one in manifest.objects)
