"""Verify, and what a takedown or a late run does beside it: what a tombstone explains is no problem."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from attrs import evolve

from archive.connect import Archive
from demo.newspaper import Story
from pipelines import steps
from tests.pipelines.support import Run, take_steps
from tests.pipelines.test_steps import archive, run
from tests.pipelines.test_takedown import ids, order, story, take_down, verified
from tests.pipelines.test_verify import PLAN, blamed, flip, runs

__all__ = ["archive", "run", "runs", "story"]


def test_what_is_taken_down_meanwhile_is_no_damage_and_what_is_damaged_is(
    archive: Archive, runs: list[Run], story: Story
) -> None:
    asked = [story]

    def meanwhile(*_: object) -> None:
        if asked:
            take_down(archive, asked.pop())
            flip(archive, runs[1].warc_key)

    plan = evolve(PLAN, progress=meanwhile)
    assert blamed(archive, plan) == {runs[1].warc_key: "altered"}


def test_the_late_manifest_of_a_run_names_what_a_takedown_left(
    archive: Archive, runs: list[Run], story: Story, run: Callable[[int], Run]
) -> None:
    late = run(60)
    late.add(story)
    summary = late.preserve()
    (archive.settings.home / "spool" / late.run_id).mkdir(parents=True)
    tomorrow = datetime.now(UTC) + timedelta(hours=20)
    assert steps.finish_left(archive, tomorrow) == []
    steps.take_down(archive, order(story), now=tomorrow, new_run_id=ids())
    take_steps(archive, summary)
    assert verified(archive).problems == ()
    del runs
