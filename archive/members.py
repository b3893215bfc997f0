"""The gzip members of a WARC file, one a record: walking them, and cutting a file after a crash."""

import os
import zlib
from collections.abc import Iterator
from mmap import ACCESS_READ, mmap
from pathlib import Path

from attrs import frozen

from archive.content_coding import MAX_DECODED_BYTES
from archive.errors import BrokenRecord

_MAGIC = b"\x1f\x8b\x08"
_PIECE = 1024 * 1024


@frozen
class Member:
    """One gzip member: where it lies and what it holds."""

    offset: int
    """Where it starts, in bytes."""

    end: int
    """Where the next one starts."""

    content: bytes
    """What it holds, decompressed."""


def read_member(data: bytes | mmap, offset: int, *, name: str) -> Member:
    """Return the member at ``offset``; raises :class:`BrokenRecord` when it is damaged or cut."""
    about = f"{name}, offset {offset}"
    stream = zlib.decompressobj(31)
    content = bytearray()
    position = offset
    while not stream.eof:
        piece = data[position : position + _PIECE]
        if not piece:
            raise BrokenRecord(about, "the file ends in the middle of a record")
        try:
            content += stream.decompress(piece, MAX_DECODED_BYTES + 1 - len(content))
        except zlib.error as error:
            raise BrokenRecord(about, f"damaged record: {error}") from error
        position += len(piece) - len(stream.unconsumed_tail) - len(stream.unused_data)
        if len(content) > MAX_DECODED_BYTES:
            raise BrokenRecord(about, "the record is larger than we ever write")
    return Member(offset, position, bytes(content))


def next_start(data: bytes | mmap, offset: int) -> int:
    """Return where a member may start at or after ``offset``; the end of ``data`` when none does."""
    found = data.find(_MAGIC, offset)
    while found >= 0:
        if _opens_a_record(data[found : found + 512]):
            return found
        found = data.find(_MAGIC, found + 1)
    return len(data)


def _opens_a_record(head: bytes) -> bool:
    # The magic number turns up in compressed bodies too.
    try:
        return zlib.decompressobj(31).decompress(head, 5) == b"WARC/"
    except zlib.error:
        return False


def whole_bytes(path: Path) -> int:
    """Return how many bytes at the start of a file are whole members."""
    if path.stat().st_size == 0:
        return 0
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        end = 0
        for member in _whole_members(data, path.name):
            end = member.end
        return end


def _whole_members(data: mmap, name: str) -> Iterator[Member]:
    offset = 0
    while offset < len(data):
        try:
            member = read_member(data, offset, name=name)
        except BrokenRecord:
            return
        yield member
        offset = member.end


def cut_to_whole(path: Path) -> int:
    """Cut a file after its last whole member, and return how many bytes were cut off."""
    keep = whole_bytes(path)
    lost = path.stat().st_size - keep
    if lost:
        with path.open("r+b") as file:
            file.truncate(keep)
            file.flush()
            os.fsync(file.fileno())
    return lost
