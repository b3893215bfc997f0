"""The catalogue is a projection: whatever order runs arrive in, it says the same."""

import itertools
import shutil
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve
from sqlalchemy import create_engine, update

from archive.catalogue import Catalogue
from archive.catalogue.tables import SCHEMA_VERSION, metadata, schema
from archive.errors import CatalogueUnavailable, ConfigurationError, DiskFull
from archive.records import (
    Capture,
    CrawlLine,
    DayCoverage,
    DayFields,
    Gap,
    LedgerLine,
    RunBooks,
    RunReport,
)

NOW = datetime(2026, 3, 1, 22, 15, tzinfo=UTC)
PUBLISHER = "nzherald"


def run(hours: int, *, state: str = "fetched", **fields: object) -> RunBooks:
    """The books of a run over the one article ``A``; ``fields`` are those of its parts."""
    at = NOW + timedelta(hours=hours)
    run_id = f"{at:%Y%m%dT%H%M%SZ}-00000000"
    outcome = fields.get("outcome", "archived")
    counts = dict.fromkeys(
        ("listed", "archived", "unchanged", "skipped", "failed", "pending", "new_articles"), 0
    )
    report = RunReport(
        run_id=run_id,
        publisher=PUBLISHER,
        started_at=at,
        ended_at=at,
        new_revisions=0,
        requests=0,
        bytes=0,
        balanced=True,
        days=fields.get("days", (at.date(),)),
        **counts,
    )
    crawl_line = CrawlLine(
        article_id="A",
        url="u",
        state=state,
        listed_at=at,
        asked_at=at,
        http_status=fields.get("http_status"),
        etag=fields.get("etag"),
        lastmod=fields.get("lastmod"),
    )
    capture = Capture(
        article_id="A",
        revision=fields.get("revision", "r1"),
        access=fields.get("access", "free"),
        publisher=PUBLISHER,
        run_id=run_id,
        captured_at=at,
        url="u",
        date_published=fields.get("date_published"),
        reader="r",
        reader_version="1",
    )
    return RunBooks(
        report=report,
        crawl_lines=(crawl_line,),
        ledger=(LedgerLine(article_id="A", url="u", outcome=outcome, reason="x", listed_at=at),),
        captures=(capture,) if state == "fetched" and outcome != "failed" else (),
    )


@pytest.fixture(scope="module")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of this module's own, on a socket in a temporary folder."""
    pytest.importorskip("psycopg2", reason="needs newsarchive[production]")
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    if not binaries:
        pytest.skip("needs PostgreSQL's server programs")
    folder = tmp_path_factory.mktemp("pg")
    user = None
    if Path("/").owner() and folder.owner() == "root":  # the server refuses to run as root
        user = "postgres"
        shutil.chown(folder, user)
        for parent in itertools.takewhile(lambda path: path.name, folder.parents):
            if parent != Path("/tmp"):  # noqa: S108 - only pytest's own folders are opened
                parent.chmod(0o755)
    control = [str(binaries[-1]), "-D", str(folder / "data"), "-s", "-w"]
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    subprocess.run([*control, "initdb", "-o", "-A trust -U news"], check=True, user=user)
    start = [*control, "-o", options, "-l", str(folder / "log"), "start"]
    subprocess.run(start, check=True, user=user)
    try:
        yield f"postgresql://news@/postgres?host={folder}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=True, user=user)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'home' / 'catalogue.db'}"
    server: str = request.getfixturevalue("postgresql")
    return server


@pytest.fixture
def catalogue(url: str) -> Iterator[Catalogue]:
    with Catalogue(url) as opened:
        yield opened
    if url.startswith("postgresql"):
        engine = create_engine(url.replace("postgresql:", "postgresql+psycopg2:"))
        metadata.drop_all(engine)
        engine.dispose()


def test_an_empty_catalogue_knows_nothing(catalogue: Catalogue) -> None:
    assert catalogue.known(PUBLISHER, ["A"]) == {}
    assert catalogue.seen(PUBLISHER, ["A"]) == {}
    assert catalogue.last_complete_run(PUBLISHER, before=NOW) is None
    assert catalogue.run_ids(PUBLISHER) == set()
    assert catalogue.pending(PUBLISHER) == []
    assert list(catalogue.newest(PUBLISHER)) == []


