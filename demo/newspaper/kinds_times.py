"""Stories whose pages state their times in odd ways, and instants at which dates are tricky."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import attrs

from demo.newspaper.prose import Writer
from demo.newspaper.story import NEW_ZEALAND, Story
from demo.newspaper.variants import variant


@variant("shown_long_before")
def _shown_long_before(story: Story, _writer: Writer) -> Story:
    """Make a story of long ago that was published again: its display date is 200 days back."""
    first = story.date_published - timedelta(days=200)
    return attrs.evolve(story, date_published=first, date_modified=story.date_published)


@variant("dates_shown_only")
def _dates_shown_only(story: Story, _writer: Writer) -> Story:
    """Show a time without a zone on the page, and state no other."""
    return attrs.evolve(story, dates_stated="shown")


@variant("no_dates")
def _no_dates(story: Story, _writer: Writer) -> Story:
    return attrs.evolve(story, dates_stated="none")


@variant("future")
def _future(story: Story, _writer: Writer) -> Story:
    """Make a story that an embargo should have kept back for a day, and that is out already."""
    later = story.date_published + timedelta(days=1)
    return attrs.evolve(story, date_published=later, served_from=story.date_published)


def next_day_here(day: date) -> datetime:
    """Return 11:30 UTC, which is half past midnight of the next day in a New Zealand summer."""
    return datetime.combine(day, time(11, 30), UTC)


def clock_changes(year: int) -> tuple[datetime, datetime]:
    """Return when New Zealand's clocks go back (in April) and forward (in September), in UTC."""
    hours = (datetime(year, 1, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(1, 8760))
    found = [at for at in hours if _offset(at) != _offset(at - timedelta(hours=1))]
    return found[0], found[1]


def _offset(at: datetime) -> timedelta | None:
    return at.astimezone(NEW_ZEALAND).utcoffset()
