"""``newsarchive doctor``: is all there that a run needs, and how does the publisher's site answer."""

from collections.abc import Callable
from datetime import UTC, datetime

from archive.closing import close, reopen
from archive.object_store import ObjectStore
from archive.records import Closure
from demo.newspaper import Newspaper
from tests.cli.support import Result
from tests.crawler.crawling import change_profile

Run = Callable[..., Result]


def test_the_doctor_finds_a_healthy_archive_well(run: Run) -> None:
    result = run("doctor", "--json")
    assert result.code == 0
    parts = {finding["part"]: finding for finding in result.json}
    assert all(finding["passed"] for finding in result.json)
    assert parts["crawls"]["detail"] == "open: nothing holds them up"


def test_the_doctor_tells_of_a_halt(run: Run, store: ObjectStore) -> None:
    halt = Closure(kind="halted", reason="the printer is on fire", closed_at=datetime.now(UTC))
    close(store, "nzherald", halt)
    result = run("doctor")
    assert result.code == 4
    assert "halted until resumed: the printer is on fire" in result.out
    reopen(store, "nzherald")
    assert run("doctor").code == 0


def test_a_live_look_asks_nothing_while_crawls_are_halted(
    run: Run, store: ObjectStore, newspaper: Newspaper
) -> None:
    close(store, "nzherald", Closure(kind="halted", reason="fire", closed_at=datetime.now(UTC)))
    result = run("doctor", "--live", "--json")
    assert result.code == 4
    assert result.is_one_clear_line("newsarchive resume")
    assert len(newspaper.log) == 0
    assert all(finding["passed"] is not True for finding in result.json["findings"])


def test_a_live_look_is_a_table_for_people(run: Run, newspaper: Newspaper) -> None:
    result = run("doctor", "--live")
    assert result.code == 0
    assert result.err == ""
    assert "looked at" in result.out
    assert "robots.txt: our addresses" in result.out
    assert "nothing archived" in result.out
    assert f"requests made: {len(newspaper.log)}," in result.out
    assert run("runs", "--json").json == []


def test_a_live_look_is_one_document(run: Run, newspaper: Newspaper) -> None:
    document = run("doctor", "--live", "--json").json
    assert document["origin"] == newspaper.origin
    assert document["requests"] == len(newspaper.log) <= 20
    topics = [finding["topic"] for finding in document["findings"]]
    assert topics[0] == "robots.txt"
    assert len(topics) == len(set(topics))


def test_a_refusal_is_exit_4_with_what_was_seen_until_then(run: Run, newspaper: Newspaper) -> None:
    change_profile(newspaper, robots="blocks_us")
    result = run("doctor", "--live", "--json")
    assert result.code == 4
    assert result.is_one_clear_line("robots.txt")
    found = {finding["topic"]: finding for finding in result.json["findings"]}
    assert found["robots.txt: our addresses"]["passed"] is False


def test_a_live_site_is_not_looked_at_without_contact_and_permit(
    run: Run, newspaper: Newspaper
) -> None:
    live = {"ARCHIVE_PUBLISHER_ORIGIN": "https://newspaper.example"}
    result = run("doctor", "--live", **live)
    assert result.code == 2
    assert result.is_one_clear_line("ARCHIVE_CONTACT")
    result = run("doctor", "--live", **live, ARCHIVE_CONTACT="archive@newsroom.example")
    assert result.code == 2
    assert result.is_one_clear_line("ARCHIVE_PERMITTED")
    assert len(newspaper.log) == 0
