"""What stands in the bucket about whose turn it is to ask the publisher, and under which rules."""

from datetime import datetime
from typing import Literal

from attrs import frozen

ClosureKind = Literal["halted", "refused", "back_off"]
"""Who closed: the operator, a refusal of the publisher's, or its wish to be asked later."""


@frozen(kw_only=True)
class Closure:
    """Nobody may ask the publisher for now."""

    kind: ClosureKind
    """Who closed."""

    reason: str
    """Why, in words: what the operator said, or what the publisher answered."""

    closed_at: datetime
    """Since when."""

    until: datetime | None = None
    """When it ends by itself. None when only ``newsarchive resume`` ends it."""

    def holds_at(self, now: datetime) -> bool:
        """Whether it is in force at ``now``."""
        return self.until is None or now < self.until


@frozen(kw_only=True)
class Lease:
    """The one turnstile for all runs that ask a publisher: ``leases/publisher.json``."""

    holder: str | None = None
    """Run that may ask now. None when nobody may before taking it."""

    turn: int = 0
    """How often it was taken or prolonged: tells two slices of one run apart."""

    taken_at: datetime | None = None
    """When the holder took its slice. None when nobody holds it."""

    expires_at: datetime | None = None
    """When others may take it for lost. None when nobody holds it."""

    free_at: datetime | None = None
    """When the last holder's delay is over, by its clock: for people to read. None before anybody gave it
    back."""

    delay_seconds: float = 0.0
    """Delay that the last holder kept between its requests."""

    waiting: tuple[str, ...] = ()
    """Runs that wait, the next one first."""

    closure: Closure | None = None
    """Why nobody may ask. None when it is open; one that is over counts as none."""


@frozen(kw_only=True)
class RobotsCopy:
    """A ``robots.txt`` as it was received, so that not every run has to ask for it."""

    origin: str
    """Scheme and host whose rules they are."""

    url: str
    """Address that gave it, after redirects."""

    received_at: datetime
    """When it was received."""

    status: int
    """Status of the answer: 200, or one that says that there is none."""

    content_type: str
    """``Content-Type`` of the answer."""

    content: bytes
    """The file, without content coding."""
