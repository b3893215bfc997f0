"""Breaks the code in a private copy, one mutant at a time, and looks whether its test notices."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from attrs import frozen

from tests.mutants.mutant import Mutant

ROOT = Path(__file__).resolve().parents[2]

TEST_SECONDS = 240
"""How long one test may take; a mutant may make a crawl wait for ever."""

_FAILED = 1

Verdict = Literal["caught", "survived", "no test"]


@frozen(kw_only=True)
class Trial:
    """What became of one mutant."""

    mutant: Mutant
    """Which."""

    verdict: Verdict
    """Whether its test failed, passed, or could not be run."""

    said: str
    """What pytest says of the failure in a line; its last line when there was none."""


@contextmanager
def private_copy() -> Iterator[Path]:
    """Give a copy of the working tree, as far as git knows it: nobody's checkout is ever broken."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    with TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder) / "copy"
        for name in filter(None, listed.stdout.split("\0")):
            if (ROOT / name).is_file():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, copy / name)
        yield copy


def tried(mutant: Mutant, copy: Path) -> Trial:
    """Break the copy, run the mutant's test alone, mend the copy."""
    path = copy / mutant.file
    source = path.read_text()
    path.write_text(mutant.broken(source))
    try:
        done = _pytest(mutant.test, copy)
    finally:
        path.write_text(source)
    lines = done.stdout.strip().splitlines() or done.stderr.strip().splitlines() or [""]
    told = [line.partition(" - ")[2] for line in lines if line.startswith(("FAILED", "ERROR"))]
    verdict: Verdict = "survived" if done.returncode == 0 else "no test"
    if done.returncode == _FAILED:
        verdict = "caught"
    return Trial(mutant=mutant, verdict=verdict, said=told[0] if told else lines[-1])


def _pytest(test: str, copy: Path) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("ARCHIVE_", "AIRFLOW"))}
    return subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-x", "-rfE", "--no-header", "--tb=no"),
            *("-p", "no:cacheprovider", f"--timeout={TEST_SECONDS}", test),
        ],
        cwd=copy,
        # No bytecode: two changes within a second would look like one. The copy goes before what is installed.
        env={**kept, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "300"},
        capture_output=True,
        text=True,
        check=False,
    )
