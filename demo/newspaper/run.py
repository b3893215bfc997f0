"""The newspaper in the foreground, for the command `newsarchive newspaper` and the demo."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from demo.newspaper.edition import Edition
from demo.newspaper.server import Newspaper

STATE = "newspaper.json"

STOP = (signal.SIGINT, signal.SIGTERM)


def run(
    port: int,
    today: datetime | None = None,
    seed: int = 1,
    home: Path | None = None,
    on_ready: Callable[[Newspaper], None] | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM, after telling `on_ready`; `OSError` when the port is taken.

    With a `home`, port, calendar and seed of the first start are kept there in `newspaper.json`,
    which also tells others the origin. A second start with port 0 takes the kept port, and one
    with `today` None takes the kept calendar, so that it meets the same newspaper.
    """
    kept = _kept(home)
    if today is None and kept:
        today, seed = datetime.fromisoformat(kept["today"]), kept["seed"]
    edition = Edition(today or datetime.now(UTC), seed)
    port = port or kept.get("port", 0)
    # The signals come first: whoever reads the file may send one at once.
    with _held_back(), Newspaper(edition, port=port) as newspaper:
        _keep(home, newspaper)
        if on_ready:
            on_ready(newspaper)
        signal.sigwait(STOP)


def _kept(home: Path | None) -> dict[str, Any]:
    if home is None or not (home / STATE).exists():
        return {}
    kept: dict[str, Any] = json.loads((home / STATE).read_text("utf-8"))
    return kept


def _keep(home: Path | None, newspaper: Newspaper) -> None:
    if home is None:
        return
    edition = newspaper.edition
    state = {
        "origin": newspaper.origin,
        "port": newspaper.port,
        "today": edition.today.isoformat(),
        "seed": edition.seed,
    }
    home.mkdir(parents=True, exist_ok=True)
    beside = home / f"{STATE}.new"
    beside.write_text(json.dumps(state), "utf-8")
    beside.replace(home / STATE)


@contextmanager
def _held_back() -> Iterator[None]:
    """Hold back the signals that ask a process to end, so that `sigwait` can take them.

    A handler that sets an event would not do: it may interrupt the very `wait` it has to wake.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOP)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
