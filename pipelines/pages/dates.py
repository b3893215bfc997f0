"""Dates as publishers state them. Only an instant with a zone becomes a time; nothing is guessed."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from attrs import frozen

from archive.records import DateCandidate

_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*"
    r"(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)$",
    re.IGNORECASE,
)
_EARLIEST_YEAR = 1850
# The last year that can be counted stands for "never", and has no date in zones ahead of UTC.
_LATEST_YEAR = 9998


@frozen
class Stated:
    """The first of several candidates that states an instant."""

    instant: datetime | None = None
    raw: str | None = None
    source: str | None = None


def instant(value: str) -> datetime | None:
    """Return the instant in ``value`` in UTC. None when it has no time, no zone or no sense."""
    found = _iso(value.strip()) or _mail(value.strip())
    return found if found is not None and _EARLIEST_YEAR <= found.year <= _LATEST_YEAR else None


def _iso(value: str) -> datetime | None:
    match = _ISO.fullmatch(value)
    if match is None:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    zone = "+00:00" if zone.upper() in {"Z", "UTC", "GMT"} else zone
    try:
        stated = datetime.fromisoformat(
            f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}{zone}"
        )
        return stated.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _mail(value: str) -> datetime | None:
    """Read ``Fri, 24 Nov 2023 10:00:00 GMT``, as old systems write it."""
    try:
        stated = parsedate_to_datetime(value)
        return stated.astimezone(UTC) if stated.tzinfo is not None else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def choose(candidates: Iterable[DateCandidate]) -> Stated:
    """Return the first instant among ``candidates``, else the first raw value."""
    candidates = tuple(candidates)
    for candidate in candidates:
        found = instant(candidate.value)
        if found is not None:
            return Stated(found, candidate.value, candidate.source)
    if candidates:
        return Stated(None, candidates[0].value, candidates[0].source)
    return Stated()