def everything(catalogue: Catalogue) -> object:
    return (
        catalogue.known(PUBLISHER, ["A"]),
        catalogue.seen(PUBLISHER, ["A"]),
        catalogue.pending(PUBLISHER),
        catalogue.runs(PUBLISHER),
        catalogue.captures(PUBLISHER, "A"),
        list(catalogue.newest(PUBLISHER)),
    )


def test_the_order_of_runs_and_repeating_them_change_nothing(tmp_path: Path) -> None:
    published = NOW - timedelta(days=1)
    steps = [
        run(0, etag="one", revision="r1", lastmod=NOW),
        run(1, etag="two", revision="r2", date_published=published),
        run(2, state="not_modified", outcome="unchanged"),
        run(3, access="unknown", revision="r3", outcome="skipped"),
    ]
    told = []
    for number, order in enumerate(itertools.permutations(steps)):
        with Catalogue(f"sqlite:///{tmp_path / str(number)}.db") as catalogue:
            for step in (*order, *order[:2]):
                catalogue.take_in(step)
            told.append(everything(catalogue))
    assert all(one == told[0] for one in told)


def test_a_run_is_taken_in(catalogue: Catalogue) -> None:
    for books in (run(0, etag="one"), run(1, revision="r2", etag="two", lastmod=NOW)):
        catalogue.take_in(books)
    asked = catalogue.known(PUBLISHER, ["A", "B"])
    assert set(asked) == {"A"}
    assert (asked["A"].etag, asked["A"].lastmod) == ("two", NOW)
    assert asked["A"].asked_at == NOW + timedelta(hours=1)
    seen = catalogue.seen(PUBLISHER, ["A", "B"])["A"]
    assert (seen.first_seen_at, seen.latest_revision) == (NOW, "r2")
    assert seen.revisions == {"r1", "r2"}
    assert [capture.revision for capture in catalogue.captures(PUBLISHER, "A")] == ["r1", "r2"]
    assert [capture.revision for capture in catalogue.newest(PUBLISHER)] == ["r2"]


def test_other_publishers_are_apart(catalogue: Catalogue) -> None:
    catalogue.take_in(run(0))
    assert catalogue.known("other", ["A"]) == catalogue.seen("other", ["A"]) == {}
    assert catalogue.run_ids("other") == set()


def test_unknown_access_does_not_supersede(catalogue: Catalogue) -> None:
    catalogue.take_in(run(0, revision="r1"))
    catalogue.take_in(run(1, revision="r2", access="unknown", outcome="skipped"))
    seen = catalogue.seen(PUBLISHER, ["A"])["A"]
    assert (seen.latest_revision, seen.latest_access) == ("r1", "free")
    assert catalogue.known(PUBLISHER, ["A"])["A"].access == "free"
    assert len(catalogue.captures(PUBLISHER, "A")) == 2


def test_a_304_keeps_the_validators_of_the_page_it_is_about(catalogue: Catalogue) -> None:
    catalogue.take_in(run(0, etag="one"))
    catalogue.take_in(run(1, state="not_modified", outcome="unchanged"))
    asked = catalogue.known(PUBLISHER, ["A"])["A"]
    assert (asked.asked_at, asked.etag) == (NOW + timedelta(hours=1), "one")


def test_a_page_without_validators_takes_the_old_ones_away(catalogue: Catalogue) -> None:
    catalogue.take_in(run(0, etag="one"))
    catalogue.take_in(run(1))
    assert catalogue.known(PUBLISHER, ["A"])["A"].etag is None


def test_a_page_that_could_not_be_read_is_asked_for_in_full_again(catalogue: Catalogue) -> None:
    catalogue.take_in(run(0, etag="one", outcome="failed"))
    asked = catalogue.known(PUBLISHER, ["A"])["A"]
    assert (asked.asked_at, asked.etag, asked.access) == (NOW, None, None)
    catalogue.take_in(run(1, etag="two"))
    catalogue.take_in(run(2, etag="three", outcome="failed"))
    assert catalogue.known(PUBLISHER, ["A"])["A"].etag == "two"


