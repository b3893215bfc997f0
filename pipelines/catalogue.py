"""Catalogue: the captures that a run adds, with every address under which they were announced."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from attrs import evolve

from archive.records import Capture, CrawlLine, Outcome


def catalogue(outcomes: Iterable[Outcome], lines: Iterable[CrawlLine]) -> tuple[Capture, ...]:
    """Return the captures of a run, by time."""
    announced = {line.article_id: line for line in lines}
    captures = (outcome.capture for outcome in outcomes if outcome.capture)
    return tuple(sorted((_named(capture, announced) for capture in captures), key=_by_time))


def _named(capture: Capture, announced: Mapping[str, CrawlLine]) -> Capture:
    line = announced.get(capture.article_id)
    if line is None:
        return capture
    others = {*capture.aliases, *line.aliases, line.url} - {capture.url}
    return evolve(capture, aliases=tuple(sorted(others)))


def _by_time(capture: Capture) -> tuple[datetime, str]:
    return capture.captured_at, capture.article_id
