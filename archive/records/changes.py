"""How two revisions of an article differ, and an article's history made of such differences."""

from datetime import datetime
from typing import Literal

from attrs import frozen
from msgspec import UNSET, UnsetType

from archive.records.parts import BlockKind, Removal

ChangeKind = Literal[
    "first",
    "headline",
    "description",
    "byline",
    "correction",
    "live_update",
    "addition",
    "shortened",
    "cosmetic",
    "access",
    "removed",
    "restored",
]
"""What kind of change a revision is; one may be of several kinds, in this order. ``cosmetic`` (case,
punctuation, white space, order) stands alone; ``correction`` is a note of the newsroom's or wording or
a number that changed; ``removed`` and ``restored`` are about the page, not about its text."""

DiffOp = Literal["equal", "insert", "delete", "replace"]
"""What became of a part: ``insert`` has no ``before``, ``delete`` no ``after``."""


@frozen(kw_only=True)
class WordChange:
    """A stretch of words inside a block that changed."""

    op: DiffOp
    """What became of it."""

    before: str | None = None
    """The words as they were. None when they were inserted."""

    after: str | None = None
    """The words as they are. None when they were deleted."""


@frozen(kw_only=True)
class BlockChange:
    """One block of the body, or one caption, beside what became of it."""

    op: DiffOp
    """What became of it."""

    kind: BlockKind | Literal["caption"]
    """What it is, afterwards; of a deleted one, what it was."""

    before: str | None = None
    """Its text before. None when it is new."""

    after: str | None = None
    """Its text afterwards. None when it is gone."""

    words: tuple[WordChange, ...] = ()
    """Of a replaced block, all its words in order, equal ones too; joined with spaces they are the block."""


@frozen(kw_only=True)
class FieldChange:
    """A field beside the body that changed."""

    field: Literal["headline", "description", "authors", "agency", "access"]
    """Which."""

    before: str | None
    """Its value before; authors separated by commas. None when it had none."""

    after: str | None
    """Its value afterwards. None when it has none."""

    words: tuple[WordChange, ...] = ()
    """Of a headline or description that stood before and stands now, all its words in order, equal ones too."""


@frozen(kw_only=True)
class Diff:
    """How one revision of an article differs from another."""

    kinds: tuple[ChangeKind, ...]
    """What kind of change it is; empty when both are the same story."""

    summary: str
    """The change in one line, such as ``“12 people” → “14 people”; 2 paragraphs added``."""

    fields: tuple[FieldChange, ...] = ()
    """Fields that differ."""

    blocks: tuple[BlockChange, ...] = ()
    """Every block of both bodies in order, unchanged ones too."""

    captions: tuple[BlockChange, ...] = ()
    """Captions that differ."""


@frozen(kw_only=True)
class HistoryStep:
    """One step of an article's history: a revision that took the place of the one before."""

    revision: str
    """The revision; of a removal, that of the tombstone."""

    captured_at: datetime
    """When it was first seen to stand."""

    kinds: tuple[ChangeKind, ...]
    """What kind of change it was."""

    summary: str
    """The change in one line."""

    run_id: str
    """Run that saw it first."""

    headline: str | None = None
    """Its headline. None for a removal."""

    url: str
    """Address that was asked."""

    returns: int | UnsetType = UNSET
    """How often an earlier revision came back in a row, told as this one step: 1 when a change was taken
    back, more when the page goes back and forth. Absent for a revision that was never there before."""

    until: datetime | UnsetType = UNSET
    """When the last of several such returns was seen."""

    removal: Removal | UnsetType = UNSET
    """What was found in the article's place. Absent while it stands."""


@frozen(kw_only=True)
class History:
    """An article's revisions by time."""

    article_id: str
    """The publisher's own id."""

    revisions: tuple[HistoryStep, ...]
    """Its steps by time, the first capture first."""

    suspected: Removal | UnsetType = UNSET
    """What the newest look found in its place, when no second look has confirmed it. Absent otherwise."""


@frozen(kw_only=True)
class Change:
    """A step of one article's history as a feed of changes tells it."""

    article_id: str
    """The publisher's own id."""

    publisher: str
    """Name of the publisher."""

    headline: str
    """The headline after the change; of an article that is gone, its last one."""

    url: str
    """Address of the article at its publisher's."""

    step: HistoryStep
    """What changed, and when."""

    previous: str | None = None
    """The revision before. None for the first."""
