"""A bag: the archive's own objects under their keys, with a manifest that any BagIt tool reads."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path

from attrs import frozen

from archive.connect import Archive
from archive.disk import writing
from archive.errors import BrokenRecord
from archive.holdings import FolderCopy, Listed, noticing_damage, read_entry
from archive.keys import article_key, captures_key, sha256_hex
from archive.records import Capture, ExportedFile, ObjectEntry, Unexported
from archive.version import own_version
from pipelines.export import bag
from pipelines.steps.choosing import (
    chosen_days,
    chosen_on,
    history_of,
    unexported,
    while_still,
)
from pipelines.steps.export_folder import ExportFolder
from pipelines.steps.reading_manifests import Progress

_FETCHERS = 8
_AT_ONCE = 256
_ABSENT = "it is not in the bucket, or its key is no path"


@frozen
class _Held:
    """An object that is in the folder."""

    modified_at: datetime
    """When it was written in the bucket, by the store's clock."""

    size: int
    """Its length in bytes."""

    sha256: bytes
    """Its SHA-256."""


class _Payload:
    """What goes into ``data/``, and its manifest as it grows."""

    def __init__(
        self, archive: Archive, place: ExportFolder, total: int, progress: Progress
    ) -> None:
        self.store, self.place = archive.store, place
        self.total, self.progress = total, progress
        self.data = place.folder / "data"
        self.held: dict[str, _Held] = {}
        self.failed: list[Unexported] = []

    @property
    def size(self) -> int:
        """How many bytes are in it."""
        return sum(one.size for one in self.held.values())

    def lines(self, objects: Iterable[Listed]) -> Iterator[bytes]:
        """Fetch what is not there as it is listed now, and yield the line of each object."""
        left, before = iter(objects), self.held
        self.held = {}
        self.failed.clear()
        with ThreadPoolExecutor(_FETCHERS) as pool:
            while some := list(islice(left, _AT_ONCE)):
                known = [before.pop(one.key, None) for one in some]
                for listed, (found, is_new) in zip(
                    some, pool.map(self._brought, some, known), strict=True
                ):
                    if isinstance(found, BrokenRecord):
                        self.failed.append(unexported(None, found))
                        continue
                    self.place.written += is_new
                    self.held[listed.key] = found
                    yield bag.manifest_line(found.sha256.hex(), f"data/{listed.key}")
                self.progress("objects", len(self.held), max(self.total, len(self.held)))

    def _brought(self, listed: Listed, known: _Held | None) -> tuple[_Held | BrokenRecord, bool]:
        """Return an object that is in the folder now, or why it can't be, and whether it was fetched.

        ``known`` is what an earlier look found there; it is not read again when it is listed as it was.
        """
        key = listed.key
        if known and (known.modified_at, known.size) == (listed.modified_at, listed.size):
            return known, False
        if not _is_path(key):
            return BrokenRecord(key, _ABSENT), False
        path = self.data / key
        try:
            # One of the same size may be another: a takedown blanks records where they are.
            is_whole = (
                path.is_file()
                and path.stat().st_size == listed.size
                and self._local(key) == self.store.stat(key)
            )
            if not is_whole:
                with noticing_damage(self.store, key):
                    self._fetch(key, path)
        except KeyError:
            return BrokenRecord(key, _ABSENT), False
        except BrokenRecord as error:
            return error, False
        entry = self._local(key)
        return _Held(listed.modified_at, entry.size, bytes.fromhex(entry.sha256)), not is_whole

    def _local(self, key: str) -> ObjectEntry:
        return read_entry(key, FolderCopy(self.data).chunks(key))

    def _fetch(self, key: str, path: Path) -> None:
        beside = self.place.work / sha256_hex(key.encode())
        self.store.download(key, beside)
        with writing(self.data):
            path.parent.mkdir(parents=True, exist_ok=True)
            beside.replace(path)

    def drop_others(self) -> None:
        """Remove what an earlier bag in this folder held and this one does not."""
        for path in self.data.rglob("*"):
            if path.is_file() and path.relative_to(self.data).as_posix() not in self.held:
                path.unlink()


