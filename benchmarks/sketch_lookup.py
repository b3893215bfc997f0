"""How fast articles that share text are found among a million, and how much the index takes.

    python -m benchmarks.sketch_lookup                     # a million sketches: some minutes, 1 GB of disk
    python -m benchmarks.sketch_lookup --sketches 100000

Sketches are generated: as many hashes as an article of 600 words has, one in ten an edited copy of
another. Lookups ask the catalogue as ``newsarchive duplicates`` does, each for another sketch.
"""

import argparse
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from attrs import evolve

from archive.catalogue import Catalogue
from archive.catalogue.rows import chunks
from archive.keys import new_run_id, sha256_hex
from archive.records import RunBooks, RunReport, Sketch
from cli.output import progress_bar, stdout, table
from pipelines.duplicates import KEPT_SHARE, LEAST_COMMON, VERSION

PUBLISHER = "generated"
HASHES = 37
"""Hashes of the sketch of an article of 600 words."""

COPIES = 0.1
"""Share of sketches that are those of another article, with a quarter of the hashes changed."""

A_RUN = 5_000
"""Sketches that are taken in at once, as after a lost catalogue."""

START = datetime(2026, 3, 1, tzinfo=UTC)
"""When the first generated run started."""


def sketches(number: int, seed: int = 0) -> Iterator[Sketch]:
    """Yield so many sketches, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - the same each time
    earlier: list[tuple[int, ...]] = []
    for place in range(number):
        hashes = _hashes(chance, HASHES)
        if earlier and chance.random() < COPIES:
            kept = HASHES * 3 // 4
            hashes = (*chance.sample(chance.choice(earlier), kept), *hashes[kept:])
        if len(earlier) < A_RUN:
            earlier.append(hashes)
        article_id = f"{place:026d}"
        yield Sketch(
            article_id=article_id,
            revision="r",
            text_digest=sha256_hex(article_id.encode()),
            hashes=tuple(sorted(hashes)),
            version=VERSION,
        )


def fill(catalogue: Catalogue, number: int) -> list[Sketch]:
    """Take so many sketches into a catalogue; returns every hundredth."""
    asked = []
    with progress_bar() as progress:
        task = progress.add_task("taking in", total=number)
        for hours, chunk in enumerate(chunks(sketches(number), A_RUN)):
            catalogue.take_in(evolve(_books(hours), sketches=tuple(chunk)))
            asked += chunk[::100]
            progress.advance(task, len(chunk))
    return asked


def lookups(catalogue: Catalogue, asked: list[Sketch]) -> list[float]:
    """Return how long each lookup takes, in milliseconds."""
    spent = []
    for one in asked:
        started = time.perf_counter()
        catalogue.alike(PUBLISHER, one, least_common=LEAST_COMMON, limit=100)
        spent.append((time.perf_counter() - started) * 1000)
    return spent


def _hashes(chance: random.Random, number: int) -> tuple[int, ...]:
    return tuple(chance.getrandbits(47) // KEPT_SHARE * KEPT_SHARE for _ in range(number))


def _books(hours: int) -> RunBooks:
    at = START + timedelta(hours=hours)
    words = ("listed", "archived", "unchanged", "skipped", "failed", "pending", "new_articles")
    report = RunReport(
        run_id=new_run_id(at, ""),
        publisher=PUBLISHER,
        started_at=at,
        ended_at=at,
        new_revisions=0,
        requests=0,
        bytes=0,
        balanced=True,
        **dict.fromkeys(words, 0),
    )
    return RunBooks(report=report)


def main() -> None:
    """Print how long taking in and looking up take, and how large index and process are."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--sketches", type=int, default=1_000_000)
    number = parser.parse_args().sketches
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalogue.db"
        with Catalogue(f"sqlite:///{path}") as catalogue:
            started = time.perf_counter()
            asked = fill(catalogue, number)
            filled = time.perf_counter() - started
            random.Random(1).shuffle(asked)  # noqa: S311 - the same each time
            lookups(catalogue, asked[:50])
            spent = lookups(catalogue, asked[:2000])
        size = sum(one.stat().st_size for one in Path(folder).iterdir())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    slow = statistics.quantiles(spent, n=100)[98]
    row = (
        number,
        f"{filled / number * 1e6:.0f} µs",
        f"{statistics.median(spent):.2f} ms",
        f"{slow:.2f} ms",
        f"{size / 1e6:.0f} MB",
        f"{memory:.0f} MB",
    )
    columns = ("sketches", "taking one in", "lookup, median", "99 %", "on disk", "memory")
    stdout.print(table("Articles that share text", columns, [row]))


if __name__ == "__main__":
    main()
