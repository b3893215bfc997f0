"""The nightly audit: each object in its turn, and damage mended from a replica."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from attrs import evolve

from archive.connect import Archive, open_replica
from archive.errors import ConfigurationError
from archive.keys import audit_key, new_run_id, run_manifest_key
from archive.object_store import ObjectStore
from archive.records import AuditReport
from pipelines import steps
from pipelines.verify import turns_due
from tests.pipelines.support import PUBLISHER, STARTED_AT, Run
from tests.pipelines.test_steps import archive, run
from tests.pipelines.test_verify import articles, blamed, flip, runs

__all__ = ["archive", "run", "runs"]

NIGHT = STARTED_AT + timedelta(hours=50)


def audit(archive: Archive, nights: int = 0) -> AuditReport:
    at = NIGHT + timedelta(days=nights)
    return steps.audit(archive, at, new_run_id(at, str(nights)))


@pytest.fixture
def replica(archive: Archive, tmp_path: Path) -> ObjectStore:
    """An empty bucket beside the archive's."""
    settings = archive.settings.model_copy(
        update={
            "replica_endpoint": archive.settings.s3_endpoint,
            "replica_access_key": archive.settings.s3_access_key,
            "replica_secret_key": archive.settings.s3_secret_key,
            "replica_bucket": f"{archive.settings.bucket}-copy",
        }
    )
    found = open_replica(settings)
    assert found is not None
    found.ensure_bucket()
    return found


def copy(archive: Archive, replica: ObjectStore) -> None:
    for key in archive.store.list_keys(""):
        replica.put(key, archive.store.get(key))


def test_every_object_has_its_turn_within_the_days() -> None:
    day = date(2026, 3, 10)
    assert turns_due(day, None, 7) == frozenset(range(7)), "the first reads all"
    week = [turns_due(day + timedelta(n), day + timedelta(n - 1), 7) for n in range(7)]
    assert sorted(turn for taken in week for turn in taken) == list(range(7))
    after_three = turns_due(day + timedelta(3), day, 7)
    assert after_three == week[1] | week[2] | week[3], "nights without an audit are made good"
    assert turns_due(day + timedelta(100), day, 7) == frozenset(range(7))
    assert turns_due(day, day, 7) == week[0], "twice on one day"


def test_audits_read_shares_and_are_objects_of_the_archive(
    archive: Archive, runs: list[Run]
) -> None:
    del runs
    few = archive.settings.model_copy(update={"audit_days": 3})
    archive = evolve(archive, settings=few)
    first = audit(archive)
    assert first.found.read == first.found.objects
    later = [audit(archive, night) for night in (1, 2, 3)]
    assert {turn for one in later for turn in one.taken} == {0, 1, 2}
    assert sum(one.found.read for one in later) >= first.found.objects
    assert all(one.found.read < one.found.objects for one in later)
    assert steps.newest_audit(archive) == later[-1]
    assert later[-1].found.problems == (), "audits are named by manifests too"


def test_a_damaged_report_of_the_last_audit_is_named_by_the_next(
    archive: Archive, runs: list[Run]
) -> None:
    key = audit_key(PUBLISHER, audit(archive).run_id)
    archive.store.put(key, b"{")
    assert [one.key for one in audit(archive, 1).found.problems] == [key]
    del runs


def test_damage_is_mended_from_the_replica(
    archive: Archive, runs: list[Run], replica: ObjectStore
) -> None:
    copy(archive, replica)
    gone, bad = articles(archive)[:2]
    manifest = run_manifest_key(PUBLISHER, runs[0].run_id)
    archive.store.delete(gone)
    flip(archive, bad)
    flip(archive, runs[1].warc_key)
    archive.store.delete(manifest)
    problems = audit(archive).found.problems
    done = steps.repair(archive, replica, problems)
    assert {gone, bad, manifest, runs[1].warc_key} <= set(done.repaired)
    assert done.left == ()
    assert blamed(archive) == {}


def test_a_replica_that_is_wrong_too_mends_nothing(
    archive: Archive, runs: list[Run], replica: ObjectStore
) -> None:
    del runs
    copy(archive, replica)
    gone, bad, lost = articles(archive)[:3]
    added = gone.replace(".json", "0.json")
    for store in (archive.store, replica):
        store.put(bad, b"worse")
        store.delete(lost)
        store.put(added, b"{}")
    archive.store.delete(gone)
    done = steps.repair(archive, replica, audit(archive).found.problems)
    assert done.repaired == (gone,)
    why = {one.key: one.problem.split("; ")[1] for one in done.left}
    assert why[bad].startswith("the replica holds other bytes")
    assert why[lost] == "the replica lacks it"
    assert why[added] == "no manifest says what it was"
    assert archive.store.get(bad) == b"worse", "left as it is"
    assert archive.store.exists(added), "nothing is removed"


def test_a_replica_without_its_keys_is_refused(archive: Archive) -> None:
    half = archive.settings.model_copy(update={"replica_endpoint": "http://127.0.0.1:9"})
    with pytest.raises(ConfigurationError, match="ARCHIVE_REPLICA_ACCESS_KEY and"):
        open_replica(half)
    assert open_replica(archive.settings) is None
