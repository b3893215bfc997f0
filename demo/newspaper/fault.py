"""An answer that goes wrong: which way, how often, and the table of the ways.

To add a way, add one function marked `@kind`: it takes the fault, the request and the honest answer, and
returns what is sent instead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from demo.newspaper.routing import Answer, Call


@dataclass(frozen=True)
class Fault:
    """What goes wrong with the answers of a path."""

    status: int = 500
    """The HTTP status that is sent instead of the page; for the kinds `status` and `redirect`."""

    times: int | None = None
    """How often it happens to a path before that recovers; None for always."""

    retry_after: str | timedelta | None = None
    """The value of `Retry-After`: a text as it is, a span as the HTTP date so far from now by the
    newspaper's clock; None sends no such header."""

    kind: str = "status"
    """Which way it goes wrong: a name in `KINDS`."""

    after: int = 0
    """How many requests, all that the profile's pattern fits together, are answered well first."""

    seconds: float = 60.0
    """How long the kinds `hangs` and `stalls` hold the answer back."""

    size: int = 40 * 1024 * 1024
    """Bytes that the kinds `oversize…` send, decoded; more than the crawler takes."""

    to: str = "/"
    """Where the kind `redirect` leads: a path or an address."""


Way = Callable[[Fault, "Call", "Answer"], "Answer"]

KINDS: dict[str, Way] = {}


def kind(name: str) -> Callable[[Way], Way]:
    """Enter the function below as the way an answer goes wrong under this name."""

    def enter(way: Way) -> Way:
        KINDS[name] = way
        return way

    return enter


def fault_of(planned: int | str | Fault) -> Fault:
    """Return the fault that a profile means: a status, the name of a kind, or a whole fault."""
    match planned:
        case int():
            return Fault(planned)
        case str():
            return Fault(kind=planned)
        case _:
            return planned


def go_wrong(fault: Fault, call: Call, honest: Answer) -> Answer:
    """Return what is sent instead of the honest answer; `KeyError` for an unknown kind."""
    return KINDS[fault.kind](fault, call, honest)
