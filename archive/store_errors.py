"""What an S3 store's refusals mean: their names to our errors."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

from archive.errors import (
    ArchiveError,
    ConfigurationError,
    DiskFull,
    StoreRefused,
    StoreUnavailable,
)

_FULL = (
    "insufficientstorage",
    "no space left",
    "no writable volumes",
    "not enough space",
    "no free volumes",
    "quotaexceeded",
    "xminiostoragefull",
)
_LEAST_ROOM_BYTES = 16 << 20
_KEY_ADVICE = "check ARCHIVE_S3_ACCESS_KEY and ARCHIVE_S3_SECRET_KEY, and what they may do"
_REFUSALS = {
    "RequestTimeTooSkewed": "the clocks differ: set this machine's clock",
    "NotImplemented": "it does not know conditional writes or checksums: use another store",
    "NoSuchBucket": "the bucket is gone: check ARCHIVE_BUCKET",
    "BucketAlreadyExists": "the bucket belongs to somebody else: choose another ARCHIVE_BUCKET",
}
_DAMAGED = {
    "BadDigest",
    "InvalidDigest",
    "XAmzContentSHA256Mismatch",
    "XAmzContentChecksumMismatch",
}
_MISTAKES = {
    "AuthorizationHeaderMalformed": "ARCHIVE_S3_REGION",
    "IllegalLocationConstraintException": "ARCHIVE_S3_REGION",
    "PermanentRedirect": "ARCHIVE_S3_REGION or ARCHIVE_S3_ENDPOINT",
    "InvalidBucketName": "ARCHIVE_BUCKET",
    "MethodNotAllowed": "ARCHIVE_S3_ENDPOINT",
    # Answers to HEAD have no name.
    "301": "ARCHIVE_S3_REGION or ARCHIVE_S3_ENDPOINT",
    "400": "ARCHIVE_S3_REGION, ARCHIVE_BUCKET or ARCHIVE_S3_ENDPOINT",
    "405": "ARCHIVE_S3_ENDPOINT",
}


@frozen(kw_only=True)
class StoreAnswer:
    """A refusal, as the store puts it."""

    status: int
    """HTTP status."""

    code: str
    """Name of the error, or the status in digits where the answer has no body (HEAD)."""

    message: str
    """What the store says in words."""

    @classmethod
    def read(cls, response: Mapping[str, Any]) -> "StoreAnswer":
        """Return the refusal in what the client library hands over."""
        error = response.get("Error", {})
        status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return cls(status=status, code=error.get("Code", ""), message=error.get("Message", ""))

    @property
    def is_absent(self) -> bool:
        """There is no such object, or (asked for a bucket) no such bucket."""
        return self.status == 404  # noqa: PLR2004 - Not Found

    @property
    def is_taken(self) -> bool:
        """The condition of a conditional write does not hold."""
        return self.status == 412  # noqa: PLR2004 - Precondition Failed

    @property
    def is_race(self) -> bool:
        """Somebody else is writing the same key at this moment."""
        return self.status == 409 and self.code != "BucketAlreadyExists"  # noqa: PLR2004 - Conflict

    @property
    def is_gone(self) -> bool:
        """The object that was to be replaced is not there."""
        return self.is_absent and self.code != "NoSuchBucket"

    @property
    def is_malformed(self) -> bool:
        """The request is wrong in itself, such as content that does not have its checksum."""
        return self.status == 400  # noqa: PLR2004 - Bad Request, under many names

    def to_error(self, endpoint: str) -> ArchiveError | None:
        """Return our error for it; None when we have no name for it."""
        words = f"{self.code}: {self.message}" if self.message else self.code
        if any(sign in words.lower() for sign in _FULL) or self.status == 507:  # noqa: PLR2004 - Insufficient Storage
            return DiskFull(endpoint, words)
        if self.code in _MISTAKES:
            return ConfigurationError(f"{_MISTAKES[self.code]} does not fit {endpoint}: {words}")
        if self.code in _REFUSALS:
            return StoreRefused(endpoint, f"{_REFUSALS[self.code]} ({words})")
        if self.status in {401, 403}:
            return StoreRefused(endpoint, f"{_KEY_ADVICE} ({words})")
        passes = self.status >= 500 or self.status in {408, 429}  # noqa: PLR2004 - its own trouble
        if passes or self.is_race or self.code in _DAMAGED:
            return StoreUnavailable(endpoint, words)
        return None


def name_full_disk(trouble: ArchiveError, data_folder: Path | None) -> ArchiveError:
    """Return :class:`DiskFull` for trouble of the embedded store, which does not say so, if it is that.

    ``data_folder`` is where that store keeps its data; None for a store of somebody else's.
    """
    if data_folder is None or not isinstance(trouble, StoreUnavailable):
        return trouble
    disk = shutil.disk_usage(data_folder)
    # The embedded store stops writing when less than a hundredth of the disk is left.
    if disk.free > max(_LEAST_ROOM_BYTES, disk.total // 100):
        return trouble
    return DiskFull(str(data_folder), f"{disk.free >> 20} MiB left; {trouble.reason}")
