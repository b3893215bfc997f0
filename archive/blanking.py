"""Blanking records of a WARC file in place: every other record stays where it was, byte for byte.

A run of gzip members is replaced by one of the same length, a metadata record that says so. So the
pointers to all other records, and their index, stay right.
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime
from mmap import ACCESS_READ, mmap
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from archive.content_coding import decode_body
from archive.errors import BrokenRecord
from archive.members import Member, read_member
from archive.warc_records import WARC_FIELDS, build_record, warc_fields

Span = tuple[int, int]
"""Where a run of members starts, and where what follows it does, in bytes."""

_TARGET = re.compile(rb"^WARC-Target-URI: *(.*?)\r?$", re.IGNORECASE | re.MULTILINE)
_CODING = re.compile(rb"^Content-Encoding: *(.*?)\r?$", re.IGNORECASE | re.MULTILINE)

_START = b"\x1f\x8b\x08"
_COMMENTED = 0x10
_REST_OF_HEADER = b"\0\0\0\0\0\xff"  # no time, no flags, system unknown (RFC 1952)
_EMPTY, _LAST = b"\0\0\0\xff\xff", b"\1\0\0\xff\xff"  # empty stored blocks (RFC 1951)


def target_of(member: Member) -> str:
    """Return the address that a record is about; empty for one that is about none."""
    head = member.content.partition(b"\r\n\r\n")[0]
    found = _TARGET.search(head)
    return found[1].decode("utf-8", "replace") if found else ""


def names(member: Member, word: str) -> bool:
    """Tell whether a record has a word in it, in its headers or in its body without content coding."""
    wanted = word.encode()
    return wanted in member.content or wanted in text_of(member)


def text_of(member: Member) -> bytes:
    """Return what a record holds: its body without content coding if it has one, else all behind its headers."""
    _, _, http = member.content.partition(b"\r\n\r\n")
    head, _, body = http.partition(b"\r\n\r\n")
    coding = _CODING.search(head)
    if coding is None:
        return http
    try:
        text = coding[1].decode("latin-1")
        return decode_body(body.removesuffix(b"\r\n\r\n"), text, name="", truncated=True)
    except BrokenRecord:
        return http


def spans(path: Path, is_meant: Callable[[Member], bool]) -> list[Span]:
    """Return where the records of a WARC file lie that are meant; neighbours are one span.

    Raises :class:`BrokenRecord` for a file with a damaged record: what is in it can't be told.
    """
    found: list[Span] = []
    for member in _members(path):
        if not is_meant(member):
            continue
        if found and found[-1][1] == member.offset:
            found[-1] = (found[-1][0], member.end)
        else:
            found.append((member.offset, member.end))
    return found


def blank(path: Path, meant: list[Span], *, word: str, at: datetime) -> None:
    """Replace spans of a WARC file; ``word`` says why, ``at`` is the date of the records in their place.

    Equal arguments give equal bytes.
    """
    with path.open("r+b") as file:
        for start, end in meant:
            record_id = f"urn:uuid:{uuid5(NAMESPACE_URL, f'{path.name}#{start}#{word}')}"
            block = warc_fields([("removed", word)])
            record = build_record("metadata", record_id, at, {"Content-Type": WARC_FIELDS}, block)
            file.seek(start)
            file.write(_member_of(record, end - start))


def _members(path: Path) -> Iterator[Member]:
    with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
        offset = 0
        while offset < len(data):
            member = read_member(data, offset, name=path.name)
            yield member
            offset = member.end


def _member_of(record: bytes, length: int) -> bytes:
    """Return a gzip member of exactly so many bytes, filled up with empty blocks."""
    stream = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = stream.compress(record) + stream.flush(zlib.Z_SYNC_FLUSH)
    end = _LAST + struct.pack("<II", zlib.crc32(record), len(record))
    fixed = len(_START) + 1 + len(_REST_OF_HEADER) + len(packed) + len(end)
    blocks, rest = divmod(length - fixed, len(_EMPTY))
    if blocks < 0:
        message = f"a record of {length} bytes is too short to be blanked"
        raise ValueError(message)
    comment = b" " * (rest - 1) + b"\0" if rest else b""
    flags = bytes([_COMMENTED if rest else 0])
    return _START + flags + _REST_OF_HEADER + comment + packed + _EMPTY * blocks + end
