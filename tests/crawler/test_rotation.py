"""WARC files are closed when they are large, and when the UTC day on which they were begun is over."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.keys import new_run_id
from archive.object_store import ObjectStore
from crawler.recorder import Recorder, Spool

LATE = datetime(2026, 3, 1, 23, 59, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = LATE

    def __call__(self) -> datetime:
        return self.now


def recorder(store: ObjectStore, folder: Path, clock: Clock, rotate_bytes: int = 10**9) -> Recorder:
    spool = Spool(folder / new_run_id(LATE, "1"), "nzherald")
    return Recorder(spool, store, {}, clock, rotate_bytes=rotate_bytes)


def keep(recorder: Recorder, clock: Clock, number: int) -> None:
    """Keep something and rotate when asked to, as the capture does."""
    url = f"https://n.example/{number}"
    recorder.keep_copy(url, clock(), "text/plain", b"words " * 50)
    if recorder.is_full:
        recorder.rotate()


def test_a_new_day_begins_a_new_file(store: ObjectStore, tmp_path: Path) -> None:
    clock = Clock()
    writing = recorder(store, tmp_path, clock)
    keep(writing, clock, 0)
    assert writing.keys == []
    clock.now += timedelta(minutes=2)
    keep(writing, clock, 1)
    assert len(writing.keys) == 1, "the day is over"
    keep(writing, clock, 2)
    writing.finish()
    writing.release()
    assert [key[-13:] for key in writing.keys] == ["00000.warc.gz", "00001.warc.gz"]
    assert set(store.list_keys("nzherald/warc/")) == {
        *writing.keys,
        *(f"{key}.cdxj" for key in writing.keys),
    }


def test_a_large_file_is_closed(store: ObjectStore, tmp_path: Path) -> None:
    clock = Clock()
    writing = recorder(store, tmp_path, clock, rotate_bytes=500)
    for number in range(4):
        keep(writing, clock, number)
    writing.finish()
    writing.release()
    assert len(writing.keys) > 1
