"""The files of an export in the bucket, below ``exports/<name>/``."""

import re
from pathlib import Path

from archive.codec import decode
from archive.errors import ConfigurationError, FailedError
from archive.keys import export_key
from archive.object_store import ObjectStore
from archive.records import Export, ExportRequest
from archive.tombstones import taken_down
from pipelines.steps.export_folder import NOTES
from pipelines.steps.reading_manifests import Progress

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def require_free(store: ObjectStore, request: ExportRequest, name: str) -> None:
    """Raise :class:`ConfigurationError` unless a name can hold an export, or holds it already."""
    if request.format == "bagit":
        message = "a bag holds what is in the bucket already: --to-bucket takes no bagit"
        raise ConfigurationError(message)
    if not _NAME.fullmatch(name):
        message = f"--to-bucket {name}: a name has letters, digits, dots, - and _ only"
        raise ConfigurationError(message)
    key = export_key(request.publisher, name, NOTES)
    if store.exists(key) and decode(store.get(key), Export, name=key).request != request:
        message = f"{key} in the bucket is of another export: name another --to-bucket"
        raise ConfigurationError(message)


def upload(
    store: ObjectStore, export: Export, folder: Path, name: str, progress: Progress
) -> tuple[str, ...]:
    """Bring an export into the bucket, and return its keys.

    At every instant the ``export.json`` there names each article of each file that lies beside it: a
    takedown finds all of them; one that came in between is seen at the end. So files that are no longer the same go first, then it is replaced, and
    then come the others.
    """
    publisher = export.request.publisher
    wanted = {export_key(publisher, name, one.name): one for one in export.files}
    notes = export_key(publisher, name, NOTES)
    for key in list(store.list_keys(export_key(publisher, name))):
        if key != notes and (key not in wanted or store.stat(key).sha256 != wanted[key].sha256):
            # With older versions, which a takedown would not find.
            store.erase(key)
    store.put(notes, (folder / NOTES).read_bytes())
    for number, (key, one) in enumerate(wanted.items(), start=1):
        store.upload_once(key, folder / one.name)
        progress("uploading", number, len(wanted))
    _require_none_taken_down(store, export, (notes, *wanted))
    return (notes, *wanted)


def _require_none_taken_down(store: ObjectStore, export: Export, keys: tuple[str, ...]) -> None:
    """Remove an export again that holds what was taken down meanwhile, and raise :class:`FailedError`."""
    held = {article for one in export.files for article in one.articles}
    if gone := sorted(held & taken_down(store, export.request.publisher)):
        for key in keys:
            store.erase(key)
        message = (
            f"{', '.join(gone)} was taken down meanwhile, and nothing of this export is left in the bucket; "
            "the folder holds it: run the command again"
        )
        raise FailedError(message)
