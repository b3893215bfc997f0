"""Runs the yardstick, ``../shared/extraction/score.py``, as it is, and reads what it says."""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from attrs import field, frozen

Row = dict[str, Any]
Difference = tuple[float, float, float]
"""A mean, and the ends of its 95 % interval."""

EXTRACTION = Path(__file__).resolve().parents[2] / "shared" / "extraction"

_NUMBER = r"([+-]\d\.\d+)"
_DIFFERENCE = re.compile(rf"(\w+) {_NUMBER} \[{_NUMBER},{_NUMBER}\]")


@frozen
class Scores:
    """What the yardstick says of some systems on the same pages."""

    pages: int
    """How many pages were scored."""

    mean: dict[str, dict[str, float]]
    """By system and column. A column without gold on these pages is absent."""

    deviation: dict[str, dict[str, float]]
    """Standard deviation of each mean over resamples of the publishers; 0 without resamples."""

    ahead: dict[str, dict[str, Difference]] = field(factory=dict)
    """How far the base is ahead of each other system, from the same resamples, by column."""

    detail: dict[str, dict[str, Row]] = field(factory=dict, repr=False)
    """The columns of each page, by system and page."""


def score(
    predictions: dict[str, list[Row]],
    extraction: Path,
    *,
    only: str = "",
    base: str = "",
    resamples: int = 0,
) -> Scores:
    """Score the records of some systems.

    ``only`` is the yardstick's filter, such as ``source=fundus-tests``; ``base`` names the system
    to which the others are compared, if any.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = [folder / f"{system}.json" for system in predictions]
        for file, rows in zip(files, predictions.values(), strict=True):
            file.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        command = [sys.executable, str(extraction / "score.py"), str(extraction / "open")]
        command += [*map(str, files), "--boot", str(resamples), "--json", str(folder / "answer")]
        command += ["--filter", only] if only else []
        command += ["--base", base] if base else []
        said = subprocess.run(  # noqa: S603 - the yardstick, with files we made
            command, check=True, capture_output=True, text=True
        ).stdout
        found: dict[str, Row] = json.loads((folder / "answer").read_text(encoding="utf-8"))
    pages = re.search(r" pages=(\d+) ", said)
    return Scores(
        pages=int(pages[1]) if pages else 0,
        mean={system: found[system]["mean"] for system in predictions},
        deviation={system: found[system]["sd"] for system in predictions},
        ahead=_ahead(said),
        detail={system: found[system]["detail"] for system in predictions},
    )


def _ahead(said: str) -> dict[str, dict[str, Difference]]:
    """Return the paired differences as it prints them, which are of the others to the base."""
    found = {}
    for system, line in re.findall(r"^  (\S.*?): (F1 .*)$", said, re.MULTILINE):
        found[system] = {
            column: (-float(mean), -float(high), -float(low))
            for column, mean, low, high in _DIFFERENCE.findall(line)
        }
    return found
