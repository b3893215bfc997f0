"""The bucket: objects that are created once, checked by digest, and listed completely.

The only module that knows boto3. Its errors become ours here, once.
"""

import base64
import functools
import hashlib
import random
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointProviderError,
    FlexibleChecksumError,
    ParamValidationError,
)

from archive.disk import writing
from archive.erasing import deleted_keys, erase_versions, folders_ever
from archive.errors import (
    BrokenRecord,
    ConfigurationError,
    KeyConflict,
    StoreUnavailable,
)
from archive.holdings import Listed, read_entry
from archive.records import ObjectEntry
from archive.store_client import REGION, connect
from archive.store_errors import StoreAnswer, name_full_disk

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ATTEMPTS = 5
"""How often a request is made, waiting a little longer each time, before the store counts as away."""

_CONFLICT_ROUNDS = 8
_CHUNK = 1 << 20


class ObjectStore:
    """One bucket of an S3-compatible store; may be shared by threads.

    Every method raises :class:`StoreUnavailable`, :class:`StoreRefused` or :class:`DiskFull`.
    """

    data_folder: Path | None = None
    """Where an embedded store keeps its data, to know a full disk. None for other stores."""

    def __init__(
        self, *, endpoint: str, access_key: str, secret_key: str, region: str, bucket: str
    ) -> None:
        self.endpoint = endpoint
        self.bucket = bucket
        self.region = region
        self._connect = functools.partial(
            connect, endpoint, access_key=access_key, secret_key=secret_key, region=region
        )
        self._client = self._connect(attempts=ATTEMPTS)
        self._keys = {"AWS_ACCESS_KEY_ID": access_key, "AWS_SECRET_ACCESS_KEY": secret_key}

    def environment(self) -> dict[str, str]:
        """Return the variables from which other programs know this store. They hold its keys."""
        place = {"AWS_ENDPOINT_URL": self.endpoint, "AWS_DEFAULT_REGION": self.region}
        # Asked only where no keys are set; a store that is down must not be looked for elsewhere.
        return {**place, **self._keys, "AWS_EC2_METADATA_DISABLED": "true"}

    @contextmanager
    def _asking(self, key: str | None = None) -> Iterator[None]:
        """Turn the library's errors into ours; with ``key``, a 404 is a KeyError about that key."""
        try:
            yield
        except ClientError as error:
            answer = StoreAnswer.read(error.response)
            if key is not None and answer.is_absent and answer.code != "NoSuchBucket":
                raise KeyError(key) from error
            ours = answer.to_error(self.endpoint)
            if ours is None:
                raise
            raise name_full_disk(ours, self.data_folder) from error
        except FlexibleChecksumError as error:
            raise BrokenRecord(key or self.bucket, str(error)) from error
        except (ParamValidationError, EndpointProviderError) as error:
            message = f"ARCHIVE_S3_ENDPOINT, ARCHIVE_BUCKET or a key is no valid name: {error}"
            raise ConfigurationError(message) from error
        except BotoCoreError as error:
            raise StoreUnavailable(self.endpoint, str(error)) from error

    def ensure_bucket(self) -> None:
        """Make the bucket if it is not there. Asks twice only, so that a wrong address shows soon."""
        client = self._connect(attempts=2)
        with self._asking():
            try:
                client.head_bucket(Bucket=self.bucket)
            except ClientError as error:
                if not StoreAnswer.read(error.response).is_absent:
                    raise
                self._create_bucket(client)

    def _create_bucket(self, client: "S3Client") -> None:
        place = {"CreateBucketConfiguration": {"LocationConstraint": self.region}}
        try:
            client.create_bucket(Bucket=self.bucket, **(place if self.region != REGION else {}))  # type: ignore[arg-type]  # any store's region
        except ClientError as error:
            if StoreAnswer.read(error.response).code != "BucketAlreadyOwnedByYou":
                raise

    def put_once(self, key: str, content: bytes) -> bool:
        """Create an object. True when it was made now, False when the same bytes were there already.

        A lost answer is therefore a success when asked again. Raises :class:`KeyConflict` when
        other bytes are there; they stay as they are.
        """
        return self._create(key, content, _sha256(content), lambda: self.get(key) == content)

    def upload_once(self, key: str, path: Path) -> bool:
        """Create an object from a file, up to 5 GiB, as :meth:`put_once` does from memory."""
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").digest()
            return self._create(key, file, digest, lambda: self.stat(key).sha256 == digest.hex())

    def _create(
        self, key: str, body: bytes | BinaryIO, digest: bytes, is_ours: Callable[[], bool]
    ) -> bool:
        """Create until the store gives a clear answer: 409 means that somebody else is writing now."""
        for round_number in range(_CONFLICT_ROUNDS):
            if not isinstance(body, bytes):
                body.seek(0)
            refusal = self._try_put(key, body, digest, IfNoneMatch="*")
            if not isinstance(refusal, StoreAnswer):
                return True
            if refusal.is_taken and self._holds_ours(key, is_ours):
                return False
            time.sleep(random.uniform(0, 0.05 * 2**round_number))  # noqa: S311 - spreads racers, no secret
        raise StoreUnavailable(self.endpoint, f"{key} is being written by others all the time")

    def _try_put(
        self, key: str, body: bytes | BinaryIO, digest: bytes, **condition: str
    ) -> str | StoreAnswer:
        """Write an object; return its ETag, or the refusal when the condition does not hold."""
        checksum = base64.b64encode(digest).decode()
        with self._asking():
            try:
                answer = self._client.put_object(
                    Bucket=self.bucket,
                    Key=key,
                    Body=body,
                    ChecksumSHA256=checksum,
                    **condition,  # type: ignore[arg-type]  # IfMatch or IfNoneMatch
                )
            except ClientError as error:
                refusal = StoreAnswer.read(error.response)
                if condition and (refusal.is_taken or refusal.is_race or refusal.is_gone):
                    return refusal
                raise
            return answer["ETag"]

    def _holds_ours(self, key: str, is_ours: Callable[[], bool]) -> bool:
        try:
            if is_ours():
                return True
        except KeyError:  # It was removed in between: try again.
            return False
        raise KeyConflict(key, "it was written before, and nothing is ever overwritten")

    def put(self, key: str, content: bytes) -> None:
        """Write an object, over whatever is there. For scratch and for pointers with one writer."""
        self._try_put(key, content, _sha256(content))

    def replace(self, key: str, content: bytes, *, expected: str) -> str | None:
        """Write an object whose ETag still is ``expected``; return the new one, None if too late."""
        answer = self._try_put(key, content, _sha256(content), IfMatch=expected)
        return None if isinstance(answer, StoreAnswer) else answer

    def replace_file(self, key: str, path: Path) -> None:
        """Put a file in the place of the object that is there now; for takedowns only.

        Raises :class:`KeyConflict` when another was faster, and :class:`KeyError` when there is none.
        """
        with self._asking(key):
            tag = self._client.head_object(Bucket=self.bucket, Key=key)["ETag"]
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").digest()
            file.seek(0)
            refusal = self._try_put(key, file, digest, IfMatch=tag)
            # Ours may be there all the same: the answer was lost, and the request made again.
            if isinstance(refusal, StoreAnswer) and self.stat(key).sha256 != digest.hex():
                raise KeyConflict(key, "somebody else wrote it at the same time")

    def refuses_checksum(self, key: str, content: bytes, checksum: bytes) -> bool:
        """Whether the store turns ``content`` down when it is sent with another SHA-256 ``checksum``."""
        encoded = base64.b64encode(checksum).decode()
        with self._asking():
            try:
                self._client.put_object(
                    Bucket=self.bucket, Key=key, Body=content, ChecksumSHA256=encoded
                )
            except ClientError as error:
                if StoreAnswer.read(error.response).is_malformed:
                    return True
                raise
            return False

    def get(self, key: str) -> bytes:
        """Return an object's content. Raises KeyError when there is none."""
        return self.get_tagged(key)[0]

    def get_tagged(self, key: str) -> tuple[bytes, str]:
        """Return content and ETag, as :meth:`replace` wants it. Raises KeyError when there is none."""
        with self._asking(key):
            answer = self._client.get_object(Bucket=self.bucket, Key=key)
            with closing(answer["Body"]) as body:
                return body.read(), answer["ETag"]

    def stat(self, key: str) -> ObjectEntry:
        """Return size and SHA-256 of an object, kept by the store or by reading. KeyError if absent."""
        with self._asking(key):
            head = self._client.head_object(Bucket=self.bucket, Key=key, ChecksumMode="ENABLED")
        stored = head.get("ChecksumSHA256")
        if stored and head.get("ChecksumType", "FULL_OBJECT") == "FULL_OBJECT":
            sha256 = base64.b64decode(stored).hex()
            return ObjectEntry(key=key, size=head["ContentLength"], sha256=sha256)
        return read_entry(key, self.chunks(key))

    def exists(self, key: str) -> bool:
        """Whether there is such an object."""
        try:
            with self._asking(key):
                self._client.head_object(Bucket=self.bucket, Key=key)
        except KeyError:
            return False
        return True

    def list_keys(self, prefix: str, *, after: str | None = None) -> Iterator[str]:
        """Yield every key that starts with ``prefix`` and comes behind ``after``, page by page.

        In order for keys like ours, whose parts have fixed widths; for others each store has its
        own idea (by bytes, or by path segment).
        """
        return (found.key for found in self.list_objects(prefix, after=after))

    def list_objects(self, prefix: str, *, after: str | None = None) -> Iterator[Listed]:
        """Yield what :meth:`list_keys` does, with the size and the time of each object."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=prefix, StartAfter=after or ""
        )
        with self._asking():
            for page in pages:
                for entry in page.get("Contents", ()):
                    yield Listed(entry["Key"], entry["Size"], entry["LastModified"])

    def list_folders(self, prefix: str) -> Iterator[str]:
        """Yield what follows ``prefix`` (which ends in ``/``) in keys, up to the next ``/``, each once."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=prefix, Delimiter="/"
        )
        with self._asking():
            for page in pages:
                for entry in page.get("CommonPrefixes", ()):
                    yield entry["Prefix"].removeprefix(prefix).rstrip("/")

    def delete(self, key: str) -> None:
        """Remove an object, if it is there; a versioned bucket keeps its versions. For scratch only."""
        with self._asking():
            self._client.delete_object(Bucket=self.bucket, Key=key)

    def erase(self, key: str, *, newest: bool = True) -> None:
        """Remove every version of an object for good, or all but the newest. For takedowns only.

        Raises :class:`StoreRefused` when the store keeps them, as under an object lock.
        """
        with self._asking():
            erase_versions(self._client, self.bucket, key, newest=newest)
        if newest and self.exists(key):
            self.delete(key)

    def list_deleted(self, prefix: str) -> list[str]:
        """Return the keys of objects that were deleted, while a versioned bucket keeps older versions."""
        with self._asking():
            return list(deleted_keys(self._client, self.bucket, prefix))

    def list_folders_ever(self, prefix: str) -> list[str]:
        """Return what :meth:`list_folders` does, with folders whose objects were all deleted."""
        with self._asking():
            found = folders_ever(self._client, self.bucket, prefix)
            return [one.removeprefix(prefix).rstrip("/") for one in found]

    def download(self, key: str, path: Path) -> None:
        """Write an object into a file, which appears when it is whole. KeyError when there is none."""
        part = path.with_name(f"{path.name}.part")
        with writing(path.parent):
            try:
                with part.open("wb") as file:
                    for chunk in self.chunks(key):
                        file.write(chunk)
                part.replace(path)
            finally:
                part.unlink(missing_ok=True)

    def chunks(self, key: str) -> Iterator[bytes]:
        """Yield an object's content, piece by piece. Raises KeyError when there is none."""
        with self._asking(key):
            answer = self._client.get_object(Bucket=self.bucket, Key=key)
            with closing(answer["Body"]) as body:
                yield from body.iter_chunks(_CHUNK)


def _sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()
