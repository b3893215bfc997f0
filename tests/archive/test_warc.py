"""WARC files: what goes in comes out byte for byte, and damage costs only what it hits."""

import gzip
import json
import subprocess
import sys
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import brotli
import pytest
from attrs import evolve
from warcio.archiveiterator import ArchiveIterator

from archive.errors import BrokenRecord, DiskFull
from archive.keys import digest
from archive.warc import (
    AccessNote,
    Exchange,
    Original,
    PageRecord,
    WarcFile,
    open_path,
    read_pages,
    recover,
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


def test_body_and_headers_come_out_as_received(tmp_path: Path) -> None:
    warc = start(tmp_path)
    sent = exchange()
    warc.write(sent, AccessNote(access="free", evidence=("fusion:isPremium=false",)))
    path = warc.close()

    check(path)
    kinds = records(path)
    assert [kind for kind, _, _ in kinds] == ["warcinfo", "metadata", "response", "request"]
    response = kinds[2]
    assert response[2] == sent.body
    assert response[1]["WARC-Payload-Digest"] == digest(sent.body)
    assert response[1]["WARC-Date"] == "2026-03-01T22:15:00.123456Z"
    assert response[1]["WARC-IP-Address"] == "127.0.0.1"
    assert kinds[3][1]["WARC-Concurrent-To"] == response[1]["WARC-Record-ID"]
    page = next(read_pages(path, file="nzherald/warc/x"))
    assert page.content == PAGE + b"0"
    assert page.headers == sent.headers
    assert (page.access, page.access_evidence) == ("free", ("fusion:isPremium=false",))
    assert page.captured_at == AT
    assert page.warc.file == "nzherald/warc/x"
    assert page.warc.content_digest == digest(page.content)
    assert not page.is_cut


def test_warcinfo_says_how_it_was_captured(tmp_path: Path) -> None:
    path = start(tmp_path).close()
    info = records(path)[0][2].decode()
    for line in (
        "software: newsarchive/0.1",
        "format: WARC File Format 1.1",
        "robots: obey",
        "capture: body as received with content coding; transfer coding removed; header names normalised",
    ):
        assert line + "\r\n" in info


def test_a_cut_page_leaves_no_byte_of_the_original(tmp_path: Path) -> None:
    warc = start(tmp_path)
    sent = exchange(body=b"<html>SUBSCRIBERS</html>", headers=(("Content-Type", "text/html"),))
    note = AccessNote(access="premium", evidence=("badge",), cuts=("section",))
    warc.write_cut(sent, note, b"<html>public</html>")
    path = warc.close()

    check(path)
    assert b"SUBSCRIBERS" not in gzip.decompress(path.read_bytes())
    (page,), broken = everything(path)
    assert not broken
    assert (page.is_cut, page.access, page.access_evidence) == (True, "premium", ("badge",))
    assert page.content == b"<html>public</html>"
    assert page.http_status == 200
    assert page.warc.payload_digest == digest(sent.body)
    assert page.warc.content_digest == digest(b"<html>public</html>")


def test_a_withheld_body_leaves_a_note_and_no_page(tmp_path: Path) -> None:
    warc = start(tmp_path)
    warc.write_withheld(exchange(), AccessNote(access="unknown", cuts=("body",)))
    path = warc.close()
    check(path)
    assert everything(path) == ([], [])
    assert [kind for kind, _, _ in records(path)] == ["warcinfo", "metadata", "request"]


def test_not_modified_is_a_revisit_that_names_its_original(tmp_path: Path) -> None:
    warc = start(tmp_path)
    original = Original(url="http://a/b", captured_at=AT, payload_digest=digest(b"x"))
    warc.write_not_modified(exchange(status=304, body=b"", headers=()), original)
    path = warc.close()
    check(path)
    head = records(path)[1][1]
    assert head["WARC-Profile"].endswith("/server-not-modified")
    assert head["WARC-Refers-To-Target-URI"] == "http://a/b"
    assert head["WARC-Refers-To-Date"] == "2026-03-01T22:15:00.123456Z"
    assert everything(path) == ([], [])


def test_the_index_finds_every_record(tmp_path: Path) -> None:
    warc = start(tmp_path)
    for number in range(3):
        warc.write(exchange(number), AccessNote(access="free"))
    warc.write_cut(exchange(3), AccessNote(access="premium"), b"<p>")
    warc.write_not_modified(exchange(4, status=304), None)
    path = warc.close()

    lines = path.with_name(path.name + ".cdxj").read_text().splitlines()
    assert lines == sorted(lines)
    entries = [json.loads(line.split(" ", 2)[2]) for line in lines]
    assert [entry["mime"] for entry in entries] == [
        "text/html",
        "text/html",
        "text/html",
        "text/html",
        "warc/revisit",
    ]
    data = path.read_bytes()
    for entry in entries[:4]:
        offset, length = int(entry["offset"]), int(entry["length"])
        member = zlib.decompress(data[offset : offset + length], 31).decode("latin-1")
        assert f"WARC-Target-URI: {entry['url']}" in member
        assert entry["digest"].startswith("sha256:")
        assert entry["filename"] == path.name


def test_a_file_is_open_until_it_is_whole(tmp_path: Path) -> None:
    warc = start(tmp_path)
    assert not warc.path.exists()
    assert open_path(warc.path).exists()
    assert warc.close() == warc.path
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "run-00000.warc.gz",
        "run-00000.warc.gz.cdxj",
    ]


