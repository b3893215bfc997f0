"""Taking records out of a WARC file, byte for byte, with those that belong to them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from mmap import ACCESS_READ, mmap
from pathlib import Path

from attrs import field, frozen

from archive.errors import BrokenRecord
from archive.members import next_start, read_member
from archive.warc_pages import WarcRecord, parse_record


@frozen
class Wanted:
    """Which records are taken."""

    records: frozenset[str] = frozenset()
    """Ids of responses and resources, without angle brackets."""

    originals: frozenset[tuple[str, datetime]] = field(default=frozenset())
    """Address and instant of captures: what says that one of them is unchanged is taken too."""

    def takes(self, record: WarcRecord) -> bool:
        """Whether a record is taken for its own sake."""
        if record.headers.get("warc-type") == "revisit":
            return _original(record) in self.originals
        return record.record_id in self.records


@frozen
class Taken:
    """A record that was wanted, with its own."""

    record_id: str
    """Its id, without angle brackets."""

    members: bytes
    """The gzip members of its note, itself and its request, as they lie in the file; before those of the
    file's first one, its warcinfo."""


def extract(path: Path, wanted: Wanted, *, file: str) -> Iterator[Taken]:
    """Yield the wanted records of a WARC file, ``file`` being its key; damaged ones are passed over.

    Our files have the note about a record before it, and its request behind it.
    """
    with _mapped(path) as data:
        info = b""
        for group in _groups(_records(data, file)):
            raw = b"".join(data[one.member.offset : one.member.end] for one in group)
            if group[0].headers.get("warc-type") == "warcinfo":
                info = raw
            for record in filter(wanted.takes, group):
                yield Taken(record.record_id, info + raw)
                info = b""


def damaged(path: Path, offsets: Iterable[int], *, file: str) -> Iterator[int]:
    """Yield those of these places in a WARC file, ``file`` being its key, where no record can be read."""
    with _mapped(path) as data:
        for offset in offsets:
            try:
                _record(data, offset, file)
            except BrokenRecord:
                yield offset


@contextmanager
def _mapped(path: Path) -> Iterator[mmap | bytes]:
    if path.stat().st_size == 0:
        yield b""
        return
    with path.open("rb") as opened, mmap(opened.fileno(), 0, access=ACCESS_READ) as data:
        yield data


def _groups(records: Iterable[WarcRecord]) -> Iterator[list[WarcRecord]]:
    group: list[WarcRecord] = []
    for record in records:
        if group and not _go_together(group[-1], record):
            yield group
            group = []
        group.append(record)
    if group:
        yield group


def _go_together(one: WarcRecord, following: WarcRecord) -> bool:
    noted = _refers(one, "refers-to") == following.record_id
    return noted or _refers(following, "concurrent-to") == one.record_id


def _records(data: mmap | bytes, file: str) -> Iterator[WarcRecord]:
    offset = 0
    while offset < len(data):
        try:
            record = _record(data, offset, file)
        except BrokenRecord:
            offset = next_start(data, offset + 1)
            continue
        offset = record.member.end
        yield record


def _record(data: mmap | bytes, offset: int, file: str) -> WarcRecord:
    member = read_member(data, offset, name=file)
    return parse_record(member, name=f"{file}, offset {offset}")


def _refers(record: WarcRecord, header: str) -> str:
    return record.headers.get(f"warc-{header}", "").strip("<>")


def _original(record: WarcRecord) -> tuple[str, datetime] | None:
    date = record.headers.get("warc-refers-to-date")
    if date is None:
        return None
    return record.headers.get("warc-refers-to-target-uri", ""), datetime.fromisoformat(date)
