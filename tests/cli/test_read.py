"""``read``: what the readers make of saved pages. No network, no store."""

import gzip
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from archive.codec import decode
from archive.errors import ConfigurationError, UnreadablePage
from archive.records import Article
from cli.read import read

PAGES = Path(__file__).parents[1] / "pipelines" / "pages" / "nzherald" / "2"
AT = ["--captured-at", "2026-03-02T01:02:03Z"]


def run(*arguments: object) -> Result:
    app = typer.Typer()
    app.command()(read)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_page_as_json_is_one_article_record() -> None:
    done = run(PAGES / "wire.html", "--json", *AT)
    assert done.exit_code == 0
    article = decode(done.stdout.encode(), Article)
    assert article.headline == "Harbour pilots of Tarevna walk out over night shifts"
    assert (article.publisher, article.agency, article.warc) == ("nzherald", "AP", None)
    assert article.captured_at.isoformat() == "2026-03-02T01:02:03+00:00"


def test_a_person_sees_headline_byline_access_body_and_captions() -> None:
    done = run(PAGES / "wire.html", *AT)
    for words in (
        "Harbour pilots",
        "AP",
        "free (fusion:isPremium=false",
        "stayed ashore",
        "Empty pilot boats",
    ):
        assert words in done.stdout


def test_the_address_may_be_given() -> None:
    done = run(PAGES / "wire.html", "--json", "--url", "https://elsewhere.example/a", *AT)
    assert json.loads(done.stdout)["publisher"] == ""


def test_a_person_sees_roles_times_of_entries_and_what_was_changed() -> None:
    blog = run(PAGES / "live_blog.html", *AT)
    assert "Jane Example (Weather Editor), Reuters" in blog.output
    assert "  2026-03-02 11:05\n  Bridge closed\n" in blog.output
    assert "\n\n  Good morning." in blog.output
    story = run(PAGES / "every_block.html", *AT)
    assert "changed    Correction: an earlier version gave the wrong price." in story.output
    assert "author     Hana Te Rangi has eaten everywhere." in story.output
    assert "words, 12 minutes" in story.output
    body = json.loads(run(PAGES / "live_blog.html", "--json", *AT).stdout)["body"]
    assert [block.get("date_published") for block in body][:2] == [None, "2026-03-01T22:05:00Z"]
    assert "date_published" not in body[0]


def test_a_person_sees_that_dates_contradict_each_other(tmp_path: Path) -> None:
    saved = tmp_path / "page.html"
    text = (PAGES / "wire.html").read_text(encoding="utf-8")
    saved.write_text(text.replace("2023-12-11T23:02:09Z", "2023-12-10T23:02:09Z"), encoding="utf-8")
    assert "conflict   date_modified: " in run(saved, *AT).output


def test_a_page_that_cannot_be_read_raises_our_error(tmp_path: Path) -> None:
    (tmp_path / "x.html").write_bytes(b"%PDF-1.4")
    assert isinstance(run(tmp_path / "x.html").exception, UnreadablePage)


def test_a_folder_gives_a_line_for_each_page(tmp_path: Path) -> None:
    folder, out = tmp_path / "pages", tmp_path / "out" / "records.jsonl"
    folder.mkdir()
    out.parent.mkdir()
    (folder / "a.html").write_bytes((PAGES / "wire.html").read_bytes())
    (folder / "b.html.gz").write_bytes(gzip.compress((PAGES / "live_blog.html").read_bytes()))
    (folder / "c.html").write_bytes(b"")
    (folder / "d.html.gz").write_bytes(b"\x1f\x8b broken")
    (folder / "ignored.txt").write_text("x", encoding="utf-8")
    done = run("--batch", folder, "--out", out, *AT)
    assert (done.exit_code, done.stdout) == (0, "")
    assert "2 of 4 pages read, 2 not" in done.stderr
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(line["file"], line["id"]) for line in lines] == [
        ("a.html", "a"),
        ("b.html.gz", "b"),
        ("c.html", "c"),
        ("d.html.gz", "d"),
    ]
    assert lines[1]["headline"] == "Live: Storm Petra reaches Ostmere"
    assert lines[2]["error_class"] == "UnreadablePage"
    assert "broken gzip" in lines[3]["error"]
    assert [path.name for path in out.parent.iterdir()] == ["records.jsonl"]


def test_a_batch_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    out = tmp_path / "records.jsonl"
    out.write_text("old", encoding="utf-8")
    assert run("--batch", tmp_path / "absent", "--out", out).exit_code == 2
    assert out.read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--batch", PAGES),
        ("--out", "x.jsonl", PAGES / "wire.html"),
        ("--batch", PAGES, "--out", "x", "--json"),
    ],
)
def test_wrong_usage_is_a_configuration_error(arguments: tuple[object, ...]) -> None:
    assert isinstance(run(*arguments).exception, ConfigurationError)


def test_a_file_that_is_not_there_is_wrong_usage() -> None:
    assert run("absent.html").exit_code == 2


def test_all_real_pages_are_read(shared: Path, tmp_path: Path) -> None:
    out = tmp_path / "records.jsonl"
    assert run("--batch", shared / "extraction" / "open" / "html", "--out", out, *AT).exit_code == 0
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == 378
    assert [line["file"] for line in lines if "error" in line] == []
    assert all(line["headline"] and line["body"] and line["provenance"] for line in lines)


@pytest.mark.parametrize("page", ["open", "premium", "premium-css-hidden"])
def test_no_subscriber_word_is_printed(shared: Path, page: str) -> None:
    for form in ((), ("--json",)):
        done = run(shared / "pages" / f"{page}.html", *form, *AT)
        assert done.exit_code == 0
        assert "HIDDEN" not in done.stdout + done.stderr
