"""Reading records out of the bucket, and writing those that another attempt may have written."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from archive.codec import decode, decode_lines
from archive.connect import Archive
from archive.disk import give_back_folder, hold_folder
from archive.errors import BrokenRecord, KeyConflict
from archive.holdings import Holdings, noticing_damage, read_entry
from archive.keys import article_key
from archive.object_store import ObjectStore
from archive.records import Article, ArticleContent, Capture, ObjectEntry
from archive.warc_pages import PageRecord, read_pages
from pipelines.compare import join, with_text_of
from pipelines.store import StoredObject

Record = TypeVar("Record")


def article(archive: Archive, capture: Capture) -> Article:
    """Return the record that is shown for a capture; raises :class:`BrokenRecord` when it is lost.

    A story that is for subscribers now is shown with the fuller text that it had when everybody could
    read it: its access has changed, and nothing of it is lost.
    """
    found = as_captured(archive, capture)
    fuller = _fuller(archive, capture, found.word_count)
    return found if fuller is None else with_text_of(found, fuller)


def standing(captures: Sequence[Capture]) -> Capture:
    """Return the capture that stands for an article, given some in order of time.

    The newest, but one whose access could not be told never takes the place of one where it could.
    """
    told = [capture for capture in captures if capture.access != "unknown"]
    return (told or captures)[-1]


def source_of_text(archive: Archive, capture: Capture) -> Article:
    """Return the record of the revision whose text is shown for a capture: what annotations are about."""
    found = as_captured(archive, capture)
    return _fuller(archive, capture, found.word_count) or found


def _fuller(archive: Archive, capture: Capture, words: int) -> Article | None:
    """Return the newest earlier record that was free and has more than these words, if there is one."""
    if capture.access == "free":
        return None
    history = archive.catalogue.captures(capture.publisher, capture.article_id)
    earlier = (one for one in reversed(history) if one.captured_at < capture.captured_at)
    free = next((one for one in earlier if one.access == "free"), None)
    found = as_captured(archive, free) if free else None
    return found if found and found.word_count > words else None


def as_captured(archive: Archive, capture: Capture) -> Article:
    """Return the record of a capture with its own revision's text; raises :class:`BrokenRecord`."""
    content = content_of(archive.store, capture, capture.revision)
    seen = archive.catalogue.seen(capture.publisher, [capture.article_id]).get(capture.article_id)
    first_seen_at = seen.first_seen_at if seen else capture.captured_at
    removed_at = seen.removed_at if seen else None
    return join(content, capture, first_seen_at=first_seen_at, removed_at=removed_at)


def content_of(
    store: ObjectStore, article: Capture | ArticleContent, revision: str
) -> ArticleContent:
    """Return a revision of an article; raises :class:`BrokenRecord` when it is lost."""
    key = article_key(article.publisher, article.article_id, revision)
    return decode(fetch(store, key), ArticleContent, name=key)


def fetch(store: Holdings, key: str) -> bytes:
    """Return an object that must be there; raises :class:`BrokenRecord` when it is not, or can't be read."""
    try:
        with noticing_damage(store, key):
            return store.get(key)
    except KeyError as error:
        raise BrokenRecord(key, "it is not in the bucket") from error


@contextmanager
def scratch(home: Path) -> Iterator[Path]:
    """Give a folder for as long as it is needed; nobody else may look into it.

    What a killed process left of its own is removed by the next one that needs a folder.
    """
    folder = home / "tmp" / secrets.token_hex(8)
    lock = hold_folder(folder)
    try:
        yield folder
    finally:
        give_back_folder(folder, lock)


def good_pages(
    path: Path, file: str, broken: Callable[[BrokenRecord], None] = lambda _: None
) -> Iterator[PageRecord]:
    """Yield the pages of a WARC file, ``file`` being its key; ``broken`` is told of each record without one."""
    reader = read_pages(path, file=file)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except BrokenRecord as error:
            broken(error)


def lines(store: ObjectStore, key: str, kind: type[Record]) -> Iterator[Record]:
    """Yield the records of an object that must be there."""
    return decode_lines(fetch(store, key), kind, name=key)


def keep(store: ObjectStore, made: StoredObject) -> bool:
    """Write an object; False when it was there, then what is there stays.

    For objects that mean the same whatever their bytes: an earlier attempt, or another version of
    this program, may have put the same revision or the same failure into other words.
    """
    try:
        return store.put_once(made.key, made.content)
    except KeyConflict:
        return False


def claim(store: ObjectStore, made: StoredObject) -> ObjectEntry:
    """Write an object as :func:`keep` does, and return what a manifest says of the one that is there."""
    if keep(store, made):
        return read_entry(made.key, [made.content])
    return store.stat(made.key)
