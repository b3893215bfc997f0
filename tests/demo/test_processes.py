"""A component never outlives whoever started it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from archive.errors import FailedError
from demo.processes import ROOT, Component, stop_together
from tests.faults.processes import alive, until

# A program with a child in its session and one in a session of its own, both deaf to SIGTERM.
STUBBORN = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
children = [
    subprocess.Popen([sys.executable, "-c", deaf], start_new_session=own, stdout=subprocess.PIPE)
    for own in (False, True)
]
for child in children:
    child.stdout.readline()
with open(sys.argv[1], "w") as pids:
    pids.write(" ".join(str(pid) for pid in [os.getpid(), *(child.pid for child in children)]))
time.sleep(600)
"""

HOLDER = """
import os, sys, time
from pathlib import Path
from demo.processes import Component
component = Component("stubborn", sys.argv[1:], log=Path("/dev/null"), env=dict(os.environ))
time.sleep(600)
"""


def pids_in(file: Path) -> list[int]:
    until(lambda: file.exists() and file.read_text())
    return [int(pid) for pid in file.read_text().split()]


def stubborn(tmp_path: Path) -> Component:
    command = [sys.executable, "-c", STUBBORN, str(tmp_path / "pids")]
    return Component("stubborn", command, log=tmp_path / "log", env=dict(os.environ))


def test_stopping_ends_a_component_with_everything_it_started(tmp_path):
    component = stubborn(tmp_path)
    pids = pids_in(tmp_path / "pids")
    component.ask_to_stop(grace_seconds=0.2)
    component.stop()
    assert len(pids) == 3
    assert not any(alive(pid) for pid in pids)


def test_a_runner_killed_at_once_leaves_nothing_behind(tmp_path):
    command = [sys.executable, "-c", STUBBORN, str(tmp_path / "pids")]
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, "--grace", "0.2", *command], cwd=ROOT, start_new_session=True
    )
    pids = pids_in(tmp_path / "pids")
    os.killpg(holder.pid, signal.SIGKILL)
    holder.wait()
    until(lambda: not any(alive(pid) for pid in pids))


def test_a_component_that_dies_is_reported_with_the_end_of_its_log(tmp_path):
    (tmp_path / "log").write_text("from an earlier start\n")
    script = "print('one'); print('two'); raise SystemExit(7)"
    component = Component(
        "brief", [sys.executable, "-c", script], log=tmp_path / "log", env=dict(os.environ)
    )
    until(lambda: component.exit_code is not None)
    with pytest.raises(
        FailedError, match=r"(?s)brief ended with exit code 7.*one\n +two$"
    ) as caught:
        component.check()
    assert "earlier" not in str(caught.value)
    component.stop()


def test_components_are_stopped_together(tmp_path):
    sleeper = [sys.executable, "-c", "import time; time.sleep(600)"]
    components = [
        Component(str(n), sleeper, log=tmp_path / str(n), env=dict(os.environ)) for n in range(3)
    ]
    began = time.monotonic()
    stop_together(components)
    assert time.monotonic() - began < 8
    assert all(component.exit_code is not None for component in components)
