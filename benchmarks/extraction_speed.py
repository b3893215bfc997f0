"""How fast pages are read, in pages per CPU second on one core, as ratios to trafilatura and news-please.

    python benchmarks/extraction_speed.py                the ratios, and 1 when below a floor
    python benchmarks/extraction_speed.py --write-docs   and the table into docs/benchmarks.md

Each run of ten pages goes to every system in turn before the next run does, in another order each time,
so that a noisy machine troubles all alike, and each system has the processor's caches for itself as in a
real run. Pages: the made-up newspaper's, ours with the access gate, and the
real ones of ``../shared/extraction/open``. What is not there is skipped, which is said.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # run as a script from anywhere

from benchmarks.extraction_process import Process  # noqa: E402
from benchmarks.extraction_quality import FLOORS, listed_pages  # noqa: E402
from benchmarks.extraction_report import write_between  # noqa: E402
from benchmarks.extraction_scores import EXTRACTION  # noqa: E402
from benchmarks.extraction_systems import (  # noqa: E402
    NEWS_PLEASE,
    OURS,
    PUBLISHER,
    TRAFILATURA,
    System,
)
from demo.newspaper import Edition, Newspaper  # noqa: E402

Row = dict[str, Any]

TODAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
NAMES = {"publisher": "the publisher's pages", "open": "real pages of others"}
_WARM_UP = 5
_TURN = 10


def newspaper_pages(folder: Path) -> list[Row]:
    """Write the made-up newspaper's World stories to a folder and return them."""
    edition = Edition(TODAY)
    pages = []
    with Newspaper(edition) as paper:
        for story in edition.in_section("world"):
            if story.page_state == "article":
                file = folder / f"{story.article_id}.html"
                file.write_bytes(paper.page(story))
                url = paper.origin + story.path
                pages.append({"id": story.article_id, "url": url, "path": str(file)})
    return pages


def race(systems: list[System], pages: list[Row], rounds: int) -> list[list[float]]:
    """Return the CPU seconds of each system in each round over the pages."""
    with ExitStack() as stack:
        running = [stack.enter_context(Process(system)) for system in systems]
        for page in pages[:_WARM_UP]:
            for process in running:
                process.read(page)
        return [_round(running, pages, number) for number in range(rounds)]


def _round(running: list[Process], pages: list[Row], number: int) -> list[float]:
    seconds = [0.0] * len(running)
    for place in range(0, len(pages), _TURN):
        for turn in range(len(running)):
            which = (turn + place // _TURN + number) % len(running)
            read = (running[which].read(page) for page in pages[place : place + _TURN])
            seconds[which] += sum(row["seconds"] for row in read)
    return seconds


def ratios(rounds: list[list[float]], peer: int) -> tuple[float, float, float]:
    """Return how many times as fast the first system is: median, least and most of the rounds."""
    found = [seconds[peer] / seconds[0] for seconds in rounds]
    return statistics.median(found), min(found), max(found)


def on_one_core() -> None:
    """Stay on one core, with the processes started from here on, where the system can do that."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def compared(which: str, pages: list[Row], rounds: int) -> tuple[list[str], list[str]]:
    """Return table lines for one set of pages, and a line for each floor that does not hold."""
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))["speed"]
    systems = [PUBLISHER if which == "publisher" else OURS, TRAFILATURA]
    systems += [NEWS_PLEASE] if NEWS_PLEASE.is_installed else []
    taken = race(systems, pages, rounds)
    speeds = [len(pages) / statistics.median(column) for column in zip(*taken, strict=True)]
    lines, missed = [], []
    for peer, system in enumerate(systems[1:], start=1):
        middle, least, most = ratios(taken, peer)
        floor = floors[system.name][which]
        lines.append(
            f"| {NAMES[which]} ({len(pages)}) | {system.name} | {speeds[0]:.1f} | {speeds[peer]:.1f} "
            f"| {middle:.2f} ({least:.2f} to {most:.2f}) | {floor:.1f} |"
        )
        if middle < floor:
            missed.append(f"{middle:.2f} times {system.name} on {NAMES[which]}, below {floor}")
    return lines, missed


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, compare with the floors; return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--step", type=int, default=1, help="only every so manieth page")
    parser.add_argument("--write-docs", action="store_true", help="write the table to docs/")
    options = parser.parse_args(arguments)
    on_one_core()
    lines = [
        "| pages | peer | ours/s | peer/s | ratio (rounds) | floor |",
        "|---|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        sets = {"publisher": newspaper_pages(Path(folder))}
        if (EXTRACTION / "open").is_dir():
            sets["open"] = listed_pages(EXTRACTION)
        else:
            print(f"skipped: no real pages at {EXTRACTION}; they are not part of the repository")
        found = [compared(w, pages[:: options.step], options.rounds) for w, pages in sets.items()]
    if not NEWS_PLEASE.is_installed:
        print("skipped: news-please is not installed: make peers")
    lines += [line for told, _ in found for line in told]
    missed = [line for _, below in found for line in below]
    print("\n".join(lines))
    if options.write_docs:
        write_between("speed", "\n".join(lines))
    print("\n".join(missed) or "every floor holds")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
