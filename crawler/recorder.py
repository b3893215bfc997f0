"""Keeps a crawl's exchanges in WARC files and brings each closed file into the bucket."""

import fcntl
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from archive.disk import writing
from archive.errors import FailedError, RetryableError
from archive.keys import cdxj_key, warc_key
from archive.object_store import ObjectStore
from archive.records import Original
from archive.warc import OPEN_ENDING, Exchange, WarcFile, recover
from crawler.gate import Passage

logger = logging.getLogger(__name__)

_WARC = ".warc.gz"
_LOCK = "publisher.lock"


class Spool:
    """The folder in which a run's WARC files grow, held by one process at a time."""

    def __init__(self, folder: Path, publisher: str) -> None:
        """Take the folder; raises :class:`FailedError` when another process holds it."""
        self.folder = folder
        self.publisher = publisher
        lock = folder / _LOCK
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._lock)
            message = f"run {folder.name} is being crawled by another process"
            raise FailedError(message) from error
        # Whoever finds the folder after a crash reads here whose it is.
        with writing(folder):
            lock.write_text(publisher)

    def closed_files(self) -> list[Path]:
        """Return the WARC files that wait to be uploaded, those of a crash made whole first."""
        for path in sorted(self.folder.glob(f"*{_WARC}{OPEN_ENDING}")):
            logger.warning("making %s whole after a crash", path.name)
            recover(path)
        closed = sorted(self.folder.glob(f"*{_WARC}"))
        # What belongs to a file that was brought in, or of which nothing was whole.
        for index in self.folder.glob(f"*{_WARC}.cdxj*"):
            if index.with_name(index.name.partition(".cdxj")[0]) not in closed:
                index.unlink()
        return closed

    def upload(self, path: Path, store: ObjectStore) -> str:
        """Bring a closed file and its index into the bucket, forget them here, return the key."""
        run_id, _, serial = path.name.removesuffix(_WARC).rpartition("-")
        key = warc_key(self.publisher, run_id, int(serial))
        index = path.with_name(f"{path.name}.cdxj")
        store.upload_once(key, path)
        store.upload_once(cdxj_key(key), index)
        path.unlink()
        index.unlink()
        return key

    def release(self) -> None:
        """Give the folder back, and remove it when nothing waits in it."""
        if not any(self.folder.glob("*.warc.gz*")):
            with suppress(OSError):
                (self.folder / _LOCK).unlink()
                self.folder.rmdir()
        os.close(self._lock)


class Recorder:
    """Writes the exchanges of one run, one file after the other."""

    def __init__(
        self,
        spool: Spool,
        store: ObjectStore,
        info: dict[str, str],
        clock: Callable[[], datetime],
        *,
        rotate_bytes: int,
    ) -> None:
        self._spool = spool
        self._store = store
        self._info = info
        self._clock = clock
        self._rotate_bytes = rotate_bytes
        self._run_id = spool.folder.name
        self._serial = 0
        self._file: WarcFile | None = None
        self._begun_on = date.min
        self.keys: list[str] = []

    def start(self) -> None:
        """Bring in what an earlier try of this run left, and number on after it."""
        for path in self._spool.closed_files():
            self._spool.upload(path, self._store)
        while self._store.exists(warc_key(self._spool.publisher, self._run_id, self._serial)):
            self._serial += 1

    def keep(self, exchange: Exchange, passage: Passage) -> None:
        """Keep of an exchange what came through the gate; raises :class:`DiskFull`."""
        file, note = self._open_file(), passage.note
        if note is not None and passage.withheld:
            file.write_withheld(exchange, note)
        elif note is not None and passage.kept is not None:
            file.write_cut(exchange, note, passage.kept, passage.kept_type)
        else:
            file.write(exchange, note)

    def keep_not_modified(self, exchange: Exchange, original: Original | None) -> None:
        """Keep a 304."""
        self._open_file().write_not_modified(exchange, original)

    def keep_copy(self, url: str, received_at: datetime, content_type: str, content: bytes) -> None:
        """Keep a file that an earlier run received and this one goes by."""
        self._open_file().write_copy(url, received_at, content_type, content)

    @property
    def is_full(self) -> bool:
        """Whether the file has reached its size, or the UTC day on which it was begun is over."""
        if self._file is None:
            return False
        return self._file.size >= self._rotate_bytes or self._clock().date() > self._begun_on

    def rotate(self) -> None:
        """Close the file and bring it into the bucket; a store that is away for a while may be."""
        path = self._close_file()
        if path is None:
            return
        try:
            self._upload(path)
        except RetryableError as error:
            logger.warning("%s stays in the spool for now: %s", path.name, error)

    def finish(self) -> None:
        """Close the last file and bring in whatever is not in the bucket yet."""
        self._close_file()
        for path in self._spool.closed_files():
            self._upload(path)

    def discard(self) -> None:
        """Remove the file that is open, with what it holds."""
        if self._file is not None:
            self._file.discard()
            self._file = None
            self._serial -= 1

    def release(self) -> None:
        """Let go of the spool. A file that is still open is made whole and brought in by the next run."""
        if self._file is not None:
            self._file.abandon()
            self._file = None
        self._spool.release()

    def _open_file(self) -> WarcFile:
        if self._file is None:
            name = Path(warc_key(self._spool.publisher, self._run_id, self._serial)).name
            path = self._spool.folder / name
            created_at = self._clock()
            self._file = WarcFile(path, self._info, created_at=created_at)
            self._begun_on = created_at.date()
            self._serial += 1
        return self._file

    def _close_file(self) -> Path | None:
        file, self._file = self._file, None
        return file.close() if file else None

    def _upload(self, path: Path) -> None:
        key = self._spool.upload(path, self._store)
        logger.info("preserved %s", key, extra={"fields": {"key": key}})
        self.keys.append(key)


def bring_in_leftovers(home: Path, own: Path, store: ObjectStore) -> list[str]:
    """Bring WARC files into the bucket that crashed runs left behind; returns their keys."""
    keys = []
    for lock in sorted(home.glob(f"spool/*/{_LOCK}")):
        folder, publisher = lock.parent, lock.read_text().strip()
        if folder == own or not publisher:
            continue
        try:
            spool = Spool(folder, publisher)
        except FailedError:
            continue
        try:
            keys += [spool.upload(path, store) for path in spool.closed_files()]
        finally:
            spool.release()
    return keys
