"""Trouble with writing to the disk, in our own errors."""

import errno
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
