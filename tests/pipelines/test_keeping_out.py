"""A run that had fetched what was taken down meanwhile."""

from collections.abc import Callable
from pathlib import Path

import pytest

from archive.connect import Archive
from archive.errors import StoreUnavailable
from archive.keys import cdxj_key
from archive.object_store import ObjectStore
from demo.newspaper import Newspaper, Story
from pipelines import steps
from tests.pipelines.support import Run, readers, take_steps
from tests.pipelines.test_auditing import copy, replica
from tests.pipelines.test_steps import archive, run
from tests.pipelines.test_takedown import story, take_down, words_of
from tests.pipelines.test_takedown_left import holding, with_replica
from tests.pipelines.test_verify import runs

__all__ = ["archive", "replica", "run", "runs", "story"]


def test_one_that_is_killed_between_index_and_file_leaves_none_of_it(
    archive: Archive, newspaper: Newspaper, runs: list[Run], story: Story, run: Callable[[int], Run]
) -> None:
    words = words_of(archive, newspaper, story)
    late = run(70)
    late.add(story)
    take_down(archive, story)
    summary = late.preserve()
    index = cdxj_key(late.warc_key)
    archive.store.upload_once(index, late.path.with_name(f"{late.path.name}.cdxj"))
    replace_file = archive.store.replace_file

    def killed(key: str, path: Path) -> None:
        if key == late.warc_key:
            raise StoreUnavailable(*("it", "the process died"))
        replace_file(key, path)

    archive.store.replace_file = killed  # type: ignore[method-assign]  # dies before the second write
    with pytest.raises(StoreUnavailable):
        steps.normalise_warc(archive, late.run_id, late.warc_key, readers=readers())
    archive.store.replace_file = replace_file  # type: ignore[method-assign]
    take_steps(archive, summary)
    assert holding(archive.store, words) == []
    del runs


@pytest.mark.usefixtures("runs")
def test_a_replica_that_was_given_its_file_before_loses_it_too(
    archive: Archive,
    newspaper: Newspaper,
    story: Story,
    run: Callable[[int], Run],
    replica: ObjectStore,
) -> None:
    words = words_of(archive, newspaper, story)
    late = run(70)
    late.add(story)
    named = with_replica(archive, replica)
    take_down(named, story)
    summary = late.preserve()
    copy(archive, replica)
    assert holding(replica, words) != []
    take_steps(named, summary)
    assert holding(replica, words) == []
