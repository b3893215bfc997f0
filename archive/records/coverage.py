"""What was missed, what looks wrong, and how much of each day is held."""

from datetime import date, datetime
from typing import Literal

from attrs import field, frozen


@frozen(kw_only=True)
class Gap:
    """A stretch of time of which the publisher's listing was not seen, so that stories may lack."""

    since: datetime
    """Start: up to here the listing had been seen."""

    until: datetime
    """End: from here on it was seen again."""

    state: Literal["open", "closed"]
    """``closed`` when it was listed whole later and nothing that was listed was left pending."""

    reason: str
    """Why it was opened, or why it is open still: ``no_overlap``, ``sitemap:2026-03-01: http_500`` …"""

    opened_by: str
    """Run that found it."""

    opened_at: datetime
    """When that run started."""

    closed_by: str | None = None
    """Run that closed it. None while it is open."""

    closed_at: datetime | None = None
    """When that run ended. None while it is open."""


@frozen(kw_only=True)
class Alarm:
    """Something that a person should look at: it turns one task red, with this line as its cause."""

    stage: Literal["discover", "fetch", "normalise", "reconcile"]
    """Stage that it is about."""

    cause: str
    """What is wrong, against what, in one line."""


@frozen(kw_only=True)
class DayCoverage:
    """How much of what was listed for one date of the publisher is held."""

    day: date
    """New Zealand date: of publication; for what is not held, of the first change or listing known."""

    listed: int
    """Distinct articles that were ever listed."""

    archived: int
    """Of these, articles that are held."""

    share: float
    """``archived`` of ``listed``; 1.0 when nothing was listed."""

    left: dict[str, int] = field(factory=dict)
    """What became of the others: ``skipped``, ``failed``, ``pending``."""


@frozen(kw_only=True)
class DayFields:
    """How often the watched fields of a record were found on the pages read on one date."""

    day: date
    """New Zealand date of the runs that read the pages."""

    readable: int
    """Pages of free articles that were read."""

    filled: dict[str, int] = field(factory=dict)
    """For each watched field, how many of them have it."""
