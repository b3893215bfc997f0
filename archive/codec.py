"""Records to JSON and back, checked on the way in."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

import msgspec

from archive.errors import BrokenRecord

Record = TypeVar("Record")

_ENCODER = msgspec.json.Encoder(order="deterministic")


def encode(record: object) -> bytes:
    """Return a record as JSON with sorted keys: equal records give equal bytes."""
    return _ENCODER.encode(_plain(record))


def decode(content: bytes, kind: type[Record], *, name: str = "record") -> Record:
    """Return the record in ``content``; raises :class:`BrokenRecord`, naming ``name``."""
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BrokenRecord(name, str(error)) from error


def encode_lines(records: Iterable[object]) -> bytes:
    """Return records as JSON Lines."""
    return _ENCODER.encode_lines(map(_plain, records))


def decode_lines(content: bytes, kind: type[Record], *, name: str = "lines") -> Iterator[Record]:
    """Yield the records of JSON Lines; raises :class:`BrokenRecord` with the line's number."""
    for number, line in enumerate(content.splitlines(), start=1):
        if line.strip():
            yield decode(line, kind, name=f"{name}, line {number}")


def _plain(record: object) -> object:
    # Keys that are no text, such as dates, can't be put in order.
    return msgspec.to_builtins(record, str_keys=True)
