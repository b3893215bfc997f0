"""The chain of days: its tree, its links, and what breaks it."""

import hashlib
from datetime import date

import pytest

from archive.codec import encode
from archive.keys import run_manifest_key
from archive.records import DayManifest, ObjectEntry, RunManifest
from pipelines.chain import broken_links, close_day, days_to_close, link_to, merkle_root

FIRST = date(2026, 3, 1)


def entry(name: str, size: int = 1) -> ObjectEntry:
    return ObjectEntry(key=name, size=size, sha256=hashlib.sha256(name.encode()).hexdigest())


def rfc6962(leaves: list[bytes]) -> bytes:
    """The definition of RFC 6962, section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + rfc6962(leaves[:split]) + rfc6962(leaves[split:])).digest()


@pytest.mark.parametrize("number", [*range(18), 100])
def test_the_root_is_that_of_the_rfc(number: int) -> None:
    entries = [entry(f"{place:03}") for place in range(number)]
    leaves = [encode(one) for one in entries]
    assert merkle_root(entries) == rfc6962(leaves).hex()
    assert merkle_root([*reversed(entries), *entries[:3]]) == merkle_root(entries)


def test_no_entry_can_change_without_the_root() -> None:
    entries = [entry(name) for name in "abcde"]
    roots = {merkle_root([*entries[:4], entry("e", size=2)]), merkle_root(entries[:4])}
    assert merkle_root(entries) not in roots


def key(day: int, number: int = 0) -> str:
    return run_manifest_key("p", f"202603{day:02}T120000Z-{number:08x}")


def test_each_day_that_is_over_takes_its_runs_and_the_first_the_late_ones() -> None:
    keys = [key(5), key(2), key(3), key(3, 1), key(4)]
    assert days_to_close(keys, date(2026, 3, 2), date(2026, 3, 5)) == {
        date(2026, 3, 3): [key(3), key(3, 1), key(2)],
        date(2026, 3, 4): [key(4)],
    }
    assert days_to_close([key(2)], date(2026, 3, 2), date(2026, 3, 5)) == {}, "waits for a day"
    assert list(days_to_close(keys, None, date(2026, 3, 3))) == [date(2026, 3, 2)]


def chain(length: int) -> list[DayManifest]:
    made: list[DayManifest] = []
    for number in range(length):
        before = link_to(made[-1]) if made else None
        run = RunManifest(
            publisher="p",
            run_id=f"202603{number + 1:02}T120000Z-00000000",
            kind="crawl",
            chain=before,
            objects=(entry(f"a{number}", 3), entry("b", 4)),
        )
        held = entry(run_manifest_key("p", run.run_id))
        made.append(close_day("p", FIRST.replace(day=number + 1), before, [(held, run)]))
    return made


def with_digests(links: list[DayManifest]) -> list[tuple[DayManifest, str]]:
    return [(link, link_to(link).sha256) for link in links]


def test_a_link_counts_its_objects_and_points_back() -> None:
    first, second = chain(2)
    assert (first.objects, first.bytes, first.previous) == (2, 7, None)
    assert second.previous is not None
    assert second.previous.sha256 == hashlib.sha256(encode(first)).hexdigest()
    assert broken_links("p", with_digests(chain(4))) == []


def test_a_link_that_is_gone_or_changed_is_named() -> None:
    links = with_digests(chain(4))
    (gone,) = broken_links("p", [*links[:1], *links[2:]])
    assert gone.key == "p/manifests/days/2026-03-02.json"
    assert gone.problem.startswith("missing")
    (gone,) = broken_links("p", links[1:])
    assert (gone.key, gone.problem[:7]) == ("p/manifests/days/2026-03-01.json", "missing")
    changed = [*links[:1], (links[1][0], "0" * 64), *links[2:]]
    (altered,) = broken_links("p", changed)
    assert (altered.key, altered.problem[:7]) == ("p/manifests/days/2026-03-02.json", "altered")
