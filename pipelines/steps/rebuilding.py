"""Rebuild: the catalogue, filled from the bucket alone."""

from collections import defaultdict
from collections.abc import Callable

from archive.codec import decode
from archive.connect import Archive
from archive.keys import run_of_key
from archive.records import RunManifest
from archive.tombstones import is_done, takedowns
from pipelines.steps.books import take_in
from pipelines.steps.manifests import head
from pipelines.steps.objects import fetch


def rebuild(archive: Archive, progress: Callable[[int, int], None] = lambda *_: None) -> list[str]:
    """Fill an empty catalogue; returns the runs whose books can't be read, which it lacks.

    Runs come in the order in which they started, annotations from the manifests of enrichments, and
    the newest day manifest is noted. A catalogue whose rebuild was killed gets the rest of its runs with
    the next command; rebuild it again for the annotations.
    """
    store, publisher = archive.store, archive.settings.publisher
    runs = sorted(store.list_keys(f"{publisher}/runs/"))
    manifests = sorted(store.list_keys(f"{publisher}/manifests/runs/"))
    crawls = set(map(run_of_key, runs))
    enriched = [key for key in manifests if run_of_key(key) not in crawls]
    broken = []
    ids = [run_id for key in runs if (run_id := run_of_key(key))]
    for number, is_whole in enumerate(take_in(archive, publisher, ids), start=1):
        if not is_whole:
            broken.append(ids[number - 1])
        progress(number, len(runs) + len(enriched))
    done = {key: one for key, one in takedowns(store, publisher).items() if is_done(store, one)}
    # The books hold nothing of them any more; only what was annotated says that they were there.
    gone = {one.article_id for one in done.values()}
    archive.catalogue.note_takedowns(publisher, done)
    for number, key in enumerate(enriched, start=len(runs) + 1):
        _note_annotations(archive, decode(fetch(store, key), RunManifest, name=key), gone)
        progress(number, len(runs) + len(enriched))
    if (newest := head(store, publisher)) is not None:
        archive.catalogue.note_head(publisher, newest)
    return broken


def _note_annotations(archive: Archive, manifest: RunManifest, gone: set[str]) -> None:
    done: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for one in manifest.annotated:
        if one.article_id not in gone:
            done[one.annotator].append((one.article_id, one.revision))
    for annotator, revisions in done.items():
        archive.catalogue.note_annotated(manifest.publisher, annotator, revisions)
