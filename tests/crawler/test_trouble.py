"""A site in trouble is left alone soon; a page in trouble costs only itself."""

import os
from collections import Counter
from pathlib import Path

import pytest

from archive.errors import PublisherUnreachable
from crawler.fetcher import TRIES
from crawler.spiders.articles import MOST_TROUBLE
from demo.newspaper import Story
from demo.newspaper.profiles import ARTICLES
from tests.crawler.crawling import Crawling, change_profile, events

# What a run with a short patience does.
IMPATIENT = """
import sys
if "crawler.run" in sys.orig_argv:
    import crawler.settings
    crawler.settings.DOWNLOAD_TIMEOUT = 3
"""


def newest_first(crawling: Crawling) -> list[Story]:
    stories = crawling.listed_stories().values()
    return sorted(stories, key=lambda story: story.date_modified, reverse=True)


@pytest.mark.parametrize(
    ("kind", "reason", "tries"),
    [
        ("truncated", "truncated", TRIES),
        ("truncated_chunked", "truncated", TRIES),
        ("broken_gzip", "undecodable", 1),
    ],
)
def test_a_site_whose_pages_all_come_broken_is_left_alone(
    crawling: Crawling, kind: str, reason: str, tries: int
) -> None:
    faults = {story.path: kind for story in newest_first(crawling)}
    change_profile(crawling.newspaper, faults=faults)
    summary = crawling.run()
    assert summary.ending == "back_off"
    states = Counter((line.state, line.reason) for line in crawling.lines(summary).values())
    assert states["failed", reason] == MOST_TROUBLE
    assert states["pending", "back_off"] > 20
    paths = crawling.newspaper.log.paths()
    assert sum(path in faults for path in paths) == MOST_TROUBLE * tries
    (told,) = (line.event for line in events(crawling, "warning") if "in a row" in line.event)
    assert told == f"{MOST_TROUBLE} articles in a row went wrong: {reason}"


def test_broken_pages_among_good_ones_cost_only_themselves(crawling: Crawling) -> None:
    broken = newest_first(crawling)[::4][:6]
    assert len(broken) > MOST_TROUBLE
    faults = {story.path: "broken_gzip" for story in broken}
    change_profile(crawling.newspaper, faults=faults)
    summary = crawling.run()
    assert summary.ending is None
    lines = crawling.lines(summary)
    failed = {article_id for article_id, line in lines.items() if line.state == "failed"}
    assert failed == {story.article_id for story in broken}
    assert "pending" not in summary.states


def test_a_site_whose_pages_never_come_is_one_clear_line(
    crawling: Crawling, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(IMPATIENT)
    found = os.environ.get("PYTHONPATH")
    stalls = {story.path: "stalls" for story in newest_first(crawling)[::2]}
    change_profile(crawling.newspaper, faults={**stalls, ARTICLES: "hangs"})
    process = crawling.process(crawling.plan())
    with monkeypatch.context() as patched:
        patched.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(tmp_path), found))))
        process.start()
        with pytest.raises(PublisherUnreachable, match=r"5 requests in a row.*timeout"):
            process.wait()
    summary = process.salvaged
    assert summary is not None
    states = Counter((line.state, line.reason) for line in crawling.lines(summary).values())
    assert states["failed", "timeout"] == MOST_TROUBLE
    assert summary.states["pending"] > 20
    assert len(crawling.asked_articles()) == MOST_TROUBLE * TRIES
    assert len(events(crawling, "error")) == 1

    # The next run meets a site that is well again, and takes up what was left.
    crawling.take_in(summary)
    change_profile(crawling.newspaper, faults={})
    lines = crawling.lines(crawling.run())
    assert lines.keys() >= crawling.listed_stories().keys()
    assert not {line.state for line in lines.values()} & {"pending", "failed"}
