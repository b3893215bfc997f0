"""Writing to the disk: its trouble in our own errors, and files that are nobody else's."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import ConfigurationError, DiskFull

# EFBIG: a limit on the size of files is as good as a full disk.
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.ENOENT}


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
