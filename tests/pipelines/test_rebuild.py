"""Rebuild: a catalogue filled from the bucket is, row for row, the one that grew with the runs."""

import sqlite3
from collections.abc import Callable

import pytest
from attrs import evolve

from archive.codec import decode_lines, encode_lines
from archive.connect import Archive, open_archive
from archive.errors import CatalogueUnavailable, ConfigurationError
from archive.keys import captures_key, crawl_key, run_key, run_manifest_key, takedown_key
from archive.records import Capture
from archive.settings import ArchiveSettings
from demo.newspaper import Newspaper
from pipelines import steps
from tests.pipelines.support import PUBLISHER, Run, stories, take_steps
from tests.pipelines.test_steps import GARBAGE, archive, run
from tests.pipelines.test_verify import runs

__all__ = ["archive", "run", "runs"]

ENRICH = "20260305T000000Z-0000000"


def rows(settings: ArchiveSettings) -> dict[str, list[str]]:
    """Every row of every table, sorted."""
    with sqlite3.connect(settings.home / "catalogue.db") as database:
        tables = [
            name
            for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type='table'")
        ]
        found = {
            name: sorted(map(repr, database.execute(f"SELECT * FROM {name}")))  # noqa: S608 - its own
            for name in tables
        }
    database.close()
    return found


def rebuilt(settings: ArchiveSettings) -> dict[str, list[str]]:
    with open_archive(settings, fresh_catalogue=True) as fresh:
        assert steps.rebuild(fresh) == []
    return rows(settings)


def test_a_rebuilt_catalogue_is_equal_row_for_row(
    archive: Archive, newspaper: Newspaper, runs: list[Run], run: Callable[[int], Run]
) -> None:
    late, bad = run(12), stories(newspaper, ["staff", "ap_wire"])[8]
    late.add(bad, GARBAGE)
    late.add(stories(newspaper, ["staff", "ap_wire"])[0])
    late.finish()
    for number, day in enumerate(archive.catalogue.days(PUBLISHER)):
        steps.enrich(archive, day, ["names"], run_id=f"{ENRICH}{number}")
    again = run(60)
    again.add(stories(newspaper, ["staff", "ap_wire"])[1])
    again.finish()
    before = rows(archive.settings)
    assert {name for name, found in before.items() if found} >= {
        *("annotations", "articles", "captures", "heads", "ledger", "runs"),
    }
    assert rebuilt(archive.settings) == before
    assert len(before["runs"]) == len(runs) + 2


def test_a_catalogue_of_another_version_is_refused_and_can_be_rebuilt(
    archive: Archive, runs: list[Run]
) -> None:
    before = rows(archive.settings)
    with sqlite3.connect(archive.settings.home / "catalogue.db") as database:
        database.execute("UPDATE schema_version SET version = 1")
    database.close()
    with (
        pytest.raises(ConfigurationError, match="newsarchive rebuild"),
        open_archive(archive.settings),
    ):
        pass
    assert rebuilt(archive.settings) == before
    del runs


def test_a_run_that_cannot_be_read_is_named_and_costs_no_other(
    archive: Archive, runs: list[Run]
) -> None:
    archive.store.put(crawl_key(PUBLISHER, runs[1].run_id), b"{")
    told: list[tuple[int, int]] = []
    with open_archive(archive.settings, fresh_catalogue=True) as fresh:
        broken = steps.rebuild(fresh, lambda done, of: told.append((done, of)))
        assert broken == [runs[1].run_id]
        assert fresh.catalogue.run_ids(PUBLISHER) == {runs[0].run_id, runs[2].run_id}
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_rebuild_that_was_killed_is_gone_on_with_by_the_next_command(
    archive: Archive, runs: list[Run]
) -> None:
    for number, day in enumerate(archive.catalogue.days(PUBLISHER)):
        steps.enrich(archive, day, ["names"], run_id=f"{ENRICH}{number}")
    before = rows(archive.settings)
    archive.catalogue.close()

    class Killed(Exception):
        pass

    def die(done: int, _of: int) -> None:
        if done == len(runs) - 1:
            raise Killed

    with pytest.raises(Killed), open_archive(archive.settings, fresh_catalogue=True) as fresh:
        steps.rebuild(fresh, die)
    assert rows(archive.settings) != before
    with open_archive(archive.settings) as later:
        assert steps.catch_up(later) == 1
    assert rows(archive.settings) == before


def test_damaged_manifests_are_named_and_cost_nothing_else(
    archive: Archive, runs: list[Run]
) -> None:
    steps.enrich(archive, archive.catalogue.days(PUBLISHER)[0], ["names"], run_id=f"{ENRICH}0")
    before = rows(archive.settings)
    days = archive.store.list_keys(f"{PUBLISHER}/manifests/days/")
    damaged = [run_manifest_key(PUBLISHER, f"{ENRICH}0"), max(days)]
    tombstone = takedown_key(PUBLISHER, "A" * 26)
    for key in (*damaged, tombstone):
        archive.store.put(key, b"{")
    with open_archive(archive.settings, fresh_catalogue=True) as fresh:
        assert steps.rebuild(fresh) == [tombstone, *damaged]
        assert steps.catch_up(fresh) == 0, "it is done, and not tried by every command"
    after = rows(archive.settings)
    assert {name for name in before if before[name] != after[name]} == {"annotations", "heads"}
    del runs


def test_books_of_an_old_run_that_came_late_are_taken_in(
    archive: Archive, newspaper: Newspaper, run: Callable[[int], Run]
) -> None:
    old, newer, newest = run(0), run(24 * 4), run(24 * 5)
    chosen = stories(newspaper, ["staff", "ap_wire"])
    old.add(chosen[0])
    summary = old.preserve()
    newer.add(chosen[1])
    newer.finish()
    take_in = archive.catalogue.take_in

    def killed(_books: object) -> None:
        raise CatalogueUnavailable(PUBLISHER, "the process died")

    archive.catalogue.take_in = killed  # type: ignore[method-assign]  # dies behind the report
    with pytest.raises(CatalogueUnavailable):
        take_steps(archive, summary)
    archive.catalogue.take_in = take_in  # type: ignore[method-assign]
    newest.add(chosen[2])
    newest.finish()
    assert steps.catch_up(archive) == 1
    assert archive.catalogue.captures(PUBLISHER, chosen[0].article_id) != []


def test_books_that_were_altered_are_not_taken_for_true(archive: Archive, runs: list[Run]) -> None:
    key = captures_key(PUBLISHER, runs[0].run_id)
    found = list(decode_lines(archive.store.get(key), Capture))
    archive.store.put(key, encode_lines(evolve(one, section="forged") for one in found))
    with open_archive(archive.settings, fresh_catalogue=True) as fresh:
        assert steps.rebuild(fresh) == [runs[0].run_id]
        assert fresh.catalogue.run_ids(PUBLISHER) == {one.run_id for one in runs[1:]}


def test_a_run_whose_report_is_gone_and_a_tombstone_that_rots_are_named(
    archive: Archive, runs: list[Run]
) -> None:
    archive.store.delete(run_key(PUBLISHER, runs[0].run_id))
    key = takedown_key(PUBLISHER, "M62CNDX45JBN7AU4WSXCT4ZEIY")
    archive.store.put(key, b"{")
    with open_archive(archive.settings, fresh_catalogue=True) as fresh:
        assert set(steps.rebuild(fresh)) == {runs[0].run_id, key}
