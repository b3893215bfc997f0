"""The stories as they are now: the edition, and what the newsroom has changed since."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any

import attrs

from demo.newspaper.clock import Clock
from demo.newspaper.edition import Edition, belongs
from demo.newspaper.story import Story


class Newsroom:
    """Holds the current stories; what is dated after the clock is not out yet."""

    def __init__(self, edition: Edition, clock: Clock) -> None:
        self.edition = edition
        self.clock = clock
        self.changed_at: datetime | None = None
        """When something was last changed or removed; None when nothing was."""
        self._lock = threading.Lock()
        self._stories = {story.article_id: story for story in edition.stories}
        self._removed: set[str] = set()

    def story(self, article_id: str) -> Story | None:
        """Return the story as it is now; None when it never was, or is not out yet."""
        with self._lock:
            story = self._stories.get(article_id)
        now = self.clock.now()
        return story.as_of(now) if story and story.out_at <= now else None

    def is_removed(self, article_id: str) -> bool:
        """Tell whether a story was taken off the site."""
        with self._lock:
            return article_id in self._removed

    def stories(self) -> list[Story]:
        """All that is out and not removed, oldest first."""
        now = self.clock.now()
        with self._lock:
            stories = [s for s in self._stories.values() if s.article_id not in self._removed]
        out = [story.as_of(now) for story in stories if story.out_at <= now]
        return sorted(out, key=lambda story: (story.date_published, story.article_id))

    def newest_in(self, section: str, count: int) -> list[Story]:
        """Return the newest stories of a section, newest first; the empty name means all."""
        stories = [story for story in self.stories() if not section or belongs(story, section)]
        return stories[: -count - 1 : -1]

    def change(self, article_id: str, **fields: Any) -> Story:  # noqa: ANN401 - attrs checks them
        """Replace fields of a story; its `date_modified` becomes now unless it is given."""
        now = self.clock.now().replace(microsecond=0)
        with self._lock:
            story = self._stories[article_id]
            fields.setdefault("date_modified", max(now, story.date_modified))
            self._stories[article_id] = attrs.evolve(story, **fields)
            self.changed_at = now
            return self._stories[article_id]

    def add(self, story: Story) -> None:
        """Publish one more story, or put a story back as given."""
        with self._lock:
            self._stories[story.article_id] = story
            self._removed.discard(story.article_id)
            self.changed_at = self.clock.now().replace(microsecond=0)

    def remove(self, article_id: str) -> None:
        """Take a story off the site and out of all lists; `KeyError` for an unknown id."""
        with self._lock:
            self._removed.add(self._stories[article_id].article_id)
            self.changed_at = self.clock.now().replace(microsecond=0)
