"""The same of real crawls: a child process, a real socket, the made-up newspaper over HTTP."""

from datetime import UTC, datetime, timedelta
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from archive.catalogue import Catalogue
from archive.connect import Archive
from demo.newspaper import Newspaper, Story
from pipelines.pages.workers import Readers
from tests.crawler.holding import empty, finds_everything, visit_all
from tests.crawler.over_http import OverHttp
from tests.crawler.random_site import Pool, Visit, sites

CRAWLS, SHARDS = 20, 4


@pytest.mark.parametrize("number", range(SHARDS))
def test_the_books_hold_of_real_crawls(archive: Archive, number: int) -> None:
    # What the child sees of the time is the machine's.
    pool = Pool(datetime.now(UTC) - timedelta(minutes=30))

    @seed(number)
    @settings(
        max_examples=CRAWLS // SHARDS,
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
