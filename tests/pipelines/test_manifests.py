"""Manifests as the steps write them: everything a run left, once, and the days over them."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve

from archive.catalogue import Catalogue
from archive.codec import decode
from archive.connect import Archive
from archive.keys import day_manifest_key, enrichment_key, run_day, run_key, run_manifest_key
from archive.records import RunManifest
from demo.newspaper import Newspaper
from pipelines import steps
from pipelines.chain import link_to
from pipelines.steps import VerifyPlan
from tests.pipelines.support import PUBLISHER, STARTED_AT, Run, stories, take_steps
from tests.pipelines.test_steps import GARBAGE, archive, run

__all__ = ["archive", "run"]

ENRICH = "20260302T000000Z-00000000"


def manifest(archive: Archive, run_id: str) -> RunManifest:
    key = run_manifest_key(PUBLISHER, run_id)
    return decode(archive.store.get(key), RunManifest, name=key)


def all_keys(archive: Archive) -> set[str]:
    return {key for key in archive.store.list_keys(f"{PUBLISHER}/") if "/manifests/" not in key}


def test_a_run_names_everything_it_left_and_nothing_else(
    archive: Archive, newspaper: Newspaper, run: Callable[[int], Run]
) -> None:
    first, second = run(0), run(1)
    held, new, bad = stories(newspaper, ["staff", "ap_wire"])[:3]
    first.add(held)
    for story in (held, new):
        second.add(story)
    second.add(bad, GARBAGE)
    first.finish()
    before = all_keys(archive)
    second.finish()
    named = manifest(archive, second.run_id)
    assert {one.key for one in named.objects} == all_keys(archive) - before
    assert any("/quarantine/" in one.key for one in named.objects)
    assert sum("/articles/" in one.key for one in named.objects) == 1, "the other was held"
    for one in named.objects:
        content = archive.store.get(one.key)
        assert (one.size, one.sha256) == (len(content), hashlib.sha256(content).hexdigest())


def test_a_run_killed_before_its_outcomes_still_names_what_it_had_kept(
    archive: Archive, newspaper: Newspaper, run: Callable[[int], Run], tmp_path: Path
) -> None:
    first = run(0)
    first.add(stories(newspaper, ["staff"])[0])
    summary = first.preserve()
    take_steps(archive, summary)
    (article,) = archive.store.list_keys(f"{PUBLISHER}/articles/")
    for key in [key for key in all_keys(archive) if not key.endswith((".gz", ".cdxj"))]:
        if "/articles/" not in key and "/crawls/" not in key:
            archive.store.delete(key)
    archive.store.delete(run_manifest_key(PUBLISHER, first.run_id))
    with Catalogue(f"sqlite:///{tmp_path / 'new.db'}") as empty:
        take_steps(evolve(archive, catalogue=empty), summary)
    assert article in {one.key for one in manifest(archive, first.run_id).objects}


def test_days_are_closed_once_each_and_late_manifests_come_after(
    archive: Archive, newspaper: Newspaper, run: Callable[[int], Run]
) -> None:
    story = stories(newspaper, ["staff"])[0]
    runs = [run(hours) for hours in (0, 24, 72)]
    for one in runs:
        one.add(story)
        one.finish()
    first_day = run_day(runs[0].run_id)
    days = list(steps.days(archive.store, PUBLISHER))
    assert [link.day for link in days] == [first_day, run_day(runs[1].run_id)]
    assert days[1].previous == link_to(days[0])
    assert manifest(archive, runs[2].run_id).chain == link_to(days[1])
    assert steps.close_days(archive, STARTED_AT + timedelta(hours=72)) == []

    late = run(1)
    late.add(story)
    late.finish()
    (made,) = steps.close_days(archive, STARTED_AT + timedelta(hours=120))
    held = {one.key for one in made.manifests}
    assert held == {run_manifest_key(PUBLISHER, one.run_id) for one in (runs[2], late)}


def test_a_run_killed_between_report_and_manifest_is_completed_before_its_day_is_closed(
    archive: Archive, newspaper: Newspaper, run: Callable[[int], Run]
) -> None:
    one = run(0)
    one.add(stories(newspaper, ["staff"])[0])
    one.finish()
    whole = manifest(archive, one.run_id)
    archive.store.delete(run_manifest_key(PUBLISHER, one.run_id))
    steps.close_days(archive, STARTED_AT + timedelta(days=2))
    assert manifest(archive, one.run_id) == whole
    assert archive.store.exists(day_manifest_key(PUBLISHER, run_day(one.run_id)))
    assert run_key(PUBLISHER, one.run_id) in {entry.key for entry in whole.objects}


def test_enrichments_stand_in_a_manifest_of_their_own(
    archive: Archive, newspaper: Newspaper, run: Callable[[int], Run]
) -> None:
    one = run(0)
    for story in stories(newspaper, ["staff", "ap_wire"])[:2]:
        one.add(story)
    one.finish()
    # The two may be of one day or of two.
    days = sorted(set(archive.catalogue.days(PUBLISHER)))
    runs = [ENRICH.replace("00000000", f"{number:08x}") for number in range(2 * len(days))]
    for day, run_id in zip(days, runs, strict=False):
        steps.enrich(archive, day, ["names"], run_id=run_id)
    named = [
        entry.key for run_id in runs[: len(days)] for entry in manifest(archive, run_id).objects
    ]
    assert sorted(named) == sorted(archive.store.list_keys(f"{PUBLISHER}/enrichments/"))
    assert not list(archive.store.list_keys(f"{PUBLISHER}/manifests/open/"))
    for day, again in zip(days, runs[len(days) :], strict=True):
        steps.enrich(archive, day, ["names"], run_id=again)
        assert not archive.store.exists(run_manifest_key(PUBLISHER, again)), "nothing to name"


def test_of_two_steps_at_once_each_has_a_note(archive: Archive) -> None:
    key = enrichment_key(PUBLISHER, "names@9", "M62CNDX45JBN7AU4WSXCT4ZEIY", "0" * 64)
    faster = ENRICH.replace("00000000", "11111111")
    with steps.under_way(archive, "enrich-2026-03-01", ENRICH) as slower:
        with steps.under_way(archive, "enrich-2026-03-01", faster):
            pass
        archive.store.put_once(key, b"{}")
        plan = VerifyPlan(now=datetime.now(UTC))
        found = steps.verify(archive.store, PUBLISHER, plan, archive.catalogue)
        assert (found.problems, found.in_the_making) == ((), 1)
        slower.objects.append(archive.store.stat(key))
    assert not list(archive.store.list_keys(f"{PUBLISHER}/manifests/open/"))


def test_a_step_that_ends_early_leaves_its_note(archive: Archive) -> None:
    with pytest.raises(RuntimeError), steps.under_way(archive, "rederive", ENRICH):
        raise RuntimeError
    (note,) = archive.store.list_keys(f"{PUBLISHER}/manifests/open/")
    with steps.under_way(archive, "rederive", ENRICH):
        pass
    assert not archive.store.exists(note)
