"""What could hide from verify, and from the repair that follows it."""

from datetime import UTC, datetime, timedelta

from attrs import evolve

from archive.codec import decode, encode
from archive.connect import Archive
from archive.holdings import read_entry
from archive.keys import (
    new_run_id,
    run_manifest_key,
    takedown_key,
    warc_key,
)
from archive.object_store import ObjectStore
from archive.records import ObjectEntry, Rewritten, RunManifest, Takedown
from pipelines import steps
from pipelines.steps import Order
from pipelines.verify import Share
from tests.pipelines.support import PUBLISHER, STARTED_AT, Run
from tests.pipelines.test_auditing import audit, copy, replica
from tests.pipelines.test_steps import archive, run
from tests.pipelines.test_verify import PLAN, articles, blamed, flip, runs, verify

__all__ = ["archive", "replica", "run", "runs"]

NOTHING = evolve(PLAN, choose=lambda _: Share(1, frozenset()))
"""Reads the contents of no object."""


def test_an_object_of_a_run_that_is_still_to_come_is_no_run_under_way(
    archive: Archive, runs: list[Run]
) -> None:
    del runs
    key = warc_key(PUBLISHER, new_run_id(datetime(2099, 1, 1, tzinfo=UTC), ""), 0)
    archive.store.put(key, b"added")
    assert blamed(archive) == {key: "unfinished"}


def test_a_run_that_has_a_report_and_no_manifest_is_not_under_way(
    archive: Archive, runs: list[Run]
) -> None:
    key = run_manifest_key(PUBLISHER, runs[-1].run_id)
    archive.store.delete(key)
    assert blamed(archive)[key] == "missing"


def test_a_changed_tombstone_is_found_whatever_is_read(archive: Archive, runs: list[Run]) -> None:
    del runs
    gone, other = articles(archive)[:2]
    order = Order(article_id=gone.split("/")[2], reason="A" * 500, requested_by="B")
    at = STARTED_AT + timedelta(hours=50)
    steps.take_down(archive, order, now=at, new_run_id=lambda: new_run_id(at, ""))
    key = takedown_key(PUBLISHER, order.article_id)
    said = archive.store.get(key)
    made = decode(said, Takedown)
    more = evolve(made, removed=(*made.removed, archive.store.stat(other)), reason="")
    more = evolve(more, reason="A" * (len(said) - len(encode(more))))
    archive.store.put(key, encode(more))
    archive.store.delete(other)
    assert len(encode(more)) == len(said)
    assert blamed(archive, NOTHING)[key] == "altered"


def test_a_repair_believes_the_chain_and_no_manifest_that_came_later(
    archive: Archive, runs: list[Run], replica: ObjectStore
) -> None:
    copy(archive, replica)
    key = articles(archive)[0]
    whole = archive.store.get(key)
    head = verify(archive).head
    archive.store.put(key, b"other bytes")
    for hours in (-1, 49):  # before and behind the run that wrote it
        run_id = new_run_id(STARTED_AT + timedelta(hours=hours), "forged")
        forged = RunManifest(
            publisher=PUBLISHER,
            run_id=run_id,
            kind="crawl",
            chain=head,
            objects=(read_entry(key, [b"other bytes"]),),
        )
        archive.store.put(run_manifest_key(PUBLISHER, run_id), encode(forged))
    problems = audit(archive).found.problems
    assert key in {one.key for one in problems}
    steps.repair(archive, replica, problems)
    assert archive.store.get(key) == whole
    del runs


def test_a_forged_tombstone_of_a_known_run_hides_nothing(
    archive: Archive, runs: list[Run], replica: ObjectStore
) -> None:
    copy(archive, replica)
    own, other = articles(archive)[:2]
    file = runs[1].warc_key
    order = Order(article_id=own.split("/")[2], reason="A", requested_by="B")
    made = steps.plan_takedown(archive, order, now=STARTED_AT, run_id=runs[1].run_id)
    before = archive.store.stat(file)
    flip(archive, file)
    rewritten = (Rewritten(before=before, after=archive.store.stat(file)),)
    key = takedown_key(PUBLISHER, order.article_id)
    nothing = ObjectEntry(key="x", size=0, sha256="0" * 64)
    for removed in ((), (archive.store.stat(other),), (nothing,)):
        forged = evolve(made, removed=removed, rewritten=rewritten)
        archive.store.put(key, encode(forged))
        assert blamed(archive) == {key: "altered", file: "altered"}
    archive.store.delete(other)
    problems = audit(archive).found.problems
    assert {other, file} <= set(steps.repair(archive, replica, problems).repaired)
    steps.catch_up(archive)
    assert archive.catalogue.captures(PUBLISHER, order.article_id) != []
