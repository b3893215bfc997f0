"""The main job by hand: a crawl, its books, and the same again."""

import gzip
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import attrs

from archive.object_store import ObjectStore
from archive.records import Article
from demo.newspaper import Edition, Newspaper, Story
from tests.cli.support import Result

Run = Callable[..., Result]
FIVE = ("archived", "unchanged", "skipped", "failed", "pending")
SENTINELS = (b"HIDDENBODY", b"HIDDENJSON")


def listed_stories(edition: Edition, days: int = 7) -> list[Story]:
    """World stories of the UTC days that a run on an empty archive reads."""
    today = datetime.now(UTC).date()
    wanted = {today - timedelta(days=n) for n in range(days)}
    return [s for s in edition.in_section("world") if utc_day(s) in wanted]


def utc_day(story: Story) -> date:
    return story.date_modified.astimezone(UTC).date()


def balances(report: dict[str, int]) -> bool:
    return bool(report["balanced"]) and report["listed"] == sum(report[word] for word in FIVE)


def everything_kept(home: Path, store: ObjectStore) -> Iterator[tuple[str, bytes]]:
    """Every file and object, unpacked where it is gzip, with its name."""
    for path in home.rglob("*"):
        if path.is_file():
            yield str(path), unpacked(path.read_bytes())
    for key in store.list_keys(""):
        yield key, unpacked(store.get(key))


def unpacked(content: bytes) -> bytes:
    return gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content


def test_a_crawl_archives_every_open_world_story_of_seven_days(
    run: Run, newspaper: Newspaper, edition: Edition, store: ObjectStore, settings
):
    first = run("crawl", "--json")
    assert first.code == 0, first.err
    assert balances(first.json)
    wanted = {s.article_id for s in listed_stories(edition) if s.body}
    held = {a["article_id"]: a for a in run("articles", "--format", "jsonl").lines}
    assert wanted <= held.keys()
    assert first.json["archived"] == first.json["new_articles"] == len(held)

    fields = {field.name for field in attrs.fields(Article)}
    assert all(record.keys() == fields for record in held.values())

    articles_before = set(store.list_keys("nzherald/articles/"))
    second = run("crawl", "--json")
    assert second.code == 0
    assert balances(second.json)
    assert second.json["unchanged"] == first.json["archived"]
    assert second.json["skipped"] == first.json["skipped"]
    assert set(store.list_keys("nzherald/articles/")) == articles_before
    new = Counter(
        key.split("/")[1] for key in store.list_keys("nzherald/") if second.json["run_id"] in key
    )
    books = {"crawls", "listings", "summaries", "captures", "ledger", "runs", "outcomes"}
    assert new.keys() <= {"warc", "manifests", *books}

    for name, content in everything_kept(settings.home, store):
        assert not any(word in content for word in SENTINELS), name
    assert not [entry for entry in newspaper.log if entry.forbidden]


def test_asking_again_by_date_gets_the_same_and_says_so(run: Run, newspaper: Newspaper):
    first_day, last_day = (str((datetime.now(UTC) - timedelta(days=n)).date()) for n in (4, 3))
    first = run("crawl", "--since", first_day, "--until", last_day, "--json")
    again = run("crawl", "--since", first_day, "--until", last_day, "--json")
    assert first.code == again.code == 0
    assert balances(first.json)
    assert balances(again.json)
    assert first.json["archived"] > 0
    assert first.json["skipped"] > 0
    assert again.json["unchanged"] == again.json["reasons"]["same_validators"]
    assert again.json["unchanged"] == first.json["archived"]
    assert again.json["skipped"] == first.json["skipped"]
    asked = [entry for entry in newspaper.log if entry.path.startswith("/world/")]
    assert sum(entry.status == 304 for entry in asked) == again.json["listed"]


def test_every_warc_file_passes_warcio_check(run: Run, store: ObjectStore, tmp_path: Path):
    assert run("crawl", "--json").code == 0
    keys = [key for key in store.list_keys("nzherald/warc/") if key.endswith(".warc.gz")]
    assert keys
    for key in keys:
        path = tmp_path / Path(key).name
        path.write_bytes(store.get(key))
        checked = subprocess.run(
            [Path(sys.executable).with_name("warcio"), "check", "-v", path],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert checked.returncode == 0, checked.stdout + checked.stderr
        assert "pass" in checked.stdout
        assert "fail" not in checked.stdout.lower()


def test_the_same_slug_under_another_id_is_another_article(run: Run, edition: Edition):
    assert run("crawl", "--json").code == 0
    twins = [
        slug for slug, n in Counter(s.slug for s in edition.in_section("world")).items() if n > 1
    ]
    assert twins
    since = (datetime.now(UTC) - timedelta(days=14)).date().isoformat()
    until = (datetime.now(UTC)).date().isoformat()
    assert run("backfill", "--since", since, "--until", until, "--json").code == 0
    held = run("articles", "--format", "jsonl").lines
    for slug in twins:
        ids = {s.article_id for s in edition.in_section("world") if s.slug == slug and s.body}
        assert ids <= {a["article_id"] for a in held}


def test_a_backfill_fills_in_what_is_missing_and_nothing_else(
    run: Run, edition: Edition, newspaper: Newspaper
):
    day = (datetime.now(UTC) - timedelta(days=9)).date()
    range_ = ("--since", day.isoformat(), "--until", day.isoformat())
    forecast = run("backfill", *range_, "--dry-run", "--json")
    assert forecast.code == 0, forecast.err
    assert forecast.json["missing"] == forecast.json["listed"] > 0
    assert not [entry for entry in newspaper.log if entry.path.startswith("/world/")]

    first = run("backfill", *range_, "--json")
    assert first.code == 0
    assert balances(first.json)
    local = {
        s.article_id
        for s in edition.on_local_day(day)
        if s in edition.in_section("world") and s.body
    }
    assert local <= {a["article_id"] for a in run("articles", "--format", "jsonl").lines}

    again = run("backfill", *range_, "--json")
    assert again.json["archived"] == 0
    assert again.json["reasons"].get("held", 0) > 0
