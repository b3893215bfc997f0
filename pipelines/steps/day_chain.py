"""The chain of days as the bucket holds it, by the catalogue's word where it has one."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from archive.codec import decode, encode
from archive.connect import Archive
from archive.errors import BrokenRecord
from archive.keys import day_manifest_key
from archive.object_store import ObjectStore
from archive.records import DayLink, DayManifest
from pipelines.chain import day_of_key, is_far_ahead, link_to
from pipelines.steps.objects import fetch

LATE = timedelta(days=35)
"""How long after its day a run may still be written down, so that a link of the chain finds it."""


def recent_chain(archive: Archive) -> list[DayManifest]:
    """Return the links of the last weeks, the oldest first, and more where :func:`whole_chain` needs them."""
    newest = _newest_day(archive.store, archive.settings.publisher)
    return whole_chain(archive, newest - LATE - timedelta(days=1) if newest else None)


def whole_chain(archive: Archive, since: date | None = None) -> list[DayManifest]:
    """Return the links of the chain, of this day and later, the oldest first.

    Raises :class:`BrokenRecord` where they do not hold together, or lack the one that the catalogue knows:
    whoever can write to the bucket alone must not have another history closed and signed by us.
    """
    publisher = archive.settings.publisher
    # First, for what it knows by then is in the bucket.
    known = archive.catalogue.head(publisher)
    if known and since:
        since = min(since, known.day)
    chain = list(days(archive.store, publisher, since))
    for before, after in pairwise(chain):
        if after.previous != link_to(before):
            key = day_manifest_key(publisher, before.day)
            raise BrokenRecord(key, f"it is not the one that the manifest of {after.day} follows")
    if known and known not in map(link_to, chain):
        key = day_manifest_key(publisher, known.day)
        raise BrokenRecord(key, f"the catalogue knew it with SHA-256 {known.sha256}")
    return chain


def known_head(archive: Archive) -> DayLink | None:
    """Return the newest link, by the catalogue's word where it has one: it can't have been changed since."""
    known = archive.catalogue.head(archive.settings.publisher)
    try:
        newest = head(archive.store, archive.settings.publisher)
    except BrokenRecord:
        # Books must be kept all the same.
        return known
    return newest if known is None or (newest and newest.day > known.day) else known


def _newest_day(store: ObjectStore, publisher: str) -> date | None:
    """Return the day of the newest link. None before the first day is over."""
    return max(filter(None, map(day_of_key, _ours(store, publisher, None))), default=None)


def _ours(store: ObjectStore, publisher: str, since: date | None) -> Iterator[str]:
    """Yield the keys of day manifests, without those that are named for no day, or for one far in the future.

    By the store's clock. Verify names them; they must not keep days from being closed, or be signed.
    """
    prefix = f"{publisher}/manifests/days/"
    # Files, which come behind the bare date.
    for one in store.list_objects(prefix, after=f"{prefix}{since}" if since else None):
        if day_of_key(one.key) and not is_far_ahead(one.key, one.modified_at):
            yield one.key


def head(store: ObjectStore, publisher: str) -> DayLink | None:
    """Return the newest link of the chain. None before the first day is over."""
    newest = _newest_day(store, publisher)
    return link_to(day_manifest_at(store, day_manifest_key(publisher, newest))) if newest else None


def days(store: ObjectStore, publisher: str, since: date | None = None) -> Iterator[DayManifest]:
    """Yield the links of the chain, of this day and later, the oldest first."""
    for key in _ours(store, publisher, since):
        yield day_manifest_at(store, key)


def day_manifest_at(store: ObjectStore, key: str) -> DayManifest:
    """Return the day manifest under a key; raises :class:`BrokenRecord` when it is lost or not as it is written."""
    content = fetch(store, key)
    manifest = decode(content, DayManifest, name=key)
    if encode(manifest) != content:
        raise BrokenRecord(key, "it is not written the way day manifests are")
    return manifest
