"""Exchanges to write, and what a reader finds of them."""

import gzip
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from attrs import evolve
from warcio.archiveiterator import ArchiveIterator

from archive.errors import BrokenRecord
from archive.warc import (
    Exchange,
    PageRecord,
    WarcFile,
    read_pages,
)

AT = datetime(2026, 3, 1, 22, 15, 0, 123456, tzinfo=UTC)
PAGE = "<html><body><p>Kia ora, Tāmaki</p></body></html>".encode()
INFO = {"software": "newsarchive/0.1", "robots": "obey", "publisher": "nzherald"}


def exchange(number: int = 0, **changes: object) -> Exchange:
    body = gzip.compress(PAGE + str(number).encode(), mtime=0)
    whole = Exchange(
        url=f"http://127.0.0.1:8080/world/a-slug/{number}/?b=1",
        captured_at=AT + timedelta(seconds=number),
        request_headers=(("Host", "127.0.0.1:8080"), ("User-Agent", "newsarchive/0.1")),
        status=200,
        reason="OK",
        headers=(
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Encoding", "gzip"),
            ("Set-Cookie", "a=1"),
            ("Set-Cookie", "b=2"),
        ),
        body=body,
        ip_address="127.0.0.1",
    )
    return evolve(whole, **changes)


def start(folder: Path) -> WarcFile:
    return WarcFile(folder / "run-00000.warc.gz", INFO, created_at=AT)


def everything(source: Path | bytes) -> tuple[list[PageRecord], list[BrokenRecord]]:
    pages, broken = [], []
    reader = read_pages(source, file="k")
    while True:
        try:
            pages.append(next(reader))
        except StopIteration:
            return pages, broken
        except BrokenRecord as error:
            broken.append(error)


def records(path: Path) -> list[tuple[str, dict[str, str], bytes]]:
    with path.open("rb") as file:
        return [
            (r.rec_type, dict(r.rec_headers.headers), r.raw_stream.read())
            for r in ArchiveIterator(file)
        ]


def check(path: Path) -> None:
    warcio = Path(sys.executable).with_name("warcio")
    done = subprocess.run(
        [warcio, "check", "-v", path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no digest to check" not in done.stdout.split("warcinfo")[-1]
