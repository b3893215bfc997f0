"""Whose signatures of days count: public keys, and until when each was in use. Pure."""

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date

from attrs import frozen

from archive.errors import ConfigurationError

_HEX = re.compile(r"[0-9a-f]{64}")


@frozen
class TrustedKey:
    """An Ed25519 key whose signatures count."""

    public_key: str
    """Its public half, 64 hexadecimal digits in lower case."""

    until: date | None = None
    """Last UTC day that it may have signed. None for the key in use."""


def parse_trusted_keys(text: str) -> tuple[TrustedKey, ...]:
    """Return the keys in a text such as ``3f9a…:2026-11-29,77c0…``: key, or key and its last day.

    Raises :class:`ConfigurationError` when a part is neither. An empty text names none.
    """
    return tuple(map(_parse, text.replace(" ", "").split(","))) if text.strip() else ()


def _parse(part: str) -> TrustedKey:
    key, colon, until = part.lower().partition(":")
    if _HEX.fullmatch(key):
        with suppress(ValueError):
            return TrustedKey(key, date.fromisoformat(until) if colon else None)
    message = (
        f"{part!r} is no public key: 64 hexadecimal digits, and a former one with the last UTC day it "
        "was used for, as in 3f9a…:2026-11-29"
    )
    raise ConfigurationError(message)


def is_trusted(public_key: str, day: date, keys: Iterable[TrustedKey]) -> bool:
    """Return whether a key may sign a day."""
    return any(
        one.public_key == public_key and (one.until is None or day <= one.until) for one in keys
    )
