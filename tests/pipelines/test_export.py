"""Exports of records: each format holds what the archive shows, read back by the field's own tools."""

import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from attrs import evolve

from archive.article_columns import schema
from archive.codec import decode
from archive.connect import Archive
from archive.errors import ConfigurationError
from archive.keys import article_key, sha256_hex
from archive.records import Article
from demo.newspaper import Newspaper, Story
from pipelines import steps
from pipelines.export import parquet
from tests.pipelines.exporting import export, files, notes, shown
from tests.pipelines.records_read import from_csv, from_parquet
from tests.pipelines.support import PUBLISHER, Run, stories
from tests.pipelines.test_steps import archive, run

__all__ = ["archive", "run"]

KINDS = ["staff", "ap_wire", "rich", "live_blog"]


def spread(newspaper: Newspaper) -> list[Story]:
    """Nine stories of different days."""
    found = stories(newspaper, KINDS)
    return found[:: len(found) // 9][:9]


@pytest.fixture
def held(archive: Archive, newspaper: Newspaper, run: Callable[[int], Run]) -> Archive:
    """Stories of several days, one of them corrected by a second run."""
    first, second = run(0), run(24)
    chosen = spread(newspaper)
    for story in chosen:
        first.add(story)
    first.finish()
    page = newspaper.page(chosen[0])
    second.add(chosen[0], page.replace(b"</h1>", b" (corrected)</h1>"))
    second.finish()
    assert len(archive.catalogue.days(PUBLISHER)) > 3
    return archive


def revised(archive: Archive) -> str:
    """The article of which two revisions are held."""
    (found,) = (
        one.article_id
        for one in archive.catalogue.newest(PUBLISHER)
        if len(archive.catalogue.captures(PUBLISHER, one.article_id)) > 1
    )
    return found


def test_json_lines_are_what_is_shown_a_file_for_each_day(held: Archive, tmp_path: Path) -> None:
    done = export(held, tmp_path / "out", "jsonl")
    found = files(tmp_path / "out")
    assert list(found) == [f"{day}.jsonl" for day in held.catalogue.days(PUBLISHER)]
    lines = [line for content in found.values() for line in content.splitlines()]
    assert [decode(line, Article) for line in lines] == shown(held)
    assert (done.files, done.written) == (len(found), len(found))
    assert (done.articles, done.records, done.failed) == (9, 9, ())
    assert done.bytes == sum(map(len, found.values()))


def test_the_notes_name_the_request_every_file_and_its_articles(
    held: Archive, tmp_path: Path
) -> None:
    export(held, tmp_path / "out", "csv", section="world")
    said = notes(tmp_path / "out")
    assert (said.request.format, said.request.section) == ("csv", "world")
    found = files(tmp_path / "out")
    assert {one.name: (one.size, one.sha256) for one in said.files} == {
        name: (len(content), sha256_hex(content)) for name, content in found.items()
    }
    for one in said.files:
        rows = from_csv(tmp_path / "out" / one.name)
        assert [row["article_id"] for row in rows] == list(one.articles)
        assert one.records == len(rows) > 0


def test_parquet_has_typed_columns_that_are_the_same_each_day(
    held: Archive, tmp_path: Path
) -> None:
    export(held, tmp_path / "out", "parquet")
    paths = sorted((tmp_path / "out").glob("*.parquet"))
    assert all(pq.read_schema(path).equals(schema()) for path in paths)
    assert [one for path in paths for one in from_parquet(path)] == shown(held)
    (column,) = {pq.read_schema(path).field("date_published").type for path in paths}
    assert (str(column), column.tz) == ("timestamp[us, tz=UTC]", "UTC")
    assert pq.ParquetFile(paths[0]).metadata.row_group(0).column(0).compression == "ZSTD"


def test_parquet_has_all_columns_of_records_that_have_no_values(
    held: Archive, tmp_path: Path
) -> None:
    bare = evolve(
        shown(held)[0],
        authors=(),
        images=(),
        dates=(),
        warc=None,
        provenance={},
        body=(),
    )
    path = tmp_path / "bare.parquet"
    path.write_bytes(b"".join(parquet([bare])))
    assert pq.read_schema(path).equals(schema())
    assert from_parquet(path) == [bare]
    path.write_bytes(b"".join(parquet([])))
    assert pq.read_schema(path).equals(schema())
    assert from_parquet(path) == []


def test_csv_has_every_value_in_flat_columns(held: Archive, tmp_path: Path) -> None:
    export(held, tmp_path / "out", "csv")
    rows = [row for path in sorted((tmp_path / "out").glob("*.csv")) for row in from_csv(path)]
    for row, article in zip(rows, shown(held), strict=True):
        assert row["headline"] == article.headline
        assert row["text"] == article.text
        assert row["authors"] == list(article.authors)
        assert row["keywords"] == list(article.keywords)
        assert row["image_captions"] == [image.caption or "" for image in article.images]
        assert row["date_published"] == article.date_published
        assert int(row["word_count"]) == article.word_count
        assert article.warc is not None
        assert (row["warc_file"], int(row["warc_offset"])) == (
            article.warc.file,
            article.warc.offset,
        )


def test_every_revision_is_exported_when_asked_for(held: Archive, tmp_path: Path) -> None:
    done = export(held, tmp_path / "out", "jsonl", every_revision=True)
    assert (done.articles, done.records) == (9, 10)
    lines = [line for one in files(tmp_path / "out").values() for line in one.splitlines()]
    both = [one for line in lines if (one := json.loads(line))["article_id"] == revised(held)]
    keys = {article_key(PUBLISHER, one["article_id"], one["revision"]) for one in both}
    assert keys == set(held.store.list_keys(f"{PUBLISHER}/articles/{revised(held)}/"))
    assert [one["headline"].endswith(" (corrected)") for one in both] == [False, True]


def test_dates_sections_and_ids_choose(held: Archive, tmp_path: Path) -> None:
    days = held.catalogue.days(PUBLISHER)
    export(held, tmp_path / "dates", "jsonl", since=days[1], until=days[2])
    assert list(files(tmp_path / "dates")) == [f"{days[1]}.jsonl", f"{days[2]}.jsonl"]
    export(held, tmp_path / "ids", "jsonl", article_ids=(revised(held),))
    (only,) = (line for one in files(tmp_path / "ids").values() for line in one.splitlines())
    assert json.loads(only)["article_id"] == revised(held)
    done = export(held, tmp_path / "none", "jsonl", section="no-such-section")
    assert (done.files, done.articles, files(tmp_path / "none")) == (0, 0, {})
    with pytest.raises(ConfigurationError, match=f"no article {'A' * 26} is held"):
        export(held, tmp_path / "wrong", "jsonl", article_ids=("A" * 26,))
    assert not (tmp_path / "wrong").exists()


def test_what_cannot_be_read_is_named_and_costs_no_other(held: Archive, tmp_path: Path) -> None:
    gone, broken = shown(held)[0], shown(held)[4]
    kept = {}
    for one in (gone, broken):
        key = article_key(PUBLISHER, one.article_id, one.revision)
        kept[key] = held.store.get(key)
        held.store.delete(key)
    held.store.put(key, b"{}")
    done = export(held, tmp_path / "out", "jsonl")
    assert {one.article_id: one.key for one in done.failed} == {
        one.article_id: article_key(PUBLISHER, one.article_id, one.revision)
        for one in (gone, broken)
    }
    assert (done.articles, done.records) == (7, 7)
    named = {article for file in notes(tmp_path / "out").files for article in file.articles}
    assert not named & {gone.article_id, broken.article_id}
    # Mended, as by an audit: their files are made again, and no other.
    for key, content in kept.items():
        held.store.put(key, content)
    again = export(held, tmp_path / "out", "jsonl")
    assert (again.failed, again.records) == ((), 9)
    assert 0 < again.written < again.files


def test_the_same_again_writes_what_is_not_whole_and_what_has_changed(
    held: Archive, newspaper: Newspaper, run: Callable[[int], Run], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    export(held, out, "jsonl")
    before, said = files(out), (out / "export.json").read_bytes()
    again = export(held, out, "jsonl", now=datetime(2027, 1, 1, tzinfo=UTC))
    assert (again.written, again.records) == (0, 9)
    assert (files(out), (out / "export.json").read_bytes()) == (before, said)
    cut, gone, *_ = sorted(out.glob("*.jsonl"))
    cut.write_bytes(cut.read_bytes()[:-5])
    gone.unlink()
    assert export(held, out, "jsonl").written == 2
    assert files(out) == before
    later = run(48)
    story = spread(newspaper)[5]
    later.add(story, newspaper.page(story).replace(b"</h1>", b" (again)</h1>"))
    later.finish()
    assert export(held, out, "jsonl").written == 1
    (changed,) = (name for name, content in files(out).items() if content != before[name])
    assert b" (again)" in files(out)[changed]


def test_a_day_that_holds_nothing_any_more_goes(held: Archive, tmp_path: Path) -> None:
    export(held, tmp_path / "out", "jsonl")
    names = list(files(tmp_path / "out"))
    with held.catalogue._database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM articles WHERE day = ?", (names[0][:10],))
    export(held, tmp_path / "out", "jsonl")
    assert list(files(tmp_path / "out")) == names[1:]


def test_a_folder_of_another_export_is_refused_and_left_alone(
    held: Archive, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    export(held, out, "jsonl", since=held.catalogue.days(PUBLISHER)[1])
    before = files(out)
    with pytest.raises(ConfigurationError, match=r"holds another export .jsonl --since .*--out"):
        export(held, out, "jsonl")
    with pytest.raises(ConfigurationError, match="holds another export"):
        export(held, out, "csv", since=held.catalogue.days(PUBLISHER)[1])
    assert files(out) == before
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    with pytest.raises(ConfigurationError, match="no export"):
        export(held, tmp_path / "mine", "jsonl")
    assert files(tmp_path / "mine") == {"thesis.txt": b"mine"}


def test_files_go_into_the_bucket_with_their_notes(held: Archive, tmp_path: Path) -> None:
    out, top = tmp_path / "out", f"{PUBLISHER}/exports/spring/"
    done = export(held, out, "parquet", name="spring")
    lying = {key: held.store.get(key) for key in held.store.list_keys(top)}
    assert set(done.uploaded) == set(lying)
    assert lying == {
        top + name: content
        for name, content in {
            **files(out),
            "export.json": (out / "export.json").read_bytes(),
        }.items()
    }
    with pytest.raises(ConfigurationError, match="of another export"):
        export(held, tmp_path / "other", "csv", name="spring")
    for wrong, name in (("bagit", "spring"), ("csv", "a/b"), ("csv", "..")):
        with pytest.raises(ConfigurationError, match="--to-bucket"):
            export(held, tmp_path / "wrong", wrong, name=name)
    # Brought up to date there as here.
    held.store.put(f"{top}{next(iter(files(out)))}", b"old")
    held.store.put(f"{top}1999-01-01.parquet", b"gone since")
    export(held, out, "parquet", name="spring")
    assert {key: held.store.get(key) for key in held.store.list_keys(top)} == lying
    plan = steps.VerifyPlan(now=datetime.now(UTC))
    assert steps.verify(held.store, PUBLISHER, plan, held.catalogue).problems == ()


def test_csv_is_a_table_that_other_programs_read(held: Archive, tmp_path: Path) -> None:
    export(held, tmp_path / "out", "csv")
    for path in (tmp_path / "out").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            widths = {len(row) for row in csv.reader(file, strict=True)}
        assert len(widths) == 1
