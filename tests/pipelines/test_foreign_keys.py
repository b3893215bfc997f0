"""Keys that somebody else put into the bucket, shaped a little like ours."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.connect import Archive
from pipelines import steps
from tests.pipelines.support import PUBLISHER, STARTED_AT, Run
from tests.pipelines.test_steps import archive, run
from tests.pipelines.test_verify import blamed, runs

__all__ = ["archive", "run", "runs"]

LATER = STARTED_AT + timedelta(hours=80)
NO_DATE = "20261399T999999Z-00000000"


def verify(archive: Archive, key: str, _folder: Path) -> None:
    assert key in blamed(archive)


def close_days(archive: Archive, _key: str, _folder: Path) -> None:
    assert len(steps.close_days(archive, LATER)) == 1


def catch_up(archive: Archive, _key: str, _folder: Path) -> None:
    assert steps.catch_up(archive) == 0


def finish_left(archive: Archive, _key: str, _folder: Path) -> None:
    assert steps.finish_left(archive, datetime.now(UTC) + timedelta(hours=7)) == []


def replay(archive: Archive, _key: str, folder: Path) -> None:
    steps.index_for_replay(archive.store, PUBLISHER, folder)


@pytest.mark.parametrize(
    ("kind", "command"),
    [
        (f"warc/2026-03-01/{NO_DATE}-00000.warc.gz", verify),
        ("manifests/runs/2026-03-03/notes.json", close_days),
        (f"runs/2026-03-03/{NO_DATE}.json", catch_up),
        (f"runs/2026-03-03/{NO_DATE}.json", close_days),
        (f"warc/2099-01-01/{NO_DATE}-00000.warc.gz", finish_left),
        ("manifests/open/notes.json", finish_left),
        ("warc/notes/index.cdxj", replay),
        ("manifests", verify),
    ],
)
def test_a_foreign_key_stops_no_command(
    archive: Archive, runs: list[Run], tmp_path: Path, kind: str, command: Callable[..., None]
) -> None:
    key = f"{PUBLISHER}/{kind}"
    archive.store.put(key, b"{}")
    command(archive, key, tmp_path / "replay")
    del runs


def test_a_note_that_is_nobodys_is_named(archive: Archive, runs: list[Run]) -> None:
    key = f"{PUBLISHER}/manifests/open/notes.json"
    archive.store.put(key, b"anything at all")
    assert key in blamed(archive)
    del runs
