"""A WACZ file: the picked records in one WARC file, with its index, a list of pages and the digests of all."""

import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from attrs import frozen

from archive.connect import Archive
from archive.disk import writing
from archive.errors import BrokenRecord
from archive.holdings import FolderCopy, noticing_damage, read_entry
from archive.records import ExportedFile, Unexported
from archive.version import own_version
from archive.warc_extract import Wanted, damaged, extract
from archive.warc_index import BLOCKS_FILE, INDEX_FILE, write_compressed_index
from pipelines.export.wacz import About, datapackage, datapackage_digest
from pipelines.steps.choosing import unexported
from pipelines.steps.export_folder import ExportFolder, Journal
from pipelines.steps.picking import Picked, pick
from pipelines.steps.reading_manifests import Progress

_DATA, _PAGES = "data.warc.gz", "pages.jsonl"
_STORED = (".gz",)


@frozen
class Copied:
    """A WARC file that was gone through."""

    basis: str
    """Digest of what the WACZ file is made from."""

    end: int
    """How long the file of all records was then."""

    missing: tuple[Unexported, ...]
    """What could not be read in it."""


def write_wacz(archive: Archive, place: ExportFolder, progress: Progress) -> None:
    """Write the file, if it is not there or would be another; none when nothing is chosen."""
    picked = pick(archive, place.request, place.work / _PAGES)
    name = f"{place.request.publisher}.wacz"
    if not picked.articles or place.keeps(name, picked.basis):
        return
    with writing(place.folder):
        missing = _copy(archive, place, picked, progress)
        write_compressed_index(place.work / _DATA, place.work, filename=_DATA)
        part = place.work / f"{name}.part"
        _zip(part, place, _about(archive, place, picked))
    entry = place.adopt(name, part)
    place.note(
        ExportedFile(
            name=name,
            size=entry.size,
            sha256=entry.sha256,
            records=picked.pages,
            basis=picked.basis,
            articles=tuple(sorted(picked.articles)),
            failed=(*picked.failed, *missing),
        )
    )


def _copy(
    archive: Archive, place: ExportFolder, picked: Picked, progress: Progress
) -> list[Unexported]:
    """Gather the picked records, going on where an earlier try was cut; returns those that are missing."""
    data = place.work / _DATA
    journal = Journal(place.work / "copied.jsonl")
    done = journal.read(Copied)
    data.touch()
    if done and (done[-1].basis != picked.basis or done[-1].end > data.stat().st_size):
        # It is of other captures, or has lost its end.
        journal.path.unlink()
        done = []
    os.truncate(data, done[-1].end if done else 0)
    files = picked.files
    for number, file in enumerate(files, start=1):
        if number > len(done):
            missing = tuple(_append(archive, file, picked, data))
            done.append(Copied(picked.basis, data.stat().st_size, missing))
            journal.add(done[-1])
        progress("WARC files", number, len(files))
    return [lost for one in done for lost in one.missing]


def _append(archive: Archive, file: str, picked: Picked, data: Path) -> Iterator[Unexported]:
    """Add the picked records of a WARC file to ``data``; yields those that can't be read in it."""
    ids = picked.records.get(file, {})
    revisits = picked.revisits.get(file, {})
    source = data.with_name("source.warc.gz")
    try:
        with noticing_damage(archive.store, file):
            archive.store.download(file, source)
    except (KeyError, BrokenRecord):
        source.write_bytes(b"")
    wanted, found = Wanted(frozenset(ids), frozenset(picked.originals)), set()
    with data.open("ab") as out:
        for taken in extract(source, wanted, file=file):
            out.write(taken.members)
            found.add(taken.record_id)
        out.flush()
        os.fsync(out.fileno())
    for record_id, article_id in ids.items():
        if record_id not in found:
            yield unexported(article_id, BrokenRecord(file, f"no {record_id}"))
    for offset in damaged(source, revisits, file=file):
        yield unexported(revisits[offset], BrokenRecord(file, f"no answer at {offset}"))


def _about(archive: Archive, place: ExportFolder, picked: Picked) -> About:
    publisher = archive.settings.publisher
    return About(
        title=f"{publisher}: {len(picked.articles)} articles",
        description=(
            f"Captures of {publisher} out of s3://{archive.store.bucket}, as received. "
            "Of pages for subscribers, only what anybody could read."
        ),
        created_at=place.started_at,
        software=f"newsarchive {own_version()}",
    )


def _zip(target: Path, place: ExportFolder, about: About) -> None:
    """Write the ZIP file; its entries carry no times, so that equal content gives equal bytes."""
    copy = FolderCopy(place.work)
    folders = {_DATA: "archive", BLOCKS_FILE: "indexes", INDEX_FILE: "indexes", _PAGES: "pages"}
    paths = {f"{folder}/{name}": name for name, folder in folders.items()}
    package = datapackage(about, [read_entry(path, copy.chunks(paths[path])) for path in paths])
    with zipfile.ZipFile(target, "w") as packed:
        for path, name in paths.items():
            with (place.work / name).open("rb") as file, _entry(packed, path) as entry:
                shutil.copyfileobj(file, entry)
        for path, content in {
            "datapackage.json": package,
            "datapackage-digest.json": datapackage_digest(package),
        }.items():
            with _entry(packed, path) as entry:
                entry.write(content)


def _entry(packed: zipfile.ZipFile, path: str) -> IO[bytes]:
    info = zipfile.ZipInfo(path)
    # What is compressed stays as it is: readers look into it by offset.
    stored = path.endswith(_STORED)
    info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    return packed.open(info, "w", force_zip64=True)
