"""Which daily sitemap is about which UTC day. Pure: the time is handed in."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from attrs import field, frozen

from publishers.spec import Publisher

_STALE = time(0, 10)
"""Until then an index may be a copy from before midnight: the platform keeps it for five minutes."""

_DAY = timedelta(days=1)


@frozen(kw_only=True)
class DailySitemaps:
    """The daily sitemaps that an index names.

    A day is known by its date, never by its address: that changes as the day grows old
    (``sitemap/``, ``sitemap2/``, ``sitemap3/``), and a busy day has several. Today's is called
    ``latest``, and belongs to whatever day it is when it is asked for.
    """

    publisher: Publisher
    """Whose they are."""

    dated: dict[date, list[str]] = field(factory=dict)
    """Addresses by day, each once."""

    latest: list[str] = field(factory=list)
    """Addresses that are called ``latest``."""

    latest_day: date
    """Day that these were about when the index was made."""

    def addresses(self, day: date, today: date) -> list[str]:
        """Return the addresses to ask for a day; none when the index knows nothing of it.

        A day that was today in the index and is over now is asked for under its date.
        """
        found = self.dated.get(day, [])
        if day == today:
            return [*found, *self.latest]
        if day == self.latest_day and not found:
            return [self.publisher.sitemap_under_date(url, day) for url in self.latest]
        return found


def daily_sitemaps(publisher: Publisher, urls: Iterable[str], now: datetime) -> DailySitemaps:
    """Return the daily sitemaps among the addresses of an index that was received at ``now`` (UTC)."""
    dated: dict[date, list[str]] = {}
    latest: list[str] = []
    for url in urls:
        match publisher.sitemap_day(url):
            case "latest":
                latest.append(url)
            case date() as day:
                dated.setdefault(day, []).append(url)
    yesterday = now.date() - _DAY
    is_stale = now.time() < _STALE and yesterday not in dated
    return DailySitemaps(
        publisher=publisher,
        dated=dated,
        latest=latest,
        latest_day=yesterday if is_stale else now.date(),
    )
