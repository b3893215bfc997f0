"""The waiting for a crawl's process, interrupted: the child ends, and nothing of it is left behind."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.child import CrawlProcess, LogLine
from tests.crawler.crawling import Crawling


class TimeIsUp(BaseException):
    """What Airflow raises out of a signal handler, in the middle of the waiting."""


def interrupted(crawling: Crawling, on_progress: Callable[[CrawlProcess], None]) -> CrawlProcess:
    """Wait for a slow crawl, interrupted at its first article."""

    def on_log(line: LogLine) -> None:
        if line.event == "progress":
            on_progress(process)
            raise TimeIsUp

    process = CrawlProcess(
        crawling.plan(),
        home=crawling.settings.home,
        on_log=on_log,
        grace_seconds=1,
        settings=crawling.settings.model_copy(update={"delay_seconds": 0.2}),
    )
    process.start()
    with pytest.raises(TimeIsUp):
        process.wait()
    return process


def is_gone(process: CrawlProcess) -> bool:
    assert process._process is not None
    return not Path(f"/proc/{process._process.pid}").exists()


def test_an_interrupted_crawl_ends_cleanly_and_has_books_to_keep(crawling: Crawling) -> None:
    process = interrupted(crawling, lambda _: None)
    assert is_gone(process)
    assert process.salvaged is not None
    assert process.salvaged.stopped
    assert process.salvaged.states["fetched"] == len(crawling.asked_articles())
    assert list((crawling.settings.home / "crawls").iterdir()) == []


def test_a_crawl_that_does_not_end_in_time_is_killed(crawling: Crawling) -> None:
    def freeze(process: CrawlProcess) -> None:
        assert process._process is not None
        os.killpg(process._process.pid, signal.SIGSTOP)

    process = interrupted(crawling, freeze)
    assert is_gone(process)
    assert process.salvaged is None
    assert list((crawling.settings.home / "crawls").iterdir()) == []
