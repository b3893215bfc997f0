"""How well the readers read the real news pages of ``../shared/extraction/open``, against floors.

    python benchmarks/extraction_quality.py                 the table, and 1 when below a floor
    python benchmarks/extraction_quality.py --peers         beside it trafilatura, in the same run
    python benchmarks/extraction_quality.py --raise-floors  lift the floors to what was measured

The yardstick is ``../shared/extraction/score.py``, run as it is. Exit code 0 when every floor holds or
when the pages are not there, which is said.
"""

import argparse
import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # run as a script from anywhere

from archive.errors import ArchiveError  # noqa: E402
from benchmarks.extraction_systems import Row, predict, predict_peer  # noqa: E402
from pipelines.pages.workers import Readers  # noqa: E402

EXTRACTION = ROOT.parent / "shared" / "extraction"
FLOORS = Path(__file__).with_name("floors.json")

OURS = "newsarchive"
PEERS = {"trafilatura": False, "trafilatura-precision": True}
COLUMNS = (
    "F1",
    "P",
    "R",
    "paraF1",
    "leak",
    "bad",
    "title",
    "day",
    "dayL",
    "sec",
    "auth",
    "tagF1",
    "lead",
)

MARGIN = 0.002
"""Kept between what was measured and the floor: other builds of libxml2 differ in a page or two."""


def measure(folder: Path, *, peers: bool, processes: int) -> dict[str, list[Row]]:
    """Return the predictions of each system for every page."""
    listed: list[Row] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    systems: dict[str, Callable[[Row], Row]] = {OURS: partial(predict, folder)}
    if peers:
        systems |= {name: partial(predict_peer, folder, precision=p) for name, p in PEERS.items()}
    found: dict[str, list[Row]] = {}
    with Readers(processes) as readers:
        for name, system in systems.items():
            done = readers.map(system, listed, name=lambda page: str(page["id"]))
            found[name] = [
                {"id": r.item["id"], "error": str(r.result)}
                if isinstance(r.result, ArchiveError)
                else r.result
                for r in done
            ]
    return found


def score(
    predictions: dict[str, list[Row]], yardstick: Path, gold: Path
) -> dict[str, dict[str, float]]:
    """Return the yardstick's means for each system."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = [folder / f"{system}.json" for system in predictions]
        for file, rows in zip(files, predictions.values(), strict=True):
            file.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        answer = folder / "answer"
        command = [sys.executable, str(yardstick), str(gold), *map(str, files), "--boot", "0"]
        subprocess.run(  # noqa: S603 - the yardstick, with files we made
            [*command, "--json", str(answer)], check=True, stdout=subprocess.DEVNULL
        )
        scored: dict[str, dict[str, Any]] = json.loads(answer.read_text(encoding="utf-8"))
    return {system: scored[system]["mean"] for system in predictions}


def misses(means: dict[str, float], floors: dict[str, dict[str, float]]) -> list[str]:
    """Return a line for each floor that does not hold."""
    low = [
        f"{name} is {means.get(name, 0.0):.4f}, below its floor of {floor}"
        for name, floor in floors["at_least"].items()
        if means.get(name, 0.0) < floor
    ]
    high = [
        f"{name} is {means.get(name, 1.0):.4f}, above its ceiling of {ceiling}"
        for name, ceiling in floors["at_most"].items()
        if means.get(name, 1.0) > ceiling
    ]
    return low + high


def raised(
    means: dict[str, float], floors: dict[str, dict[str, float]]
) -> dict[str, dict[str, float]]:
    """Return the floors lifted to what was measured, less the margin; none is ever lowered."""
    return {
        "at_least": {
            name: max(floor, math.floor((means[name] - MARGIN) * 1000) / 1000)
            for name, floor in floors["at_least"].items()
        },
        "at_most": {
            name: min(ceiling, math.ceil((means[name] + MARGIN) * 1000) / 1000)
            for name, ceiling in floors["at_most"].items()
        },
    }


def table(means: dict[str, dict[str, float]], predictions: dict[str, list[Row]]) -> str:
    """Return the results as a table in Markdown."""
    lines = [f"| system | {' | '.join(COLUMNS)} | pages per CPU second |"]
    lines.append("|---" * (len(COLUMNS) + 2) + "|")
    for system, values in means.items():
        seconds = sum(row.get("seconds", 0.0) for row in predictions[system])
        speed = len(predictions[system]) / seconds if seconds else 0.0
        cells = " | ".join(f"{values[name]:.3f}" if name in values else "-" for name in COLUMNS)
        lines.append(f"| {system} | {cells} | {speed:.1f} |")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, compare with the floors; return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peers", action="store_true", help="measure trafilatura beside us")
    parser.add_argument(
        "--raise-floors", action="store_true", help="lift the floors to what was measured"
    )
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args(arguments)
    yardstick, folder = EXTRACTION / "score.py", EXTRACTION / "open"
    if not (yardstick.is_file() and folder.is_dir()):
        print(f"skipped: no real pages at {folder}; they are not part of the repository")
        return 0
    predictions = measure(folder, peers=options.peers, processes=options.processes)
    means = score(predictions, yardstick, folder)
    print(table(means, predictions))
    for row in predictions[OURS]:
        if "error" in row:
            print(f"not read: {row['id']}: {row['error']}")
    floors: dict[str, dict[str, float]] = json.loads(FLOORS.read_text(encoding="utf-8"))
    if options.raise_floors:
        FLOORS.write_text(
            json.dumps(raised(means[OURS], floors), indent=2) + "\n", encoding="utf-8"
        )
        print(f"floors lifted in {FLOORS.name}")
    missed = misses(means[OURS], floors)
    print("\n".join(missed) or "every floor holds")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
