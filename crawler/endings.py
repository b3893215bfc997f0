"""How a crawl or one request can end before its time, as exceptions. None of them leaves ``crawler``."""

from enum import StrEnum


class EarlyEnd(Exception):
    """The crawl ends here, cleanly; what is left stays pending."""

    reason = ""
    """The reason that the pending articles get."""


class Stopped(EarlyEnd):
    """A signal asked for it."""

    reason = "stopped"


class BudgetSpent(EarlyEnd):
    """As many requests were made as one run may make."""

    reason = "request_budget"


class BackedOff(EarlyEnd):
    """The publisher asked us to come back later than we can wait."""

    reason = "back_off"


class Why(StrEnum):
    """Why an address was not asked, or gave no usable answer: what stands as reason in the books."""

    OTHER_HOST = "other_host"
    DENIED_PATH = "denied_path"
    ROBOTS = "robots"
    ROBOTS_UNKNOWN = "robots_unknown"
    FORWARDED = "forwarded"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"
    CONNECTION_LOST = "connection_lost"
    REDIRECT_LOOP = "redirect_loop"
    REDIRECT_UNREADABLE = "redirect_unreadable"
    REDIRECTED_AWAY = "redirected_away"


class NotAsked(Exception):
    """An address that we must not ask for: an answer in itself, not a failure."""

    def __init__(self, reason: Why) -> None:
        super().__init__(reason)
        self.reason = reason


class NoAnswer(Exception):
    """A request that got no usable answer, after all its tries."""

    def __init__(self, reason: Why) -> None:
        super().__init__(reason)
        self.reason = reason
