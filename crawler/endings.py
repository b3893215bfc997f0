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


class ByteBudgetSpent(EarlyEnd):
    """As many bytes were received as one run may receive."""

    reason = "byte_budget"


class RulesExpired(EarlyEnd):
    """The robots.txt that is obeyed is a day old: the next run reads it again."""

    reason = "robots_expired"


class BackedOff(EarlyEnd):
    """The publisher asked us to come back later than we can wait."""

    reason = "back_off"


class PublisherClosed(BackedOff):
    """It had asked that of an earlier run: this one may not ask for anything."""


class Why(StrEnum):
    """Why an address was not asked, or gave no usable answer: what stands as reason in the books."""

    OTHER_HOST = "other_host"
    DENIED_PATH = "denied_path"
    ROBOTS = "robots"
    ROBOTS_UNKNOWN = "robots_unknown"
    FORWARDED = "forwarded"
    ALIAS = "alias"
    NOT_REDIRECTED = "not_redirected"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"
    CONNECTION_LOST = "connection_lost"
    PRIVATE_ADDRESS = "private_address"
    REDIRECT_LOOP = "redirect_loop"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    REDIRECT_UNREADABLE = "redirect_unreadable"
    REDIRECTED_AWAY = "redirected_away"


class NotAsked(Exception):
    """An address that we must not ask for: an answer in itself, not a failure."""

    def __init__(self, reason: Why) -> None:
        super().__init__(reason)
        self.reason = reason


_ANSWERED = {
    Why.OTHER_HOST,
    Why.TOO_LARGE,
    Why.REDIRECT_LOOP,
    Why.TOO_MANY_REDIRECTS,
    Why.REDIRECT_UNREADABLE,
    Why.REDIRECTED_AWAY,
}


class NoAnswer(Exception):
    """A request that got no usable answer, after all its tries."""

    def __init__(self, reason: Why) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def is_answered(self) -> bool:
        """Whether somebody answered at all, though nothing that is of use."""
        return self.reason in _ANSWERED
