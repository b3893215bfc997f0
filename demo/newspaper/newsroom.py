"""The stories as they are now: the edition, and what the newsroom has changed since."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any

import attrs

from demo.newspaper.clock import Clock
from demo.newspaper.edition import Edition, belongs
from demo.newspaper.story import Story

Removal = int | str
"""How a removed story answers: a status, `status` for the profile's, or the name of a kind of fault."""

KEPT_ON_REVERT = {"article_id", "date_modified"}


class Newsroom:
    """Holds the current stories; what is dated after the clock is not out yet."""

    def __init__(self, edition: Edition, clock: Clock) -> None:
        self.edition = edition
        self.clock = clock
        self.changed_at: datetime | None = None
        """When something was last changed or removed; None when nothing was."""
        self._lock = threading.Lock()
        self._stories = {story.article_id: story for story in edition.stories}
        self._earlier: dict[str, list[Story]] = {}
        self._removed: dict[str, Removal] = {}
        self._forwards: dict[str, str] = {}

    def story(self, article_id: str) -> Story | None:
        """Return the story as it is now; None when it never was, or is not out yet."""
        with self._lock:
            story = self._stories.get(article_id)
        now = self.clock.now()
        return story.as_of(now) if story and story.out_at <= now else None

    def removal(self, article_id: str) -> Removal | None:
        """Tell how a story was taken off the site; None when it was not."""
        with self._lock:
            return self._removed.get(article_id)

    def forward_of(self, article_id: str) -> Story | None:
        """Return the story that this one's address leads to; None when it leads to its own."""
        with self._lock:
            other = self._forwards.get(article_id)
        return self.story(other) if other else None

    def had_path(self, article_id: str, path: str) -> bool:
        """Tell whether a story had this path before it was given another."""
        with self._lock:
            return any(story.path == path for story in self._earlier.get(article_id, ()))

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
            self._earlier.setdefault(article_id, []).append(story)
            self._stories[article_id] = attrs.evolve(story, **fields)
            self.changed_at = now
            return self._stories[article_id]

    def revert(self, article_id: str, at: datetime | None = None) -> Story:
        """Put a story back to what it was before its last change; `KeyError` when it never changed."""
        with self._lock:
            earlier = attrs.asdict(self._earlier[article_id][-1], recurse=False)
        fields = {name: earlier[name] for name in earlier.keys() - KEPT_ON_REVERT}
        return self.change(article_id, **fields, **({"date_modified": at} if at else {}))

    def add(self, story: Story) -> None:
        """Publish one more story, or put a story back as given."""
        with self._lock:
            self._stories[story.article_id] = story
            self._removed.pop(story.article_id, None)
            self._forwards.pop(story.article_id, None)
            self.changed_at = self.clock.now().replace(microsecond=0)

    def remove(self, article_id: str, how: Removal = "status") -> None:
        """Take a story off the site and out of all lists; `KeyError` for an unknown id."""
        with self._lock:
            self._removed[self._stories[article_id].article_id] = how
            self.changed_at = self.clock.now().replace(microsecond=0)

    def restore(self, article_id: str) -> None:
        """Put a removed or forwarded story back as it was; `KeyError` for an unknown id."""
        self.add(self._stories[article_id])

    def forward(self, article_id: str, other_id: str) -> None:
        """Let a story's address lead to another story; lists still have it. `KeyError` for unknown ids."""
        with self._lock:
            self._forwards[self._stories[article_id].article_id] = self._stories[
                other_id
            ].article_id
            self.changed_at = self.clock.now().replace(microsecond=0)
