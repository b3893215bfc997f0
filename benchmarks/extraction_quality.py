"""How well the readers read the real news pages of ``../shared/extraction/open``, against floors.

    python benchmarks/extraction_quality.py                 the table, and 1 when below a floor
    python benchmarks/extraction_quality.py --subset        the same on a page of every fourth publisher
    python benchmarks/extraction_quality.py --peers         beside it all peers, in the same run
    python benchmarks/extraction_quality.py --peers --write-docs   and table and plot into docs/
    python benchmarks/extraction_quality.py --raise-floors  lift the floors to what was measured

The yardstick is ``../shared/extraction/score.py``, run as it is. Exit code 0 when every floor holds or
when the pages are not there, which is said; 2 when the peers are wanted and not installed.
"""

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # run as a script from anywhere

from benchmarks import extraction_plot, extraction_report  # noqa: E402
from benchmarks.extraction_process import StartFailed, read_all  # noqa: E402
from benchmarks.extraction_report import Measured  # noqa: E402
from benchmarks.extraction_scores import EXTRACTION, score  # noqa: E402
from benchmarks.extraction_systems import (  # noqa: E402
    FUNDUS,
    NOT_MEASURED,
    OURS,
    PEERS,
    System,
)

Row = dict[str, Any]
Floors = dict[str, dict[str, float]]

FLOORS = Path(__file__).with_name("floors.json")
PLOT = Path("images/extraction.svg")
"""The plot's place in docs/."""

MARGIN = 0.002
"""Kept between what was measured and the floor: other builds of libxml2 differ in a page or two."""

RESAMPLES = 500
SUBSET_STEP = 4


def listed_pages(extraction: Path, *, subset: bool = False) -> list[Row]:
    """Return the pages to read, each with the day it was published where the gold has it."""
    folder = extraction / "open"
    listed: list[Row] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return [
        {
            "id": page["id"],
            "url": page["url"],
            "path": str(folder / "html" / f"{page['id']}.html.gz"),
            "day": _day(folder / "gold" / f"{page['id']}.json"),
        }
        for page in (_of_every_fourth_publisher(listed) if subset else listed)
    ]


def _of_every_fourth_publisher(listed: list[Row]) -> list[Row]:
    """Return the first page of every fourth publisher, by name, of each source of gold."""
    first: dict[tuple[str, str], Row] = {}
    for page in sorted(listed, key=lambda page: page["id"]):
        first.setdefault((page["source"], page["brand"]), page)
    return [first[key] for key in sorted(first)[::SUBSET_STEP]]


def _day(gold: Path) -> str | None:
    published = json.loads(gold.read_text(encoding="utf-8")).get("published")
    return published[:10] if published else None


def measure(systems: tuple[System, ...], pages: list[Row], options: argparse.Namespace) -> Measured:
    """Read the pages with each system and score what came out."""
    records: dict[str, list[Row]] = {}
    versions: dict[str, str] = {}
    absent = dict(NOT_MEASURED)
    for system in systems:
        try:
            records[system.name], versions[system.name] = read_all(system, pages, options.processes)
        except (FileNotFoundError, StartFailed) as error:
            absent[system.name] = f"does not run here: {error}"
    several = len(records) > 1
    only = ",".join(filter(None, [options.filter, _only(pages) if options.subset else ""]))
    whole = score(
        records,
        EXTRACTION,
        only=only,
        base=OURS.name if several else "",
        resamples=RESAMPLES if several else 0,
    )
    parts = {
        name: score(records, EXTRACTION, only=part)
        for name, part in (_parts(records) if several and not only else {}).items()
    }
    return Measured(versions, records, whole, parts, absent)


def _parts(records: dict[str, list[Row]]) -> dict[str, str]:
    """Return the yardstick's filter of each part of the pages that is scored by itself."""
    parts = {"pages with fundus' own expected answers as gold": "source=fundus-tests"}
    known = [row for row in records.get(FUNDUS.name, ()) if row.get("known")]
    if known:
        parts["pages of publishers for which fundus has a parser"] = _only(known)
    return parts


def _only(pages: list[Row]) -> str:
    return "id=" + "|".join(page["id"] for page in pages)


def misses(means: dict[str, float], floors: Floors) -> list[str]:
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


def raised(means: dict[str, float], floors: Floors) -> Floors:
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


def held(means: dict[str, float], which: str, *, lift: bool) -> int:
    """Compare with the floors of these pages, lift them if wanted; return the exit code."""
    floors: dict[str, Floors] = json.loads(FLOORS.read_text(encoding="utf-8"))
    if lift:
        floors[which] = raised(means, floors[which])
        FLOORS.write_text(json.dumps(floors, indent=2) + "\n", encoding="utf-8")
        print(f"floors lifted in {FLOORS.name}")
    missed = misses(means, floors[which])
    print("\n".join(missed) or "every floor holds")
    return 1 if missed else 0


def tell(measured: Measured, options: argparse.Namespace) -> None:
    """Print what was measured, and write it where it is wanted."""
    print(extraction_report.document(measured, PLOT))
    for row in measured.records[OURS.name]:
        if "error" in row:
            print(f"not read: {row['id']}: {row['error']}")
    if options.json:
        found = extraction_report.as_json(measured)
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
    if options.write_docs:
        extraction_plot.draw(measured, extraction_report.DOCS / PLOT)
        extraction_report.write_between("reading", extraction_report.document(measured, PLOT))


def parsed(arguments: list[str] | None) -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peers", action="store_true", help="measure all peers beside us")
    parser.add_argument("--subset", action="store_true", help="a page of every fourth publisher")
    parser.add_argument("--filter", default="", help="as the yardstick's: source=fundus-tests")
    parser.add_argument("--json", type=Path, help="write the run to this file, page by page")
    parser.add_argument("--write-docs", action="store_true", help="write table and plot to docs/")
    parser.add_argument("--raise-floors", action="store_true", help="lift the floors")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args(arguments)
    if options.write_docs and (not options.peers or options.filter or options.subset):
        parser.error("--write-docs needs --peers and all pages")
    if options.filter and options.raise_floors:
        parser.error("floors are for whole sets: no --filter")
    return options


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, compare with the floors; return the exit code."""
    options = parsed(arguments)
    if not (EXTRACTION / "score.py").is_file() or not (EXTRACTION / "open").is_dir():
        print(f"skipped: no real pages at {EXTRACTION}; they are not part of the repository")
        return 0
    if options.peers and not any(system.is_installed for system in PEERS if system.environment):
        print("the peers are not installed: make peers (half a minute, once)")
        return 2
    systems = (OURS, *PEERS) if options.peers else (OURS,)
    measured = measure(systems, listed_pages(EXTRACTION, subset=options.subset), options)
    tell(measured, options)
    if options.filter:
        return 0
    which = "subset" if options.subset else "whole"
    return held(measured.scores.mean[OURS.name], which, lift=options.raise_floors)


if __name__ == "__main__":
    sys.exit(main())
