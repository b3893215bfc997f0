"""A pool of reading processes with a time limit for each page.

Some pages cost a reader minutes or gigabytes, and a parser written in C may die on one: such a page
ends as an :class:`UnreadablePage`, its process is replaced, and the other pages never notice.
"""

import pickle
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from attrs import define, frozen

from archive.errors import ArchiveError, FailedError, UnreadablePage

Item = TypeVar("Item")
Result = TypeVar("Result")

TIMEOUT_SECONDS = 60.0
"""Time limit of a page by the clock; the slowest real page takes two seconds."""

MAX_MEMORY = 1_500_000_000
"""Bytes that a reading process may hold; a page that needs more is unreadable. The largest page that
is read, 20 MB, needs 0.9 GB."""

TIRED_MEMORY = 600_000_000
"""Bytes after which a process is replaced, because memory comes back in pieces only. The real pages
measured stay below 200 MB."""

AHEAD = 200
"""Pages that may be done while an earlier one is not: this many stay in memory."""

_READY = "ready"
_START_SECONDS = 120.0
_BOOT = "import sys; sys.path[:] = {path!r}; from pipelines.pages.workers import serve; serve({fd})"


@frozen
class Reading(Generic[Item, Result]):
    """What became of one item."""

    item: Item
    """The item as handed in."""

    result: Result | ArchiveError
    """What the function returned, or one of our errors."""


@frozen
class _Answer:
    """What a reading process says of one item."""

    result: object
    is_tired: bool = False
    """Whether the process grew so much that it should be replaced."""

    broken: str | None = None
    """Why no page can be read here, such as an import that fails. None when all is well."""


@define(eq=False)
class _Worker:
    process: subprocess.Popen[bytes]
    channel: Connection
    index: int | None = None
    deadline: float = 0.0


