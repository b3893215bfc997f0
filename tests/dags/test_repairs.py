"""Gaps: opened by a crawl, filled by the DAG that this starts."""

from datetime import UTC, datetime, timedelta

import pytest
from airflow.models.asset import AssetEvent, AssetModel
from airflow.utils.session import create_session
from sqlalchemy import select

from archive.connect import Archive
from demo.newspaper import Newspaper, Profile
from tests.dags.test_dag_runs import note_of, reds, returned, states

pytestmark = pytest.mark.usefixtures("environment")


def gap_events(run) -> int:
    with create_session() as session:
        events = (
            select(AssetEvent)
            .join(AssetModel, AssetModel.id == AssetEvent.asset_id)
            .where(AssetEvent.source_run_id == run.run_id, AssetModel.name == "gaps")
        )
        return len(list(session.scalars(events)))


def test_a_day_whose_sitemap_fails_opens_a_gap_that_the_repair_closes(
    dags, newspaper: Newspaper, archive: Archive
):
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    newspaper.profile = Profile(day_limit=4, faults={f"/arc/outboundfeeds/*/{yesterday}/": 404})
    crawl = dags["crawl_world"].test()
    assert str(crawl.state) == "success"
    assert f"Gap opened: {yesterday} 00:00 to " in note_of(crawl)
    assert f"Not read: sitemap:{yesterday} (http_404)." in note_of(crawl)
    assert states(crawl)["ask_for_repair"] == {"success"}
    assert gap_events(crawl) == 1

    # Asked again while it fails still: the gap stays open with the reason, and no run is told.
    vain = dags["repair_gaps"].test()
    assert "0 of 1 gaps closed, 1 still open." in note_of(vain)
    assert "http_404" in note_of(vain)

    newspaper.profile = Profile(day_limit=4)
    repair = dags["repair_gaps"].test()
    assert str(repair.state) == "success"
    assert note_of(repair).startswith("1 of 1 gaps closed, 0 still open.")
    assert f"| {yesterday} 00:00 to " in note_of(repair)
    (gap,) = returned(repair, "report")
    assert gap["state"] == "closed"
    assert "/world/2/" in {one.path for one in newspaper.log}

    later = dags["crawl_world"].test()
    assert states(later)["ask_for_repair"] == {"skipped"}
    assert gap_events(later) == 0


def test_without_an_open_gap_nobody_is_asked(dags, newspaper: Newspaper):
    run = dags["repair_gaps"].test()
    assert str(run.state) == "success"
    assert note_of(run) == "No gap is open."
    assert len(newspaper.log) == 0


def test_a_refused_repair_is_red_and_its_gap_stays_open(
    dags, newspaper: Newspaper, archive: Archive
):
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    newspaper.profile = Profile(day_limit=4, faults={f"/arc/outboundfeeds/*/{yesterday}/": 404})
    dags["crawl_world"].test()
    newspaper.profile = Profile(day_limit=4, faults={"/world/*/*/": 403})
    repair = dags["repair_gaps"].test()
    assert str(repair.state) == "failed"
    assert reds(repair) == {"each_gap.conclude", "report"}
    assert "**CrawlRefused**: " in note_of(repair).splitlines()[0]
    assert "0 of 1 gaps closed, 1 still open." in note_of(repair)
    assert [gap.state for gap in archive.catalogue.gaps("nzherald")] == ["open"]
