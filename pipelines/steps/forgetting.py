"""A catalogue that forgets what was taken down, and what is said of it."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

import publishers
from archive import sketch_columns
from archive.connect import Archive
from archive.keys import takedown_key
from archive.tombstones import is_done, read_takedown, readable_takedowns
from pipelines.steps.objects import fetch


def forget(archive: Archive, progress: Callable[[int, int], None] = lambda *_: None) -> list[str]:
    """Let the catalogue forget what was taken down since it last looked; returns the tombstones' keys.

    What shares text is worked out anew, for what the article had in common with others may have counted
    as boilerplate. Killed in between, it is done again from the start.
    """
    publisher, catalogue = archive.settings.publisher, archive.catalogue
    known = catalogue.takedowns(publisher)
    listed = set(archive.store.list_keys(f"{publisher}/tombstones/"))
    if listed <= known:
        return []
    found = readable_takedowns(archive.store, publisher)
    new = [key for key in found if key not in known and is_done(archive.store, found[key])]
    for key in new:
        catalogue.forget(publisher, found[key].article_id)
    if new:
        _share_text_anew(archive, progress)
        catalogue.note_takedowns(publisher, new)
    return new


def _share_text_anew(archive: Archive, progress: Callable[[int, int], None]) -> None:
    publisher, store = archive.settings.publisher, archive.store
    archive.catalogue.forget_sketches(publisher)
    keys = list(store.list_keys(f"{publisher}/sketches/"))
    for number, key in enumerate(keys, start=1):
        sketches = sketch_columns.decode(fetch(store, key), name=key)
        archive.catalogue.take_in_sketches(publisher, sketches)
        progress(number, len(keys))


def was_taken_down(archive: Archive, article_id: str) -> bool:
    """Tell whether there is a tombstone of an article."""
    return archive.store.exists(takedown_key(archive.settings.publisher, article_id))


def taken_back(archive: Archive, article_id: str, key: str) -> bool:
    """Erase what was just written of an article if it was taken down meanwhile; tells whether it was.

    A takedown writes its tombstone and then looks; who writes looks for a tombstone then: one of them finds it.
    """
    if not was_taken_down(archive, article_id):
        return False
    archive.store.erase(key)
    return True


def why_absent(archive: Archive, article_id: str) -> str:
    """Return what is said of an article of which nothing is held, and what to do."""
    if was_taken_down(archive, article_id):
        key = takedown_key(archive.settings.publisher, article_id)
        made = read_takedown(archive.store, key)
        zone = ZoneInfo(publishers.get(archive.settings.publisher).timezone)
        day = made.taken_down_at.astimezone(zone).date()
        return f"article {article_id} was taken down on {day}: {made.reason} ({made.requested_by})"
    return f"no article {article_id} is held; list them with: newsarchive articles"