def test_a_crash_costs_at_most_the_last_exchange(tmp_path: Path) -> None:
    whole = start(tmp_path / "whole")
    for number in range(3):
        whole.write(exchange(number), AccessNote(access="free"))
    whole.abandon()
    content = open_path(whole.path).read_bytes()
    cut = tmp_path / "run-00000.warc.gz.open"
    for size in range(len(content) - 700, len(content), 150):
        cut.write_bytes(content[:size])
        path = recover(cut)
        assert path is not None
        check(path)
        pages, broken = everything(path)
        assert not broken
        assert 2 <= len(pages) <= 3
        path.rename(cut)


def test_a_file_without_a_whole_record_is_removed(tmp_path: Path) -> None:
    path = tmp_path / "run-00000.warc.gz.open"
    path.write_bytes(gzip.compress(b"WARC/1.1\r\n")[:-4])
    assert recover(path) is None
    path.write_bytes(b"")
    assert recover(path) is None
    assert list(tmp_path.iterdir()) == []


def test_a_file_cut_at_its_end_is_told(tmp_path: Path) -> None:
    warc = start(tmp_path)
    for number in range(3):
        warc.write(exchange(number))
    content = warc.close().read_bytes()
    pages, broken = everything(content[:-20])
    assert len(pages) == 3
    assert "ends in the middle" in str(broken[0])
    pages, broken = everything(content[: content.rfind(b"\x1f\x8b\x08") - 300])
    assert (len(pages), len(broken)) == (2, 1)


def test_a_damaged_record_costs_only_itself(tmp_path: Path) -> None:
    warc = start(tmp_path)
    for number in range(5):
        warc.write(exchange(number))
    path = warc.close()
    pages, _ = everything(path)
    content = bytearray(path.read_bytes())
    content[pages[2].warc.offset + 400] ^= 0xFF
    left, broken = everything(bytes(content))
    assert [page.url for page in left] == [p.url for p in pages if p is not pages[2]]
    assert f"offset {pages[2].warc.offset}" in str(broken[0])
    assert len(broken) == 1


def test_every_coding_is_undone(tmp_path: Path) -> None:
    warc = start(tmp_path)
    codings = {
        "gzip": gzip.compress(PAGE),
        "deflate": zlib.compress(PAGE),
        "br": brotli.compress(PAGE),
        "identity": PAGE,
        "gzip, br": brotli.compress(gzip.compress(PAGE)),
    }
    for coding, body in codings.items():
        headers = (("Content-Type", "text/html"), ("Content-Encoding", coding))
        warc.write(exchange(body=body, headers=headers))
    pages, broken = everything(warc.close())
    assert not broken
    assert [page.content for page in pages] == [PAGE] * len(codings)


@pytest.mark.parametrize(
    ("coding", "body", "words"),
    [
        ("gzip", gzip.compress(PAGE)[:-9], "ends early"),
        ("gzip", b"no gzip at all", "damaged gzip"),
        ("compress", PAGE, "unknown content coding"),
        ("gzip", gzip.compress(b"\0" * 70_000_000), "more than"),
    ],
)
def test_a_body_that_cannot_be_decoded_is_broken(
    tmp_path: Path, coding: str, body: bytes, words: str
) -> None:
    warc = start(tmp_path)
    headers = (("Content-Type", "text/html"), ("Content-Encoding", coding))
    warc.write(exchange(0, body=body, headers=headers))
    warc.write(exchange(1))
    pages, broken = everything(warc.close())
    assert len(pages) == 1
    assert words in str(broken[0])


def test_a_truncated_body_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    warc = start(tmp_path)
    warc.write(exchange(truncated="disconnect", body=gzip.compress(PAGE)[:-9]))
    (page,), _ = everything(warc.close())
    assert page.truncated == "disconnect"
    assert PAGE.startswith(page.content)


def test_only_pages_are_read(tmp_path: Path) -> None:
    warc = start(tmp_path)
    warc.write(exchange(body=b"<urlset/>", headers=(("Content-Type", "application/xml"),)))
    warc.write(exchange(body=b"User-agent: *", headers=(("Content-Type", "text/plain"),)))
    assert everything(warc.close()) == ([], [])


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full on this machine")
    warc = start(tmp_path)
    warc.abandon()
    warc._file = full.open("wb", buffering=0)
    with pytest.raises(DiskFull, match="No space left"):
        warc.write(exchange())
    warc.abandon()
