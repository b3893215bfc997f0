"""Whatever a site does, the books hold: nothing open is lost, nothing is doubled, nothing is silent."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from archive.catalogue import Catalogue
from archive.connect import Archive
from archive.object_store import ObjectStore
from demo.newspaper import Newspaper, Story
from pipelines.pages.workers import Readers
from tests.crawler.holding import finds_everything, visit_all
from tests.crawler.in_process import InProcess
from tests.crawler.over_http import OverHttp
from tests.crawler.random_site import ARTICLE_FAULTS, LONG_FAULTS, Pool, Visit, sites

EXAMPLES, SHARDS = 500, 10
CRAWLS = 20


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


def empty(store: ObjectStore) -> None:
    """Remove every object, so that the next example meets an empty bucket."""
    for key in list(store.list_keys("")):
        store.delete(key)


@pytest.mark.parametrize("number", range(4))
def test_the_books_hold_of_real_crawls(archive: Archive, number: int) -> None:
    # What the child sees of the time is the machine's.
    pool = Pool(datetime.now(UTC) - timedelta(minutes=30))

    @seed(number)
    @settings(
        max_examples=CRAWLS // 4,
        # To find a smaller site that fails as well would take hours.
        phases=[Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(site=sites(pool))
    def hold(site: tuple[list[Story], list[Visit]]) -> None:
        chosen, visits = site
        empty(archive.store)
        with (
            TemporaryDirectory(dir=archive.settings.home) as folder,
            Catalogue(f"sqlite:///{folder}/catalogue.db") as catalogue,
            Newspaper(pool.edition) as newspaper,
        ):
            pool.on_site(newspaper, chosen)
            settings = archive.settings.model_copy(
                update={"catalogue_url": f"sqlite:///{folder}/catalogue.db"}
            )
            opened = Archive(settings=settings, store=archive.store, catalogue=catalogue)
            crawls = OverHttp(archive=opened, newspaper=newspaper, readers=readers)
            visit_all(crawls, visits)
            finds_everything(crawls, chosen, visits[-1].at)

    with Readers() as readers:
        hold()