def test_only_what_is_not_held_stands_as_it_ended(catalogue: Catalogue) -> None:
    catalogue.take_in(run(0, outcome="failed"))
    asked = catalogue.known(PUBLISHER, ["A"])["A"]
    assert (asked.standing, asked.standing_reason) == ("failed", "x")
    catalogue.take_in(run(1, etag="one"))
    catalogue.take_in(run(2, state="failed", outcome="failed"))
    asked = catalogue.known(PUBLISHER, ["A"])["A"]
    assert (asked.standing, asked.standing_reason, asked.etag) == (None, None, "one")
    assert asked.asked_at == NOW + timedelta(hours=1)
    catalogue.take_in(run(3, state="not_modified", outcome="unchanged"))
    assert catalogue.known(PUBLISHER, ["A"])["A"].asked_at == NOW + timedelta(hours=3)


@pytest.mark.parametrize(
    ("state", "http_status", "is_answer"),
    [("failed", 404, True), ("failed", 410, True), ("skipped", None, True), ("failed", 500, False)],
)
def test_a_definite_answer_is_not_asked_for_at_once_again(
    catalogue: Catalogue, state: str, http_status: int | None, *, is_answer: bool
) -> None:
    catalogue.take_in(run(0, state=state, outcome=state, http_status=http_status))
    assert (catalogue.known(PUBLISHER, ["A"]).keys() == {"A"}) is is_answer


def test_pending_is_what_the_newest_run_left(catalogue: Catalogue) -> None:
    catalogue.take_in(run(0, state="pending", outcome="pending"))
    assert [line.article_id for line in catalogue.pending(PUBLISHER)] == ["A"]
    catalogue.take_in(run(1))
    assert catalogue.pending(PUBLISHER) == []


def test_an_article_belongs_to_its_new_zealand_date(catalogue: Catalogue) -> None:
    catalogue.take_in(run(0, date_published=datetime(2026, 2, 27, 11, 30, tzinfo=UTC)))
    assert len(catalogue.on_day(PUBLISHER, date(2026, 2, 28))) == 1
    assert catalogue.on_day(PUBLISHER, date(2026, 2, 27)) == []
    assert list(catalogue.newest(PUBLISHER, since=date(2026, 3, 1))) == []
    assert len(list(catalogue.newest(PUBLISHER, until=date(2026, 2, 28)))) == 1
    assert catalogue.days(PUBLISHER) == [date(2026, 2, 28)]
    assert catalogue.days(PUBLISHER, since=date(2026, 3, 1)) == []
    assert catalogue.days(PUBLISHER, until=date(2026, 2, 27)) == []


def test_an_undated_article_belongs_to_the_date_it_was_first_seen(catalogue: Catalogue) -> None:
    catalogue.take_in(run(72))
    catalogue.take_in(run(0))
    assert len(catalogue.on_day(PUBLISHER, date(2026, 3, 2))) == 1


def test_newest_pages_through_many_articles(catalogue: Catalogue) -> None:
    books = run(0)
    many = [
        Capture(
            article_id=f"{number:05}",
            revision="r",
            access="free",
            publisher=PUBLISHER,
            run_id=books.report.run_id,
            captured_at=NOW,
            url="u",
            date_published=NOW - timedelta(days=number % 3),
            reader="r",
            reader_version="1",
        )
        for number in range(1203)
    ]
    catalogue.take_in(
        RunBooks(report=books.report, captures=tuple(many), timezone="Pacific/Auckland")
    )
    found = [
        (capture.date_published, capture.article_id) for capture in catalogue.newest(PUBLISHER)
    ]
    assert len(found) == 1203
    assert found == sorted(found)
    ids = [capture.article_id for capture in many]
    assert set(catalogue.seen(PUBLISHER, ids)) == set(ids)


