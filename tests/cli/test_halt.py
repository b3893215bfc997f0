"""``newsarchive halt`` and ``newsarchive resume`` as the operator uses them."""

from collections.abc import Callable

from archive.object_store import ObjectStore
from demo.newspaper import Newspaper
from tests.cli.support import Result

Run = Callable[..., Result]


def test_halt_stops_crawls_until_resume(run: Run, newspaper: Newspaper) -> None:
    told = run("halt", "--reason", "the editor called")
    assert told.code == 0
    assert "newsarchive resume" in told.out
    crawl = run("crawl")
    assert crawl.code == 4
    assert crawl.is_one_clear_line("the editor called", "newsarchive resume")
    assert len(newspaper.log) == 0
    assert run("resume").code == 0
    again = run("resume", "--json")
    assert again.json == {"publisher": "nzherald", "lifted": None}
    assert run("crawl", ARCHIVE_REQUEST_BUDGET="1").code in {0, 1}
    assert newspaper.log.paths() == ["/robots.txt"]


def test_a_halted_crawl_leaves_nothing_that_others_would_wait_for(
    run: Run, store: ObjectStore
) -> None:
    assert run("crawl", ARCHIVE_REQUEST_BUDGET="1").code in {0, 1}
    before = set(store.list_keys("nzherald/"))
    assert any(key.startswith("nzherald/warc/") for key in before), "robots.txt is known now"
    assert run("halt").code == 0
    halted = run("crawl")
    assert halted.code == 4, halted.err
    assert set(store.list_keys("nzherald/")) == before


def test_a_halt_is_seen_by_the_doctor_in_its_own_words(run: Run) -> None:
    assert run("halt", "--reason", "the [editor] called").code == 0
    told = run("doctor")
    assert told.code == 4
    assert "the [editor] called" in told.out
    assert "no reason given" in run("halt", "--reason", " ").out


def test_halt_as_json(run: Run) -> None:
    halted = run("halt", "--json").json
    assert halted["publisher"] == "nzherald"
    assert (halted["closure"]["kind"], halted["closure"]["until"]) == ("halted", None)
    lifted = run("resume", "--json").json["lifted"]
    assert lifted == halted["closure"]
