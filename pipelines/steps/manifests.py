"""Manifests: what each run left in the bucket, and the chain of days over them."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from attrs import field, frozen

from archive.codec import decode, encode
from archive.connect import Archive
from archive.errors import BrokenRecord
from archive.holdings import Listed, read_entry
from archive.keys import (
    day_manifest_key,
    from_day,
    new_run_id,
    open_key,
    run_manifest_key,
    run_of_key,
    run_prefixes,
    run_started_at,
)
from archive.object_store import ObjectStore
from archive.records import (
    Annotated,
    DayManifest,
    ManifestKind,
    ObjectEntry,
    Outcome,
    RunManifest,
)
from pipelines.chain import close_day, days_to_close, link_to
from pipelines.steps.day_chain import LATE, day_manifest_at, known_head, recent_chain
from pipelines.steps.objects import fetch, keep, lines
from pipelines.store import StoredObject

logger = logging.getLogger(__name__)

_KINDS: dict[str, ManifestKind] = {"audit": "audit", "enrich": "enrich", "rederive": "rederive"}

_MAKES: dict[ManifestKind, tuple[str, ...]] = {
    "audit": ("audits",),
    "enrich": ("enrichments", "quarantine/enrich"),
    "rederive": ("readings",),
}


def write_manifest(
    archive: Archive,
    run_id: str,
    *,
    kind: ManifestKind,
    objects: Iterable[ObjectEntry],
    annotated: Iterable[Annotated] = (),
) -> None:
    """Write the manifest of a run; one that is there stays."""
    publisher = archive.settings.publisher
    manifest = RunManifest(
        publisher=publisher,
        run_id=run_id,
        kind=kind,
        chain=known_head(archive),
        objects=tuple(sorted({one.key: one for one in objects}.values(), key=lambda one: one.key)),
        annotated=tuple(annotated),
    )
    keep(archive.store, StoredObject(run_manifest_key(publisher, run_id), encode(manifest)))


@frozen
class Left:
    """What a step without a crawl has left so far."""

    objects: list[ObjectEntry] = field(factory=list)
    """Objects that it wrote, or found written by an earlier try."""

    annotated: list[Annotated] = field(factory=list)
    """Articles that it annotated."""


@contextmanager
def under_way(archive: Archive, name: str, run_id: str) -> Iterator[Left]:
    """Give a list for what a step without a crawl leaves, and write its manifest at the end.

    Until then a note beside the manifests says that it is under way. What one left that was killed is claimed
    when the same step, by ``name``, is taken again; its note stays, for it may be at work all the same, until
    :func:`claim_killed` finds it.
    """
    publisher = archive.settings.publisher
    note = open_key(publisher, f"{name}-{run_id}")
    for other in list(archive.store.list_objects(f"{publisher}/manifests/open/{name}")):
        _claim_since(archive, other, run_id)
    archive.store.put(note, encode({"run_id": run_id}))
    left = Left()
    yield left
    if left.objects:
        write_manifest(
            archive,
            run_id,
            kind=_KINDS[name.partition("-")[0]],
            objects=left.objects,
            annotated=left.annotated,
        )
    archive.store.delete(note)


def claim_killed(archive: Archive, before: datetime) -> None:
    """Claim what steps without a crawl left that began before an instant and never ended; they were killed.

    Whoever takes such a step again may not meet what it wrote: an article has a newer revision by then.
    """
    for note in list(archive.store.list_objects(f"{archive.settings.publisher}/manifests/open/")):
        if note.modified_at < before and kind_of_note(note.key):
            _claim_since(archive, note, new_run_id(note.modified_at, note.key))
            archive.store.delete(note.key)


def _claim_since(archive: Archive, note: Listed, run_id: str) -> None:
    """Write a manifest over what a kind of step wrote since its note; ``run_id`` is that of whoever claims it.

    Others may have claimed some of it, or are about to: claims are a set.
    """
    store, publisher, kind = archive.store, archive.settings.publisher, kind_of_note(note.key)
    if kind is None:
        return
    found = [
        store.stat(one.key)
        for prefix in _MAKES[kind]
        for one in store.list_objects(f"{publisher}/{prefix}/")
        if one.modified_at >= note.modified_at
    ]
    if found:
        own = new_run_id(run_started_at(run_id), f"{note.key} {note.modified_at} before {run_id}")
        write_manifest(archive, own, kind=kind, objects=found)


def kind_of_note(key: str) -> ManifestKind | None:
    """Return what a step does whose note has this key. None for a note that is none of ours."""
    return _KINDS.get(key.rpartition("/")[2].removesuffix(".json").split("-", maxsplit=1)[0])


def manifest_crawl(archive: Archive, run_id: str) -> None:
    """Write the manifest of a crawl whose report is written; returns at once when it is there."""
    publisher = archive.settings.publisher
    if not archive.store.exists(run_manifest_key(publisher, run_id)):
        left = _left_by(archive.store, publisher, run_id)
        write_manifest(archive, run_id, kind="crawl", objects=left)


def close_days(archive: Archive, now: datetime) -> list[DayManifest]:
    """Write the manifest of each UTC day that is over and has none; returns those written now.

    The catalogue notes the newest, as a witness outside the bucket. Runs that have a report and no
    manifest, because they were killed in between, get theirs first. Nothing is built upon a chain that does not hold
    together or that the catalogue contradicts: books are kept all the same, and days closed once it is mended.
    """
    try:
        return _close_days(archive, now)
    except BrokenRecord:
        logger.exception("no day is closed: newsarchive verify names what is wrong")
        return []


def _close_days(archive: Archive, now: datetime) -> list[DayManifest]:
    store, publisher, today = archive.store, archive.settings.publisher, now.date()
    last = link_to(chain[-1]) if (chain := recent_chain(archive)) else None
    written = []
    if last is None or last.day < today - timedelta(days=1):
        for day, keys in _open_days(archive, chain, today).items():
            if not (runs := list(_readable(store, keys))):
                continue
            made = close_day(publisher, day, last, runs)
            # Somebody else may close the day too: whoever is first has made the link.
            if keep(store, StoredObject(day_manifest_key(publisher, day), encode(made))):
                written.append(made)
            last = link_to(day_manifest_at(store, day_manifest_key(publisher, day)))
    if last is not None:
        archive.catalogue.note_head(publisher, last)
    return written


def _open_days(
    archive: Archive, chain: Sequence[DayManifest], today: date
) -> dict[date, list[str]]:
    """Return the run manifests that no day holds, by the day that takes them."""
    store, publisher = archive.store, archive.settings.publisher
    last = chain[-1].day if chain else None
    since = last - LATE if last else None
    _complete(archive, since)
    found = set(_keys(store, f"{publisher}/manifests/runs/", since))
    found -= {one.key for day in chain for one in day.manifests}
    return days_to_close(found, last, today)


def _complete(archive: Archive, since: date | None) -> None:
    """Write the manifests of runs that have a report and none."""
    store, publisher = archive.store, archive.settings.publisher
    have = {run_of_key(key) for key in _keys(store, f"{publisher}/manifests/runs/", since)}
    for key in _keys(store, f"{publisher}/runs/", since):
        run_id = run_of_key(key)
        if run_id is not None and run_id not in have:
            logger.warning("run %s was killed before it wrote its manifest", run_id)
            manifest_crawl(archive, run_id)


def _left_by(store: ObjectStore, publisher: str, run_id: str) -> Iterator[ObjectEntry]:
    for prefix in run_prefixes(publisher, run_id):
        for key in store.list_keys(prefix):
            yield store.stat(key)
            if "/outcomes/" in key:
                yield from (one.kept for one in lines(store, key, Outcome) if one.kept)


def _keys(store: ObjectStore, prefix: str, since: date | None) -> Iterator[str]:
    return store.list_keys(prefix, after=from_day(prefix, since))


def _readable(store: ObjectStore, keys: Iterable[str]) -> Iterator[tuple[ObjectEntry, RunManifest]]:
    """Yield run manifests; one that can't be read waits for a later day, for no link may vouch for it."""
    for key in keys:
        try:
            yield _run_manifest(store, key)
        except BrokenRecord:
            logger.exception("a run is left out of its day")


def _run_manifest(store: ObjectStore, key: str) -> tuple[ObjectEntry, RunManifest]:
    content = fetch(store, key)
    entry = read_entry(key, [content])
    return entry, decode(content, RunManifest, name=key)
