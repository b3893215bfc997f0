"""An order for an id that is no article's: it was cut when it was copied, or is blank."""

from collections.abc import Callable

import pytest
from attrs import evolve

from archive.connect import Archive
from archive.warc_records import Exchange
from demo.newspaper import Newspaper, Story
from pipelines import steps
from tests.pipelines.support import PUBLISHER, Run, stories
from tests.pipelines.test_steps import archive, run
from tests.pipelines.test_takedown import NOW, ids, order, story
from tests.pipelines.test_verify import runs

__all__ = ["archive", "run", "runs", "story"]


@pytest.mark.usefixtures("runs")
@pytest.mark.parametrize("length", [0, 1, 10, 25])
def test_it_removes_and_blanks_nothing(
    archive: Archive,
    newspaper: Newspaper,
    story: Story,
    run: Callable[[int], Run],
    length: int,
) -> None:
    top = f"{PUBLISHER}/exports"
    archive.store.put(f"{top}/of-march/export.json", f'["{story.article_id}"]'.encode())
    late = run(65)
    text = f"<item>{story.article_id}</item>".encode()
    late._warc.write(
        Exchange(
            url=f"{newspaper.origin}/sitemap.xml",
            captured_at=late.started_at,
            status=200,
            headers=(("Content-Type", "text/xml"),),
            body=text,
        )
    )
    late.add(stories(newspaper, ["staff", "ap_wire"])[3])
    late.finish()
    before = {key: archive.store.get(key) for key in archive.store.list_keys(f"{PUBLISHER}/")}
    wrong = evolve(order(story, listings=True), article_id=story.article_id[:length])
    assert steps.take_down(archive, wrong, now=NOW, new_run_id=ids()) == []
    after = {key: archive.store.get(key) for key in archive.store.list_keys(f"{PUBLISHER}/")}
    assert after == before
