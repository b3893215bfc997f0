"""What was deleted is gone from the embedded store's disk, and nothing else is."""

import os
from pathlib import Path

from archive.compacting import compact
from archive.embedded_store import EmbeddedStore, store_folder


def test_deleted_bytes_leave_the_disk(tmp_path: Path) -> None:
    # Random, or the store would compress it.
    content = os.urandom(30_000)

    def is_on_disk() -> bool:
        files = (store_folder(tmp_path) / "data").rglob("*.dat")
        return any(content[100:200] in file.read_bytes() for file in files)

    with EmbeddedStore(tmp_path) as server:
        store = server.open()
        store.put_once("a/gone", content)
        store.put_once("a/kept", content[:50])
        assert is_on_disk()
        store.delete("a/gone")
        assert is_on_disk(), "it is only marked"
        assert compact(store)
        assert not is_on_disk()
        assert store.get("a/kept") == content[:50]
        store.data_folder = None
        assert not compact(store), "somebody else's store"
