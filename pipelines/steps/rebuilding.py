"""Rebuild: the catalogue, filled from the bucket alone, or brought up to date."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date

from archive.codec import decode
from archive.connect import Archive
from archive.errors import BrokenRecord
from archive.keys import from_day, run_day, run_of_key
from archive.records import RunManifest
from archive.tombstones import is_done, readable_takedowns
from pipelines.steps.books import take_in
from pipelines.steps.day_chain import LATE, head
from pipelines.steps.forgetting import forget
from pipelines.steps.objects import fetch


def catch_up(archive: Archive) -> int:
    """Take runs into the catalogue that the bucket has and it lacks; returns how many.

    After a lost catalogue these are all runs. Otherwise only those are looked for that started in the weeks
    before the newest known run, for so long a run may be finished, or later. What was taken down since it last looked is
    forgotten, and a rebuild that was killed goes to its end.
    """
    catalogue, publisher = archive.catalogue, archive.settings.publisher
    known = catalogue.run_ids(publisher)
    if catalogue.is_filling():
        rebuild(archive)
        return len(catalogue.run_ids(publisher) - known)
    since = run_day(max(known)) - LATE if known else None
    taken = sum(take_in(archive, publisher, _lacking(archive, since)))
    forget(archive)
    return taken


def rebuild(archive: Archive, progress: Callable[[int, int], None] = lambda *_: None) -> list[str]:
    """Fill an empty catalogue; returns what can't be read: runs, which it lacks, keys of manifests and tombstones.

    Books that are not as their manifest has them count as such, and a report that is gone. Runs come in the order in which they started, annotations from the manifests of enrichments, and
    the newest day manifest is noted. The next command goes on with one that was killed.
    """
    store, publisher = archive.store, archive.settings.publisher
    ids = _lacking(archive)
    manifests = sorted(store.list_keys(f"{publisher}/manifests/runs/"))
    crawls = set(map(run_of_key, store.list_keys(f"{publisher}/runs/")))
    enriched = [key for key in manifests if run_of_key(key) not in crawls]
    broken = []
    for number, is_whole in enumerate(take_in(archive, publisher, ids), start=1):
        if not is_whole:
            broken.append(ids[number - 1])
        progress(number, len(ids) + len(enriched))
    tombstones = readable_takedowns(store, publisher)
    broken += sorted(set(store.list_keys(f"{publisher}/tombstones/")) - tombstones.keys())
    done = {key: one for key, one in tombstones.items() if is_done(store, one)}
    # The books hold nothing of them any more; only what was annotated says that they were there.
    gone = {one.article_id for one in done.values()}
    archive.catalogue.note_takedowns(publisher, done)
    for number, key in enumerate(enriched, start=len(ids) + 1):
        try:
            _note_annotations(archive, decode(fetch(store, key), RunManifest, name=key), gone)
        except BrokenRecord as error:
            broken.append(error.about)
        progress(number, len(ids) + len(enriched))
    try:
        if (newest := head(store, publisher)) is not None:
            archive.catalogue.note_head(publisher, newest)
    except BrokenRecord as error:
        broken.append(error.about)
    archive.catalogue.note_filled()
    return broken


def _lacking(archive: Archive, since: date | None = None) -> Sequence[str]:
    """Return the runs of the bucket, from a UTC day on, that the catalogue lacks, by time."""
    prefix = f"{archive.settings.publisher}/runs/"
    known = archive.catalogue.run_ids(archive.settings.publisher)
    listed = sorted(archive.store.list_keys(prefix, after=from_day(prefix, since)))
    return [run_id for run_id in map(run_of_key, listed) if run_id and run_id not in known]


def _note_annotations(archive: Archive, manifest: RunManifest, gone: set[str]) -> None:
    if manifest.kind == "crawl":
        raise BrokenRecord(manifest.run_id, "its report is gone")
    done: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for one in manifest.annotated:
        if one.article_id not in gone:
            done[one.annotator].append((one.article_id, one.revision))
    for annotator, revisions in done.items():
        archive.catalogue.note_annotated(manifest.publisher, annotator, revisions)
