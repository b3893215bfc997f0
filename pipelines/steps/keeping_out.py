"""Keeping out: what a run had fetched of an article before it was taken down, and brings in afterwards."""

from collections.abc import Iterator

import publishers
from archive.connect import Archive, open_replica
from archive.keys import cdxj_key, outcomes_key, run_manifest_key, takedown_key
from archive.records import Takedown
from archive.tombstones import read_takedown, taken_down
from pipelines.steps.carrying_out import bring
from pipelines.steps.finding import Finder
from pipelines.steps.objects import scratch
from pipelines.takedown import shows_old_address


def keep_out(archive: Archive, run_id: str, warc_key: str) -> None:
    """Blank what a WARC file has of articles that were taken down, as long as no manifest names the file.

    Its index comes first, as in a takedown: it is cut by where the records lie that are blanked then.
    A replica that has been given them already gets them as they are then.
    """
    publisher = archive.settings.publisher
    if archive.store.exists(run_manifest_key(publisher, run_id)):
        return
    named = list(_named(archive, warc_key))
    for made in named:
        finder = Finder(archive, made, lambda *_: None)
        tombstone = takedown_key(publisher, made.article_id)
        for key in (cdxj_key(warc_key), warc_key):
            with scratch(archive.settings.home) as folder:
                path = finder.make(key, folder, tombstone) if archive.store.exists(key) else None
                if path is not None:
                    archive.store.replace_file(key, path)
                    archive.store.erase(key, newest=False)
    if named and (replica := open_replica(archive.settings)) is not None:
        for key in (cdxj_key(warc_key), warc_key):
            bring(archive, replica, key)


def _named(archive: Archive, warc_key: str) -> Iterator[Takedown]:
    """Yield the takedowns of articles that the outcomes or the index name.

    All when one of them is not there, or a page was shown at an address that does not hold its id. The index
    alone does not say it: a run that was killed behind the first write has cut it already.
    """
    store, publisher = archive.store, archive.settings.publisher
    ids = sorted(taken_down(store, publisher))
    beside = (outcomes_key(warc_key), cdxj_key(warc_key)) if ids else ()
    is_whole = all(store.exists(key) for key in beside)
    said = b"".join(store.get(key) for key in beside) if is_whole else b""
    may_be_any = not is_whole or shows_old_address(said, publishers.get(publisher).old_key)
    for article_id in ids:
        key = takedown_key(publisher, article_id)
        if (may_be_any or article_id.encode() in said) and store.exists(key):
            yield read_takedown(store, key)