def test_runs_are_told_newest_first(catalogue: Catalogue) -> None:
    for hours in (0, 24, 1):
        catalogue.take_in(run(hours))
    found = [report.started_at for report in catalogue.runs(PUBLISHER)]
    assert found == [NOW + timedelta(hours=hours) for hours in (24, 1, 0)]
    assert len(catalogue.runs(PUBLISHER, limit=2)) == 2
    assert len(catalogue.runs(PUBLISHER, until=date(2026, 3, 2))) == 2
    assert len(catalogue.runs(PUBLISHER, since=date(2026, 3, 3))) == 1


def test_a_backfill_is_no_complete_run(catalogue: Catalogue) -> None:
    catalogue.take_in(run(0))
    catalogue.take_in(run(5, days=(date(2025, 1, 1),)))
    complete = catalogue.last_complete_run(PUBLISHER, before=NOW + timedelta(days=9))
    assert complete is not None
    assert complete.started_at == NOW
    assert catalogue.last_complete_run(PUBLISHER, before=NOW) is None


def test_a_gap_once_closed_stays_closed_and_an_open_one_has_its_newest_reason(
    catalogue: Catalogue,
) -> None:
    opened = Gap(
        since=NOW - timedelta(hours=3),
        until=NOW,
        state="open",
        reason="no_overlap",
        opened_by="opener",
        opened_at=NOW,
    )
    other = evolve(opened, since=NOW - timedelta(days=1), until=NOW - timedelta(hours=3))
    closed = evolve(opened, state="closed", closed_by="c", closed_at=NOW + timedelta(hours=1))
    told = [
        (0, (opened, other)),
        (1, (closed, evolve(other, reason="http_500"))),
        (2, (evolve(opened, reason="did not know"), evolve(other, reason="http_503"))),
    ]
    for order in itertools.permutations(told):
        for hours, gaps in order:
            books = run(hours)
            report = evolve(books.report, gaps=gaps, publisher=f"p{order[0][0]}{order[1][0]}")
            catalogue.take_in(evolve(books, report=report, captures=()))
        found = catalogue.gaps(report.publisher)
        assert found == [evolve(other, reason="http_503"), closed]


def test_coverage_is_by_date_of_publication_or_of_the_first_listing(catalogue: Catalogue) -> None:
    published = datetime(2026, 2, 27, 11, 30, tzinfo=UTC)  # the 28th in Auckland
    catalogue.take_in(run(0, date_published=published))
    day = date(2026, 2, 28)
    assert catalogue.coverage(PUBLISHER) == [DayCoverage(day=day, listed=1, archived=1, share=1.0)]
    steps = [
        ("B", 24, "failed", None),  # listed on the 4th
        ("B", 48, "pending", None),
        ("C", 24, "skipped", NOW - timedelta(days=9)),  # announced as of the 21st
        ("D", 0, "failed", None),
        ("D", 24, "failed", NOW),
    ]
    for order in (steps, steps[::-1]):
        for article_id, hours, word, lastmod in order:
            books = run(hours, state=word, outcome=word, lastmod=lastmod)
            catalogue.take_in(
                evolve(
                    books,
                    ledger=(evolve(books.ledger[0], article_id=article_id),),
                    crawl_lines=(evolve(books.crawl_lines[0], article_id=article_id),),
                )
            )
        assert [(one.day, one.listed, one.left) for one in catalogue.coverage(PUBLISHER)] == [
            (date(2026, 2, 21), 1, {"skipped": 1}),
            (day, 1, {}),
            (date(2026, 3, 2), 1, {"failed": 1}),
            (date(2026, 3, 3), 1, {"pending": 1}),
        ]
    assert [one.day for one in catalogue.coverage(PUBLISHER, since=day, until=day)] == [day]
    assert catalogue.coverage(PUBLISHER, since=date(2026, 3, 3))[0].share == 0.0


