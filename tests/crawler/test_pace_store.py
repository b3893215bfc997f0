"""A store that is away for a moment costs a run time, and nothing else."""

import asyncio
from datetime import UTC, datetime

import pytest

from archive.embedded_store import EmbeddedStore
from archive.errors import StoreUnavailable
from archive.lease import Turnstile
from archive.object_store import ObjectStore
from crawler.endings import Stopped
from crawler.pace import Pace


class Away(ObjectStore):
    """A store that can be out of reach."""

    times = 0

    def get_tagged(self, key: str) -> tuple[bytes, str]:
        if self.times:
            self.times -= 1
            raise StoreUnavailable(*("it", "nobody answers"))
        return super().get_tagged(key)


@pytest.fixture
def away(store: ObjectStore, s3_server: EmbeddedStore) -> Away:
    return Away(
        endpoint=store.endpoint,
        access_key=s3_server.access_key,
        secret_key=s3_server.secret_key,
        region=store.region,
        bucket=store.bucket,
    )


def pace_of(store: ObjectStore, stop: asyncio.Event) -> Pace:
    turnstile = Turnstile(store, "paper", "one")
    return Pace(turnstile, 0, stop, publisher="paper", clock=lambda: datetime.now(UTC))


def test_a_run_waits_for_a_store_that_comes_back(
    away: Away, caplog: pytest.LogCaptureFixture
) -> None:
    async def crawl() -> None:
        pace = pace_of(away, asyncio.Event())
        away.times = 2
        await pace.turn()
        pace.done()
        # A slice that is held needs no store.
        away.times = 1
        await pace.turn()

    asyncio.run(crawl())
    assert away.times == 1
    assert [record.message for record in caplog.records if "no turn without" in record.message]


def test_a_stop_ends_the_wait_for_the_store(away: Away) -> None:
    async def crawl() -> None:
        stop = asyncio.Event()
        away.times = 1000
        asyncio.get_running_loop().call_later(0.5, stop.set)
        with pytest.raises(Stopped):
            await asyncio.wait_for(pace_of(away, stop).turn(), 10)

    asyncio.run(crawl())
    assert away.times > 900


def test_a_turn_that_cannot_be_given_back_is_no_failure(away: Away) -> None:
    pace = pace_of(away, asyncio.Event())
    asyncio.run(pace.turn())
    away.times = 1
    pace.close()
    assert away.times == 0
