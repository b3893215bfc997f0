"""Bytes that rot on the disk of the store, which notices it itself and does not give them."""

import re
import zlib
from contextlib import suppress
from pathlib import Path

from archive.connect import Archive
from archive.embedded_store import EmbeddedStore
from archive.object_store import ObjectStore
from pipelines import steps
from tests.pipelines.support import Run
from tests.pipelines.test_auditing import audit, copy, replica
from tests.pipelines.test_steps import archive, run
from tests.pipelines.test_verify import blamed, runs

__all__ = ["archive", "replica", "run", "runs"]


def rot(archive: Archive, server: EmbeddedStore, key: str) -> None:
    """Flip a bit of an object where the store keeps it."""
    content = archive.store.get(key)
    volumes = Path(server.folder).rglob(f"{archive.store.bucket}_*.dat")
    for volume in volumes:
        data = volume.read_bytes()
        if (at := place_of(content, data)) is not None:
            with volume.open("r+b") as file:
                file.seek(at + 20)
                file.write(bytes([data[at + 20] ^ 1]))
            return
    raise AssertionError(key)


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
