"""A signal ends any command cleanly, whenever it comes."""

import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.support import COMMAND
from tests.faults.processes import until


def takes_signals(pid: int) -> bool:
    """Whether a process has a handler for SIGTERM, which Python alone has not."""
    status = Path(f"/proc/{pid}/status").read_text()
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1)


@pytest.mark.parametrize("seconds", [0, 0.2, 1])
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_command_in_one_line(
    env: dict[str, str], seconds: float, ending: signal.Signals
) -> None:
    command = [COMMAND, "articles"]
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as running:
        until(lambda: takes_signals(running.pid))
        time.sleep(seconds)
        running.send_signal(ending)
        _, err = running.communicate(timeout=60)
    said = "newsarchive: stopped; the same command goes on, or begins again\n"
    # On a quick machine it may be done by then.
    assert (running.returncode, err) == (3, said) or (seconds == 1 and running.returncode == 0)
