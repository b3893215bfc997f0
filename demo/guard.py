"""Run one program so that nothing of it outlives whoever started it:  python -m demo.guard PROGRAM ...

The guard stands between the runner and a component. Its standard input is a pipe that the runner
holds: when that closes, because the runner says so or because it died in whatever way, the guard asks
the component to end (SIGTERM), gives it ``--grace`` seconds, and then kills it with everything it
started. As the subreaper of its descendants (Linux) it also finds those whose parents are gone and
those in sessions of their own, such as a crawl.

A line on the pipe sets the grace anew, for a runner in a hurry. The guard ends with the exit code of
its component. Only the standard library here: there is one guard for each component.
"""

import argparse
import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
TICK_SECONDS = 0.1


def main(argv: list[str]) -> int:
    """Run the program and end with its exit code."""
    options = argparse.ArgumentParser(prog="demo.guard")
    options.add_argument("--grace", type=float, default=10.0)
    options.add_argument("program", nargs=argparse.REMAINDER)
    given = options.parse_args(argv)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    # Signals to the guard mean what the end of the pipe means.
    stopped: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: stopped.append(number))
    program = subprocess.Popen(  # noqa: S603 - the runner's own command line
        given.program, stdin=subprocess.DEVNULL, start_new_session=True
    )
    grace = _wait(program, stopped, given.grace)
    _end(program, grace)
    _reap()
    return program.returncode if program.returncode >= 0 else 128 - program.returncode


def _wait(program: subprocess.Popen[bytes], stopped: list[int], grace: float) -> float:
    """Wait until the program ends or we are told to stop; return the grace."""
    pipe = sys.stdin.fileno()
    while program.poll() is None and not stopped:
        _reap(program.pid)
        if not select.select([pipe], [], [], TICK_SECONDS)[0]:
            continue
        told = os.read(pipe, 100)
        if not told:
            break
        grace = float(told)
    return grace


def _end(program: subprocess.Popen[bytes], grace: float) -> None:
    """Ask the program to end, then kill what is left of it."""
    if program.poll() is None:
        program.terminate()
    # A component that ended by itself may have left children; they get a moment to see it.
    deadline = time.monotonic() + (grace if program.poll() is None else min(grace, 2))
    while _living(program) and time.monotonic() < deadline:
        program.poll()
        _reap(program.pid)
        time.sleep(TICK_SECONDS)
    while left := _living(program):
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        program.poll()
        _reap(program.pid)
        time.sleep(TICK_SECONDS / 2)
    program.wait()


def _living(program: subprocess.Popen[bytes]) -> list[int]:
    """Return the processes below this one that still run."""
    if sys.platform != "linux":
        return [] if program.poll() is not None else [program.pid]
    found = []
    for pid in _children(os.getpid()):
        found += _below(pid)
    return found


def _below(pid: int) -> list[int]:
    lower = [one for child in _children(pid) for one in _below(child)]
    return [*lower, pid] if _alive(pid) else lower


def _children(pid: int) -> list[int]:
    try:
        lists = [one.read_text() for one in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return []
    return [int(child) for children in lists for child in children.split()]


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def _reap(keep: int | None = None) -> None:
    """Collect orphans that died below us, but leave the program itself to its Popen."""
    for pid in _children(os.getpid()):
        if pid != keep and not _alive(pid):
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
