"""Reading a page of the publisher, gate included, beside trafilatura alone on the same pages."""

import gc
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.extraction_readers import Row, publisher, trafilatura_default
from benchmarks.extraction_speed import newspaper_pages

PAGES = 12
LEAST = 1.2
"""A wide margin: alone on a machine it is above 2, which ``benchmarks/extraction_speed.py`` holds."""


def seconds(reader: Callable[[bytes, str, str | None], Row], pages: list[Row]) -> float:
    started = time.process_time()
    for page in pages:
        reader(Path(page["path"]).read_bytes(), page["url"], None)
    return time.process_time() - started


def test_the_publishers_pages_are_read_faster_than_by_trafilatura_alone(tmp_path: Path) -> None:
    pages = newspaper_pages(tmp_path)[:PAGES]
    assert len(pages) == PAGES
    seconds(publisher, pages[:3])
    seconds(trafilatura_default, pages[:3])
    gc.collect()
    rounds = [(seconds(publisher, pages), seconds(trafilatura_default, pages)) for _ in range(3)]
    assert max(theirs / ours for ours, theirs in rounds) > LEAST
