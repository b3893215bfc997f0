"""Folders that belong to a process, and to nobody once it was killed."""

import subprocess
import sys
from pathlib import Path

from archive.disk import give_back_folder, hold_folder

HOLDER = """
import sys
from pathlib import Path
from archive.disk import hold_folder
lock = hold_folder(Path(sys.argv[1]))
Path(sys.argv[1], "page").write_text("x")
print("held", flush=True)
sys.stdin.read()
"""


def holder(folder: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_folder_whose_process_was_killed_is_removed_by_the_next(tmp_path: Path) -> None:
    living, killed, own = (tmp_path / "tmp" / name for name in ("living", "killed", "own"))
    with holder(living) as alive, holder(killed) as dead:
        dead.kill()
        dead.wait()
        assert killed.exists()
        lock = hold_folder(own)
        assert {path.name for path in (tmp_path / "tmp").iterdir()} == {"living", "own"}
        assert (living / "page").read_text() == "x"
        give_back_folder(own, lock)
        alive.kill()
    assert not own.exists()
