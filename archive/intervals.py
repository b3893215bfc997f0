"""How long to wait between two looks at an article, by its age. Pure."""

import re
from datetime import timedelta

from attrs import frozen

from archive.errors import ConfigurationError

DEFAULT = "6h:30m,1d:2h,3d:6h,7d:1d,30d:7d,30d"
"""Stories change most in their first hours; after a month a change is rare, and still looked for."""

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@frozen
class Band:
    """Articles between two ages, and how long to wait with them."""

    youngest: timedelta
    """Least age, inclusive."""

    oldest: timedelta | None
    """Age from which on they belong to the next band. None for the last."""

    pause: timedelta
    """Time between two looks."""


@frozen
class Intervals:
    """The bands by age, the youngest first; they leave no age out."""

    bands: tuple[Band, ...]

    def pause(self, age: timedelta) -> timedelta:
        """Return how long to wait between two looks at an article of this age."""
        return next(band.pause for band in self.bands if band.oldest is None or age < band.oldest)


def parse_intervals(text: str) -> Intervals:
    """Return the intervals in a text such as ``6h:30m,1d:2h,30d``: younger than: wait, …, wait from then on.

    Raises :class:`ConfigurationError` when it is none, or when ages or waits do not grow.
    """
    *limited, last = text.replace(" ", "").split(",")
    bands, youngest = [], timedelta()
    for part in limited:
        limit, _, pause = part.partition(":")
        bands.append(Band(youngest, _span(limit, text), _span(pause, text)))
        youngest = _span(limit, text)
    bands.append(Band(youngest, None, _span(last, text)))
    ages, pauses = [band.youngest for band in bands], [band.pause for band in bands]
    if ages != sorted(set(ages)) or pauses != sorted(pauses):
        message = f"{text!r}: ages and waits must grow"
        raise ConfigurationError(message)
    return Intervals(tuple(bands))


def _span(part: str, text: str) -> timedelta:
    found = re.fullmatch(r"([1-9]\d*)([mhd])", part)
    if found is None:
        message = f"{text!r}: {part!r} is no time; write 30m, 6h or 7d, as in {DEFAULT}"
        raise ConfigurationError(message)
    return timedelta(**{_UNITS[found[2]]: int(found[1])})
