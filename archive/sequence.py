"""An article's captures as a sequence: which of them are steps in its history. Pure.

The order in which runs arrive does not matter: the captures are taken by time.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from attrs import define, field, frozen

from archive.records import Access

ENOUGH_LOOKS = 2
"""Runs in a row that must have found an article gone before it counts as removed: the second look."""

StepKind = Literal["first", "revision", "return", "removed", "restored"]
"""``return`` is a revision that stood before; ``restored`` any that stands after a removal."""


@frozen(kw_only=True)
class Look:
    """One capture, as far as the sequence goes."""

    captured_at: datetime
    """When it was received."""

    run_id: str
    """Run that saw it."""

    revision: str
    """Which revision was seen."""

    access: Access
    """Who may read the whole article."""

    removed: bool
    """Whether the article was seen to be gone."""


@frozen
class Step:
    """A look from which on something else stood than before."""

    look: Look
    """The first look that saw it."""

    kind: StepKind
    """What it was."""


@define
class Sequence:
    """The steps of an article, taken look by look."""

    steps: list[Step] = field(factory=list)
    """By time, the first capture first. Empty when the article itself was never seen."""

    standing: Look | None = None
    """The newest look at the article itself; ``unknown`` access never supersedes another. None without one."""

    gone: list[Look] = field(factory=list)
    """The looks in a row, up to the newest, that found the article gone."""

    _revisions: set[str] = field(factory=set)

    @property
    def is_removed(self) -> bool:
        """Whether the newest looks found it gone, and more than one run's did."""
        return len({look.run_id for look in self.gone}) >= ENOUGH_LOOKS

    def take(self, look: Look) -> None:
        """Take in the next look."""
        if look.removed:
            self._take_removal(look)
        elif self._counts(look):
            kind = self._kind(look)
            if kind is not None:
                self.steps.append(Step(look, kind))
            self.standing, self.gone = look, []
            self._revisions.add(look.revision)

    def _take_removal(self, look: Look) -> None:
        if self.standing is None:
            return
        was_removed = self.is_removed
        self.gone.append(look)
        if self.is_removed and not was_removed:
            self.steps.append(Step(self.gone[0], "removed"))

    def _counts(self, look: Look) -> bool:
        known = look.access != "unknown"
        return known or self.standing is None or self.standing.access == "unknown"

    def _kind(self, look: Look) -> StepKind | None:
        if self.standing is None:
            return "first"
        if self.is_removed:
            return "restored"
        if look.revision == self.standing.revision:
            return None
        return "return" if look.revision in self._revisions else "revision"

    @property
    def changed_at(self) -> datetime | None:
        """When something was last seen that had never stood before: a revision, a removal, a restoration.

        None when nothing but the first capture was. A page that goes back and forth does not change.
        """
        changes = [one for one in self.steps if one.kind in {"revision", "removed", "restored"}]
        return changes[-1].look.captured_at if changes else None

    def fresh_at(self, date_published: datetime | None) -> datetime | None:
        """Return the instant from which the article's age counts, for how soon to look again.

        The newest of its publication, its last change, and a look that found it gone and is not
        confirmed yet. A publication that is announced for later counts as of the first capture. None
        when the article itself was never seen.
        """
        if not self.steps:
            return None
        first = self.steps[0].look.captured_at
        instants = [min(date_published or first, first)]
        instants += [
            one.look.captured_at for one in self.steps if one.kind in {"revision", "restored"}
        ]
        if self.gone and not self.is_removed:
            instants.append(self.gone[-1].captured_at)
        return max(instants)


def sequence_of(looks: Iterable[Look]) -> Sequence:
    """Return the sequence of an article's looks, in whatever order they come."""
    sequence = Sequence()
    for look in sorted(looks, key=lambda look: (look.captured_at, look.run_id)):
        sequence.take(look)
    return sequence
