"""A run that had fetched what was taken down meanwhile."""

from collections.abc import Callable
from pathlib import Path

import pytest

from archive.connect import Archive
from archive.errors import StoreUnavailable
from archive.keys import cdxj_key
from demo.newspaper import Newspaper, Story
from pipelines import steps
from tests.pipelines.support import Run, readers, take_steps
from tests.pipelines.test_steps import archive, run
from tests.pipelines.test_takedown import story, take_down, words_of
from tests.pipelines.test_takedown_left import holding
from tests.pipelines.test_verify import runs

__all__ = ["archive", "run", "runs", "story"]


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
