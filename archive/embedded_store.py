"""The object store that needs no setting up: one SeaweedFS for each home, on loopback.

Every command that needs it holds a lock for as long as it does (``store_keeper.py``); the first
one starts the server and the last one's end stops it.
"""

import fcntl
import os
import subprocess
import time
from pathlib import Path
from typing import Self

from archive import store_keeper
from archive.disk import writing
from archive.errors import ArchiveError, FailedError
from archive.object_store import ObjectStore
from archive.store_launch import Launch, StoreAddress

__all__ = [
    "EmbeddedStore",
    "StoreAddress",
    "env_file",
    "running",
    "store_folder",
]

_POLL_SECONDS = 0.05
# Keepers that we started and that still serve others: forgetting a running child is a warning.
_left_to_others: list[subprocess.Popen[bytes]] = []


def env_file(home: Path) -> Path:
    """Return the file that tells any S3 client how to look into the running store of ``home``."""
    return home.absolute() / "store.env"


def store_folder(home: Path) -> Path:
    """Return the folder of the embedded store: its data, keys and log."""
    return home.absolute() / "store"


def running(home: Path) -> StoreAddress | None:
    """Return where the store of ``home`` listens; None unless it lives and knows its keys."""
    try:
        lines = env_file(home).read_text().splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    values = dict(line.split("=", 1) for line in lines if "=" in line)
    try:
        address = StoreAddress(
            endpoint=values["ARCHIVE_S3_ENDPOINT"],
            access_key=values["ARCHIVE_S3_ACCESS_KEY"],
            secret_key=values["ARCHIVE_S3_SECRET_KEY"],
            bucket=values["ARCHIVE_BUCKET"],
        )
        if not _is_locked(store_folder(home) / store_keeper.SERVER_LOCK):
            return None
        address.open(store_folder(home)).ensure_bucket()
    except (ArchiveError, KeyError):
        return None
    return address


def _is_locked(path: Path) -> bool:
    """Whether a process holds an exclusive lock on a file; one that can't be opened has none."""
    try:
        file = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        return not store_keeper.try_lock(file, fcntl.LOCK_SH)
    finally:
        os.close(file)


class EmbeddedStore:
    """A use of the embedded store of ``home``: started when nobody has, shared when somebody has.

    Raises :class:`ConfigurationError` when it is not installed or the home can't be written,
    :class:`DiskFull`, and :class:`FailedError` when it does not come up.
    """

    def __init__(
        self, home: Path, *, bucket: str = "newsarchive", program: Path | None = None
    ) -> None:
        self._home = home
        self.folder = store_folder(home)
        self._bucket = bucket
        self._program = program
        self._users: int | None = None
        self._keeper: subprocess.Popen[bytes] | None = None
        self._address: StoreAddress | None = None

    def open(self, bucket: str | None = None) -> ObjectStore:
        """Return a client for a bucket in it."""
        return self.address.open(self.folder, bucket)

    @property
    def address(self) -> StoreAddress:
        """Where it listens; only inside ``with``."""
        if self._address is None:
            message = "the embedded store is not started"
            raise FailedError(message)
        return self._address

    @property
    def endpoint(self) -> str:
        """Its address on loopback."""
        return self.address.endpoint

    @property
    def access_key(self) -> str:
        """Access key of its only user."""
        return self.address.access_key

    @property
    def secret_key(self) -> str:
        """Secret key of its only user."""
        return self.address.secret_key

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def is_alive(self) -> bool:
        """Whether the server process is there."""
        return _is_locked(self.folder / store_keeper.SERVER_LOCK)

    def start(self) -> None:
        """Use the running server, or start it; returns when something can be stored."""
        with writing(self._home):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._users = store_keeper.open_lock(self.folder / store_keeper.USERS_LOCK)
            starting = store_keeper.open_lock(self.folder / "start.lock")
        try:
            # Waits while the last server is ending, and while somebody else is starting one.
            fcntl.flock(self._users, fcntl.LOCK_SH)
            fcntl.flock(starting, fcntl.LOCK_EX)
            with writing(self._home):
                self._address = running(self._home) or self._launch()
        except BaseException:
            self.stop()
            raise
        finally:
            os.close(starting)

    def stop(self) -> None:
        """Leave the server; it ends now, and is waited for, unless others still use it."""
        if self._users is None:
            return
        fcntl.flock(self._users, fcntl.LOCK_UN)
        os.close(self._users)
        self._users = self._address = None
        keeper, self._keeper = self._keeper, None
        if self._is_used_by_others():
            if keeper is not None:
                _left_to_others.append(keeper)
        elif keeper is not None:
            keeper.wait()

    def _is_used_by_others(self) -> bool:
        """Wait until the server is gone (False), or is seen to serve somebody else (True)."""
        users = store_keeper.open_lock(self.folder / store_keeper.USERS_LOCK)
        sightings = 0
        try:
            while self.is_alive() and sightings < 3:  # noqa: PLR2004 - one may be a process that looks, as we do
                sightings = sightings + 1 if _is_shared(users) else 0
                time.sleep(_POLL_SECONDS)
        finally:
            os.close(users)
        return sightings > 0

    def _launch(self) -> StoreAddress:
        launch = Launch(
            self.folder,
            env_file=env_file(self._home),
            bucket=self._bucket,
            program=self._program,
        )
        self._keeper, address = launch.start()
        return address


def _is_shared(users: int) -> bool:
    """Whether a process uses the server, and none (nor its keeper) is about to end it."""
    if store_keeper.try_lock(users, fcntl.LOCK_EX):
        fcntl.flock(users, fcntl.LOCK_UN)
        return False
    if store_keeper.try_lock(users, fcntl.LOCK_SH):
        fcntl.flock(users, fcntl.LOCK_UN)
        return True
    return False
