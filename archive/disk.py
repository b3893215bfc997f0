"""Writing to the disk: its trouble in our own errors, and files that are nobody else's."""

import errno
import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree

from archive.errors import ConfigurationError, DiskFull

# EFBIG: a limit on the size of files is as good as a full disk.
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.ENOENT}
_LOCK = "held.lock"


def is_full(error: OSError) -> bool:
    """Whether an error says that there is no room left."""
    return error.errno in _FULL


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn an error of writing below ``folder`` into :class:`DiskFull` or :class:`ConfigurationError`."""
    try:
        yield
    except OSError as error:
        place = error.filename or folder
        reason = error.strerror or str(error)
        if is_full(error):
            raise DiskFull(str(place), reason) from error
        if error.errno in _FORBIDDEN:
            message = f"{place} can't be written ({reason}): name a folder of yours (ARCHIVE_HOME, --home, --out)"
            raise ConfigurationError(message) from error
        raise


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, beside and then renamed."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def hold_folder(folder: Path) -> int:
    """Make a folder that only its owner may look into, and hold it; returns the lock to give it back with.

    The kernel drops the lock of a process that is killed: so the folders beside it that nobody holds any
    more are removed first.
    """
    parent = folder.parent
    with writing(folder):
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Nobody may find the new one before it is locked.
        entry = _lock(parent.with_name(f"{parent.name}.lock"), fcntl.LOCK_EX)
        try:
            _remove_forsaken(parent)
            folder.mkdir(mode=0o700, exist_ok=True)
            return _lock(folder / _LOCK, fcntl.LOCK_EX)
        finally:
            os.close(entry)


def give_back_folder(folder: Path, lock: int) -> None:
    """Remove a folder that :func:`hold_folder` made."""
    rmtree(folder, ignore_errors=True)
    os.close(lock)


def _remove_forsaken(parent: Path) -> None:
    for folder in filter(Path.is_dir, parent.iterdir()):
        with suppress(BlockingIOError, FileNotFoundError):
            give_back_folder(folder, _lock(folder / _LOCK, fcntl.LOCK_EX | fcntl.LOCK_NB))


def _lock(path: Path, kind: int) -> int:
    """Lock a file, made when it is not there. Raises BlockingIOError when another process has it."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, kind)
    except BaseException:
        os.close(lock)
        raise
    return lock
