"""A newspaper, an empty archive, and a way to crawl the one into the other."""

import uuid
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from archive.connect import Archive, open_archive
from archive.embedded_store import EmbeddedStore
from archive.records import CrawlSummary
from archive.settings import ArchiveSettings
from demo.newspaper import Edition, Newspaper
from tests.crawler.crawling import Crawling


@pytest.fixture
def crawling(archive: Archive, newspaper: Newspaper) -> Crawling:
    """Crawls of the newspaper's last two days into an empty archive."""
    return Crawling(archive, newspaper)


@pytest.fixture(scope="module")
def week(
    s3_server: EmbeddedStore, edition: Edition, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Crawling, CrawlSummary]]:
    """One finished crawl of a whole week, for tests that only look at it."""
    settings = ArchiveSettings(
        home=tmp_path_factory.mktemp("week") / "home",
        s3_endpoint=s3_server.endpoint,
        s3_access_key=s3_server.access_key,
        s3_secret_key=SecretStr(s3_server.secret_key),
        bucket=f"week-{uuid.uuid4().hex[:12]}",
        delay_seconds=0,
    )
    with open_archive(settings) as archive, Newspaper(edition) as newspaper:
        crawling = Crawling(archive, newspaper, listing_days=7)
        yield crawling, crawling.run()
