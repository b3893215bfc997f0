"""Bytes that rot on the disk of the store, which notices it itself and does not give them."""

import re
import zlib
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import pytest

from archive.connect import Archive, open_archive
from archive.embedded_store import EmbeddedStore
from archive.errors import StoreUnavailable
from archive.keys import captures_key
from archive.object_store import ObjectStore
from pipelines import steps
from tests.pipelines.exporting import export
from tests.pipelines.support import PUBLISHER, Run
from tests.pipelines.test_auditing import audit, copy, replica
from tests.pipelines.test_steps import archive, run
from tests.pipelines.test_verify import articles, blamed, runs

__all__ = ["archive", "replica", "run", "runs"]


def rot(archive: Archive, server: EmbeddedStore, key: str) -> None:
    """Flip a bit of an object where the store keeps it."""
    content = archive.store.get(key)
    ask_once(archive.store)
    volumes = Path(server.folder).rglob(f"{archive.store.bucket}_*.dat")
    for volume in volumes:
        data = volume.read_bytes()
        if (at := place_of(content, data)) is not None:
            with volume.open("r+b") as file:
                file.seek(at + 20)
                file.write(bytes([data[at + 20] ^ 1]))
            return
    raise AssertionError(key)


def ask_once(store: ObjectStore) -> None:
    """Ask a store once only for each object: it takes 13 seconds to say that it can't give one."""
    store._client = store._connect(attempts=1)


def place_of(content: bytes, data: bytes) -> int | None:
    """Return where content lies in a volume, packed by the store or not."""
    at = data.find(content)
    if at >= 0:
        return at
    for found in re.finditer(re.escape(b"\x1f\x8b\x08"), data):
        with suppress(zlib.error):
            if zlib.decompressobj(31).decompress(data[found.start() :]) == content:
                return found.start()
    return None


def test_what_rots_on_the_disk_is_named_and_mended(
    archive: Archive, runs: list[Run], replica: ObjectStore, s3_server: EmbeddedStore
) -> None:
    copy(archive, replica)
    key = runs[1].warc_key
    rot(archive, s3_server, key)
    problems = audit(archive).found.problems
    assert [(one.key, one.problem[:8]) for one in problems] == [(key, "altered:")]
    assert steps.repair(archive, replica, problems).repaired == (key,)
    assert blamed(archive) == {}


def test_what_rotted_is_named_by_all_who_read_it_and_they_have_all_else(
    archive: Archive, runs: list[Run], s3_server: EmbeddedStore, tmp_path: Path
) -> None:
    text, pages = articles(archive)[0], runs[0].warc_key
    books = captures_key(PUBLISHER, runs[0].run_id)
    for key in (text, pages, books):
        rot(archive, s3_server, key)

    def rebuilt() -> list[str]:
        with open_archive(archive.settings, fresh_catalogue=True) as fresh:
            ask_once(fresh.store)
            return steps.rebuild(fresh)

    def lost(kind: str) -> list[str]:
        return [one.key for one in export(archive, tmp_path / kind, kind).failed]

    assert lost("jsonl") == [text]
    assert sorted(lost("bagit")) == sorted([text, pages, books])
    assert rebuilt() == [runs[0].run_id]


@pytest.mark.parametrize("kind", ["jsonl", "bagit", "wacz"])
def test_a_store_that_is_away_ends_an_export_as_such(
    archive: Archive, runs: list[Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    def away(store: ObjectStore, *_: object, **_more: object) -> NoReturn:
        raise StoreUnavailable(store.endpoint, "it does not answer")

    for asking in ("get", "chunks", "list_objects", "download"):
        monkeypatch.setattr(ObjectStore, asking, away)
    with pytest.raises(StoreUnavailable):
        export(archive, tmp_path / "out", kind)
    del runs
