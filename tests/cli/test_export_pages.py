"""Exports of a real crawl: WACZ files that others validate, and no subscriber-only text in any export."""

import gzip
import json
import subprocess
import sys
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from pydantic import SecretStr
from warcio.archiveiterator import ArchiveIterator

from archive.connect import open_archive
from archive.embedded_store import EmbeddedStore
from archive.errors import ConfigurationError
from archive.members import read_member
from archive.settings import ArchiveSettings
from demo.newspaper import Edition, Newspaper, Story
from tests.cli.archived import Archived
from tests.crawler.crawling import change_profile
from tests.pipelines.exporting import export, files, notes
from tests.pipelines.support import PUBLISHER

KINDS = ("staff", "ap_wire", "premium_style", "premium_json")
SENTINELS = (b"HIDDENBODY", b"HIDDENJSON")


@pytest.fixture(scope="module")
def crawled(
    s3_server: EmbeddedStore, edition: Edition, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Archived, list[Story]]]:
    """What three crawls found: all, all of it again, and that nothing has changed since."""
    settings = ArchiveSettings(
        home=tmp_path_factory.mktemp("home"),
        s3_endpoint=s3_server.endpoint,
        s3_access_key=s3_server.access_key,
        s3_secret_key=SecretStr(s3_server.secret_key),
        bucket=f"test-{uuid.uuid4().hex[:12]}",
        delay_seconds=0,
    )
    with Newspaper(edition) as newspaper, open_archive(settings) as archive:
        found = Archived(archive, newspaper)
        change_profile(newspaper, validators=False)
        stories = [newspaper.publish(kind) for kind in KINDS]
        found.run()
        change_profile(newspaper, validators=True)
        for _ in range(2):
            last = found.run(ask="all")
        assert {last.verdict(story) for story in stories} == {("unchanged", "same_validators")}
        yield found, stories


@pytest.fixture
def archived(crawled: tuple[Archived, list[Story]]) -> Archived:
    """The archive that they went into; a test leaves it as it was."""
    return crawled[0]


@pytest.fixture
def stories(crawled: tuple[Archived, list[Story]]) -> list[Story]:
    """Two stories that anybody may read, and two for subscribers."""
    return crawled[1]


def records(path: Path) -> list[tuple[str, dict[str, str]]]:
    with path.open("rb") as file:
        return [
            (one.rec_type, dict(one.rec_headers.headers))
            for one in ArchiveIterator(file, check_digests="raise")
        ]


def unpacked(wacz: Path, folder: Path) -> Path:
    with zipfile.ZipFile(wacz) as packed:
        packed.extractall(folder)
    return folder


def members(content: bytes) -> Iterator[bytes]:
    offset = 0
    while offset < len(content):
        end = read_member(content, offset, name="test").end
        yield content[offset:end]
        offset = end


