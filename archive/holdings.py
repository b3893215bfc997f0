"""What can be read and listed by key: the bucket, or a copy of it in a folder."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from attrs import frozen

from archive.errors import BrokenRecord, StoreUnavailable
from archive.records import ObjectEntry

_CHUNK = 1 << 20


@frozen
class Listed:
    """An object, as a listing has it."""

    key: str
    """Its key."""

    size: int
    """Its length in bytes."""

    modified_at: datetime
    """When it was written, by the store's clock."""


class Holdings(Protocol):
    """Objects that can be listed and read."""

    def get(self, key: str) -> bytes:
        """Return an object's content. Raises KeyError when there is none."""

    def chunks(self, key: str) -> Iterator[bytes]:
        """Yield an object's content, piece by piece. Raises KeyError when there is none."""

    def list_objects(self, prefix: str) -> Iterator[Listed]:
        """Yield every object whose key starts with ``prefix``."""


@frozen
class FolderCopy:
    """A copy of a bucket: a file for each object, its path below the folder being the key."""

    folder: Path
    """The folder that holds ``<publisher>/``."""

    def get(self, key: str) -> bytes:
        """Return a file's content. Raises KeyError when there is none."""
        return b"".join(self.chunks(key))

    def chunks(self, key: str) -> Iterator[bytes]:
        """Yield a file's content, piece by piece. Raises KeyError when there is none."""
        try:
            with (self.folder / key).open("rb") as file:
                while chunk := file.read(_CHUNK):
                    yield chunk
        except FileNotFoundError as error:
            raise KeyError(key) from error

    def list_objects(self, prefix: str) -> Iterator[Listed]:
        """Yield every file whose path starts with ``prefix``, in order."""
        top, _, _ = prefix.rpartition("/")
        for path in sorted((self.folder / top).rglob("*")):
            # A name that is no UTF-8 is none of ours; shown with backslashes, it can be told.
            key = bytes(path.relative_to(self.folder)).decode(errors="backslashreplace")
            if path.is_file() and key.startswith(prefix):
                found = path.stat()
                yield Listed(key, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))


def read_entry(key: str, chunks: Iterable[bytes]) -> ObjectEntry:
    """Return size and SHA-256 of content that comes in pieces."""
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        digest.update(chunk)
        size += len(chunk)
    return ObjectEntry(key=key, size=size, sha256=digest.hexdigest())


@contextmanager
def noticing_damage(holdings: Holdings, key: str) -> Iterator[None]:
    """Raise :class:`BrokenRecord` for an object that a store lists and can't give: its bytes rotted on a disk.

    A store that is away for everything still raises :class:`StoreUnavailable`.
    """
    try:
        yield
    except StoreUnavailable as error:
        if any(one.key == key for one in holdings.list_objects(key)):
            raise BrokenRecord(key, f"the store can't give its bytes, {error.reason}") from error
        raise
