"""Trouble with writing to the disk, in our own errors."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import ConfigurationError, DiskFull

# EFBIG: a limit on the size of files is as good as a full disk.
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR}


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn an error of writing below ``folder`` into :class:`DiskFull` or :class:`ConfigurationError`."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        if error.errno in _FULL:
            raise DiskFull(str(folder), reason) from error
        if error.errno in _FORBIDDEN:
            message = f"{folder} can't be written ({reason}): set ARCHIVE_HOME to a folder of yours"
            raise ConfigurationError(message) from error
        raise
