"""Bytes that rot on the disk of the replica: one object costs itself, and no repair of others."""

from attrs import evolve

from archive.connect import Archive
from archive.embedded_store import EmbeddedStore
from archive.object_store import ObjectStore
from pipelines import steps
from tests.faults.test_rot import rot
from tests.pipelines.support import Run
from tests.pipelines.test_auditing import audit, copy, replica
from tests.pipelines.test_steps import archive, run
from tests.pipelines.test_verify import articles, runs

__all__ = ["archive", "replica", "run", "runs"]


def test_an_object_that_rots_in_the_replica_keeps_no_other_from_being_mended(
    archive: Archive, runs: list[Run], replica: ObjectStore, s3_server: EmbeddedStore
) -> None:
    copy(archive, replica)
    other, file = articles(archive)[0], runs[1].warc_key
    rot(evolve(archive, store=replica), s3_server, other)
    archive.store.delete(other)
    archive.store.delete(file)
    done = steps.repair(archive, replica, audit(archive).found.problems)
    assert done.repaired == (file,)
    assert [one.key for one in done.left] == [other]
