"""The index of replay: one sorted file out of many, grown by what is new, whatever happens on the way."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from archive.keys import cdxj_key, new_run_id, warc_key
from archive.object_store import ObjectStore
from pipelines import steps
from pipelines.replay import is_index, merged, path_lines, portions, replay_path
from pipelines.steps import replaying

PUBLISHER = "nzherald"
DAY = datetime(2026, 3, 1, 22, 15, tzinfo=UTC)


def line(address: str, second: int, digest: str = "a", **fields: str) -> bytes:
    place = {"url": address, "mime": "text/html", "status": "200", "digest": digest, **fields}
    kept = {name: value for name, value in place.items() if value}
    return f"{address} 202603012215{second:02d} {json.dumps(kept)}".encode()


def unchanged(address: str, second: int, digest: str = "a") -> bytes:
    return line(address, second, digest, mime="warc/revisit", status="304", offset="9")


def places(lines: Iterator[bytes]) -> list[tuple[str, str]]:
    parts = [one.split(b" ", 2) for one in lines]
    return [(moment.decode()[-2:], json.loads(place)["digest"]) for _, moment, place in parts]


def test_sorted_sources_become_one_and_equal_lines_are_there_once() -> None:
    one, other = [line("a", 1), line("c", 1)], [line("a", 1), line("a", 2, "b"), line("b", 1)]
    found = list(merged(one, other))
    assert found == sorted({*one, *other})
    assert list(merged(found, other, one)) == found


def test_a_304_leads_to_the_capture_that_it_says_still_stands() -> None:
    lines = [
        line("a", 1, "first"),
        line("a", 2, "second"),
        unchanged("a", 3, "first"),
        unchanged("a", 4, "second"),
    ]
    found = list(merged(lines))
    assert places(found) == [("01", "first"), ("02", "second"), ("03", "first"), ("04", "second")]
    assert not any(b"revisit" in one for one in found)
    # Taken in once more, as after a kill, it is no second capture.
    assert list(merged(found, lines)) == found


def test_a_304_about_a_cut_page_leads_to_the_cut_page() -> None:
    lines = [line("a", 1, "cut", status=""), unchanged("a", 3, "whole")]
    assert places(merged(lines)) == [("01", "cut"), ("03", "cut")]
    lines = [
        line("a", 1, "cut", status=""),
        line("a", 2, "gone", status="404"),
        unchanged("a", 3, "x"),
    ]
    assert places(merged(lines)) == [("01", "cut"), ("02", "gone"), ("03", "cut")]


def test_a_304_about_nothing_we_hold_is_left_out_until_we_do() -> None:
    assert list(merged([unchanged("a", 3)])) == []
    assert places(merged([line("a", 1)], [unchanged("a", 3)])) == [("01", "a"), ("03", "a")]


def test_what_was_left_out_can_be_taken_in_with_its_capture() -> None:
    left: list[bytes] = []
    assert list(merged([unchanged("a", 3), line("b", 1)], waiting=left)) == [line("b", 1)]
    assert left == [unchanged("a", 3)]
    assert places(merged([line("a", 1)], left)) == [("01", "a"), ("03", "a")]


def test_a_copy_of_an_answer_gives_way_to_the_answer() -> None:
    copy, answer = line("robots", 1, "copied", status=""), line("robots", 1, "answered")
    assert list(merged([answer], [copy])) == [answer]
    assert list(merged([copy])) == [copy]
    assert list(merged([copy], [line("robots", 2)])) == [copy, line("robots", 2)]


def test_what_is_no_index_is_known() -> None:
    assert is_index(b"\n".join([line("a", 1), line("b", 1)]) + b"\n")
    assert is_index(b"")
    for content in (b"a 20260301", b"a 20260301 {", b"\x00\x00", line("a", 1)[:-1] + b"\n"):
        assert not is_index(content)


def test_the_path_index_is_in_the_order_of_names() -> None:
    keys = ["nzherald/warc/2026-03-02/b.warc.gz", "nzherald/warc/2026-03-03/a.warc.gz"]
    assert list(path_lines(keys, "bucket")) == [
        b"a.warc.gz\ts3://bucket/nzherald/warc/2026-03-03/a.warc.gz",
        b"b.warc.gz\ts3://bucket/nzherald/warc/2026-03-02/b.warc.gz",
    ]


def test_portions_are_as_large_as_they_may_be() -> None:
    sizes = {"a": 3, "b": 3, "c": 9, "d": 1}
    assert list(portions(sizes, 6)) == [["a", "b"], ["c"], ["d"]]
    assert list(portions(sizes, 100)) == [["a", "b", "c", "d"]]
    assert list(portions({}, 6)) == []


def test_an_address_has_its_time_in_utc() -> None:
    at = datetime.fromisoformat("2026-03-02T11:15:07.9+13:00")
    assert replay_path("nzherald", "https://a.example/b?c=1", at) == (
        "/nzherald/20260301221507/https://a.example/b?c=1"
    )


class Bucket:
    """A bucket with an index for each run."""

    def __init__(self, store: ObjectStore, folder: Path) -> None:
        self.store = store
        self.folder = folder

    def add(self, address: str, day: int = 1) -> str:
        """A run of a day in March left a WARC file with one capture; returns its key."""
        warc = warc_key(PUBLISHER, new_run_id(DAY.replace(day=day), address), 0)
        self.store.put_once(warc, b"")
        self.store.put_once(cdxj_key(warc), line(address, 1) + b"\n")
        return warc

    def index(self, **more: tuple[date | None, date | None]) -> steps.ReplayIndex:
        return steps.index_for_replay(self.store, PUBLISHER, self.folder, **more)


@pytest.fixture
def bucket(store: ObjectStore, tmp_path: Path) -> Bucket:
    return Bucket(store, tmp_path / "replay")


def shown(index: steps.ReplayIndex) -> list[str]:
    return [one.split()[0] for one in index.captures.read_text().splitlines()]


def test_an_empty_archive_has_an_empty_index(bucket: Bucket) -> None:
    index = bucket.index()
    assert (shown(index), index.files, index.added) == ([], frozenset(), 0)
    assert index.paths.read_text() == ""


def test_only_what_is_new_is_fetched(bucket: Bucket) -> None:
    first = bucket.add("b")
    assert shown(bucket.index()) == ["b"]
    # If it were read again, this would show: it has the same length.
    bucket.store.put(cdxj_key(first), line("x", 1) + b"\n")
    second = bucket.add("a")
    index = bucket.index()
    assert (shown(index), index.added) == (["a", "b"], 1)
    assert index.files == {first, second}
    assert index.paths.read_text().count(f"s3://{bucket.store.bucket}/nzherald/warc/") == 2
    assert bucket.index().added == 0


def test_a_start_that_was_killed_is_made_good_by_the_next(bucket: Bucket) -> None:
    for name in "abc":
        bucket.add(name)
    whole = bucket.index()
    lines, taken = whole.captures.read_bytes(), (whole.folder / "taken.tsv").read_bytes()
    for left in (b"", taken[:-30], taken[: len(taken) // 2], taken[:-1]):
        # The index is ahead of its list, which may end in the middle of a line.
        (whole.folder / "taken.tsv").write_bytes(left)
        (whole.folder / "index.cdxj.part").write_bytes(b"half a l")
        assert bucket.index().captures.read_bytes() == lines
        assert sorted((whole.folder / "taken.tsv").read_bytes().split()) == sorted(taken.split())


def test_a_lost_index_is_made_anew(bucket: Bucket) -> None:
    bucket.add("a")
    bucket.index().captures.unlink()
    assert shown(bucket.index()) == ["a"]


def test_an_index_forgets_what_is_no_longer_in_the_bucket(bucket: Bucket) -> None:
    lost, changed = bucket.add("a"), bucket.add("b")
    bucket.add("c")
    assert shown(bucket.index()) == ["a", "b", "c"]
    bucket.store.delete(cdxj_key(lost))
    assert shown(bucket.index()) == ["b", "c"]
    bucket.store.put(cdxj_key(changed), b"")
    assert shown(bucket.index()) == ["c"]


def test_dates_limit_what_is_taken_in(bucket: Bucket) -> None:
    for day in (1, 4, 5, 6, 9):
        bucket.add(f"day{day}", day)
    some = bucket.index(days=(date(2026, 3, 5), date(2026, 3, 6)))
    # The fifth begins in New Zealand on the UTC day before.
    assert shown(some) == ["day4", "day5", "day6"]
    assert len(some.files) == 3
    assert shown(bucket.index(days=(None, date(2026, 3, 1)))) == ["day1", "day4", "day5", "day6"]
    assert len(bucket.index().files) == 5


def test_a_304_is_shown_once_its_page_is_taken_in_too(bucket: Bucket, tmp_path: Path) -> None:
    bucket.add("a", 1)
    later = cdxj_key(bucket.add("b", 3))
    bucket.store.put(later, unchanged("a", 3) + b"\n")
    assert shown(bucket.index(days=(date(2026, 3, 3), None))) == []
    grown = bucket.index().captures.read_bytes()
    whole = steps.index_for_replay(bucket.store, PUBLISHER, tmp_path / "whole")
    assert grown == whole.captures.read_bytes()
    assert grown.count(b"\n") == 2


def test_a_key_of_somebody_else_stops_nothing(bucket: Bucket) -> None:
    bucket.add("a")
    bucket.store.put(f"{PUBLISHER}/warc/notes/index.cdxj", b"{}")
    assert shown(bucket.index()) == ["a"]


def test_a_damaged_index_is_named_and_costs_only_its_own(bucket: Bucket) -> None:
    bucket.add("a")
    broken = cdxj_key(bucket.add("b"))
    bucket.store.put(broken, b"b 20260301221501 {")
    index = bucket.index()
    assert (shown(index), index.broken, index.added) == (["a"], (broken,), 1)
    # What was repaired is there at the next start.
    bucket.store.put(broken, line("b", 1) + b"\n")
    assert (shown(bucket.index()), bucket.index().broken) == (["a", "b"], ())


def test_many_portions_make_the_same_index_as_one(bucket: Bucket) -> None:
    names = [f"{number:02}" for number in range(20)]
    for name in reversed(names):
        bucket.add(name)
    seen: list[tuple[int, int]] = []
    index = steps.index_for_replay(
        bucket.store,
        PUBLISHER,
        bucket.folder,
        portion_bytes=400,
        progress=lambda done, of: seen.append((done, of)),
    )
    assert shown(index) == names
    assert seen[-1] == (20, 20)
    assert len(seen) > 3
    assert replaying.PORTION_BYTES > 400
