"""Which stories the newspaper announces, and on which day: what sitemaps and feeds have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from demo.newspaper.newsroom import Newsroom
from demo.newspaper.profile import Profile
from demo.newspaper.story import Story

FEEDS = "/arc/outboundfeeds"
SUFFIX = "?outputType=xml&_website=nzh"
XML = '<?xml version="1.0" encoding="UTF-8"?>'


def announced(newsroom: Newsroom, profile: Profile) -> list[Story]:
    """Return all stories that are announced, oldest first: a day may have fewer than it should."""
    stories = newsroom.stories()
    if profile.day_limit is None:
        return stories
    seen: Counter[tuple[str, date]] = Counter()
    kept = []
    for story in stories:
        section, day = story.path.split("/")[1], story.date_published.date()
        seen[section, day] += 1
        if seen[section, day] <= _limit(profile, day):
            kept.append(story)
    return kept


def _limit(profile: Profile, day: date) -> float:
    limit = profile.day_limit
    if isinstance(limit, int):
        return limit
    return float("inf") if limit is None else limit.get(day, float("inf"))


def stories_of(newsroom: Newsroom, day: date, profile: Profile) -> list[Story]:
    """Return the stories that the sitemap of a UTC day lists."""
    return [s for s in announced(newsroom, profile) if _listing_date(s, profile).date() == day]


def recent_stories(newsroom: Newsroom, profile: Profile) -> list[Story]:
    """Return the stories of the last two days, newest first, as the news sitemap lists them."""
    since = newsroom.clock.now() - timedelta(days=2)
    return [s for s in announced(newsroom, profile) if _listing_date(s, profile) > since][::-1]


def last_change(stories: Sequence[Story], newsroom: Newsroom, day: date) -> datetime:
    """When a list of stories last changed: a story in it, or anything the newsroom did."""
    moments = [story.date_modified for story in stories]
    moments.append(datetime.combine(day, time(), UTC))
    if newsroom.changed_at:
        moments.append(newsroom.changed_at)
    return max(moments)


def _listing_date(story: Story, profile: Profile) -> datetime:
    modified = profile.sitemap_date == "modified"
    return story.date_modified if modified else story.date_published
