"""Writing WARC files: whole exchanges as received, cut pages as what anybody may see.

One gzip member a record, WARC/1.1, sha256 digests. A file is ``….warc.gz.open`` while it grows;
closing flushes it to the disk, puts its CDXJ index beside it and gives it its final name.
"""

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from archive.disk import writing
from archive.keys import digest
from archive.members import cut_to_whole
from archive.records import Original
from archive.warc_index import write_index
from archive.warc_pages import PageReader, PageRecord, read_pages
from archive.warc_records import (
    HTTP_REQUEST,
    HTTP_RESPONSE,
    WARC_FIELDS,
    AccessNote,
    Exchange,
    Headers,
    build_record,
    compress,
    is_coded,
    new_id,
    note_fields,
    request_block,
    response_head,
    warc_date,
    warc_fields,
)

__all__ = [
    "AccessNote",
    "Exchange",
    "Headers",
    "PageReader",
    "PageRecord",
    "WarcFile",
    "read_pages",
    "recover",
]

OPEN_ENDING = ".open"
"""What the name of a file ends with while it is written."""

NOT_MODIFIED_PROFILE = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

_FORMAT = {
    "format": "WARC File Format 1.1",
    "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
    "capture": "body as received with content coding; transfer coding removed; "
    "header names normalised",
}

Head = dict[str, str | None]


