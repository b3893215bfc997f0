"""WACZ files out of what is not as it should be: on the disk after a power cut, or in the bucket."""

import json
from pathlib import Path

import pytest

from archive.keys import cdxj_key
from demo.newspaper import Story
from pipelines.steps import choosing
from tests.cli.archived import Archived
from tests.cli.test_export_pages import archived, crawled, stories
from tests.pipelines.exporting import export, files
from tests.pipelines.support import PUBLISHER

__all__ = ["archived", "crawled", "stories"]


class Cut(Exception):
    pass


def cut(_what: str, done: int, _of: int) -> None:
    if done == 1:
        raise Cut


def test_records_that_never_reached_the_disk_are_copied_again(
    archived: Archived, tmp_path: Path
) -> None:
    export(archived.archive, tmp_path / "whole", "wacz")
    with pytest.raises(Cut):
        export(archived.archive, tmp_path / "out", "wacz", progress=cut)
    # The journal is synced and the records are not: after a power cut the file is shorter.
    data = tmp_path / "out/.export/data.warc.gz"
    data.write_bytes(data.read_bytes()[: data.stat().st_size // 2])
    export(archived.archive, tmp_path / "out", "wacz")
    assert files(tmp_path / "out") == files(tmp_path / "whole")


def test_what_was_copied_for_other_captures_is_not_gone_on_with(
    archived: Archived, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(archived.archive, tmp_path / "whole", "wacz")
    with monkeypatch.context() as older:
        older.setattr(choosing, "own_version", lambda: "0.1")
        with pytest.raises(Cut):
            export(archived.archive, tmp_path / "out", "wacz", progress=cut)
    data = tmp_path / "out/.export/data.warc.gz"
    data.write_bytes(bytes(data.stat().st_size))
    export(archived.archive, tmp_path / "out", "wacz")
    assert files(tmp_path / "out") == files(tmp_path / "whole")


@pytest.mark.parametrize(
    "content", [b"\xff warc/revisit\n", b"warc/revisit\n", b"a b {}  warc/revisit\n"]
)
def test_a_damaged_index_is_named_and_stops_nothing(
    archived: Archived, stories: list[Story], tmp_path: Path, content: bytes
) -> None:
    store = archived.archive.store
    page = archived.captures(stories[0])[-1].warc
    assert page is not None
    key = cdxj_key(page.file)
    kept = store.get(key)
    store.put(key, content)
    try:
        done = export(archived.archive, tmp_path / "out", "wacz")
        assert [one.key for one in done.failed] == [key]
    finally:
        store.put(key, kept)


@pytest.mark.parametrize("how", ["damaged", "lost"])
def test_a_later_answer_that_cannot_be_read_is_named(
    archived: Archived, stories: list[Story], tmp_path: Path, how: str
) -> None:
    store, story = archived.archive.store, stories[0]
    indexes = [key for key in store.list_keys(f"{PUBLISHER}/warc/") if key.endswith(".cdxj")]
    file, entry = next(
        (key.removesuffix(".cdxj"), json.loads(line.split(" ", 2)[2]))
        for key in indexes
        for line in store.get(key).decode().splitlines()
        if "warc/revisit" in line and story.article_id in line
    )
    kept = store.get(file)
    content = bytearray(kept)
    content[int(entry["offset"]) + 40] ^= 0xFF
    if how == "damaged":
        store.put(file, bytes(content))
    else:
        store.delete(file)
    try:
        done = export(archived.archive, tmp_path / "out", "wacz", article_ids=(story.article_id,))
        assert [one.key for one in done.failed] == [file]
    finally:
        store.put(file, kept)
