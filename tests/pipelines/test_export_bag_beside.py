"""A bag of everything, written while the archive goes on, verifies as the archive does."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from attrs import evolve

from archive.connect import Archive
from archive.holdings import FolderCopy, Listed
from archive.object_store import ObjectStore
from demo.newspaper import Newspaper, Story
from pipelines import steps
from pipelines.steps import bagging
from tests.pipelines.exporting import export
from tests.pipelines.support import PUBLISHER, STARTED_AT, Run, stories
from tests.pipelines.test_steps import archive, run
from tests.pipelines.test_takedown import story, take_down
from tests.pipelines.test_verify import PLAN, runs

__all__ = ["archive", "run", "runs", "story"]

DAYS_LATER = evolve(PLAN, now=STARTED_AT + timedelta(days=9))


@pytest.fixture(autouse=True)
def _large(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """List and fetch as in an archive of more objects than one answer and one turn hold."""
    list_objects = ObjectStore.list_objects

    def by_pages(store: ObjectStore, prefix: str, *, after: str | None = None) -> Iterator[Listed]:
        if prefix == f"{PUBLISHER}/":
            for kind in sorted(archive.store.list_folders(prefix)):
                yield from list_objects(store, f"{prefix}{kind}/")
        else:
            yield from list_objects(store, prefix, after=after)

    monkeypatch.setattr(ObjectStore, "list_objects", by_pages)
    monkeypatch.setattr(bagging, "_AT_ONCE", 4)


def bag_beside(archive: Archive, folder: Path, work: Callable[[], object]) -> set[str]:
    """Write a bag, do some work in the middle of it, and return what verify says of the bag later."""
    waiting = [work]

    def meanwhile(what: str, done: int, _of: int) -> None:
        if what == "objects" and done >= 12 and waiting:
            waiting.pop()()

    done = export(archive, folder, "bagit", progress=meanwhile)
    assert (waiting, done.failed) == ([], ())
    found = steps.verify(FolderCopy(folder / "data"), PUBLISHER, DAYS_LATER)
    return {f"{one.key}: {one.problem}" for one in found.problems}


def test_beside_a_crawl_that_ends(
    archive: Archive,
    newspaper: Newspaper,
    runs: list[Run],
    run: Callable[[int], Run],
    tmp_path: Path,
) -> None:
    late = run(60)
    late.add(stories(newspaper, ["staff", "ap_wire"])[9])
    assert bag_beside(archive, tmp_path / "bag", late.finish) == set()
    del runs


def test_beside_a_takedown(archive: Archive, runs: list[Run], story: Story, tmp_path: Path) -> None:
    assert bag_beside(archive, tmp_path / "bag", lambda: take_down(archive, story)) == set()
    del runs