def validated(wacz: Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name("wacz"), "validate", "-f", str(wacz)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_wacz_file_is_valid_and_holds_each_shown_page(
    archived: Archived, stories: list[Story], tmp_path: Path
) -> None:
    ids = tuple(sorted(story.article_id for story in stories))
    done = export(archived.archive, tmp_path / "out", "wacz", article_ids=ids)
    assert (done.files, done.articles, done.records, done.failed) == (1, 4, 4, ())
    wacz = tmp_path / "out" / f"{PUBLISHER}.wacz"
    checked = validated(wacz)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "is valid" in checked.stdout
    inside = unpacked(wacz, tmp_path / "inside")
    pages = [json.loads(line) for line in (inside / "pages/pages.jsonl").read_text().splitlines()]
    assert pages[0]["format"] == "json-pages-1.0"
    assert {page["url"] for page in pages[1:]} == {
        archived.newspaper.origin + story.path for story in stories
    }
    articles = {archived.article(story).headline for story in stories}
    assert {page["title"] for page in pages[1:]} == articles
    (file,) = notes(tmp_path / "out").files
    assert file.articles == ids


def test_a_changed_wacz_file_is_not_valid(archived: Archived, tmp_path: Path) -> None:
    export(archived.archive, tmp_path / "out", "wacz")
    wacz = tmp_path / "out" / f"{PUBLISHER}.wacz"
    content = bytearray(wacz.read_bytes())
    content[len(content) // 2] ^= 1
    wacz.write_bytes(content)
    assert validated(wacz).returncode != 0


def test_records_are_copied_byte_for_byte_with_those_that_belong_to_them(
    archived: Archived, stories: list[Story], tmp_path: Path
) -> None:
    ids = tuple(sorted(story.article_id for story in stories))
    export(archived.archive, tmp_path / "out", "wacz", article_ids=ids)
    inside = unpacked(tmp_path / "out" / f"{PUBLISHER}.wacz", tmp_path / "inside")
    data = inside / "archive/data.warc.gz"
    found = records(data)
    kinds = [kind for kind, _ in found]
    assert kinds[0] == "warcinfo"
    assert (kinds.count("response"), kinds.count("resource"), kinds.count("revisit")) == (2, 2, 4)
    assert (kinds.count("metadata"), kinds.count("request"), kinds.count("warcinfo")) == (4, 8, 2)
    asked = {archived.newspaper.origin + story.path for story in stories}
    assert {head["WARC-Target-URI"] for kind, head in found if kind != "warcinfo"} == asked
    named = {head["WARC-Record-ID"] for _, head in found}
    for kind, head in found:
        for other in ("WARC-Warcinfo-ID", "WARC-Concurrent-To", "WARC-Refers-To"):
            assert head.get(other, kind) in {kind, *named}, (kind, other)
    captured = {
        (head["WARC-Target-URI"], head["WARC-Date"])
        for kind, head in found
        if kind in {"response", "resource"}
    }
    assert captured == {
        (head["WARC-Refers-To-Target-URI"], head["WARC-Refers-To-Date"])
        for kind, head in found
        if kind == "revisit"
    }
    store = archived.archive.store
    keys = [key for key in store.list_keys(f"{PUBLISHER}/warc/") if key.endswith(".gz")]
    held = {member for key in keys for member in members(store.get(key))}
    assert set(members(data.read_bytes())) <= held


def test_the_index_leads_to_each_record(archived: Archived, tmp_path: Path) -> None:
    export(archived.archive, tmp_path / "out", "wacz")
    inside = unpacked(tmp_path / "out" / f"{PUBLISHER}.wacz", tmp_path / "inside")
    lines = gzip.decompress((inside / "indexes/index.cdx.gz").read_bytes()).decode().splitlines()
    assert lines == sorted(lines)
    data = (inside / "archive/data.warc.gz").read_bytes()
    for line in lines:
        entry: dict[str, Any] = json.loads(line.split(" ", 2)[2])
        assert entry["filename"] == "data.warc.gz"
        member = read_member(data, int(entry["offset"]), name="test")
        assert member.end - member.offset == int(entry["length"])
        assert f"WARC-Target-URI: {entry['url']}".encode() in member.content
    head, *blocks = (inside / "indexes/index.idx").read_text().splitlines()
    assert json.loads(head.removeprefix("!meta 0 "))["filename"] == "index.cdx.gz"
    assert len(blocks) == 1
    with zipfile.ZipFile(tmp_path / "out" / f"{PUBLISHER}.wacz") as packed:
        stored = {one.filename for one in packed.infolist() if one.compress_type == 0}
    assert {"archive/data.warc.gz", "indexes/index.cdx.gz"} == stored


def test_every_revision_holds_every_capture_that_was_made(
    archived: Archived, stories: list[Story], tmp_path: Path
) -> None:
    ids = (stories[0].article_id,)
    shown = export(archived.archive, tmp_path / "shown", "wacz", article_ids=ids)
    every = export(archived.archive, tmp_path / "all", "wacz", article_ids=ids, every_revision=True)
    assert (shown.records, every.records) == (1, 2)


def test_a_wacz_file_that_was_cut_short_goes_on_and_ends_the_same(
    archived: Archived, tmp_path: Path
) -> None:
    class Cut(Exception):
        pass

    def cut(_what: str, done: int, of: int) -> None:
        assert of > 1
        if done == 1:
            raise Cut

    export(archived.archive, tmp_path / "whole", "wacz")
    with pytest.raises(Cut):
        export(archived.archive, tmp_path / "out", "wacz", progress=cut)
    assert next(iter(files(tmp_path / "out"))).startswith(".export/")
    with (tmp_path / "out/.export/data.warc.gz").open("ab") as file:
        file.write(b"half a record")
    told: list[tuple[int, int]] = []
    export(
        archived.archive, tmp_path / "out", "wacz", progress=lambda _, n, of: told.append((n, of))
    )
    assert files(tmp_path / "out") == files(tmp_path / "whole")
    assert export(archived.archive, tmp_path / "out", "wacz").written == 0


def test_a_lost_record_is_named_and_costs_no_other(
    archived: Archived, stories: list[Story], tmp_path: Path
) -> None:
    store = archived.archive.store
    lost = archived.captures(stories[0])[-1].warc
    assert lost is not None
    kept = store.get(lost.file)
    content = bytearray(kept)
    content[lost.offset + 40] ^= 0xFF
    store.put(lost.file, bytes(content))
    ids = tuple(sorted(story.article_id for story in stories))
    done = export(archived.archive, tmp_path / "out", "wacz", article_ids=ids)
    assert [(one.article_id, one.key) for one in done.failed] == [
        (stories[0].article_id, lost.file)
    ]
    assert validated(tmp_path / "out" / f"{PUBLISHER}.wacz").returncode == 0
    store.delete(lost.file)
    done = export(archived.archive, tmp_path / "out", "wacz", article_ids=ids)
    assert {one.article_id for one in done.failed} == set(ids)
    store.put(lost.file, kept)
    assert export(archived.archive, tmp_path / "out", "wacz", article_ids=ids).failed == ()


def test_no_export_holds_what_is_for_subscribers(
    archived: Archived, stories: list[Story], tmp_path: Path
) -> None:
    premium = [story for story in stories if story.access == "premium"]
    for kind in ("parquet", "jsonl", "csv", "ninjs", "wacz", "bagit"):
        for every in (False, True):
            out = tmp_path / f"{kind}-{every}"
            export(archived.archive, out, kind, every_revision=every)
            said = {article for file in notes(out).files for article in file.articles}
            assert {story.article_id for story in premium} <= said
            for name, content in readable(out).items():
                assert not any(word in content for word in SENTINELS), (kind, name)
            assert any(premium[0].article_id.encode() in one for one in readable(out).values())


def readable(folder: Path) -> dict[str, bytes]:
    """Every file of an export, and what is packed in it."""
    found = files(folder) | {"export.json": (folder / "export.json").read_bytes()}
    for path in folder.rglob("*.wacz"):
        with zipfile.ZipFile(path) as packed:
            found |= {name: packed.read(name) for name in packed.namelist()}
    for name, content in list(found.items()):
        if name.endswith(".gz"):
            found[name] = gzip.decompress(content)
        elif name.endswith(".parquet"):
            found[name] = str(pq.read_table(folder / name).to_pylist()).encode()
    return found


def test_nothing_chosen_makes_no_wacz_file(archived: Archived, tmp_path: Path) -> None:
    done = export(archived.archive, tmp_path / "out", "wacz", section="no-such")
    assert (done.files, files(tmp_path / "out")) == (0, {})
    with pytest.raises(ConfigurationError):
        export(archived.archive, tmp_path / "out", "wacz")
