"""What reading stored pages again with today's readers made different."""

from attrs import field, frozen


@frozen(kw_only=True)
class ReadAgain:
    """One revision, read again: what the new reading has that the held record has not, and the reverse."""

    article_id: str
    """Article it is about."""

    revision: str
    """The held revision; a new reading is none of its own."""

    headline: str
    """Its headline as held; empty when the held record is gone from the bucket."""

    before: str
    """Reader of the held record, as ``name@version``."""

    after: str
    """Today's reader of the page; empty when no reader could read it."""

    gained: tuple[str, ...] = ()
    """Fields that stand in the new reading alone."""

    lost: tuple[str, ...] = ()
    """Fields that stand in the held record alone."""

    changed: tuple[str, ...] = ()
    """Fields that stand in both, with other values; ``body`` when its blocks differ."""

    words_gained: int = 0
    """Words of blocks of text that stand in the new reading alone."""

    words_lost: int = 0
    """Words of blocks of text that stand in the held record alone."""

    problem: str | None = None
    """Why the page could not be read. None when it could."""

    @property
    def differs(self) -> bool:
        """Whether anything is different."""
        return bool(self.problem or self.gained or self.lost or self.changed)


@frozen(kw_only=True)
class RederiveReport:
    """What reading again did."""

    revisions: int
    """Held revisions whose pages were read."""

    same: int
    """Of these, read as they are held."""

    different: int
    """Of these, with anything gained, lost or changed."""

    failed: int
    """Of these, with a page that no reader could read, or that is no longer in the bucket."""

    readings: int
    """Readings newly written under ``readings/``."""

    words_gained: int
    """Words of text gained, over all."""

    words_lost: int
    """Words of text lost, over all."""

    fields: dict[str, dict[str, int]] = field(factory=dict)
    """For each field that differs anywhere: in how many revisions it was ``gained``, ``lost``, ``changed``."""

    differences: tuple[ReadAgain, ...] = ()
    """Every revision that differs or failed, those that lost most text first."""
