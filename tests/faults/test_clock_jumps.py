"""Clocks that jump by hours and days, between runs and inside them: books, chain and leases hold all the same."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from attrs import evolve

from archive.codec import decode
from archive.connect import Archive, open_archive
from archive.keys import day_manifest_key, run_day
from archive.object_store import ObjectStore
from archive.records import RunReport
from demo.newspaper import Newspaper
from pipelines import steps
from pipelines.pages.workers import Readers
from pipelines.steps import VerifyPlan
from tests.archive.lease_support import Machine
from tests.archive.lease_support import World as Leases
from tests.faults.checks import rows
from tests.faults.length import LONG
from tests.pipelines.support import PUBLISHER, STARTED_AT, Run, stories

pytestmark = pytest.mark.timeout(1200)

ROUNDS, RUNS = (5, 40) if LONG else (1, 10)
JUMPS = (-240, -72, -25, -3, -1, 0, 1, 3, 25, 72, 240)
"""In hours."""

TURNS = 2000 if LONG else 300
DELAY = 5


class Walk:
    """Runs whose clock jumps before each, and between its crawl and its books."""

    def __init__(
        self, archive: Archive, newspaper: Newspaper, folder: Path, chance: Random
    ) -> None:
        self.archive, self.newspaper = archive, newspaper
        self.folder, self.chance = folder, chance
        self.now = datetime.now(UTC)
        self.stories = itertools.cycle(stories(newspaper, ["staff", "ap_wire"])[:12])

    def jump(self) -> datetime:
        """Let the clock jump away from the time, by up to ten days, and return what it shows."""
        self.now += timedelta(hours=1)
        return self.now + timedelta(hours=self.chance.choice(JUMPS))

    def run(self, number: int, readers: Readers) -> str:
        """Take one run through its steps; of some nobody keeps the books."""
        folder = self.folder / str(number)
        folder.mkdir()
        hours = round((self.jump() - STARTED_AT) / timedelta(hours=1))
        run = Run(self.archive, self.newspaper, folder, hours)
        for story in itertools.islice(self.stories, 2):
            run.add(story)
        summary = evolve(run.preserve(), ended_at=self.jump())
        steps.close_days(self.archive, self.jump())
        if self.chance.random() < 0.8:
            keys = [
                steps.normalise_warc(self.archive, run.run_id, key, readers=readers)
                for key in summary.warc_keys
            ]
            steps.catalogue(self.archive, summary, keys)
            steps.close_days(self.archive, self.jump())
            steps.reconcile(self.archive, summary, keys)
        steps.finish_left(self.archive, self.jump())
        return run.run_id


@pytest.fixture
def readers() -> Iterator[Readers]:
    with Readers() as found:
        yield found


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_books_and_chain_hold_whatever_the_clock_says(
    archive: Archive, newspaper: Newspaper, tmp_path: Path, readers: Readers, seed: int
) -> None:
    settings = archive.settings.model_copy(update={"publisher_origin": newspaper.origin})
    archive = evolve(archive, settings=settings)
    walk = Walk(archive, newspaper, tmp_path, Random(seed))  # noqa: S311 - the same each time
    runs = {walk.run(number, readers) for number in range(RUNS)}
    assert len(runs) == RUNS
    end = max(datetime.now(UTC), *(run_start(run) for run in runs)) + timedelta(days=3)
    steps.catch_up(archive)
    steps.finish_left(archive, end)
    steps.close_days(archive, end)
    _assert_books(archive, runs)
    _assert_chain(archive, end)
    before = rows(settings)
    with open_archive(settings, fresh_catalogue=True) as fresh:
        assert steps.rebuild(fresh) == []
    assert rows(settings) == before


def run_start(run_id: str) -> datetime:
    return datetime.combine(run_day(run_id), datetime.min.time(), UTC)


def _assert_books(archive: Archive, runs: set[str]) -> None:
    keys = list(archive.store.list_keys(f"{PUBLISHER}/runs/"))
    reports = [decode(archive.store.get(key), RunReport, name=key) for key in keys]
    assert {report.run_id for report in reports} == runs
    assert all(report.balanced for report in reports)
    assert archive.catalogue.run_ids(PUBLISHER) == runs


def _assert_chain(archive: Archive, end: datetime) -> None:
    """The days follow each other, each closed once, over all runs, and everything verifies."""
    chain = list(steps.days(archive.store, PUBLISHER))
    assert [day.day for day in chain] == sorted({day.day for day in chain})
    keys = sorted(archive.store.list_keys(f"{PUBLISHER}/manifests/days/"))
    assert keys == [day_manifest_key(PUBLISHER, day.day) for day in chain]
    named = [entry.key for day in chain for entry in day.manifests]
    assert len(named) == len(set(named))
    plan = VerifyPlan(now=end)
    found = steps.verify(archive.store, PUBLISHER, plan, archive.catalogue)
    assert (found.problems, found.in_the_making) == ((), 0)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_no_two_runs_ask_at_once_whatever_their_clocks_say(store: ObjectStore, seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - the same each time
    machines = [Machine(), Machine(), Machine()]
    leases = Leases(store, machines[0])
    runs = [leases.run(f"run-{n}", DELAY, machine) for n, machine in enumerate(machines)]
    asked: list[tuple[float, int]] = []
    for _ in range(TURNS):
        number = chance.randrange(len(runs))
        if chance.random() < 0.1:
            machines[number].ahead += 3600 * chance.choice(JUMPS)
        if runs[number].enter() is None:
            asked.append((machines[0].seconds, number))
            runs[number].asked()
        seconds = chance.choice((0.1, 1, 3))
        for machine in machines:
            machine.seconds += seconds
    for (before, _), (after, who) in itertools.pairwise(asked):
        assert after - before > DELAY - 1e-6, (
            f"run-{who} came {after - before} s after the one before"
        )
    assert {who for _, who in asked} == {0, 1, 2}
