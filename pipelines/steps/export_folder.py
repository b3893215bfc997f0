"""The folder of an export: what is whole in it, and how what is not yet comes there.

Beside the files lies ``export.json``; until it is written, ``.export/`` holds what is being made, and a line for
each file that is done. So an export that was killed goes on where it was.
"""

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from archive.codec import decode, encode
from archive.disk import writing
from archive.errors import ConfigurationError, RunUnderWay
from archive.holdings import FolderCopy, read_entry
from archive.records import Export, ExportedFile, ExportRequest, ObjectEntry

NOTES, WORK = "export.json", ".export"
"""What says what a folder holds, and where things are made."""

Record = TypeVar("Record")


class Journal:
    """Lines that are added one by one and survive a kill; the last, if it was cut, is forgotten."""

    def __init__(self, path: Path) -> None:
        """Begin, or go on with, the journal at ``path``."""
        self.path = path

    @property
    def is_begun(self) -> bool:
        """Whether it has a line."""
        return bool(self._lines())

    def read(self, kind: type[Record], *, after: int = 0, until: int | None = None) -> list[Record]:
        """Return the records of its lines, or of those in between."""
        lines = self._lines()[after:until]
        return [decode(line, kind, name=str(self.path)) for line in lines]

    def add(self, record: object) -> None:
        """Add a record; it is on the disk when the call returns."""
        with self.path.open("ab") as file:
            file.write(encode(record) + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def _lines(self) -> list[bytes]:
        if not self.path.exists():
            return []
        whole, newline, torn = self.path.read_bytes().rpartition(b"\n")
        if torn:
            os.truncate(self.path, len(whole) + len(newline))
        return whole.splitlines()


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Make the folder of an export, and keep every other from it; raises :class:`RunUnderWay` beside one."""
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder, os.O_RDONLY)
    try:
        # There are file systems, over a network, that lock no folders.
        with suppress(OSError):
            _lock(folder, lock)
        yield
    finally:
        os.close(lock)


def _lock(folder: Path, lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        who, reason = f"an export into {folder}", "run it again when that is done"
        raise RunUnderWay(who, reason) from error


class ExportFolder:
    """An export that is being made, or made again.

    ``written`` counts the files that were written now; ``payload_files`` and ``payload_bytes`` are the objects
    of a bag, which its manifest names.
    """

    def __init__(self, folder: Path, request: ExportRequest, *, now: datetime) -> None:
        """Open a folder for what is asked; raises :class:`ConfigurationError` when it holds anything else."""
        self.folder, self.work = folder, folder / WORK
        self.written = self.payload_files = self.payload_bytes = 0
        self.files: list[ExportedFile] = []
        self._journal = Journal(self.work / "progress.jsonl")
        with writing(folder):
            begun = self._begun() or Export(request=request, started_at=now)
            if begun.request != request:
                message = (
                    f"{folder} holds another export ({_said(begun.request)}): name another --out"
                )
                raise ConfigurationError(message)
            self.work.mkdir(parents=True, exist_ok=True)
            if not self._journal.is_begun:
                self._journal.add(begun)
        self.request, self.started_at = request, begun.started_at
        done = self._journal.read(ExportedFile, after=1)
        self._known = {one.name: one for one in (*begun.files, *done)}

    def keeps(self, name: str, basis: str) -> bool:
        """Whether a file is there, whole, and would be made the same again; then it stays."""
        known = self._known.get(name)
        if known is None or known.basis != basis or known.failed:
            return False
        try:
            found = self.entry(name)
        except KeyError:
            return False
        if (found.size, found.sha256) != (known.size, known.sha256):
            return False
        self.files.append(known)
        return True

    def entry(self, name: str) -> ObjectEntry:
        """Return size and digest of a file; raises KeyError when there is none."""
        return read_entry(name, FolderCopy(self.folder).chunks(name))

    def write(self, name: str, chunks: Iterable[bytes]) -> ObjectEntry:
        """Write a file beside, and give it its name; raises :class:`DiskFull`."""
        with writing(self.folder):
            part = self.work / f"{name}.part"
            with part.open("wb") as file:
                for chunk in chunks:
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            return self.adopt(name, part)

    def adopt(self, name: str, part: Path) -> ObjectEntry:
        """Give a file that is whole its name."""
        with writing(self.folder):
            part.replace(self.folder / name)
        return self.entry(name)

    def note(self, file: ExportedFile) -> None:
        """Note that a file was written."""
        with writing(self.folder):
            self._journal.add(file)
        self.files.append(file)
        self._known[file.name] = file
        self.written += 1

    def finish(self) -> Export:
        """Remove what an earlier export of the same request held besides, and write ``export.json``."""
        files = tuple(sorted(self.files, key=lambda one: one.name))
        export = Export(request=self.request, started_at=self.started_at, files=files)
        with writing(self.folder):
            # First, for what the notes do not name is known to nobody afterwards.
            for name in self._known.keys() - {one.name for one in files}:
                (self.folder / name).unlink(missing_ok=True)
        self.write(NOTES, [encode(export)])
        with writing(self.folder):
            shutil.rmtree(self.work)
        return export

    def _begun(self) -> Export | None:
        """Return what was begun here, whole or not; None for a new folder."""
        notes = self.folder / NOTES
        if notes.exists():
            return decode(notes.read_bytes(), Export, name=str(notes))
        if self._journal.is_begun:
            return self._journal.read(Export, until=1)[0]
        if any(path.name != WORK for path in self.folder.iterdir()):
            message = f"{self.folder} holds files that are no export: name a new folder with --out"
            raise ConfigurationError(message)
        return None


def _said(request: ExportRequest) -> str:
    said: list[str] = [request.format]
    said += [f"--since {request.since}"] if request.since else []
    said += [f"--until {request.until}"] if request.until else []
    said += [f"--section {request.section}"] if request.section else []
    said += [f"{len(request.article_ids)} articles by id"] if request.article_ids else []
    said += ["--every-revision"] if request.every_revision else []
    return " ".join(said)