class Readers:
    """Processes that read pages; a context manager. Not for several threads at once."""

    def __init__(self, processes: int = 2, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self._processes = processes
        self._timeout_seconds = timeout_seconds
        self._workers: list[_Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the processes."""
        while self._workers:
            _end(self._workers.pop())

    def map(
        self,
        function: Callable[[Item], Result],
        items: Iterable[Item],
        *,
        name: Callable[[Item], str] = str,
    ) -> Iterator[Reading[Item, Result]]:
        """Yield what ``function`` makes of each item, in their order.

        ``function`` must be importable by name (TypeError when it is not). ``name`` says how an
        item is called in the error of a page that took too long or ended its process. Raises
        :class:`FailedError` when the processes can't import what they are to run.
        """
        _check_importable(function)
        waiting = enumerate(items)
        held: dict[int, Item] = {}
        done: dict[int, Any] = {}
        turn = 0
        try:
            while self._hand_out(function, waiting, held, turn + AHEAD) or done:
                done |= self._collect(lambda index: name(held[index]))
                while turn in done:
                    yield Reading(held.pop(turn), done.pop(turn))
                    turn += 1
        finally:
            self._end_busy()

    def _end_busy(self) -> None:
        """End the processes whose answers nobody waits for any more."""
        for worker in [worker for worker in self._workers if worker.index is not None]:
            self._workers.remove(worker)
            _end(worker)

    def _hand_out(
        self,
        function: Callable[[Item], Result],
        waiting: Iterator[tuple[int, Item]],
        held: dict[int, Item],
        end: int,
    ) -> bool:
        """Give each idle process an item before ``end``; tell whether any process is at work."""
        for place in range(self._processes):
            if place < len(self._workers) and self._workers[place].index is not None:
                continue
            found = next(waiting, None) if max(held, default=0) + 1 < end else None
            if found is None:
                break
            if place == len(self._workers):
                self._workers.append(_start())
            index, item = found
            held[index] = item
            worker = self._workers[place]
            self._send(worker, (function, item))
            worker.index, worker.deadline = index, time.monotonic() + self._timeout_seconds
        return any(worker.index is not None for worker in self._workers)

    def _collect(self, name: Callable[[int], str]) -> dict[int, Any]:
        """Return the results that are there, after waiting for the first or for a time limit."""
        busy = [worker for worker in self._workers if worker.index is not None]
        if not busy:
            return {}
        patience = max(0.0, min(worker.deadline for worker in busy) - time.monotonic())
        ready = wait([worker.channel for worker in busy], timeout=patience)
        found: dict[int, Any] = {}
        for worker in busy:
            index = worker.index
            if index is None:
                continue
            if worker.channel in ready:
                found[index] = self._receive(worker, name(index))
            elif time.monotonic() >= worker.deadline:
                reason = f"time limit of {self._timeout_seconds:g} seconds passed"
                found[index] = UnreadablePage(name(index), reason)
                self._replace(worker)
            else:
                continue
            worker.index = None
        return found

    def _send(self, worker: _Worker, message: object) -> None:
        try:
            worker.channel.send(message)
        except ConnectionError:  # it ended while it had nothing to do
            self._replace(worker)
            worker.channel.send(message)

    def _receive(self, worker: _Worker, name: str) -> object:
        try:
            answer: _Answer = worker.channel.recv()
        except (EOFError, ConnectionError):
            code = worker.process.wait()
            self._replace(worker)
            return UnreadablePage(name, f"its reading process died (exit code {code})")
        if answer.broken is not None:
            message = f"reading processes can't run: {answer.broken}"
            raise FailedError(message)
        if answer.is_tired:
            self._replace(worker)
        return answer.result

    def _replace(self, worker: _Worker) -> None:
        _end(worker)
        fresh = _start()
        worker.process, worker.channel = fresh.process, fresh.channel


def _check_importable(function: object) -> None:
    while isinstance(function, partial):
        function = function.func
    if getattr(function, "__module__", "__main__") == "__main__":
        message = f"reading processes can't import {function!r}: put it into a module"
        raise TypeError(message)


def _start() -> _Worker:
    ours, theirs = Pipe()
    # Not multiprocessing: it would import the caller's main module again, which may be Airflow's.
    command = [sys.executable, "-c", _BOOT.format(path=sys.path, fd=theirs.fileno())]
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own code
        command, pass_fds=(theirs.fileno(),), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )
    theirs.close()
    worker = _Worker(process, ours)
    # Not part of a page's time limit: importing takes a second.
    if not ours.poll(_START_SECONDS) or not _says_ready(ours):
        _end(worker)
        message = "a reading process did not start; its own words stand above"
        raise FailedError(message)
    return worker


def _says_ready(channel: Connection) -> bool:
    try:
        return bool(channel.recv() == _READY)
    except (EOFError, ConnectionError):
        return False


def _end(worker: _Worker) -> None:
    worker.channel.close()
    worker.process.kill()
    worker.process.wait()


def serve(descriptor: int) -> None:
    """Be a reading process: answer each item with its result or one of our errors."""
    import signal  # noqa: PLC0415 - only needed in the child process

    import pipelines.pages  # noqa: F401, PLC0415 - loaded before the first time limit runs

    # Ctrl-C reaches the whole terminal; whoever started us decides when we end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(OSError, ValueError):  # not every system has such a limit
        resource.setrlimit(resource.RLIMIT_DATA, (MAX_MEMORY, MAX_MEMORY))
    channel = Connection(descriptor)
    channel.send(_READY)
    with suppress(EOFError, ConnectionError):
        while True:
            channel.send(_answer(channel.recv_bytes()))


def _answer(message: bytes) -> _Answer:
    try:
        function, item = pickle.loads(message)  # noqa: S301 - from the process that started us
    except Exception as error:  # noqa: BLE001 - it can't be imported here, whatever the reason
        return _Answer(None, broken=f"{type(error).__name__}: {error}")
    name = str(getattr(item, "url", "") or type(item).__name__)
    try:
        result = function(item)
    except ArchiveError as error:
        result = error
    except ImportError as error:
        return _Answer(None, broken=f"{type(error).__name__}: {error}")
    except MemoryError:
        return _Answer(UnreadablePage(name, f"over {MAX_MEMORY:,} bytes of memory"), is_tired=True)
    except Exception as error:  # noqa: BLE001 - one page must not end a run; the class is reported
        result = UnreadablePage(name, f"reader failed: {type(error).__name__}: {error}"[:500])
    return _Answer(result, is_tired=_held_memory() > TIRED_MEMORY)


def _held_memory() -> int:
    """Return the bytes that this process holds; 0 where the system does not tell."""
    # Not getrusage: it counts the memory of the process that started us.
    with suppress(OSError):
        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize()
    return 0
