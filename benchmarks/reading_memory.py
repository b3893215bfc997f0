"""Memory of one process over many pages, each with words and class names that no page had before.

    python -m benchmarks.reading_memory [--pages 20000]

The pages are the made-up newspaper's, through the access gate, and in turn real ones of ``../shared``
where they are there. Exit code 1 when the process holds over a tenth more at the end than at a tenth of
the way.
"""

import argparse
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import chain, count, cycle, islice
from pathlib import Path

from archive.errors import ArchiveError
from benchmarks.fuzz_pages import Source, newspaper, real
from pipelines import pages
from publishers import get

MOST_GROWTH = 1.1
"""Memory at the end to that at a tenth of the way, beyond which memory is not flat."""

_REPORTS = 20
_MOMENT = datetime(2026, 3, 2, tzinfo=UTC)


def fresh(html: bytes, number: int) -> bytes:
    """Return a page with words and class names of its own, for caches to grow on."""
    places = count()
    words = (
        b" fresh%dx%d.</p>" % (number, next(places)) + part for part in html.split(b"</p>")[1:]
    )
    told = html.split(b"</p>", 1)[0] + b"".join(words)
    return told.replace(b'class="', b'class="fresh%d ' % number, 20)


def held_bytes() -> int:
    """Return the memory that this process holds."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize()


def read(source: Source, number: int, *, known: bool) -> bool:
    """Read a fresh copy of a page; return whether it was an article."""
    html, publisher = fresh(source.html, number), get("nzherald") if known else None
    with suppress(ArchiveError):
        pages.read(html, url=source.url, captured_at=_MOMENT, publisher=publisher)
        return True
    return False


def turns() -> Iterator[tuple[Source, bool]]:
    """Return the pages in turn, without end, each with whether it is the newspaper's."""
    groups = [[(page, True) for page in newspaper()], [(page, False) for page in real()]]
    endless = [cycle(group) for group in groups if group]
    return chain.from_iterable(zip(*endless, strict=True))


def main(arguments: list[str] | None = None) -> int:
    """Read the pages, print the memory on the way; return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=20_000)
    total = max(10, parser.parse_args(arguments).pages)
    started, articles, early = time.process_time(), 0, 0
    for number, (source, known) in enumerate(islice(turns(), total), start=1):
        articles += read(source, number, known=known)
        if number == total // 10:
            early = held_bytes()
        if number % max(1, total // _REPORTS) == 0:
            print(f"page {number:6}  {held_bytes() / 1e6:6.0f} MB", flush=True)
    late, seconds = held_bytes(), time.process_time() - started
    print(f"{early / 1e6:.0f} MB at page {total // 10:,}, {late / 1e6:.0f} MB at page {total:,}")
    print(f"{late / early:.3f} times ({articles:,} articles, {seconds:.0f} CPU s)")
    return 1 if late > MOST_GROWTH * early else 0


if __name__ == "__main__":
    sys.exit(main())