def write_bag(archive: Archive, place: ExportFolder, progress: Progress) -> None:
    """Fetch what is not there yet, and write the files that make the folder a bag."""
    objects = partial(_whole if place.request.is_whole else _part, archive, place)
    payload = _Payload(archive, place, sum(1 for _ in objects()), progress)
    with writing(place.folder):
        payload.data.mkdir(exist_ok=True)
    # A run that ends meanwhile left objects behind what was listed, and a takedown alters what was fetched.
    manifest = while_still(
        partial(_ends, archive, place),
        lambda: place.write(bag.PAYLOAD_MANIFEST, payload.lines(objects())),
    )
    payload.drop_others()
    place.payload_files, place.payload_bytes = len(payload.held), payload.size
    _write_tags(archive, place, payload, manifest)
    place.files.append(
        ExportedFile(
            name=manifest.key,
            size=manifest.size,
            sha256=manifest.sha256,
            records=len(payload.held),
            basis=manifest.sha256,
            articles=tuple(sorted(capture.article_id for capture in _chosen(archive, place))),
            failed=(*payload.failed, *_not_there(archive, place, payload)),
        )
    )


def _write_tags(
    archive: Archive, place: ExportFolder, payload: _Payload, manifest: ObjectEntry
) -> None:
    part = "all" if place.request.is_whole else "a part"
    info = bag.bag_info(
        f"{part} of the archive of {archive.settings.publisher}: s3://{archive.store.bucket}",
        size=payload.size,
        objects=len(payload.held),
        made_at=place.started_at,
        software=f"newsarchive {own_version()}",
    )
    written = [place.write("bagit.txt", [bag.DECLARATION]), place.write("bag-info.txt", [info])]
    place.write(bag.TAG_MANIFEST, [bag.tag_manifest([*written, manifest])])


def _chosen(archive: Archive, place: ExportFolder) -> Iterator[Capture]:
    for day in chosen_days(archive, place.request):
        yield from chosen_on(archive, place.request, day)


def _whole(archive: Archive, place: ExportFolder) -> Iterator[Listed]:
    """Yield every object; manifests first, so that whatever one of them names is there when listed."""
    top = f"{place.request.publisher}/"
    yield from _manifests(archive, place)
    for one in archive.store.list_objects(top):
        if bag.belongs(one.key) and not one.key.startswith(f"{top}manifests/"):
            yield one


def _part(archive: Archive, place: ExportFolder) -> Iterator[Listed]:
    """Yield all manifests, and what some articles are made of: objects, lines of captures, WARC files."""
    yield from _manifests(archive, place)
    shared: set[str] = set()
    for capture in _chosen(archive, place):
        yield from archive.store.list_objects(f"{capture.publisher}/articles/{capture.article_id}/")
        for one in history_of(archive, capture):
            shared.add(captures_key(one.publisher, one.run_id))
            if one.warc is not None:
                shared.add(one.warc.file)
    for key in sorted(shared):
        # A WARC file's index has a name that begins like it.
        found = list(archive.store.list_objects(key))
        yield from found
        if key not in {one.key for one in found}:
            # What is not there is asked for all the same, and named then.
            yield Listed(key, -1, place.started_at)


def _ends(archive: Archive, place: ExportFolder) -> list[Listed]:
    """Return what runs and takedowns write when all else of them is there, or is to go."""
    tombstones = archive.store.list_objects(f"{place.request.publisher}/tombstones/")
    return [*_manifests(archive, place), *tombstones]


def _manifests(archive: Archive, place: ExportFolder) -> Iterator[Listed]:
    found = archive.store.list_objects(f"{place.request.publisher}/manifests/")
    return (one for one in found if bag.belongs(one.key))


def _not_there(archive: Archive, place: ExportFolder, payload: _Payload) -> Iterator[Unexported]:
    """Yield the revisions that the catalogue knows of these articles and the bucket has not, but what is named."""
    named = {one.key for one in payload.failed}
    for capture in _chosen(archive, place):
        for revision in dict.fromkeys(one.revision for one in history_of(archive, capture)):
            key = article_key(capture.publisher, capture.article_id, revision)
            if key not in payload.held and key not in named:
                yield unexported(capture.article_id, BrokenRecord(key, _ABSENT))


def _is_path(key: str) -> bool:
    return not {"", ".", ".."} & set(key.split("/"))
