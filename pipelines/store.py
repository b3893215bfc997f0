"""Store: which objects a capture leaves in the bucket. Their keys follow from their content."""

from attrs import frozen

from archive.codec import encode
from archive.errors import PermanentError
from archive.keys import article_key, enrichment_key, quarantine_key, reading_key
from archive.records import Annotation, Article, ArticleContent, Quarantined, Tombstone
from pipelines.reread import reader_of


@frozen
class StoredObject:
    """An object as it is written: once."""

    key: str
    """Its key."""

    content: bytes
    """Its bytes; equal records give equal bytes."""


def article_object(content: ArticleContent | Tombstone) -> StoredObject:
    """Return the object of one revision."""
    key = article_key(content.publisher, content.article_id, content.revision)
    return StoredObject(key, encode(content))


def reading_object(reading: Article) -> StoredObject:
    """Return the object of a new reading; its ``revision`` is that of the record whose page was read."""
    reader = reader_of(reading)
    key = reading_key(reading.publisher, reader, reading.article_id, reading.revision)
    return StoredObject(key, encode(reading))


def annotation_object(publisher: str, annotation: Annotation) -> StoredObject:
    """Return the object of what an annotator found."""
    tag = f"{annotation.annotator}@{annotation.annotator_version}"
    key = enrichment_key(publisher, tag, annotation.article_id, annotation.revision)
    return StoredObject(key, encode(annotation))


def quarantine_object(publisher: str, item: Quarantined, name: str) -> StoredObject:
    """Return the object of something set aside; ``name`` tells it apart within its run."""
    return StoredObject(quarantine_key(publisher, item.stage, item.run_id, name), encode(item))


def reason_of(error: PermanentError) -> str:
    """Return an error in words, with its class, as quarantine keeps it."""
    return f"{type(error).__name__}: {error}"
