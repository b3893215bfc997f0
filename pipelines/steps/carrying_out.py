"""Carrying out a takedown as its tombstone says: erasing, rewriting, the same in the replica, its manifest."""

import logging

from attrs import evolve

from archive.codec import encode
from archive.connect import Archive, open_replica
from archive.errors import BrokenRecord, KeyConflict, RunUnderWay
from archive.object_store import ObjectStore
from archive.records import Rewritten, Takedown
from pipelines.steps.finding import Finder, Progress
from pipelines.steps.manifests import write_manifest
from pipelines.steps.objects import claim, scratch
from pipelines.store import StoredObject
from pipelines.takedown import strays

logger = logging.getLogger(__name__)


def carry_out(archive: Archive, key: str, made: Takedown, progress: Progress) -> Takedown:
    """Carry a takedown out as its tombstone says; returns it as it stands then.

    Raises :class:`BrokenRecord` for a tombstone that names what is not the article's, before anything is done.
    """
    if others := strays(made):
        raise BrokenRecord(key, f"it names what is not the article's: {', '.join(others)}")
    logger.warning(
        "taking down %s: %s, asked for by %s", made.article_id, made.reason, made.requested_by
    )
    finder = Finder(archive, made, progress)
    made = _without_changed(archive, finder, key, made)
    _erase(archive.store, finder, made)
    # The index first: it is cut by where the records lie that are blanked then.
    for number, one in enumerate(sorted(made.rewritten, key=_index_first), start=1):
        _rewrite(archive, finder, key, one)
        progress("rewriting", number, len(made.rewritten))
    if (replica := open_replica(archive.settings)) is not None:
        _erase(replica, finder, made)
        _carry_over(archive, replica, key, made)
    return made


def conclude(archive: Archive, key: str, made: Takedown) -> str:
    """Write the manifest of a takedown, which is the last of it; returns the tombstone's key."""
    tombstone = claim(archive.store, StoredObject(key, encode(made)))
    write_manifest(archive, made.run_id, kind="takedown", objects=[tombstone])
    return key


def _without_changed(archive: Archive, finder: Finder, key: str, made: Takedown) -> Takedown:
    """Let a tombstone not name what holds the article still and has other bytes by now than it found.

    Somebody mended it, or another takedown cut it. It is planned anew when it is looked again; until that
    is done no manifest names the tombstone, so that it may be replaced.
    """
    kept = tuple(one for one in made.rewritten if not _has_changed(archive, finder, key, one))
    if kept == made.rewritten:
        return made
    left = evolve(made, rewritten=kept)
    _, tag = archive.store.get_tagged(key)
    if archive.store.replace(key, encode(left), expected=tag) is None:
        who, reason = "another takedown", "try again when it is done"
        raise RunUnderWay(who, reason)
    return left


def _has_changed(archive: Archive, finder: Finder, tombstone: str, one: Rewritten) -> bool:
    store, key = archive.store, one.after.key
    if not store.exists(key) or store.stat(key).sha256 in {one.before.sha256, one.after.sha256}:
        return False
    with scratch(archive.settings.home) as folder:
        return finder.make(key, folder, tombstone) is not None


def _erase(store: ObjectStore, finder: Finder, made: Takedown) -> None:
    for key in (*(entry.key for entry in made.removed), *finder.deleted(store)):
        store.erase(key)


def _rewrite(archive: Archive, finder: Finder, tombstone: str, one: Rewritten) -> None:
    store, key = archive.store, one.after.key
    if not store.exists(key):
        raise BrokenRecord(key, "it is not in the bucket, and was to be rewritten")
    if store.stat(key).sha256 != one.after.sha256:
        with scratch(archive.settings.home) as folder:
            path = finder.make(key, folder, tombstone)
            if path is not None and store.stat(key).sha256 != one.before.sha256:
                raise KeyConflict(key, f"it is neither what {tombstone} found nor what it left")
            # Without a path, a later takedown has cut it since.
            if path is not None:
                store.replace_file(key, path)
    store.erase(key, newest=False)


def _carry_over(archive: Archive, replica: ObjectStore, tombstone: str, made: Takedown) -> None:
    """Do the same to the copy: what was rewritten comes from here, the tombstone too if it has been copied."""
    erase_feeds(replica, made.publisher)
    for key in (tombstone, *(one.after.key for one in made.rewritten)):
        bring(archive, replica, key)


def bring(archive: Archive, replica: ObjectStore, key: str) -> None:
    """Let the replica have an object, if it has it at all, as it is here, and no older version of it."""
    if not replica.exists(key):
        return
    if replica.stat(key).sha256 != archive.store.stat(key).sha256:
        with scratch(archive.settings.home) as folder:
            path = folder / "object"
            archive.store.download(key, path)
            replica.replace_file(key, path)
    replica.erase(key, newest=False)


def erase_feeds(store: ObjectStore, publisher: str) -> None:
    """Erase the feeds of changes, which quote headlines, with every older version of them."""
    for key in list(store.list_keys(f"{publisher}/feeds/")):
        store.erase(key)


def _index_first(one: Rewritten) -> tuple[bool, str]:
    return not one.after.key.endswith(".cdxj"), one.after.key
