"""Damage to a WARC file costs only what it hits, and is told."""

import gzip
import resource
from pathlib import Path

import pytest

from archive.errors import DiskFull
from archive.warc import (
    AccessNote,
    open_path,
    recover,
)
from tests.archive.warc_support import PAGE, check, everything, exchange, start


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


@pytest.mark.parametrize(
    ("coding", "body", "words"),
    [
        ("gzip", gzip.compress(PAGE, mtime=0)[:-9], "ends early"),
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
    warc.write(exchange(truncated="disconnect", body=gzip.compress(PAGE, mtime=0)[:-9]))
    (page,), _ = everything(warc.close())
    assert page.truncated == "disconnect"
    assert PAGE.startswith(page.content)


def test_a_write_that_failed_leaves_no_part_of_a_record(tmp_path: Path) -> None:
    warc = start(tmp_path)
    warc.write(exchange(0))
    whole = open_path(warc.path).read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(whole) + 200, hard))
    try:
        with pytest.raises(DiskFull):
            warc.write(exchange(1))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert open_path(warc.path).read_bytes() == whole
    # With room again, what follows is read.
    warc.write(exchange(2))
    path = warc.close()
    check(path)
    pages, broken = everything(path)
    assert not broken
    assert [page.url for page in pages] == [exchange(0).url, exchange(2).url]


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
