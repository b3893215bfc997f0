"""Reading records out of the bucket, and writing those that another attempt may have written."""

from collections.abc import Iterator
from datetime import datetime
from typing import TypeVar

from archive.catalogue import Catalogue
from archive.codec import decode, decode_lines
from archive.connect import Archive
from archive.errors import BrokenRecord, KeyConflict
from archive.keys import article_key
from archive.object_store import ObjectStore
from archive.records import Article, ArticleContent, Capture
from pipelines.compare import join
from pipelines.store import StoredObject

Record = TypeVar("Record")


def article(archive: Archive, capture: Capture) -> Article:
    """Return the record that is shown for a capture; raises :class:`BrokenRecord` when it is lost."""
    key = article_key(capture.publisher, capture.article_id, capture.revision)
    content = decode(fetch(archive.store, key), ArticleContent, name=key)
    return join(content, capture, first_seen_at=_first_seen_at(archive.catalogue, capture))


def fetch(store: ObjectStore, key: str) -> bytes:
    """Return an object that must be there; raises :class:`BrokenRecord` when it is not."""
    try:
        return store.get(key)
    except KeyError as error:
        raise BrokenRecord(key, "it is not in the bucket") from error


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


def _first_seen_at(catalogue: Catalogue, capture: Capture) -> datetime:
    seen = catalogue.seen(capture.publisher, [capture.article_id]).get(capture.article_id)
    return seen.first_seen_at if seen else capture.captured_at
