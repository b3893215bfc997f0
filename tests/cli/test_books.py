"""The books as a person asks for them: coverage, gaps, runs."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from demo.newspaper import Newspaper, Profile
from tests.cli.support import Result
from tests.cli.test_crawl import balances

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def few_days(env: dict[str, str]) -> None:
    env["ARCHIVE_LISTING_DAYS"] = "2"


def test_an_empty_archive_says_what_to_run(run: Run) -> None:
    for command in (("coverage",), ("coverage", "--fields"), ("gaps",), ("runs",)):
        told = run(*command)
        assert (told.code, told.out) == (0, "")
        assert "newsarchive crawl" in told.err
        assert run(*command, "--json").json == []


def test_a_wrong_argument_says_what_is_right(run: Run) -> None:
    date = run("coverage", "--since", "2026-13-01")
    assert date.code == 2
    assert "2026-13-01 is no date; write it as 2026-03-01" in date.err
    assert run("runs", "--limit", "0").code == 2


@pytest.fixture
def dark_day(newspaper: Newspaper) -> date:
    """A day whose sitemap can't be had: yesterday."""
    day = (datetime.now(UTC) - timedelta(days=1)).date()
    newspaper.profile = Profile(
        faults={f"/arc/outboundfeeds/{name}/{day}/": 404 for name in ("sitemap", "sitemap2")}
    )
    return day


def test_a_day_that_could_not_be_read_is_a_gap(run: Run, dark_day: date) -> None:
    day = dark_day
    first = run("crawl", "--json")
    assert first.code == 0, first.err
    assert balances(first.json)
    assert [gap["state"] for gap in first.json["gaps"]] == ["open"]

    (gap,) = run("gaps", "--json").json
    assert (gap["since"], gap["state"]) == (f"{day}T00:00:00Z", "open")
    assert gap["reason"] == f"sitemap:{day}: http_404"
    assert gap["seconds_to_close"] is None
    assert "newsarchive gaps --repair" in run("gaps").err
    dates = {one["day"]: one["gap"] for one in run("coverage", "--json").json}
    assert dates[str(day)]
    assert dates[str(day + timedelta(days=1))]
    assert not dates.get(str(day - timedelta(days=1)))
    shown = run("runs", first.json["run_id"]).out
    assert f"sitemap:{day} (http_404)" in shown
    assert "newsarchive gaps --repair" in shown


def test_a_gap_is_repaired_by_hand(run: Run, newspaper: Newspaper, dark_day: date) -> None:
    first = run("crawl", "--json")
    # While the publisher does not list it, it stays open, and that is no error.
    tried = run("gaps", "--repair", "--json")
    assert tried.code == 0, tried.err
    assert [one["state"] for one in tried.json] == ["open"]

    newspaper.profile = Profile()
    repaired = run("gaps", "--repair", "--json")
    assert repaired.code == 0, repaired.err
    (closed,) = repaired.json
    assert closed["state"] == "closed"
    assert closed["closed_by"] != first.json["run_id"]
    assert closed["seconds_to_close"] > 0
    assert "1 gap, 0 open" in run("gaps").out
    assert not any(one["gap"] for one in run("coverage", "--json").json)
    purposes = [one["purpose"] for one in run("runs", "--json").json]
    assert purposes == ["repair", "repair", "present"]


def test_coverage_is_told_by_day_and_by_field(run: Run) -> None:
    assert run("crawl", "--json").code == 0
    for one in run("coverage", "--json").json:
        assert one["listed"] == one["archived"] + sum(one["left"].values())
        assert one["share"] == one["archived"] / one["listed"]
    told = run("coverage").out
    assert "█" in told
    (fields,) = run("coverage", "--fields", "--json").json
    assert fields["below_floor"] == []
    assert 0 < fields["rates"]["byline"] <= 1
    assert "floor" in run("coverage", "--fields").out


def test_a_run_that_holds_too_little_is_red_though_its_books_balance(
    run: Run, newspaper: Newspaper
) -> None:
    newspaper.profile = Profile(faults={"/world/*": 404})
    result = run("crawl", "--json")
    assert result.code == 1
    assert balances(result.json)
    (alarm,) = result.json["alarms"]
    assert alarm["stage"] == "reconcile"
    assert result.json["kept"] < result.json["asked"] / 2
    *_, last = result.err.splitlines()
    assert f"is not well: only {result.json['kept']} of {result.json['asked']} articles" in last
    assert alarm["cause"] in run("runs", result.json["run_id"]).out
    assert run("crawl", "--json", ARCHIVE_COVERAGE_FLOOR="0").json["alarms"] == []
