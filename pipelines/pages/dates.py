"""Dates as publishers state them. Only an instant with a zone becomes a time; nothing is guessed."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from attrs import frozen

from archive.records import DateCandidate

_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*"
    r"(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)$",
    re.IGNORECASE,
)
_PUBLISHED = frozenset(
    {"json-ld:datePublished", "meta:article:published_time", "meta:og:article:published_time",
     "meta:datepublished", "meta:parsely-pub-date", "fusion:first_publish_date"}
)  # fmt: skip
_MODIFIED = frozenset(
    {"json-ld:dateModified", "meta:article:modified_time", "meta:og:updated_time", "meta:datemodified",
     "fusion:last_updated_date"}
)  # fmt: skip
# Times that a person may set (`display_date`), that may be another fact (`dateCreated`) or that stand in
# the text are no evidence against others.
_SAME = timedelta(minutes=1)
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


def conflicts(candidates: Iterable[DateCandidate]) -> tuple[str, ...]:
    """Return where machine-readable dates contradict each other, each as one statement.

    Two places state different instants of one fact, or the last change lies before the publication.
    Instants up to a minute apart are the same.
    """
    candidates = tuple(candidates)
    published, modified = (_instants(candidates, sources) for sources in (_PUBLISHED, _MODIFIED))
    told = [
        f"{name}: {', '.join(_told(*one) for one in stated)}"
        for name, stated in (("date_published", published), ("date_modified", modified))
        if _differ(stated)
    ]
    if published and modified and published[0][1] - modified[0][1] > _SAME:
        told.append(f"date_modified: {_told(*modified[0])} is before {_told(*published[0])}")
    return tuple(told)


def _instants(
    candidates: Iterable[DateCandidate], sources: frozenset[str]
) -> Sequence[tuple[str, datetime]]:
    stated = ((one.source, instant(one.value)) for one in candidates if one.source in sources)
    return [(source, at) for source, at in stated if at is not None]


def _differ(stated: Sequence[tuple[str, datetime]]) -> bool:
    instants = [at for _, at in stated]
    return bool(instants) and max(instants) - min(instants) > _SAME


def _told(source: str, at: datetime) -> str:
    return f"{source} {at:%Y-%m-%dT%H:%M:%SZ}"