def test_fill_rates_are_added_up_by_date(catalogue: Catalogue) -> None:
    for hours, filled in ((0, {"byline": 2}), (1, {"byline": 1, "images": 3}), (30, {})):
        books = run(hours)
        readable = 3 if filled else 0
        report = evolve(books.report, readable=readable, filled=filled)
        catalogue.take_in(evolve(books, report=report))
    assert catalogue.fill_rates(PUBLISHER) == [
        DayFields(day=date(2026, 3, 2), readable=6, filled={"byline": 3, "images": 3})
    ]
    assert catalogue.fill_rates(PUBLISHER, since=date(2026, 3, 3)) == []


def test_it_is_known_whether_anything_was_listed_before(catalogue: Catalogue) -> None:
    assert not catalogue.is_any_listed(PUBLISHER, ["A"])
    catalogue.take_in(run(0))
    assert catalogue.is_any_listed(PUBLISHER, [*map(str, range(1200)), "A"])
    assert not catalogue.is_any_listed(PUBLISHER, ["B"])
    assert not catalogue.is_any_listed("other", ["A"])


def test_annotated_revisions_are_known_until_a_newer_revision_comes(catalogue: Catalogue) -> None:
    catalogue.take_in(run(0))
    for _ in range(2):
        catalogue.note_annotated(PUBLISHER, "names@1", [("A", "r1")])
    assert catalogue.annotated(PUBLISHER, "names@1", ["A", "B"]) == {"A"}
    assert catalogue.annotated(PUBLISHER, "names@2", ["A"]) == set()
    catalogue.take_in(run(1, revision="r2"))
    assert catalogue.annotated(PUBLISHER, "names@1", ["A"]) == set()


def test_tables_of_another_version_are_named(url: str, catalogue: Catalogue) -> None:
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg2:"))
    with engine.begin() as connection:
        connection.execute(update(schema).values(version=SCHEMA_VERSION + 1))
    engine.dispose()
    with pytest.raises(ConfigurationError, match="newsarchive rebuild"):
        Catalogue(url)
    Catalogue(url, fresh=True).close()
    Catalogue(url).close()


def test_processes_may_open_and_fill_it_together(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'home' / 'catalogue.db'}"
    program = (
        "import sys; from archive.catalogue import Catalogue\n"
        "with Catalogue(sys.argv[1]) as catalogue:\n"
        "    for number in range(20):\n"
        "        catalogue.note_annotated('p', sys.argv[2], [(str(number), 'r')])"
    )
    command = [sys.executable, "-c", program, url]
    writers = [subprocess.Popen([*command, str(number)], cwd=Path.cwd()) for number in range(4)]
    assert [writer.wait() for writer in writers] == [0, 0, 0, 0]
    database = sqlite3.connect(tmp_path / "home" / "catalogue.db")
    assert database.execute("SELECT count(*) FROM annotations").fetchone() == (80,)
    database.close()


@pytest.mark.parametrize("address", ["nonsense", "mysql://a/b", "postgresql+nothing://a/b"])
def test_an_address_that_cannot_be_used_is_a_wrong_setting(address: str) -> None:
    with pytest.raises(ConfigurationError, match="ARCHIVE_CATALOGUE_URL"):
        Catalogue(address)


def test_a_password_is_not_repeated() -> None:
    password = uuid.uuid4().hex
    with pytest.raises(CatalogueUnavailable) as caught:
        Catalogue(f"postgresql://news:{password}@127.0.0.1:1/news")
    assert password not in str(caught.value)


def test_a_file_that_is_no_catalogue_is_named(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.db"
    path.write_bytes(b"x" * 5000)
    with pytest.raises(ConfigurationError, match="damaged"):
        Catalogue(f"sqlite:///{path}")


def test_a_file_that_cannot_be_opened_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(CatalogueUnavailable, match="unable to open"):
        Catalogue(f"sqlite:///{tmp_path}")


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    with Catalogue(f"sqlite:///{tmp_path / 'catalogue.db'}") as catalogue:
        # SQLite's own limit: the same error as of a full disk.
        with catalogue._database.reading() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 20")
        many = [(str(number), "r" * 100) for number in range(5000)]
        with pytest.raises(DiskFull):
            catalogue.note_annotated(PUBLISHER, "names@1", many)
        assert catalogue.annotated(PUBLISHER, "names@1", ["1"]) == set()
