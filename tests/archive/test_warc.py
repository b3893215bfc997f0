"""WARC files: what goes in comes out byte for byte."""

import gzip
import json
import zlib
from pathlib import Path

import brotli

from archive.keys import digest
from archive.records import Original
from archive.warc import (
    AccessNote,
    open_path,
    read_pages,
)
from tests.archive.warc_support import AT, PAGE, check, everything, exchange, records, start


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


def test_only_pages_are_read(tmp_path: Path) -> None:
    warc = start(tmp_path)
    warc.write(exchange(body=b"<urlset/>", headers=(("Content-Type", "application/xml"),)))
    warc.write(exchange(body=b"User-agent: *", headers=(("Content-Type", "text/plain"),)))
    assert everything(warc.close()) == ([], [])
