"""Reads pages with one system in a process of its own, which is ended when a page takes too long."""

import json
import subprocess
from contextlib import ExitStack
from pathlib import Path
from queue import Empty, SimpleQueue
from select import select
from threading import Thread
from typing import Any, Self

from benchmarks.extraction_systems import System

ROOT = Path(__file__).resolve().parents[1]
Row = dict[str, Any]

TIMEOUT_SECONDS = 60.0
"""Time limit of a page by the clock, the same for every system."""

_START_SECONDS = 120.0


class StartFailed(Exception):
    """A system's process did not start; its own words stand above."""


class Process:
    """A running system; a context manager."""

    version = ""
    """The version of the system's package, as its environment has it."""

    def __init__(self, system: System, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self.system = system
        self._timeout_seconds = timeout_seconds
        self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def read(self, page: Row) -> Row:
        """Return the system's record of a page; after an error or a time limit, one with ``error``."""
        self._child.stdin.write(json.dumps(page) + "\n")
        self._child.stdin.flush()
        row = self._answer(self._timeout_seconds)
        if row is not None:
            return row
        code = self._child.poll()
        self._end()
        self._start()
        reason = "time limit passed" if code is None else f"its process ended with {code}"
        return {"id": page["id"], "error": reason, "seconds": self._timeout_seconds, "network": 0}

    def _start(self) -> None:
        command = [self.system.python, "-m", "benchmarks.extraction_child"]
        command += [self.system.target, self.system.package]
        self._child = subprocess.Popen(  # noqa: S603 - our own code in our own environments
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        ready = self._answer(_START_SECONDS)
        if ready is None:
            self._end()
            raise StartFailed(self.system.name)
        self.version = ready["version"]

    def _answer(self, seconds: float) -> Row | None:
        """Return the next line; None when the time is over or the process has ended."""
        if not select([self._child.stdout], [], [], seconds)[0]:
            return None
        line = self._child.stdout.readline()
        return json.loads(line) if line.endswith("\n") else None

    def _end(self) -> None:
        self._child.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            pipe.close()


def read_all(system: System, pages: list[Row], processes: int) -> tuple[list[Row], str]:
    """Return a system's records of all pages, in their order, and its version."""
    waiting: SimpleQueue[int] = SimpleQueue()
    rows: list[Row] = [{} for _ in pages]
    for index in range(len(pages)):
        waiting.put(index)
    with ExitStack() as stack:
        running = [stack.enter_context(Process(system)) for _ in range(processes)]
        threads = [Thread(target=_work, args=(one, pages, rows, waiting)) for one in running]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return rows, running[0].version


def _work(process: Process, pages: list[Row], rows: list[Row], waiting: SimpleQueue[int]) -> None:
    while True:
        try:
            index = waiting.get_nowait()
        except Empty:
            return
        rows[index] = process.read(pages[index])
