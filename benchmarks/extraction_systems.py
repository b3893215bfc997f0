"""The systems that are measured, and the environments they run in."""

import sys
from pathlib import Path

from attrs import frozen

ENVIRONMENTS = Path(__file__).resolve().parents[1] / ".venv-peers"
"""Where ``make peers`` puts the environments of the systems that pin what we don't."""


@frozen
class System:
    """One way to read a page."""

    name: str
    """How tables call it; `favor_precision` and the like behind a comma."""

    package: str
    """The package of which the version is told."""

    target: str
    """``module:function`` that reads a page."""

    environment: str | None = None
    """Its folder below :data:`ENVIRONMENTS`. None for our own."""

    @property
    def python(self) -> str:
        """The interpreter that has it."""
        if self.environment is None:
            return sys.executable
        return str(ENVIRONMENTS / self.environment / "bin" / "python")

    @property
    def is_installed(self) -> bool:
        """Whether its environment is there, whole."""
        return self.environment is None or (ENVIRONMENTS / self.environment / "installed").exists()


_OURS = "benchmarks.extraction_readers"
_PEERS = "benchmarks.peers.readers"

OURS = System("newsarchive", "newsarchive", f"{_OURS}:general")
PUBLISHER = System("newsarchive", "newsarchive", f"{_OURS}:publisher")
TRAFILATURA = System("trafilatura", "trafilatura", f"{_OURS}:trafilatura_default")
PRECISION = System("trafilatura favor_precision", "trafilatura", f"{_OURS}:trafilatura_precision")
NEWS_PLEASE = System("news-please", "news-please", f"{_PEERS}:news_please", "general")
FUNDUS = System("fundus", "fundus", f"{_PEERS}:fundus", "fundus")

PEERS = (
    PRECISION,
    TRAFILATURA,
    System("newspaper4k", "newspaper4k", f"{_PEERS}:newspaper4k", "general"),
    NEWS_PLEASE,
    System("goose3", "goose3", f"{_PEERS}:goose3", "general"),
    System("readability-lxml", "readability-lxml", f"{_PEERS}:readability", "general"),
    System("resiliparse", "resiliparse", f"{_PEERS}:resiliparse", "general"),
    System("jusText", "justext", f"{_PEERS}:justext", "general"),
    System("boilerpy3", "boilerpy3", f"{_PEERS}:boilerpy3", "general"),
    FUNDUS,
)

NOT_MEASURED = {
    "magic-html": "needs Python 3.12, and we measure on the oldest Python we support",
    "newspaper3k": "not kept up since 2018; newspaper4k goes on with it",
    "dragnet, extractnet": "not kept up since 2019 and 2022",
    "readabilipy": "needs Node.js for its better half",
    "gne": "made for Chinese pages",
}
"""Peers that one could miss in the table, each with the reason why it is not there."""


def installed(systems: tuple[System, ...]) -> list[System]:
    """Return the systems whose environments are there."""
    return [system for system in systems if system.is_installed]
