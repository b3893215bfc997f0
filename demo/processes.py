"""The components of the stack as processes: started, watched, and ended with all they started."""

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from archive.errors import FailedError

ROOT = Path(__file__).resolve().parents[1]

TAIL_LINES = 15
TAIL_BYTES = 16_384


class Component:
    """A program under a guard (``demo.guard``), with its log in one file."""

    def __init__(
        self, name: str, command: Sequence[str], *, log: Path, env: Mapping[str, str]
    ) -> None:
        self.name = name
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            self._size_before = output.tell()
            self._guard = subprocess.Popen(  # noqa: S603 - our own command lines
                [sys.executable, "-m", "demo.guard", *command],
                cwd=ROOT,
                env=dict(env),
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def exit_code(self) -> int | None:
        """What it ended with. None while it lives."""
        return self._guard.poll()

    def check(self) -> None:
        """Raise :class:`FailedError` with the end of its log when it is gone."""
        if self.exit_code is not None:
            raise FailedError(self._obituary())

    def wait(self) -> None:
        """Wait for its end; raises :class:`FailedError` when it was no success."""
        if self._guard.wait():
            raise FailedError(self._obituary())

    def ask_to_stop(self, *, grace_seconds: float | None = None) -> None:
        """Close the guard's pipe: the component is asked to end, and killed after the grace."""
        pipe = self._guard.stdin
        if pipe is None or pipe.closed:
            return
        try:
            if grace_seconds is not None:
                pipe.write(str(grace_seconds).encode())
            pipe.close()
        except BrokenPipeError:
            pass

    def stop(self) -> None:
        """Ask it to end and wait until nothing of it is left."""
        self.ask_to_stop()
        self._guard.wait()

    def _obituary(self) -> str:
        tail = "\n".join(f"    {line}" for line in self.tail())
        return f"{self.name} ended with exit code {self.exit_code}; {self.log} ends with\n{tail}"

    def tail(self) -> list[str]:
        """Return the last lines that it logged since it was started."""
        with self.log.open("rb") as log:
            log.seek(max(self._size_before, self.log.stat().st_size - TAIL_BYTES))
            lines = log.read().decode(errors="replace").splitlines()
        return lines[-TAIL_LINES:]


def stop_together(components: Iterable[Component]) -> None:
    """Ask each to end, in this order, and wait until nothing of them is left."""
    asked = list(components)
    for component in asked:
        component.ask_to_stop()
    for component in asked:
        component.stop()


def inherited(*, only: Sequence[str] | None = None, without: Sequence[str] = ()) -> dict[str, str]:
    """Return the variables of this process with, or without, one of these beginnings."""
    # Handed down to the components, not read: what they mean is their business.
    return {
        name: value
        for name, value in os.environ.items()
        if (only is None or name.startswith(tuple(only))) and not name.startswith(tuple(without))
    }
