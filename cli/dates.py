"""New Zealand dates and instants as arguments of the commands."""

from datetime import UTC, date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

import publishers
from archive.errors import ConfigurationError

NEW_ZEALAND = ZoneInfo(publishers.get("nzherald").timezone)
"""Where the one publisher we know has its days."""


def _day(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007 - only its date is used
    except ValueError as error:
        message = f"{text} is no date; write it as 2026-03-01"
        raise typer.BadParameter(message) from error


_DAY: dict[str, Any] = {"parser": _day, "metavar": "DATE"}

Since = Annotated[
    datetime | None, typer.Option(help="First New Zealand date, such as 2026-03-01.", **_DAY)
]
Until = Annotated[datetime | None, typer.Option(help="Last New Zealand date, included.", **_DAY)]
FromDay = Annotated[
    datetime, typer.Option("--since", help="First New Zealand date, such as 2026-03-01.", **_DAY)
]
ToDay = Annotated[
    datetime, typer.Option("--until", help="Last New Zealand date, included.", **_DAY)
]


def now() -> datetime:
    """Return the present, UTC: the commands read the clock here and hand it down."""
    return datetime.now(UTC)


def today() -> date:
    """Return the present date in New Zealand."""
    return now().astimezone(NEW_ZEALAND).date()


def date_range(since: datetime | None, until: datetime | None) -> tuple[date | None, date | None]:
    """Return both ends as dates; raises :class:`ConfigurationError` when they make no range.

    One end alone means an open range, which only looking commands take.
    """
    first = since.date() if since else None
    last = until.date() if until else None
    if first and last and last < first:
        message = f"--until {last} lies before --since {first}: swap them"
        raise ConfigurationError(message)
    if first and first > today():
        message = f"--since {first} lies in the future; today in New Zealand is {today()}"
        raise ConfigurationError(message)
    return first, last


def instant(text: str) -> datetime:
    """Return an instant given as ISO 8601; without a zone it is New Zealand time."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        message = f"--at {text}: not a time; write 2026-03-01T09:30 or 2026-03-01T09:30:00+13:00"
        raise ConfigurationError(message) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=NEW_ZEALAND)
