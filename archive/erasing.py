"""Erasing every version of an object, in a bucket that keeps them and in one that does not."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from archive.store_errors import StoreAnswer

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ListObjectVersionsOutputTypeDef


def erase_versions(client: "S3Client", bucket: str, key: str, *, newest: bool) -> None:
    """Remove every version of an object for good, marks of deletion too; the newest stays unless ``newest``.

    Raises the library's errors, which :class:`archive.object_store.ObjectStore` makes ours.
    """
    for version_id, is_newest in list(_versions(client, bucket, key)):
        if newest or not is_newest:
            client.delete_object(Bucket=bucket, Key=key, VersionId=version_id)


def deleted_keys(client: "S3Client", bucket: str, prefix: str) -> Iterator[str]:
    """Yield the keys of objects that were deleted, and of which older versions are left."""
    for page in _pages(client, bucket, Prefix=prefix):
        yield from (one["Key"] for one in page.get("DeleteMarkers", ()) if one["IsLatest"])


def folders_ever(client: "S3Client", bucket: str, prefix: str) -> Iterator[str]:
    """Yield the folders right below ``prefix``, also those whose objects were all deleted."""
    for page in _pages(client, bucket, Prefix=prefix, Delimiter="/"):
        yield from (one["Prefix"] for one in page.get("CommonPrefixes", ()))


def _versions(client: "S3Client", bucket: str, key: str) -> Iterator[tuple[str, bool]]:
    for page in _pages(client, bucket, Prefix=key):
        for one in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
            if one["Key"] == key:
                yield one["VersionId"], one["IsLatest"]


def _pages(
    client: "S3Client", bucket: str, **asked: str
) -> Iterator["ListObjectVersionsOutputTypeDef"]:
    try:
        yield from client.get_paginator("list_object_versions").paginate(Bucket=bucket, **asked)  # type: ignore[arg-type]  # Prefix and Delimiter
    except ClientError as error:
        # A store that knows no versions has none.
        if StoreAnswer.read(error.response).code != "NotImplemented":
            raise
