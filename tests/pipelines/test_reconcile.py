"""The books of a run: listed = archived + unchanged + skipped + failed + pending, or the run is red."""

import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.catalogue import Catalogue
from archive.errors import BrokenRecord
from archive.records import Capture, CrawlLine, CrawlSummary, Outcome, RunBooks
from pipelines.reconcile import Calendar, check, reconcile
from tests.pipelines.reports import read

NOW = datetime(2026, 3, 1, 22, 15, tzinfo=UTC)
RUN = "20260301T221500Z-00000000"
CALENDAR = Calendar(timezone="Pacific/Auckland", first_seen={})


def line(article_id: str, state: str = "fetched", **fields: object) -> CrawlLine:
    values = {"url": f"u/{article_id}", "listed_at": NOW, "state": state} | fields
    return CrawlLine(article_id=article_id, **values)


def capture(article_id: str, **fields: object) -> Capture:
    values: dict[str, object] = {
        "article_id": article_id,
        "revision": f"revision-{article_id}",
        "access": "free",
        "publisher": "nzherald",
        "run_id": RUN,
        "captured_at": NOW,
        "url": f"u/{article_id}",
        "reader": "r",
        "reader_version": "1",
    }
    return Capture(**(values | fields))


def outcome(article_id: str, word: str, reason: str, **fields: object) -> Outcome:
    kept = None if word == "failed" else capture(article_id, **fields)
    return Outcome(article_id=article_id, outcome=word, reason=reason, capture=kept)


def books(
    lines: list[CrawlLine],
    outcomes: list[Outcome],
    announced: Iterable[str] = (),
    **fields: object,
) -> RunBooks:
    values: dict[str, object] = {
        "run_id": RUN,
        "publisher": "nzherald",
        "started_at": NOW,
        "ended_at": NOW,
        "stopped": False,
        "states": dict(Counter(line.state for line in lines)),
    }
    return reconcile(lines, outcomes, CrawlSummary(**(values | fields)), CALENDAR, announced)


def told(result: RunBooks) -> dict[str, tuple[str, str]]:
    return {line.article_id: (line.outcome, line.reason) for line in result.ledger}


def test_every_state_ends_as_one_of_the_five_words() -> None:
    lines = [
        line("new"),
        line("same"),
        line("broken"),
        line("304", "not_modified", reason="same_validators"),
        line("old", "not_due"),
        line("video", "skipped", reason="not_an_article"),
        line("gone", "failed", reason="http_410"),
        line("later", "pending", reason="budget"),
    ]
    outcomes = [
        outcome("new", "archived", "new_article"),
        outcome("same", "unchanged", "same_content"),
        outcome("broken", "failed", "unreadable_page"),
    ]
    result = books(lines, outcomes)
    assert told(result) == {
        "new": ("archived", "new_article"),
        "same": ("unchanged", "same_content"),
        "broken": ("failed", "unreadable_page"),
        "304": ("unchanged", "same_validators"),
        "old": ("unchanged", "not_due"),
        "video": ("skipped", "not_an_article"),
        "gone": ("failed", "http_410"),
        "later": ("pending", "budget"),
    }
    report = result.report
    assert report.balanced
    assert (report.listed, report.archived, report.unchanged) == (8, 1, 3)
    assert (report.skipped, report.failed, report.pending) == (1, 2, 1)
    assert (report.new_articles, report.new_revisions) == (1, 0)
    assert sum(report.reasons.values()) == report.listed


@given(
    st.lists(st.sampled_from(["fetched", "not_modified", "not_due", "skipped", "failed"])),
    st.sets(st.integers(0, 5)),
)
def test_listed_is_always_the_sum(states: list[str], fetched: set[int]) -> None:
    lines = [line(str(number), state) for number, state in enumerate(states)]
    outcomes = [outcome(str(number), "archived", "new_article") for number in fetched]
    report = books(lines, outcomes).report
    words = report.archived + report.unchanged + report.skipped + report.failed + report.pending
    assert report.listed == len(lines) == words


def test_a_fetched_page_without_an_outcome_makes_the_run_red() -> None:
    result = books([line("a")], [])
    assert told(result) == {"a": ("failed", "no_outcome")}
    assert not result.report.balanced


def test_an_outcome_of_nothing_listed_makes_the_run_red() -> None:
    assert not books([], [outcome("a", "archived", "new_article")]).report.balanced


def test_an_article_listed_twice_makes_the_run_red() -> None:
    result = books([line("a", "not_due"), line("a", "not_due")], [])
    assert result.report.listed == 1
    assert not result.report.balanced


def test_lines_that_went_missing_make_the_run_red() -> None:
    assert not books([line("a", "not_due")], [], states={"not_due": 2}).report.balanced


def test_an_announced_article_without_a_line_makes_the_run_red() -> None:
    lines = [line("a", "not_due")]
    assert books(lines, [], announced={"a"}).report.balanced
    assert not books(lines, [], announced={"a", "b"}).report.balanced


