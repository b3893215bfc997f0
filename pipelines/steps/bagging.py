"""A bag: the archive's own objects under their keys, with a manifest that any BagIt tool reads."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path

from archive.connect import Archive
from archive.disk import writing
from archive.errors import BrokenRecord
from archive.holdings import FolderCopy, Listed, noticing_damage, read_entry
from archive.keys import article_key, captures_key, sha256_hex
from archive.records import Capture, ExportedFile, ObjectEntry, Unexported
from archive.version import own_version
from pipelines.export import bag
from pipelines.steps.choosing import chosen_days, chosen_on, history_of, unexported
from pipelines.steps.export_folder import ExportFolder
from pipelines.steps.reading_manifests import Progress

_FETCHERS = 8
_AT_ONCE = 256
_ABSENT = "it is not in the bucket, or its key is no path"


class _Payload:
    """What goes into ``data/``, and its manifest as it grows."""

    def __init__(
        self, archive: Archive, place: ExportFolder, total: int, progress: Progress
    ) -> None:
        self.store, self.place = archive.store, place
        self.total, self.progress = total, progress
        self.data = place.folder / "data"
        self.keys: set[str] = set()
        self.failed: list[Unexported] = []
        self.size = 0

    def lines(self, objects: Iterable[Listed]) -> Iterator[bytes]:
        """Fetch what is not there yet, and yield the line of each object."""
        left = iter(objects)
        with ThreadPoolExecutor(_FETCHERS) as pool:
            while some := list(islice(left, _AT_ONCE)):
                for entry, is_new in pool.map(self._held, some):
                    if isinstance(entry, BrokenRecord):
                        self.failed.append(unexported(None, entry))
                        continue
                    self.place.written += is_new
                    self.keys.add(entry.key)
                    self.size += entry.size
                    yield bag.manifest_line(entry.sha256, f"data/{entry.key}")
                self.progress("objects", len(self.keys), max(self.total, len(self.keys)))

    def _held(self, listed: Listed) -> tuple[ObjectEntry | BrokenRecord, bool]:
        """Return an object that is in the folder now, or why it can't be, and whether it was fetched."""
        key = listed.key
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
        return self._local(key), not is_whole

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
            if path.is_file() and path.relative_to(self.data).as_posix() not in self.keys:
                path.unlink()


def write_bag(archive: Archive, place: ExportFolder, progress: Progress) -> None:
    """Fetch what is not there yet, and write the files that make the folder a bag."""
    objects = partial(_whole if place.request.is_whole else _part, archive, place)
    payload = _Payload(archive, place, sum(1 for _ in objects()), progress)
    with writing(place.folder):
        payload.data.mkdir(exist_ok=True)
    manifest = place.write(bag.PAYLOAD_MANIFEST, payload.lines(objects()))
    payload.drop_others()
    place.payload_files, place.payload_bytes = len(payload.keys), payload.size
    _write_tags(archive, place, payload, manifest)
    place.files.append(
        ExportedFile(
            name=manifest.key,
            size=manifest.size,
            sha256=manifest.sha256,
            records=len(payload.keys),
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
        objects=len(payload.keys),
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


def _manifests(archive: Archive, place: ExportFolder) -> Iterator[Listed]:
    found = archive.store.list_objects(f"{place.request.publisher}/manifests/")
    return (one for one in found if bag.belongs(one.key))


def _not_there(archive: Archive, place: ExportFolder, payload: _Payload) -> Iterator[Unexported]:
    """Yield the revisions that the catalogue knows of these articles and the bucket has not."""
    for capture in _chosen(archive, place):
        for revision in dict.fromkeys(one.revision for one in history_of(archive, capture)):
            key = article_key(capture.publisher, capture.article_id, revision)
            if key not in payload.keys:
                yield unexported(capture.article_id, BrokenRecord(key, _ABSENT))


def _is_path(key: str) -> bool:
    return not {"", ".", ".."} & set(key.split("/"))
