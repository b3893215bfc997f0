"""The steps of a run, on the real store and catalogue: exactly once, and again without harm."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.catalogue import Catalogue
from archive.codec import decode_lines
from archive.connect import Archive
from archive.errors import BrokenRecord
from archive.keys import captures_key, ledger_key, outcomes_key, run_day, run_key
from archive.records import Capture, LedgerLine
from demo.newspaper import Newspaper
from pipelines import steps
from tests.pipelines.support import PUBLISHER, STARTED_AT, Run, stories, take_steps

GARBAGE = b"<html><body><p>Words without a headline.</p></body></html>"
MISSING = b"<html><title>Page not found</title><body><p>Sorry.</p></body></html>"


@pytest.fixture
def archive(archive: Archive, newspaper: Newspaper) -> Archive:
    """An archive of the running newspaper."""
    settings = archive.settings.model_copy(update={"publisher_origin": newspaper.origin})
    return Archive(settings=settings, store=archive.store, catalogue=archive.catalogue)


@pytest.fixture
def run(archive: Archive, newspaper: Newspaper, tmp_path: Path) -> Callable[[int], Run]:
    """Make a run that starts so many hours after the first."""

    def make(hours: int = 0) -> Run:
        return Run(archive, newspaper, tmp_path, hours)

    return make


def keys(archive: Archive, kind: str) -> list[str]:
    return list(archive.store.list_keys(f"{PUBLISHER}/{kind}/"))


def ledger(archive: Archive, run: Run) -> dict[str, LedgerLine]:
    content = archive.store.get(ledger_key(PUBLISHER, run.run_id))
    return {line.article_id: line for line in decode_lines(content, LedgerLine)}


def test_a_first_run_archives_and_a_second_finds_everything_unchanged(
    archive: Archive, newspaper: Newspaper, run: Callable[[int], Run]
) -> None:
    first, second = run(0), run(1)
    chosen = stories(newspaper, ["staff", "ap_wire"])[:4]
    for story in chosen:
        first.add(story)
        second.add(story)
    report = first.finish()
    assert report.balanced
    assert (report.listed, report.archived, report.new_articles) == (4, 4, 4)
    assert report.complete
    objects = keys(archive, "articles")
    assert len(objects) == 4

    again = second.finish()
    assert (again.listed, again.archived, again.unchanged) == (4, 0, 4)
    assert again.balanced
    assert again.changed_days == ()
    assert keys(archive, "articles") == objects
    assert archive.catalogue.run_ids(PUBLISHER) == {first.run_id, second.run_id}
    later = again.started_at + timedelta(hours=1)
    assert archive.catalogue.last_complete_run(PUBLISHER, before=later) == again


def test_the_record_says_what_the_story_says(
    archive: Archive, newspaper: Newspaper, run: Callable[[int], Run]
) -> None:
    only, (story, *_) = run(0), stories(newspaper, ["staff"])
    only.add(story)
    only.finish()
    (capture,) = archive.catalogue.newest(PUBLISHER)
    article = steps.article(archive, capture)
    assert article.headline == story.headline
    assert article.first_seen_at == article.captured_at == STARTED_AT + timedelta(seconds=1)
    assert [block.text for block in article.body] == list(story.public_paragraphs)
    assert article.warc is not None
    assert article.warc.file == only.warc_key


def test_a_changed_story_is_a_new_revision_and_its_return_a_step(
    archive: Archive, newspaper: Newspaper, run: Callable[[int], Run]
) -> None:
    (story, *_) = stories(newspaper, ["staff"])
    reasons = []
    for hours, headline in enumerate([story.headline, "A correction", story.headline]):
        newspaper.change(story.article_id, headline=headline)
        step = run(hours)
        step.add(newspaper.story(story.article_id))
        step.finish()
        reasons.append(ledger(archive, step)[story.article_id].reason)
    assert reasons == ["new_article", "new_revision", "new_revision"]
    assert len(keys(archive, "articles")) == 2
    history = archive.catalogue.captures(PUBLISHER, story.article_id)
    assert len({capture.revision for capture in history}) == 2
    assert history[0].revision == history[2].revision


def test_every_step_may_be_repeated(
    archive: Archive, newspaper: Newspaper, run: Callable[[int], Run]
) -> None:
    only = run(0)
    only.add(stories(newspaper)[0])
    summary = only.preserve()
    report = take_steps(archive, summary)
    before = {key: archive.store.get(key) for key in archive.store.list_keys(f"{PUBLISHER}/")}
    assert take_steps(archive, summary) == report
    after = {key: archive.store.get(key) for key in archive.store.list_keys(f"{PUBLISHER}/")}
    assert after == before
    assert len(archive.catalogue.captures(PUBLISHER, only.lines[0].article_id)) == 1


@pytest.mark.parametrize("lost", ["outcomes", "captures", "ledger", "runs"])
def test_a_crash_between_writes_is_made_good_by_the_next_attempt(
    archive: Archive, newspaper: Newspaper, run: Callable[[int], Run], lost: str
) -> None:
    only = run(0)
    only.add(stories(newspaper)[0])
    summary = only.preserve()
    report = take_steps(archive, summary)
    order = {
        "outcomes": outcomes_key(only.warc_key),
        "captures": captures_key(PUBLISHER, only.run_id),
        "ledger": ledger_key(PUBLISHER, only.run_id),
        "runs": run_key(PUBLISHER, only.run_id),
    }
    written = {key: archive.store.get(key) for key in order.values()}
    for key in list(order.values())[list(order).index(lost) :]:
        archive.store.delete(key)
    # The crash came before the run was taken into the catalogue.
    with Catalogue(f"sqlite:///{archive.settings.home / 'fresh.db'}") as fresh:
        crashed = Archive(settings=archive.settings, store=archive.store, catalogue=fresh)
        assert take_steps(crashed, summary) == report
    assert {key: archive.store.get(key) for key in order.values()} == written


def test_a_page_that_cannot_be_read_is_set_aside_and_the_others_go_on(
    archive: Archive, newspaper: Newspaper, run: Callable[[int], Run]
) -> None:
    only = run(0)
    bad, gone, good, *_ = stories(newspaper, ["staff"])
    (video, *_) = stories(newspaper, ["video"])
    only.add(bad, GARBAGE)
    only.add(gone, MISSING)
    only.add(good)
    only.add(video)
    report = only.finish()
    told = {key: (line.outcome, line.reason) for key, line in ledger(archive, only).items()}
    assert told[bad.article_id] == ("failed", "unreadable_page")
    assert told[gone.article_id] == ("failed", "soft_404")
    assert told[good.article_id] == ("archived", "new_article")
    assert told[video.article_id] == ("skipped", "not_an_article_video")
    assert report.balanced
    set_aside = [json.loads(archive.store.get(key)) for key in keys(archive, "quarantine")]
    reasons = {item["article_id"]: item["reason"] for item in set_aside}
    assert reasons.keys() == {bad.article_id, gone.article_id, video.article_id}
    assert reasons[gone.article_id].endswith("soft_404 (title:page not found)")
    assert all(item["warc_file"] == only.warc_key for item in set_aside)
    # Nothing is known of the unreadable one that could turn the next answer into a 304.
    assert archive.catalogue.known(PUBLISHER, [bad.article_id])[bad.article_id].etag is None


def test_a_broken_record_costs_only_itself_and_makes_the_run_red(
    archive: Archive, newspaper: Newspaper, run: Callable[[int], Run], tmp_path: Path
) -> None:
    only = run(0)
    one, two, *_ = stories(newspaper, ["staff"])
    only.add(one)
    start = only.path.with_name(only.path.name + ".open").stat().st_size
    only.add(two)
    upload = archive.store.upload_once

    def damaged(key: str, path: Path) -> bool:
        content = bytearray(path.read_bytes())
        content[start // 2] ^= 0xFF
        path.write_bytes(content)
        return upload(key, path)

    archive.store.upload_once = damaged  # type: ignore[method-assign]  # bits rot on the way
    try:
        report = only.finish()
    finally:
        del archive.store.upload_once
    assert not report.balanced
    assert (report.archived, report.failed) == (1, 1)
    assert ledger(archive, only)[one.article_id].reason == "no_outcome"
    assert any("broken" in key for key in keys(archive, "quarantine"))


def test_the_same_story_twice_in_a_run_is_two_captures_and_one_line(
    archive: Archive, newspaper: Newspaper, run: Callable[[int], Run]
) -> None:
    only = run(0)
    (story, *_) = stories(newspaper, ["staff"])
    only.add(story)
    only.add(newspaper.change(story.article_id, headline="Corrected"))
    report = only.finish()
    assert (report.listed, report.archived, report.new_articles) == (1, 1, 1)
    assert len(archive.catalogue.captures(PUBLISHER, story.article_id)) == 2
    assert len(keys(archive, "articles")) == 2


def test_captures_carry_the_addresses_under_which_a_story_was_announced(
    archive: Archive, newspaper: Newspaper, run: Callable[[int], Run]
) -> None:
    only = run(0)
    (story, *_) = stories(newspaper, ["staff"])
    only.list(story, "fetched", aliases=("https://paper.invalid/other/",))
    only.add(story)
    only.finish()
    (capture,) = archive.catalogue.captures(PUBLISHER, story.article_id)
    assert "https://paper.invalid/other/" in capture.aliases
    assert capture.url not in capture.aliases


def test_what_was_not_fetched_is_in_the_books(
    archive: Archive, newspaper: Newspaper, run: Callable[[int], Run]
) -> None:
    only = run(0)
    one, two, three, *_ = stories(newspaper, ["staff"])
    only.list(one, "not_due", reason="not_due")
    only.list(two, "failed", reason="http_503", http_status=503)
    only.list(three, "pending", reason="request_budget")
    report = only.finish()
    assert (report.unchanged, report.failed, report.pending) == (1, 1, 1)
    assert report.balanced
    pending = archive.catalogue.pending(PUBLISHER)
    assert [line.article_id for line in pending] == [three.article_id]


def test_a_lost_catalogue_fills_itself_again_from_the_bucket(
    archive: Archive, newspaper: Newspaper, run: Callable[[int], Run]
) -> None:
    chosen = stories(newspaper, ["staff"])[:2]
    for hours in (0, 30):
        step = run(hours)
        for story in chosen:
            step.add(story)
        step.finish()
    ids = [story.article_id for story in chosen]
    with Catalogue(f"sqlite:///{archive.settings.home / 'fresh.db'}") as fresh:
        other = Archive(settings=archive.settings, store=archive.store, catalogue=fresh)
        assert steps.catch_up(other) == 2
        assert steps.catch_up(other) == 0
        for told in (fresh, archive.catalogue):
            assert told.runs(PUBLISHER) == archive.catalogue.runs(PUBLISHER)
            assert told.known(PUBLISHER, ids) == archive.catalogue.known(PUBLISHER, ids)
            assert told.seen(PUBLISHER, ids) == archive.catalogue.seen(PUBLISHER, ids)
    assert steps.catch_up(archive) == 0


def test_a_run_of_another_machine_is_caught_up_with(
    archive: Archive, newspaper: Newspaper, run: Callable[[int], Run]
) -> None:
    run(0).finish()
    with Catalogue(f"sqlite:///{archive.settings.home / 'elsewhere.db'}") as elsewhere:
        other = Archive(settings=archive.settings, store=archive.store, catalogue=elsewhere)
        later = run(3)
        later.archive = other
        later.add(stories(newspaper)[0])
        later.finish()
    assert steps.catch_up(archive) == 1
    assert later.run_id in archive.catalogue.run_ids(PUBLISHER)


def test_a_run_of_the_day_before_is_caught_up_with(
    archive: Archive, newspaper: Newspaper, run: Callable[[int], Run]
) -> None:
    earlier, late = run(0), run(24)
    with Catalogue(f"sqlite:///{archive.settings.home / 'elsewhere.db'}") as elsewhere:
        earlier.archive = Archive(
            settings=archive.settings, store=archive.store, catalogue=elsewhere
        )
        earlier.add(stories(newspaper)[0])
        earlier.finish()
    late.finish()
    assert run_day(late.run_id) == run_day(earlier.run_id) + timedelta(days=1)
    assert steps.catch_up(archive) == 1
    assert earlier.run_id in archive.catalogue.run_ids(PUBLISHER)


def test_a_damaged_run_does_not_keep_the_others_out(
    archive: Archive, newspaper: Newspaper, run: Callable[[int], Run]
) -> None:
    bad, good = run(0), run(1)
    for step in (bad, good):
        step.add(stories(newspaper)[0])
        step.finish()
    archive.store.delete(captures_key(PUBLISHER, bad.run_id))
    with Catalogue(f"sqlite:///{archive.settings.home / 'fresh.db'}") as fresh:
        other = Archive(settings=archive.settings, store=archive.store, catalogue=fresh)
        assert steps.catch_up(other) == 1
        assert fresh.run_ids(PUBLISHER) == {good.run_id}


def test_changed_days_are_those_on_which_the_archived_stories_stand(
    archive: Archive, newspaper: Newspaper, run: Callable[[int], Run]
) -> None:
    only = run(0)
    for story in stories(newspaper, ["staff"])[:6]:
        only.add(story)
    report = only.finish()
    assert report.changed_days
    for day in report.changed_days:
        assert archive.catalogue.on_day(PUBLISHER, datetime.fromisoformat(day).date())


def test_a_warc_file_that_is_lost_is_named(archive: Archive) -> None:
    lost = f"{PUBLISHER}/warc/2026-03-01/20260301T221500Z-00000000-00000.warc.gz"
    with pytest.raises(BrokenRecord, match="not in the bucket"):
        steps.normalise_warc(archive, "20260301T221500Z-00000000", lost)


def test_no_page_is_left_on_the_disk(
    archive: Archive, newspaper: Newspaper, run: Callable[[int], Run]
) -> None:
    only = run(0)
    only.add(stories(newspaper)[0])
    only.finish()
    scratch = archive.settings.home / "tmp"
    assert list(scratch.iterdir()) == []
    assert scratch.stat().st_mode & 0o077 == 0


def test_captures_lie_in_the_bucket_by_time(
    archive: Archive, newspaper: Newspaper, run: Callable[[int], Run]
) -> None:
    only = run(0)
    for story in stories(newspaper, ["staff"])[:3]:
        only.add(story)
    only.finish()
    content = archive.store.get(captures_key(PUBLISHER, only.run_id))
    times = [capture.captured_at for capture in decode_lines(content, Capture)]
    assert times == sorted(times)
    assert times[0].tzinfo is not None
    assert times[0].astimezone(UTC) == STARTED_AT + timedelta(seconds=1)
