"""Reading pages back out of a WARC file, member by member, so that one bad record costs only itself."""

from collections.abc import Iterator
from datetime import datetime
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Self

from attrs import frozen

from archive.content_coding import decode_body
from archive.errors import BrokenRecord
from archive.keys import digest
from archive.members import Member, next_start, read_member
from archive.records import Access, WarcPointer

Headers = tuple[tuple[str, str], ...]

_NO_PAGE = {301, 302, 303, 307, 308, 404, 410}
"""Statuses whose answers are yielded though they are no HTML: that there is no page is what they say."""

_HTML_TYPES = {"text/html", "application/xhtml+xml"}


@frozen(kw_only=True)
class PageRecord:
    """An HTML page as it was captured: whole, or cut to what anybody may see.

    Also a redirect and a 404 or 410 of whatever type, then without content.
    """

    url: str
    """Address that was asked."""

    captured_at: datetime
    """When the response had been received."""

    http_status: int
    """Status of the response."""

    headers: Headers
    """Its headers as received; of a cut page only those that were kept."""

    content_type: str
    """Its ``Content-Type``, as received; ``text/html; charset=utf-8`` for a cut page."""

    content: bytes
    """The page without content coding."""

    warc: WarcPointer
    """Where the bytes lie."""

    is_cut: bool
    """Whether this is a cut page and not the bytes as received."""

    access: Access
    """As decided at the gate. ``free`` for a response that needed no decision."""

    access_evidence: tuple[str, ...]
    """The marks that decided it."""

    state: str | None = None
    """What the page is, as decided at the gate: ``article``, ``soft_404`` … None when that was not noted."""

    state_evidence: tuple[str, ...] = ()
    """The marks that decided it."""

    truncated: str | None
    """Why the body is not whole (``length``, ``disconnect``). None when it is."""


@frozen
class WarcRecord:
    """A record, and the gzip member that holds it."""

    member: Member
    """Where it lies."""

    headers: dict[str, str]
    """Its WARC headers, with names in lower case."""

    block: bytes
    """What follows them."""

    @property
    def record_id(self) -> str:
        """Its id, without angle brackets."""
        return self.headers.get("warc-record-id", "").strip("<>")


class PageReader(Iterator[PageRecord]):
    """Goes through the pages of a WARC file, and on after a broken record.

    ``next()`` raises :class:`BrokenRecord` for a damaged record, for a file that ends in the middle
    of one, and for a body that can't be decoded; calling it again goes on with the next record. A
    ``for`` loop ends at the first such error.
    """

    def __init__(self, source: bytes | Path, *, file: str) -> None:
        """Read ``source``, the content of a WARC file or its path; ``file`` is its key in the bucket."""
        self._file = file
        self._offset = 0
        self._notes: dict[str, dict[str, list[str]]] = {}
        self._data: bytes | mmap
        if isinstance(source, Path):
            with source.open("rb") as opened:
                empty = source.stat().st_size == 0
                self._data = b"" if empty else mmap(opened.fileno(), 0, access=ACCESS_READ)
        else:
            self._data = source

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> PageRecord:
        while self._offset < len(self._data):
            record = self._next_record()
            page = self._page(record)
            if page is not None:
                return page
        raise StopIteration

    def _next_record(self) -> WarcRecord:
        start = self._offset
        try:
            member = read_member(self._data, start, name=self._file)
        except BrokenRecord:
            self._offset = next_start(self._data, start + 1)
            raise
        self._offset = member.end
        return parse_record(member, name=f"{self._file}, offset {start}")

    def _page(self, record: WarcRecord) -> PageRecord | None:
        kind = record.headers.get("warc-type")
        if kind == "metadata":
            about = record.headers.get("warc-refers-to", "").strip("<>")
            # Only the newest note can be wanted: a note stands right before what it is about.
            self._notes = {about: _note(record.block)}
            return None
        if kind == "response":
            return self._received(record)
        return self._cut(record) if kind == "resource" else None

    def _received(self, record: WarcRecord) -> PageRecord | None:
        name = f"{self._file}, offset {record.member.offset}"
        status, headers, body = _parse_http(record.block, name=name)
        content_type = _header(headers, "content-type")
        if not _is_html(content_type):
            return self._without_page(record, status, headers) if status in _NO_PAGE else None
        _check(record, body, name=name)
        coding = _header(headers, "content-encoding")
        truncated = record.headers.get("warc-truncated")
        content = decode_body(body, coding, name=name, truncated=truncated is not None)
        note = self._notes.get(record.record_id, {})
        payload_digest = record.headers.get("warc-payload-digest", "")
        return self._make(record, note, (status, headers, content_type), (content, payload_digest))

    def _without_page(self, record: WarcRecord, status: int, headers: Headers) -> PageRecord:
        note = self._notes.get(record.record_id, {})
        payload_digest = record.headers.get("warc-payload-digest", "")
        return self._make(record, note, (status, headers, ""), (b"", payload_digest))

    def _cut(self, record: WarcRecord) -> PageRecord | None:
        content_type = record.headers.get("content-type", "")
        if not _is_html(content_type):
            return None
        name = f"{self._file}, offset {record.member.offset}"
        _check(record, record.block, name=name)
        note = self._notes.get(record.record_id)
        if note is None:
            raise BrokenRecord(name, "a cut page without the note that says what it was")
        headers = tuple(_pair(line) for line in note.get("http-header", []))
        status = int(note.get("http-status", ["0"])[0])
        original = note.get("original-payload-digest", [""])[0]
        return self._make(record, note, (status, headers, content_type), (record.block, original))

    def _make(
        self,
        record: WarcRecord,
        note: dict[str, list[str]],
        http: tuple[int, Headers, str],
        body: tuple[bytes, str],
    ) -> PageRecord:
        status, headers, content_type = http
        content, payload_digest = body
        return PageRecord(
            url=record.headers.get("warc-target-uri", ""),
            captured_at=_instant(record.headers.get("warc-date", ""), name=self._file),
            http_status=status,
            headers=headers,
            content_type=content_type,
            content=content,
            warc=WarcPointer(
                file=self._file,
                offset=record.member.offset,
                record_id=record.record_id,
                payload_digest=payload_digest,
                content_digest=digest(content),
            ),
            is_cut=record.headers["warc-type"] == "resource",
            access=_access(note),
            access_evidence=tuple(note.get("access-evidence", [])),
            state=next(iter(note.get("page-state", [])), None),
            state_evidence=tuple(note.get("page-evidence", [])),
            truncated=record.headers.get("warc-truncated"),
        )


