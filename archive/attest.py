"""Who closed a day, and since when: Ed25519 signatures (RFC 8032), timestamps of others (RFC 3161)."""

import base64
from collections.abc import Collection, Sequence
from datetime import UTC, date
from pathlib import Path

import httpx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import Certificate, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from archive.errors import ConfigurationError, FailedError
from archive.keys import sha256_hex
from archive.records import DaySignature, DayTimestamp
from archive.trusted_keys import TrustedKey, is_trusted

__all__ = [
    "Certificate",
    "fault_of_signature",
    "fault_of_timestamp",
    "load_roots",
    "load_signing_key",
    "public_key",
    "sign",
    "stamp",
]

_TIMEOUT_SECONDS = 30
_QUERY = {"Content-Type": "application/timestamp-query"}


def load_signing_key(path: Path) -> Ed25519PrivateKey:
    """Return the private key in a PEM file; raises :class:`ConfigurationError` when it is none."""
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        message = f"ARCHIVE_SIGNING_KEY: {path} can't be read as an unencrypted PEM key ({error})"
        raise ConfigurationError(message) from error
    if not isinstance(key, Ed25519PrivateKey):
        message = (
            f"ARCHIVE_SIGNING_KEY: {path} is no Ed25519 key: openssl genpkey -algorithm ed25519"
        )
        raise ConfigurationError(message)
    return key


def public_key(key: Ed25519PrivateKey) -> str:
    """Return the public half of a key, 64 hexadecimal digits."""
    return key.public_key().public_bytes_raw().hex()


def sign(key: Ed25519PrivateKey, day: date, content: bytes) -> DaySignature:
    """Return the signature of a day manifest's bytes."""
    return DaySignature(
        day=day,
        sha256=sha256_hex(content),
        public_key=public_key(key),
        signature=key.sign(content).hex(),
    )


def fault_of_signature(
    made: DaySignature, content: bytes, trusted: Collection[TrustedKey]
) -> str | None:
    """Return what is wrong with a signature. None for a good one.

    It must be of one of the ``trusted`` keys. Without any, the one it names is taken, which proves
    only that whoever signed had that key.
    """
    if trusted and not is_trusted(made.public_key, made.day, trusted):
        return f"it is signed with the key {made.public_key}, which is not trusted for that day"
    if made.sha256 != sha256_hex(content):
        return "its signature is not of these bytes"
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(made.public_key))
        key.verify(bytes.fromhex(made.signature), content)
    except (InvalidSignature, ValueError):
        return "its signature is not of these bytes"
    return None


def stamp(authority: str, day: date, content: bytes) -> DayTimestamp:
    """Ask a timestamping authority to vouch for a day manifest's bytes, of which it sees the SHA-256.

    Raises :class:`FailedError` when it can't be reached or gives no timestamp of them.
    """
    asked = TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm.SHA256).build()
    try:
        answer = httpx.post(
            authority, content=asked.as_bytes(), headers=_QUERY, timeout=_TIMEOUT_SECONDS
        )
        answer.raise_for_status()
        given = decode_timestamp_response(answer.content)
        fault = _fault_of_imprint(given, content, asked.nonce)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        message = f"no timestamp from {authority}: {error}"
        raise FailedError(message) from error
    if fault:
        message = f"no timestamp from {authority}: {fault}"
        raise FailedError(message)
    return DayTimestamp(
        day=day,
        sha256=sha256_hex(content),
        authority=authority,
        stamped_at=given.tst_info.gen_time.astimezone(UTC),
        token=base64.b64encode(answer.content).decode(),
    )


def load_roots(path: Path) -> list[Certificate]:
    """Return the certificates in a PEM file; raises :class:`ConfigurationError` when there are none."""
    try:
        return load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError) as error:
        message = f"ARCHIVE_TIMESTAMP_ROOTS: {path} holds no PEM certificates ({error})"
        raise ConfigurationError(message) from error


def fault_of_timestamp(
    made: DayTimestamp, content: bytes, roots: Sequence[Certificate]
) -> str | None:
    """Return what is wrong with a timestamp. None for a good one.

    ``roots`` are the authorities that are trusted. Without any, only what it is of is looked at.
    """
    try:
        given = decode_timestamp_response(base64.b64decode(made.token))
        if fault := _fault_of_imprint(given, content, None):
            return fault
        if made.sha256 != sha256_hex(content):
            return "its timestamp is of other bytes"
        if given.tst_info.gen_time.astimezone(UTC) != made.stamped_at:
            return "its timestamp is of another time than the record says"
        if roots:
            builder = VerifierBuilder()
            for root in roots:
                builder = builder.add_root_certificate(root)
            builder.build().verify_message(given, content)
    except VerificationError as error:
        return f"its timestamp does not hold ({error})"
    except ValueError as error:
        return f"its timestamp can't be read ({error})"
    return None


def _fault_of_imprint(given: TimeStampResponse, content: bytes, nonce: int | None) -> str | None:
    if given.status != 0:
        return f"the authority refused (status {given.status})"
    if given.tst_info.message_imprint.message.hex() != sha256_hex(content):
        return "its timestamp is of other bytes"
    if nonce is not None and given.tst_info.nonce != nonce:
        return "its timestamp answers another request"
    return None