class WarcFile:
    """A WARC file that is being written. An exchange is in the file before the call returns."""

    def __init__(self, path: Path, info: dict[str, str], *, created_at: datetime) -> None:
        """Open ``path`` (``….warc.gz``) under its open name and write the warcinfo record.

        ``info`` holds the fields of the run; those about the format are added. Raises
        :class:`DiskFull`.
        """
        self.path = path
        self.size = 0
        self._info_id = new_id()
        with writing(path.parent):
            path.parent.mkdir(parents=True, exist_ok=True)
            # Unbuffered: what one call writes is whole in the file when the process dies after it.
            self._file = open_path(path).open("xb", buffering=0)
        head: Head = {"WARC-Filename": path.name, "Content-Type": WARC_FIELDS}
        block = warc_fields({**info, **_FORMAT}.items())
        self._append([compress(build_record("warcinfo", self._info_id, created_at, head, block))])

    def write(self, exchange: Exchange, note: AccessNote | None = None) -> None:
        """Keep an exchange as received. ``note`` is the gate's decision; None where none was due."""
        response_id = new_id()
        head = self._head(exchange) | {
            "WARC-Payload-Digest": digest(exchange.body),
            "Content-Type": HTTP_RESPONSE,
        }
        block = response_head(exchange) + exchange.body
        response = build_record("response", response_id, exchange.captured_at, head, block)
        # Compressing a compressed body again costs time and saves nothing.
        member = compress(response, level=0 if is_coded(exchange) else 6)
        noted = [self._metadata(exchange, note, response_id)] if note else []
        self._append([*noted, member, self._request(exchange, response_id)])

    def write_cut(
        self,
        exchange: Exchange,
        note: AccessNote,
        kept: bytes,
        content_type: str = "text/html; charset=utf-8",
    ) -> None:
        """Keep only what anybody may see of a page: ``kept`` is that HTML."""
        resource_id = new_id()
        head = self._head(exchange) | {
            "WARC-Payload-Digest": digest(kept),
            "Content-Type": content_type,
        }
        resource = build_record("resource", resource_id, exchange.captured_at, head, kept)
        self._append(
            [
                self._metadata(exchange, note, resource_id),
                compress(resource),
                self._request(exchange, resource_id),
            ]
        )

    def write_withheld(self, exchange: Exchange, note: AccessNote) -> None:
        """Keep that an exchange took place, and no byte of its body."""
        self._append([self._metadata(exchange, note, None), self._request(exchange, None)])

    def write_not_modified(self, exchange: Exchange, original: Original | None) -> None:
        """Keep a 304 as a revisit of ``original``; None when it is not known which capture that is."""
        revisit_id = new_id()
        head = self._head(exchange) | {
            "WARC-Profile": NOT_MODIFIED_PROFILE,
            "Content-Type": HTTP_RESPONSE,
        }
        if original is not None:
            head["WARC-Refers-To-Target-URI"] = original.url
            head["WARC-Refers-To-Date"] = warc_date(original.captured_at)
            head["WARC-Payload-Digest"] = original.payload_digest
        block = response_head(exchange)
        revisit = build_record("revisit", revisit_id, exchange.captured_at, head, block)
        self._append([compress(revisit), self._request(exchange, revisit_id)])

    def write_copy(
        self, url: str, received_at: datetime, content_type: str, content: bytes
    ) -> None:
        """Keep a file that was received before, such as the robots.txt that the run obeys."""
        head: Head = {
            "WARC-Target-URI": url,
            "WARC-Warcinfo-ID": f"<{self._info_id}>",
            "WARC-Payload-Digest": digest(content),
            "Content-Type": content_type or "application/octet-stream",
        }
        self._append([compress(build_record("resource", new_id(), received_at, head, content))])

    def close(self) -> Path:
        """End the file and return its final path; raises :class:`DiskFull`."""
        self._file.close()
        return _close_file(open_path(self.path))

    def abandon(self) -> None:
        """Let go of the file as it is; :func:`recover` makes it whole."""
        self._file.close()

    def discard(self) -> None:
        """Remove the file."""
        self._file.close()
        open_path(self.path).unlink()

    def _append(self, members: list[bytes]) -> None:
        content = memoryview(b"".join(members))
        with writing(self.path.parent):
            try:
                self._write(content)
            except OSError:
                # A part of a record must not stand before what may yet come.
                with suppress(OSError):
                    self._file.truncate(self.size)
                    self._file.seek(self.size)
                raise
        self.size += len(content)

    def _write(self, content: memoryview) -> None:
        while content:
            content = content[self._file.write(content) :]

    def _head(self, exchange: Exchange) -> Head:
        return {
            "WARC-Target-URI": exchange.url,
            "WARC-Warcinfo-ID": f"<{self._info_id}>",
            "WARC-IP-Address": exchange.ip_address,
            "WARC-Protocol": exchange.protocol if exchange.protocol == "h2" else None,
            "WARC-Truncated": exchange.truncated,
        }

    def _request(self, exchange: Exchange, concurrent_to: str | None) -> bytes:
        head = self._head(exchange) | {
            "WARC-Truncated": None,
            "WARC-Concurrent-To": concurrent_to and f"<{concurrent_to}>",
            "Content-Type": HTTP_REQUEST,
        }
        block = request_block(exchange)
        return compress(build_record("request", new_id(), exchange.captured_at, head, block))

    def _metadata(self, exchange: Exchange, note: AccessNote, refers_to: str | None) -> bytes:
        # It stands before the record that it is about: readers go forward.
        head: Head = {
            "WARC-Target-URI": exchange.url,
            "WARC-Warcinfo-ID": f"<{self._info_id}>",
            "WARC-Refers-To": refers_to and f"<{refers_to}>",
            "Content-Type": WARC_FIELDS,
        }
        block = warc_fields(note_fields(exchange, note))
        return compress(build_record("metadata", new_id(), exchange.captured_at, head, block))


def recover(path: Path) -> Path | None:
    """Make a file whole that a crash left open, and return its final path.

    It is cut after its last whole record. None, and no file left, when no record is whole.
    """
    cut_to_whole(path)
    if path.stat().st_size == 0:
        path.unlink()
        return None
    return _close_file(path)


def open_path(path: Path) -> Path:
    """Return the name that a WARC file has while it is written."""
    return path.with_name(path.name + OPEN_ENDING)


def _close_file(path: Path) -> Path:
    final = path.with_name(path.name.removesuffix(OPEN_ENDING))
    with writing(final.parent):
        _sync(path)
        _write_index(path, final)
        path.rename(final)
        _sync(final.parent)
    return final


def _write_index(warc: Path, final: Path) -> None:
    index = final.with_name(f"{final.name}.cdxj")
    beside = open_path(index)
    with beside.open("w", encoding="utf-8") as output:
        write_index(warc, output, filename=final.name)
    _sync(beside)
    beside.rename(index)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
