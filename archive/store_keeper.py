"""Stands beside the embedded store and ends it with its last user. Standard library only.

    python archive/store_keeper.py FOLDER REMOVE... -- COMMAND...

Runs COMMAND (the server) for as long as some process holds a shared lock on ``users.lock`` in
FOLDER. The kernel drops that lock with its process, however that ends, so the server never outlives
the commands that use it, and lives on when the command that started it ends before the others.
``server.lock`` stays locked, by this process and the server both, until the data are free again.
REMOVE are paths that are of no use without the server: the first at once, the rest after its end.
"""

import ctypes
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

USERS_LOCK = "users.lock"
"""Locked shared by each process that uses the server."""

SERVER_LOCK = "server.lock"
"""Locked as long as the server may touch its data."""

PID_FILE = "weed.pid"
"""Holds the server's process id."""

LOG_FILE = "weed.log"
"""Holds what the server says."""

GRACE_SECONDS = 20
"""How long the server may take to end before it is killed."""

_POLL_SECONDS = 0.1
_DRAIN_SECONDS = 1
_DRAINING = b"graceful stop cluster http server"
_LOG_TAIL_BYTES = 1 << 16
_PR_SET_PDEATHSIG = 1
_LOCK_WAIT_SECONDS = 30


def open_lock(path: Path) -> int:
    """Open a lock file, made when it is not there, that child processes do not inherit."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def try_lock(file: int, kind: int) -> bool:
    """Lock an open file (``fcntl.LOCK_EX`` or ``LOCK_SH``) if that is possible at once."""
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _end_with_keeper(keeper: int) -> None:
    """Let the server end with its keeper, even if that is killed (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != keeper:
            os._exit(1)


def _remove(path: str) -> None:
    if Path(path).is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        Path(path).unlink(missing_ok=True)


class Keeper:
    """One server and the locks around it."""

    def __init__(self, folder: Path, remove: list[str]) -> None:
        self._folder = folder
        self._remove = remove
        self._is_asked_to_end = False

    def keep(self, command: list[str]) -> int:
        """Run the server until its last user is gone; return 0 then, 1 when it ended by itself."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._note)
        lock = self._take_data()
        if lock is None:
            return 1
        try:
            with self._start(command, lock) as server:
                return self._watch(server)
        finally:
            for path in (*self._remove, str(self._folder / PID_FILE)):
                _remove(path)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._is_asked_to_end = True

    def _take_data(self) -> int | None:
        lock = open_lock(self._folder / SERVER_LOCK)
        deadline = time.monotonic() + _LOCK_WAIT_SECONDS
        while not try_lock(lock, fcntl.LOCK_EX):  # The server before us is still ending.
            if self._is_asked_to_end or time.monotonic() > deadline:
                return None
            time.sleep(_POLL_SECONDS)
        return lock

    def _start(self, command: list[str], lock: int) -> subprocess.Popen[bytes]:
        keeper = os.getpid()
        server = subprocess.Popen(  # noqa: S603 - our own command line
            command,
            pass_fds=(lock,),
            preexec_fn=lambda: _end_with_keeper(keeper),  # noqa: PLW1509 - there are no threads here
        )
        (self._folder / PID_FILE).write_text(f"{server.pid}\n")
        return server

    def _watch(self, server: subprocess.Popen[bytes]) -> int:
        users = open_lock(self._folder / USERS_LOCK)
        while server.poll() is None:
            if self._is_asked_to_end or try_lock(users, fcntl.LOCK_EX):
                self._end(server)
                return 0
            time.sleep(_POLL_SECONDS)
        return 1

    def _end(self, server: subprocess.Popen[bytes]) -> None:
        _remove(self._remove[0])
        server.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        while server.poll() is None and time.monotonic() < deadline:
            if self._only_waits():
                deadline = min(deadline, time.monotonic() + _DRAIN_SECONDS)
            time.sleep(_POLL_SECONDS)
        if server.poll() is None:
            server.kill()

    def _only_waits(self) -> bool:
        """Whether the server has done all but wait for its connections to itself to close.

        When one was opened and never used, it does so for half a minute.
        """
        with (self._folder / LOG_FILE).open("rb") as log:
            log.seek(-min(_LOG_TAIL_BYTES, log.seek(0, os.SEEK_END)), os.SEEK_END)
            return _DRAINING in log.read()


if __name__ == "__main__":
    _border = sys.argv.index("--")
    sys.exit(Keeper(Path(sys.argv[1]), sys.argv[2:_border]).keep(sys.argv[_border + 1 :]))
