"""After a crawl of every page for subscribers, with all logs on, none of their text is anywhere."""

import dataclasses
import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import frozen
from pydantic import SecretStr

from archive.codec import decode, encode
from archive.connect import Archive, open_archive
from archive.embedded_store import EmbeddedStore
from archive.records import CrawlLine, CrawlSummary
from archive.settings import ArchiveSettings
from demo.newspaper import Edition, Newspaper, Story
from demo.newspaper.variants import VARIANTS
from pipelines import steps
from tests.crawler.crawling import Crawling

ROOT = Path(__file__).resolve().parents[2]
SENTINELS = (b"HIDDENBODY", b"HIDDENJSON")

LEAST_OWN = 3
"""Sentences of a made-up story that must be its alone, for what is searched for to mean something."""


@frozen
class Loud:
    """A finished crawl, its stages taken, and where it could have left something."""

    crawling: Crawling
    lines: dict[str, CrawlLine]
    stories: dict[str, Story]
    log: Path
    temporary: Path
    output: bytes


def crawl(crawling: Crawling, folder: Path) -> tuple[CrawlSummary, bytes]:
    """Crawl in a process of its own that writes down every log record, with its own temporary folder."""
    plan, summary, temporary = folder / "plan.json", folder / "summary.json", folder / "tmp"
    temporary.mkdir()
    plan.write_bytes(encode(crawling.plan()))
    settings = crawling.settings.model_dump(mode="json")
    settings["s3_secret_key"] = crawling.settings.s3_secret_key.get_secret_value()  # type: ignore[union-attr]
    command = [sys.executable, "-m", "tests.crawler.loud", str(folder / "log.txt")]
    done = subprocess.run(
        [*command, "--plan", plan, "--summary", summary, "--settings-on-stdin"],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": str(ROOT)},
        input=json.dumps(settings).encode(),
        capture_output=True,
        check=True,
    )
    return decode(summary.read_bytes(), CrawlSummary), done.stdout + done.stderr


@pytest.fixture(scope="module")
def loud(
    s3_server: EmbeddedStore, edition: Edition, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Loud]:
    folder = tmp_path_factory.mktemp("loud")
    settings = ArchiveSettings(
        home=folder / "home",
        s3_endpoint=s3_server.endpoint,
        s3_access_key=s3_server.access_key,
        s3_secret_key=SecretStr(s3_server.secret_key),
        bucket=f"loud-{uuid.uuid4().hex[:12]}",
        delay_seconds=0,
    )
    with open_archive(settings) as archive, Newspaper(edition) as newspaper:
        stories = {
            story.article_id: story for story in (newspaper.publish(kind) for kind in VARIANTS)
        }
        newspaper.profile = dataclasses.replace(newspaper.profile, rss="with_text")
        crawling = Crawling(archive, newspaper)
        summary, output = crawl(crawling, folder)
        served = Archive(
            settings=crawling.settings, store=archive.store, catalogue=archive.catalogue
        )
        outcomes = [steps.normalise_warc(served, summary.run_id, key) for key in summary.warc_keys]
        steps.catalogue(served, summary, outcomes)
        steps.reconcile(served, summary, outcomes)
        yield Loud(
            crawling, crawling.lines(summary), stories, folder / "log.txt", folder / "tmp", output
        )


def test_every_page_for_subscribers_was_sent_with_its_text_and_asked_for(loud: Loud) -> None:
    hidden = [story for story in loud.stories.values() if story.hidden]
    assert len(hidden) > 12
    for story in hidden:
        assert loud.lines[story.article_id].state == "fetched", story.variant
        assert any(word in loud.crawling.newspaper.page(story) for word in SENTINELS), story.variant


def test_the_access_of_each_is_told_and_its_public_part_is_held(loud: Loud) -> None:
    # One is dated too long ago to be listed.
    listed = [story for story in loud.stories.values() if story.article_id in loud.lines]
    articles = [story for story in listed if story.page_state == "article"]
    assert len(articles) > len(VARIANTS) / 2
    for story in articles:
        assert loud.lines[story.article_id].access == story.access, story.variant


def test_every_library_spoke_of_everything_and_said_no_word_of_it(loud: Loud) -> None:
    log = loud.log.read_bytes()
    for library in (b"DEBUG scrapy.", b"DEBUG botocore.", b"DEBUG urllib3."):
        assert library in log
    for word in SENTINELS:
        assert word not in log
        assert word not in loud.output


def test_no_word_of_it_is_in_the_bucket_the_catalogue_the_home_or_a_temporary_file(
    loud: Loud,
) -> None:
    names = []
    for name, content in loud.crawling.everything_kept():
        names.append(name)
        for word in SENTINELS:
            assert word not in content, name
            assert word.decode().encode("utf-16-le") not in content, name
    assert any("catalogue" in name for name in names)
    assert any("/warc/" in name for name in names)
    for path in loud.temporary.rglob("*"):
        assert not path.is_file() or not any(word in path.read_bytes() for word in SENTINELS)


def test_what_must_not_be_archived_is_noted_and_not_kept(loud: Loud) -> None:
    barred = [story for story in loud.stories.values() if story.page_state == "noarchive"]
    assert len(barred) == 2
    newsroom = loud.crawling.newspaper.newsroom
    for story in barred:
        line = loud.lines[story.article_id]
        assert (line.state, line.reason) == ("skipped", "noarchive")
        # Chance may give two made-up stories the same sentences: up to half of them were seen.
        others = [one for one in newsroom.stories() if one.article_id != story.article_id]
        said = "\n".join(block.text for one in others for block in one.body)
        own = [block.text.encode() for block in story.body if block.text not in said]
        assert len(own) >= LEAST_OWN
        kept = loud.crawling.everything_kept()
        assert not [name for name, content in kept if any(text in content for text in own)]
