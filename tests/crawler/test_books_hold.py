"""Whatever a site does, the books hold: nothing open is lost, nothing is doubled, nothing is silent."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, seed, settings

from archive.catalogue import Catalogue
from archive.connect import Archive
from demo.newspaper import Newspaper, Story
from pipelines.pages.workers import Readers
from tests.crawler.holding import empty, finds_everything, visit_all
from tests.crawler.in_process import InProcess
from tests.crawler.random_site import ARTICLE_FAULTS, LONG_FAULTS, Pool, Visit, sites

EXAMPLES, SHARDS = 500, 10


@pytest.mark.parametrize("number", range(SHARDS))
def test_the_books_hold_on_random_sites(archive: Archive, number: int) -> None:
    pool = Pool(datetime(2026, 3, 4, 9, 30, tzinfo=UTC))

    @seed(number)
    @settings(
        max_examples=EXAMPLES // SHARDS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(site=sites(pool, ARTICLE_FAULTS + LONG_FAULTS))
    def hold(site: tuple[list[Story], list[Visit]]) -> None:
        _one_site(archive, readers, pool, *site)

    with Readers() as readers:
        hold()


def _one_site(
    archive: Archive, readers: Readers, pool: Pool, chosen: list[Story], visits: list[Visit]
) -> None:
    empty(archive.store)
    with (
        TemporaryDirectory(dir=archive.settings.home) as folder,
        Catalogue(f"sqlite:///{folder}/catalogue.db") as catalogue,
        Newspaper(pool.edition) as newspaper,
    ):
        pool.on_site(newspaper, chosen)
        opened = Archive(settings=archive.settings, store=archive.store, catalogue=catalogue)
        site = InProcess(archive=opened, newspaper=newspaper, readers=readers, folder=Path(folder))
        visit_all(site, visits)
        finds_everything(site, chosen, visits[-1].at)
