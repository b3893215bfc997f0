"""Taking records out of a WARC file, byte for byte, with those that belong to them."""

from collections.abc import Iterator
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
    with path.open("rb") as opened, mmap(opened.fileno(), 0, access=ACCESS_READ) as data:
        info, note, about = b"", b"", ""
        taken: Taken | None = None
        for record in _records(data, file):
            raw = data[record.member.offset : record.member.end]
            kind = record.headers.get("warc-type")
            if taken and kind == "request" and _refers(record, "concurrent-to") == taken.record_id:
                taken = Taken(taken.record_id, taken.members + raw)
                continue
            if taken:
                yield taken
                taken, info = None, b""
            if kind == "warcinfo":
                info = raw
            elif kind == "metadata":
                note, about = raw, _refers(record, "refers-to")
            elif wanted.takes(record):
                own = note if about == record.record_id else b""
                taken = Taken(record.record_id, info + own + raw)
        if taken:
            yield taken


def _records(data: mmap, file: str) -> Iterator[WarcRecord]:
    offset = 0
    while offset < len(data):
        try:
            member = read_member(data, offset, name=file)
            record = parse_record(member, name=f"{file}, offset {offset}")
        except BrokenRecord:
            offset = next_start(data, offset + 1)
            continue
        offset = member.end
        yield record


def _refers(record: WarcRecord, header: str) -> str:
    return record.headers.get(f"warc-{header}", "").strip("<>")


def _original(record: WarcRecord) -> tuple[str, datetime] | None:
    date = record.headers.get("warc-refers-to-date")
    if date is None:
        return None
    return record.headers.get("warc-refers-to-target-uri", ""), datetime.fromisoformat(date)