def read_pages(source: bytes | Path, *, file: str) -> PageReader:
    """Return a reader of the pages in a WARC file: its content or path; ``file`` is its key."""
    return PageReader(source, file=file)


def parse_record(member: Member, *, name: str) -> WarcRecord:
    """Return the record in a member; raises :class:`BrokenRecord`, naming ``name``."""
    head, separator, block = member.content.partition(b"\r\n\r\n")
    lines = head.decode("utf-8", "replace").split("\r\n")
    if not separator or not lines[0].startswith("WARC/"):
        raise BrokenRecord(name, "no WARC record")
    headers = {key.lower(): value for key, value in (_pair(line) for line in lines[1:])}
    length = headers.get("content-length", "")
    if not length.isdecimal() or int(length) > len(block):
        raise BrokenRecord(name, f"wrong Content-Length {length!r}")
    return WarcRecord(member, headers, block[: int(length)])


def _parse_http(block: bytes, *, name: str) -> tuple[int, Headers, bytes]:
    head, separator, body = block.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    words = lines[0].split(" ", 2)
    if not separator or len(words) < 2 or not words[1].isdecimal():  # noqa: PLR2004 - version and status
        raise BrokenRecord(name, "no HTTP response")
    return int(words[1]), tuple(_pair(line) for line in lines[1:]), body


def _check(record: WarcRecord, payload: bytes, *, name: str) -> None:
    stated = record.headers.get("warc-payload-digest")
    if stated is not None and stated.startswith("sha256:") and stated != digest(payload):
        raise BrokenRecord(name, f"the payload is not the one of {stated}")


def _note(block: bytes) -> dict[str, list[str]]:
    note: dict[str, list[str]] = {}
    for line in block.decode("utf-8", "replace").splitlines():
        key, value = _pair(line)
        note.setdefault(key, []).append(value)
    return note


def _access(note: dict[str, list[str]]) -> Access:
    match note.get("access", ["free"])[0]:
        case "free":
            return "free"
        case "premium":
            return "premium"
    return "unknown"


def _pair(line: str) -> tuple[str, str]:
    key, _, value = line.partition(":")
    return key.strip(), value.strip()


def _header(headers: Headers, name: str) -> str:
    return ", ".join(value for key, value in headers if key.lower() == name)


def _is_html(content_type: str) -> bool:
    return content_type.split(";", maxsplit=1)[0].strip().lower() in _HTML_TYPES


def _instant(text: str, *, name: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise BrokenRecord(name, f"no date: {text!r}") from error
