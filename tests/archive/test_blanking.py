"""Blanking: what is meant is gone, everything else stays where it was, and the file stays a WARC file."""

import gzip
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from archive.blanking import blank, spans, target_of
from archive.members import Member, whole_bytes
from archive.warc import WarcFile, read_pages
from archive.warc_records import AccessNote, Exchange

AT = datetime(2026, 3, 1, 22, 15, tzinfo=UTC)
ORIGIN = "http://127.0.0.1/world"


def exchange(name: str, body: bytes, coding: str | None = None) -> Exchange:
    headers = [("Content-Type", "text/html; charset=utf-8")]
    if coding:
        headers.append(("Content-Encoding", coding))
    return Exchange(
        url=f"{ORIGIN}/{name}", captured_at=AT, status=200, headers=tuple(headers), body=body
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = WarcFile(tmp_path / "a.warc.gz", {"software": "test"}, created_at=AT)
    made.write(exchange("one", b"<p>The first story.</p>"), AccessNote(access="free"))
    made.write(exchange("two", b"<p>The second story.</p>" * 20_000))
    made.write(exchange("three", gzip.compress(b"<p>The third story.</p>"), "gzip"))
    made.write_withheld(exchange("four", b""), AccessNote(access="premium"))
    return made.close()


def named(name: str):
    return lambda member: target_of(member).endswith(f"/{name}")


def pages(path: Path) -> dict[str, tuple[int, bytes]]:
    return {page.url: (page.warc.offset, page.content) for page in read_pages(path, file="a")}


@pytest.mark.parametrize("name", ["one", "two", "three"])
def test_what_is_meant_is_gone_and_the_rest_is_where_it_was(path: Path, name: str) -> None:
    before, size = pages(path), path.stat().st_size
    found = spans(path, named(name))
    assert len(found) == 1, "a record, its note and its request lie side by side"
    blank(path, found, word="p/tombstones/x.json", at=AT)
    assert path.stat().st_size == whole_bytes(path) == size
    gone = f"{ORIGIN}/{name}"
    assert pages(path) == {url: one for url, one in before.items() if url != gone}
    everything = b"".join(
        record.rec_headers.to_str().encode() + record.raw_stream.read()
        for record in ArchiveIterator(BytesIO(path.read_bytes()))
    )
    assert gone.encode() not in everything
    assert b"removed: p/tombstones/x.json" in everything


def test_a_blanked_file_passes_the_fields_own_check(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blank(path, spans(path, lambda member: target_of(member) != ""), word="x", at=AT)
    assert pages(path) == {}

    class Given:
        inputs = [str(path)]  # noqa: RUF012 - what argparse would give
        verbose = True

    checker = Checker(Given())
    assert checker.process_all() == 0
    assert "digest failed" not in capsys.readouterr().out


def test_every_length_can_be_filled(path: Path) -> None:
    data = path.read_bytes()
    ((start, end),) = spans(path, named("two"))
    for less in range(12):
        shorter = path.with_name(f"{less}.warc.gz")
        shorter.write_bytes(data[:start] + data[start : end - less])
        blank(shorter, [(start, end - less)], word="x", at=AT)
        assert whole_bytes(shorter) == shorter.stat().st_size == end - less


def test_equal_orders_give_equal_bytes(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / path.name
    other.parent.mkdir()
    other.write_bytes(path.read_bytes())
    for one in (path, other):
        blank(one, spans(one, named("two")), word="x", at=AT)
    assert path.read_bytes() == other.read_bytes()


def test_a_withheld_page_is_blanked_too(path: Path) -> None:
    blank(path, spans(path, named("four")), word="x", at=AT)
    assert spans(path, named("four")) == []


def test_a_record_that_is_too_short_is_refused(path: Path) -> None:
    with pytest.raises(ValueError, match="too short"):
        blank(path, [(0, 60)], word="x", at=AT)


def test_a_member_without_an_address_has_none() -> None:
    assert (
        target_of(Member(0, 1, b"WARC/1.1\r\nWARC-Type: warcinfo\r\n\r\nWARC-Target-URI: x")) == ""
    )
