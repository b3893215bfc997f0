"""Crawls that end in an error, and a catalogue that is lost, through a real Airflow."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from archive.catalogue import Catalogue
from archive.closing import reopen
from archive.connect import Archive
from archive.keys import crawl_key
from demo.newspaper import Edition, Fault, Newspaper, Profile, Story
from plugins import stages
from tests.dags.test_dag_runs import announced_by, day_ago, note_of, reds, returned, states

pytestmark = pytest.mark.usefixtures("environment")

NEW_ZEALAND = ZoneInfo("Pacific/Auckland")
BOOKS = {"warc", "crawls", "summaries", "outcomes", "captures", "ledger", "runs", "manifests"}


def books_of(archive: Archive, run_id: str) -> set[str]:
    return {key.split("/")[1] for key in archive.store.list_keys("") if run_id in key}


def refused_story(edition: Edition, newspaper: Newspaper) -> Story:
    """A World story that answers 451 once it is asked for, after some of the others."""
    today = datetime.now(UTC).date()
    stories = [s for s in edition.in_section("world") if s.date_modified.date() == today]
    story = sorted(stories, key=lambda s: s.date_modified)[len(stories) // 2]
    newspaper.profile = Profile(faults={story.path: 451})
    return story


def test_a_refused_crawl_has_its_books_kept_and_its_run_is_red(
    dags, archive: Archive, edition: Edition, newspaper: Newspaper
):
    story = refused_story(edition, newspaper)
    run = dags["crawl_world"].test()
    assert str(run.state) == "failed"
    assert reds(run) == {"conclude"}
    assert note_of(run).startswith("**CrawlRefused**: the crawl was refused by")
    assert story.path in note_of(run)
    assert "The books balance." in note_of(run)
    assert max(task.try_number for task in run.get_task_instances()) == 1
    report = returned(run, "reconcile")
    assert report["archived"] > 0
    assert report["reasons"]["refused"] == report["pending"] > 0
    assert books_of(archive, report["run_id"]) >= BOOKS
    assert announced_by(run) == sorted(report["changed_days"]) != []

    newspaper.profile = Profile()
    again = dags["crawl_world"].test()
    assert str(again.state) == "success"
    assert returned(again, "reconcile")["unchanged"] >= report["archived"]


def test_a_refused_day_of_a_backfill_has_its_books_kept_and_ends_the_others_unasked(
    dags, archive: Archive, newspaper: Newspaper, monkeypatch: pytest.MonkeyPatch
):
    # How long nobody is asked after a refusal goes by the delay.
    monkeypatch.setenv("ARCHIVE_DELAY_SECONDS", "0.1")
    newspaper.profile = Profile(faults={"/world/*/*/": Fault(451, after=3)})
    days = [day_ago(10), day_ago(9), day_ago(8)]
    conf = {"since": days[0], "until": days[2], "dry_run": False}
    run = dags["backfill_world"].test(run_conf=conf)
    assert str(run.state) == "failed"
    assert "success" in states(run)["each_day.reconcile"]
    assert {"each_day.conclude", "report"} <= reds(run)
    # Whichever day was refused, that was the last request of all.
    assert [one.status for one in newspaper.log].count(451) == 1
    assert list(newspaper.log)[-1].status == 451
    # The two that were not asked share their cause.
    assert note_of(run).count("**CrawlRefused**: ") == 2
    assert all(f"| {day} |" in note_of(run) for day in days)
    assert announced_by(run)

    newspaper.profile = Profile()
    monkeypatch.setenv("ARCHIVE_DELAY_SECONDS", "0")
    reopen(archive.store, "nzherald")
    again = dags["backfill_world"].test(run_conf=conf)
    assert str(again.state) == "success"
    assert set(days) <= {*announced_by(run), *announced_by(again)}


def test_a_catalogue_lost_in_the_middle_of_a_run_fills_itself_again(
    dags, archive: Archive, monkeypatch: pytest.MonkeyPatch
):
    earlier = dags["backfill_world"].test(
        run_conf={"since": day_ago(9), "until": day_ago(8), "dry_run": False}
    )
    assert str(earlier.state) == "success"
    reconcile = stages.reconcile

    def reconcile_without_catalogue(summary, outcome_keys):
        assert archive.store.exists(crawl_key("nzherald", summary["run_id"]))
        for path in archive.settings.home.glob("catalogue.db*"):
            path.unlink()
        return reconcile(summary, outcome_keys)

    monkeypatch.setattr(stages, "reconcile", reconcile_without_catalogue)
    run = dags["crawl_world"].test()
    assert str(run.state) == "success"
    keys = archive.store.list_keys("nzherald/runs/")
    with Catalogue(archive.settings.catalogue) as catalogue:
        known = catalogue.run_ids("nzherald")
    assert known == {key.rsplit("/", 1)[1].removesuffix(".json") for key in keys}
    assert len(known) == 3