def test_the_report_counts_what_was_asked_for_and_what_came() -> None:
    ok: dict[str, object] = {"asked_at": NOW, "http_status": 200}
    failed = {"access": "free", **ok}
    # The gate finds no marks on what comes in an article's place: its access is unknown, or all it has.
    other = {"access": "unknown", **ok}
    lines = [
        line("free", **ok),
        line("premium", **ok),
        line("unknown", **ok),
        line("video", "skipped", reason="not_an_article_video", **other),
        line("private", "skipped", reason="noarchive", **{**ok, "access": "premium"}),
        line("private too", "skipped", reason="noarchive", asked_at=NOW, http_status=304),
        line("nothing", "failed", reason="empty", **other),
        line("drifted", **failed),
        line("cut", "failed", reason="truncated", **failed),
        line("soft", "failed", reason="soft_404", **other),
        line("wall", "failed", reason="consent_wall", **other),
        line("marked", **ok),
        line("old name", "skipped", reason="alias", asked_at=NOW),
        line("gone", "failed", reason="http_410", asked_at=NOW, http_status=410),
        line("down", "failed", reason="timeout", asked_at=NOW),
        line("same", "not_modified", asked_at=NOW, http_status=304, access="premium"),
        line("stands", "failed", reason="soft_404"),  # not asked this time
        line("later", "pending", reason="request_budget"),
    ]
    outcomes = [
        evolve(outcome("free", "archived", "new_article"), filled=("byline", "images")),
        outcome("premium", "archived", "new_article", access="premium"),
        outcome("unknown", "unchanged", "same_content", access="unknown"),
        outcome("drifted", "failed", "unreadable_page"),
        outcome("marked", "skipped", "access_unknown", access="unknown"),
    ]
    report = books(lines, outcomes).report
    assert report.balanced
    assert (report.pages, report.premium, report.unknown) == (11, 1, 2)
    assert (report.empty, report.unreadable, report.removed) == (1, 1, 2)
    assert (report.asked, report.kept) == (11, 4)
    assert report.otherwise == {
        "consent_wall": 1,
        "noarchive": 2,
        "not_an_article_video": 1,
        "timeout": 1,
        "truncated": 1,
    }
    assert (report.readable, report.filled) == (1, {"byline": 1, "images": 1})


def test_the_report_tells_how_the_crawl_went() -> None:
    told = {
        "purpose": "repair",
        "announcements": (read("rss:world", problem="html"),),
        "other_sections": 7,
        "ending": "request_budget",
    }
    report = books([], [], **told).report
    assert {name: getattr(report, name) for name in told} == told
    assert not report.complete


@pytest.mark.parametrize(
    "damage",
    [
        lambda one: evolve(one, report=evolve(one.report, listed=3)),
        lambda one: evolve(one, report=evolve(one.report, failed=1, unchanged=1)),
        lambda one: evolve(one, ledger=one.ledger[:1]),
        lambda one: evolve(one, ledger=(one.ledger[0], one.ledger[0])),
    ],
)
def test_stored_books_that_do_not_add_up_are_not_taken_in(damage: Callable) -> None:
    whole = books([line("a", "not_due"), line("b", "not_due")], [])
    check(whole, name="k")
    with pytest.raises(BrokenRecord, match="k"):
        check(damage(whole), name="k")


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    with Catalogue(f"sqlite:///{tmp_path_factory.mktemp('books')}/catalogue.db") as opened:
        yield opened


names = (f"publisher-{number}" for number in itertools.count())


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from("ABCDE"), st.sampled_from(["not_due", "skipped", "failed", "pending"])
        ),
        max_size=6,
    ),
    st.randoms(use_true_random=False),
)
def test_what_is_left_open_is_pending_until_a_later_run_says_otherwise(
    catalogue: Catalogue, runs: list[dict[str, str]], order: random.Random
) -> None:
    name, newest, made = next(names), {}, []
    for number, states in enumerate(runs):
        run_id = f"{NOW + timedelta(hours=number):%Y%m%dT%H%M%SZ}-00000000"
        lines = [line(article_id, state) for article_id, state in states.items()]
        made.append(books(lines, [], run_id=run_id, publisher=name))
        newest |= states
    order.shuffle(made)
    for one in made:
        catalogue.take_in(one)
    left = {one.article_id for one in catalogue.pending(name)}
    assert left == {article_id for article_id, state in newest.items() if state == "pending"}


def test_a_second_capture_of_a_new_article_leaves_it_new() -> None:
    later = NOW + timedelta(minutes=5)
    outcomes = [
        outcome("a", "unchanged", "same_content", captured_at=later),
        outcome("a", "archived", "new_article"),
    ]
    result = books([line("a")], outcomes)
    assert told(result) == {"a": ("archived", "new_article")}
    assert [kept.captured_at for kept in result.captures] == [NOW, later]


def test_a_page_that_could_be_read_counts_over_one_that_could_not() -> None:
    outcomes = [
        outcome("a", "unchanged", "same_content"),
        outcome("a", "failed", "unreadable_page"),
    ]
    assert told(books([line("a")], outcomes)) == {"a": ("unchanged", "same_content")}


def test_the_crawl_says_why_a_page_that_came_in_part_failed() -> None:
    lines = [line("a", "failed", reason="truncated")]
    assert told(books(lines, [outcome("a", "failed", "unreadable_page")])) == {
        "a": ("failed", "truncated")
    }


def test_changed_days_are_the_publishers_dates() -> None:
    published = datetime(2026, 2, 27, 11, 30, tzinfo=UTC)  # already the 28th in Auckland
    outcomes = [
        outcome("a", "archived", "new_article", date_published=published),
        outcome("b", "archived", "new_article"),
        outcome("c", "unchanged", "same_content", date_published=NOW - timedelta(days=9)),
    ]
    report = books([line("a"), line("b"), line("c")], outcomes).report
    assert report.changed_days == ("2026-02-28", "2026-03-02")


def test_an_undated_article_belongs_to_the_day_it_was_first_seen() -> None:
    known = Calendar(timezone="Pacific/Auckland", first_seen={"a": NOW - timedelta(days=3)})
    assert known.day(capture("a")) == "2026-02-27"
