"""Keeping out: what a run had fetched of an article before it was taken down, and brings in afterwards."""

from collections.abc import Iterator

from archive.connect import Archive
from archive.keys import cdxj_key, run_manifest_key, takedown_key
from archive.records import Takedown
from archive.tombstones import read_takedown, taken_down
from pipelines.steps.finding import Finder
from pipelines.steps.objects import scratch


def keep_out(archive: Archive, run_id: str, warc_key: str) -> None:
    """Blank what a WARC file has of articles that were taken down, as long as no manifest names the file.

    Its index comes first, as in a takedown: it is cut by where the records lie that are blanked then.
    """
    publisher = archive.settings.publisher
    if archive.store.exists(run_manifest_key(publisher, run_id)):
        return
    for made in _named(archive, warc_key):
        finder = Finder(archive, made, lambda *_: None)
        tombstone = takedown_key(publisher, made.article_id)
        for key in (cdxj_key(warc_key), warc_key):
            with scratch(archive.settings.home) as folder:
                path = finder.make(key, folder, tombstone) if archive.store.exists(key) else None
                if path is not None:
                    archive.store.replace_file(key, path)
                    archive.store.erase(key, newest=False)


def _named(archive: Archive, warc_key: str) -> Iterator[Takedown]:
    """Yield the takedowns of articles that the index names, or all when there is none."""
    store, publisher = archive.store, archive.settings.publisher
    ids = sorted(taken_down(store, publisher))
    index = store.get(cdxj_key(warc_key)) if ids and store.exists(cdxj_key(warc_key)) else None
    for article_id in ids:
        key = takedown_key(publisher, article_id)
        if (index is None or article_id.encode() in index) and store.exists(key):
            yield read_takedown(store, key)
