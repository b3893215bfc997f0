"""Rebuild: the catalogue, filled from the bucket alone."""

from collections import defaultdict
from collections.abc import Callable

from archive.codec import decode
from archive.connect import Archive
from archive.keys import run_of_key
from archive.records import RunManifest
from archive.tombstones import is_done, takedowns
from pipelines.steps.books import take_in
from pipelines.steps.forgetting import forget
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
    for number, key in enumerate(runs, start=1):
        run_id = run_of_key(key) or ""
        if not take_in(archive, publisher, run_id):
            broken.append(run_id)
        progress(number, len(runs) + len(enriched))
    gone = takedowns(store, publisher)
    ids = {one.article_id for one in gone.values() if is_done(store, one)}
    for number, key in enumerate(enriched, start=len(runs) + 1):
        _note_annotations(archive, decode(fetch(store, key), RunManifest, name=key), ids)
        progress(number, len(runs) + len(enriched))
    forget(archive)
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
