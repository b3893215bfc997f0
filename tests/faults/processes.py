"""Commands as real processes that can be killed at any moment, with all that they have started."""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from attrs import define, field

ROOT = Path(__file__).resolve().parents[2]
MARK = "FAULTS_PROCESS"
"""The variable that a process and all that it starts have in their environment."""


@define
class Killable:
    """A process and its descendants, which are known by a mark in their environment.

    Of a parent that is gone they keep the mark, in whatever session they are.
    """

    command: Sequence[str]
    env: Mapping[str, str]
    log: Path
    mark: str = field(factory=lambda: uuid.uuid4().hex)
    process: subprocess.Popen[bytes] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env={**self.env, MARK: self.mark, "PYTHONWARNINGS": "ignore"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        """What it wrote to stdout and stderr."""
        return self.log.read_text(errors="replace")

    def is_over(self) -> bool:
        return self.process.poll() is not None

    def living(self) -> list[int]:
        """The processes that are left of it and of what it started."""
        return [pid for pid in marked(self.mark) if pid != os.getpid()]

    def kill(self) -> None:
        """SIGKILL for it and for all that it started, as when a machine loses its power."""
        self.process.kill()
        while left := self.living():
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def kill_alone(self) -> None:
        """SIGKILL for it alone, as the kernel does that wants memory."""
        self.process.kill()
        self.process.wait()

    def wait(self, seconds: float = 120) -> int:
        """Wait for its end and return its exit code."""
        return self.process.wait(seconds)


def marked(mark: str) -> list[int]:
    """The living processes that have a mark in their environment."""
    wanted, found = f"{MARK}={mark}".encode(), []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            # Of a zombie it is empty.
            if wanted in (folder / "environ").read_bytes():
                found.append(int(folder.name))
    return found


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and only waits to be counted does not."""
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        # The second: it ended between the opening of the file and its reading.
        return False


def module(name: str, *arguments: str) -> list[str]:
    """The command line of a module of ours."""
    return [sys.executable, "-m", name, *arguments]


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
