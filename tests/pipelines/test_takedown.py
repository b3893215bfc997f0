"""Takedown: nothing of the article is left anywhere, everything else is as it was, and the chain says so."""

import gzip
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count

import pytest
from attrs import evolve

from archive.blanking import target_of
from archive.codec import decode, encode
from archive.connect import Archive, open_replica
from archive.errors import ConfigurationError, RunUnderWay, StoreUnavailable
from archive.keys import new_run_id, run_manifest_key, takedown_key
from archive.members import Member, read_member
from archive.object_store import ObjectStore
from archive.records import Takedown, Verification
from archive.warc_pages import read_pages
from archive.warc_records import Exchange
from demo.newspaper import Newspaper, Story
from pipelines import steps
from pipelines.steps import Order, VerifyPlan
from tests.pipelines.support import PUBLISHER, STARTED_AT, Run, stories
from tests.pipelines.test_rebuild import rebuilt, rows
from tests.pipelines.test_steps import archive, run
from tests.pipelines.test_verify import runs

__all__ = ["archive", "run", "runs"]

NOW = STARTED_AT + timedelta(hours=72)
CONNECTION = ("endpoint", "access_key", "secret_key")
ENRICH = "20260305T000000Z-0000000"


@pytest.fixture
def story(newspaper: Newspaper) -> Story:
    """A story that the first run archived."""
    return stories(newspaper, ["staff", "ap_wire"])[0]


@pytest.fixture
def again(
    archive: Archive, newspaper: Newspaper, runs: list[Run], run: Callable[[int], Run], story: Story
) -> Run:
    """A fourth run that found the story corrected; all days are annotated."""
    newspaper.change(story.article_id, headline="Another headline altogether")
    fourth = run(60)
    fourth.add(newspaper.story(story.article_id))
    fourth.add(stories(newspaper, ["staff", "ap_wire"])[1])
    fourth.finish()
    steps.publish_feeds(archive)
    for number, day in enumerate(archive.catalogue.days(PUBLISHER)):
        steps.enrich(archive, day, ["names"], run_id=f"{ENRICH}{number}")
    return fourth


def order(story: Story, **fields: object) -> Order:
    said = {"reason": "Court order 26/117", "requested_by": "the Registrar"}
    return Order(article_id=story.article_id, **{**said, **fields})


def ids() -> Callable[[], str]:
    numbers = count()
    return lambda: new_run_id(NOW, str(next(numbers)))


def take_down(archive: Archive, story: Story, **fields: object) -> list[Takedown]:
    return steps.take_down(archive, order(story, **fields), now=NOW, new_run_id=ids())


def verified(archive: Archive) -> Verification:
    plan = VerifyPlan(now=NOW + timedelta(hours=30))
    return steps.verify(archive.store, PUBLISHER, plan, archive.catalogue)


def everything(store: ObjectStore) -> Iterator[tuple[str, bytes]]:
    """Every object, and every page of a WARC file without its content coding."""
    for key in store.list_keys(""):
        content = store.get(key)
        yield key, content
        if key.endswith(".warc.gz"):
            yield from ((key, page.content) for page in read_pages(content, file=key))


def words_of(archive: Archive, newspaper: Newspaper, story: Story) -> set[bytes]:
    """Stretches of text that only this story has, in any revision of it: the made-up ones share phrases."""
    found: set[str] = set()
    for capture in archive.catalogue.captures(PUBLISHER, story.article_id):
        article = steps.article(archive, capture)
        found |= {article.headline, *article.text.split("\n\n")}
    others = [one for one in newspaper.edition.stories if one.article_id != story.article_id]
    pages = [newspaper.page(one) for one in others]
    words = {text.encode() for text in found if len(text) > 10}
    own = {word for word in words if not any(word in page for page in pages)}
    assert len(own) > 1
    return own


def test_nothing_of_it_is_left_and_the_chain_says_so(
    archive: Archive, newspaper: Newspaper, again: Run, story: Story
) -> None:
    words = words_of(archive, newspaper, story)
    assert any(word in content for _, content in everything(archive.store) for word in words)
    before = dict(everything(archive.store))
    (made,) = take_down(archive, story)

    left = [key for key, content in everything(archive.store) for word in words if word in content]
    assert left == []
    key = takedown_key(PUBLISHER, story.article_id)
    said = decode(archive.store.get(key), Takedown)
    assert said == made
    assert (said.reason, said.requested_by) == ("Court order 26/117", "the Registrar")
    removed = {entry.key for entry in made.removed}
    assert {one.split("/")[1] for one in removed} == {"articles", "enrichments"}
    assert all(story.article_id in one for one in removed)
    kinds = {one.after.key.split("/")[1] for one in made.rewritten}
    assert kinds == {"captures", "outcomes", "sketches", "warc"}

    after = dict(everything(archive.store))
    touched = removed | {one.after.key for one in made.rewritten}
    new = {key, run_manifest_key(PUBLISHER, made.run_id)}
    replaced = ("/feeds/", "/leases/")
    others = {key for key in before if not any(word in key for word in replaced)} - touched
    assert {key: before[key] for key in others} == {
        key: content
        for key, content in after.items()
        if key not in touched | new and not any(word in key for word in replaced)
    }
    found = verified(archive)
    assert found.problems == ()
    assert (found.taken_down, found.removed) == (1, len(removed))


def test_everything_else_is_still_read_from_where_it_was(
    archive: Archive, newspaper: Newspaper, again: Run, story: Story
) -> None:
    other = stories(newspaper, ["staff", "ap_wire"])[1]
    before = {
        capture.captured_at: steps.article(archive, capture)
        for capture in archive.catalogue.captures(PUBLISHER, other.article_id)
    }
    take_down(archive, story)
    after = archive.catalogue.captures(PUBLISHER, other.article_id)
    assert {one.captured_at: steps.article(archive, one) for one in after} == before
    for capture in after:
        assert capture.warc is not None
        pages = read_pages(archive.store.get(capture.warc.file), file=capture.warc.file)
        assert capture.warc.offset in {page.warc.offset for page in pages}
    assert archive.catalogue.captures(PUBLISHER, story.article_id, removals=True) == []
    assert story.article_id not in {one.article_id for one in archive.catalogue.newest(PUBLISHER)}
    del again


def test_the_catalogue_is_what_a_rebuilt_one_is(archive: Archive, again: Run, story: Story) -> None:
    take_down(archive, story)
    before = rows(archive.settings)
    assert len(before["takedowns"]) == 1
    assert not any(story.article_id in row for row in before["annotations"] + before["texts"])
    assert rebuilt(archive.settings) == before
    del again


def test_a_catalogue_that_did_not_see_it_forgets_it_too(
    archive: Archive, again: Run, story: Story
) -> None:
    path = archive.settings.home / "catalogue.db"
    archive.catalogue.close()
    before = path.read_bytes()
    take_down(archive, story)
    archive.catalogue.close()
    forgotten = rows(archive.settings)
    path.write_bytes(before)
    assert rows(archive.settings) != forgotten
    steps.catch_up(archive)
    assert rows(archive.settings) == forgotten
    del again


def test_it_is_not_kept_again(
    archive: Archive, newspaper: Newspaper, again: Run, story: Story, run: Callable[[int], Run]
) -> None:
    take_down(archive, story)
    later = run(100)
    later.add(newspaper.story(story.article_id))
    report = later.finish()
    assert (report.skipped, report.reasons) == (1, {"taken_down": 1})
    assert report.balanced
    assert archive.catalogue.captures(PUBLISHER, story.article_id) == []
    assert list(archive.store.list_keys(f"{PUBLISHER}/articles/{story.article_id}/")) == []

    # Nor is its page in the run's WARC file: a second order finds nothing.
    pages = read_pages(archive.store.get(later.warc_key), file=later.warc_key)
    assert [page.url for page in pages if story.article_id in page.url] == []
    more = steps.take_down(
        archive, order(story), now=NOW + timedelta(hours=40), new_run_id=ids_of("later")
    )
    assert more == []
    assert verified(archive).problems == ()
    del again


def ids_of(word: str) -> Callable[[], str]:
    numbers = count()
    return lambda: new_run_id(NOW, f"{word}{next(numbers)}")


def test_a_second_order_finds_nothing_more(archive: Archive, again: Run, story: Story) -> None:
    take_down(archive, story)
    objects = sorted(archive.store.list_keys(f"{PUBLISHER}/"))
    assert take_down(archive, story) == []
    assert sorted(archive.store.list_keys(f"{PUBLISHER}/")) == objects
    del again


def test_two_of_one_run_are_taken_down_one_after_the_other(
    archive: Archive, newspaper: Newspaper, again: Run, story: Story
) -> None:
    other = stories(newspaper, ["staff", "ap_wire"])[1]
    words = words_of(archive, newspaper, story) | words_of(archive, newspaper, other)
    (one,) = take_down(archive, story)
    (two,) = steps.take_down(archive, order(other), now=NOW, new_run_id=ids_of("two"))
    both = {x.after.key for x in one.rewritten} & {x.after.key for x in two.rewritten}
    assert both, "both were in the same files"
    assert not any(word in content for _, content in everything(archive.store) for word in words)
    found = verified(archive)
    assert (found.problems, found.taken_down) == ((), 2)
    del again


class Dying(ObjectStore):
    """A store that goes away after so many changes."""

    left = 10**9

    def _count(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise StoreUnavailable(*("it", "the process died"))

    def erase(self, key: str, *, newest: bool = True) -> None:
        self._count()
        super().erase(key, newest=newest)

    def replace_file(self, key, path) -> None:
        self._count()
        super().replace_file(key, path)

    def put_once(self, key: str, content: bytes) -> bool:
        self._count()
        return super().put_once(key, content)


def test_one_that_was_cut_short_anywhere_is_finished(
    archive: Archive, newspaper: Newspaper, again: Run, story: Story
) -> None:
    words = words_of(archive, newspaper, story)
    store, own = archive.store, archive.settings
    assert own.s3_secret_key
    dying = Dying(
        endpoint=store.endpoint,
        access_key=str(own.s3_access_key),
        secret_key=own.s3_secret_key.get_secret_value(),
        region=store.region,
        bucket=store.bucket,
    )
    other = evolve(archive, store=dying)
    key = takedown_key(PUBLISHER, story.article_id)
    tries = 0
    while True:
        dying.left = 1 if tries == 0 else 2
        tries += 1
        try:
            if tries == 1:
                take_down(other, story)
            else:
                steps.finish_takedowns(other)
        except StoreUnavailable:
            said = {one.key: one.problem for one in verified(archive).problems}
            assert said.keys() <= {key}
            assert all("unfinished" in problem for problem in said.values())
            if tries > 60:
                break
            continue
        break
    dying.left = 10**9
    steps.finish_takedowns(other)
    take_down(other, story)
    assert not any(word in content for _, content in everything(archive.store) for word in words)
    assert verified(archive).problems == ()
    assert rows(archive.settings) == rebuilt(archive.settings)
    del again


def test_what_comes_back_is_found(archive: Archive, again: Run, story: Story) -> None:
    key = next(archive.store.list_keys(f"{PUBLISHER}/articles/{story.article_id}/"))
    content = archive.store.get(key)
    take_down(archive, story)
    archive.store.put(key, content)
    (one,) = verified(archive).problems
    assert one.key == key
    assert one.problem.startswith("unexpected: it was taken down")
    del again


def test_a_tombstone_that_nobody_wrote_hides_nothing(
    archive: Archive, again: Run, story: Story
) -> None:
    key = next(archive.store.list_keys(f"{PUBLISHER}/articles/"))
    forged = steps.plan_takedown(archive, order(story), now=NOW, run_id=ids()())
    archive.store.put(takedown_key(PUBLISHER, story.article_id), encode(forged))
    archive.store.delete(key)
    said = {one.key: one.problem for one in verified(archive).problems}
    assert "unfinished" in said[takedown_key(PUBLISHER, story.article_id)]
    del again


def test_announcements_that_name_it_are_blanked_when_that_is_asked_for(
    archive: Archive, newspaper: Newspaper, again: Run, story: Story, run: Callable[[int], Run]
) -> None:
    fifth = run(65)
    for name, coding in (("plain.xml", ""), ("coded.xml", "gzip"), ("of-another.xml", "")):
        text = f"<item>{story.article_id if 'other' not in name else 'x'} {name}</item>".encode()
        fifth._warc.write(
            Exchange(
                url=f"{newspaper.origin}/{name}",
                captured_at=fifth.started_at,
                status=200,
                headers=(("Content-Type", "text/xml"), ("Content-Encoding", coding)),
                body=gzip.compress(text) if coding else text,
            )
        )
    fifth.add(stories(newspaper, ["staff", "ap_wire"])[3])
    fifth.finish()
    (made,) = steps.take_down(archive, order(story), now=NOW, new_run_id=ids())
    assert fifth.warc_key not in {one.after.key for one in made.rewritten}
    (more,) = steps.take_down(
        archive, order(story, listings=True), now=NOW, new_run_id=ids_of("more")
    )
    assert {one.after.key for one in more.rewritten} >= {fifth.warc_key}
    answers = [
        target_of(member)
        for member in members(archive.store.get(fifth.warc_key))
        if b"WARC-Type: response" in member.content
    ]
    assert [url for url in answers if url.endswith(".xml")] == [
        f"{newspaper.origin}/of-another.xml"
    ]
    assert verified(archive).problems == ()
    del again


def members(data: bytes) -> Iterator[Member]:
    offset = 0
    while offset < len(data):
        yield (member := read_member(data, offset, name="file"))
        offset = member.end


def test_exports_that_hold_it_are_removed_and_others_stay(
    archive: Archive, again: Run, story: Story
) -> None:
    top = f"{PUBLISHER}/exports"
    archive.store.put(f"{top}/of-march/export.json", f'["{story.article_id}"]'.encode())
    archive.store.put(f"{top}/of-march/2026-03-01.jsonl", b"its text")
    archive.store.put(f"{top}/of-april/export.json", b"[]")
    take_down(archive, story)
    assert list(archive.store.list_keys(f"{top}/")) == [f"{top}/of-april/export.json"]
    assert verified(archive).problems == ()
    del again


def test_every_version_is_gone_in_a_versioned_bucket(
    archive: Archive, again: Run, story: Story
) -> None:
    store = archive.store
    store._client.put_bucket_versioning(
        Bucket=store.bucket, VersioningConfiguration={"Status": "Enabled"}
    )
    for key in list(store.list_keys(f"{PUBLISHER}/")):
        if "/leases/" not in key:
            store.put(key, store.get(key))
    take_down(archive, story)
    answer = store._client.list_object_versions(Bucket=store.bucket, Prefix=f"{PUBLISHER}/")
    assert not any(f"/articles/{story.article_id}/" in one["Key"] for one in answer["Versions"])
    warcs = [one for one in answer["Versions"] if one["Key"] == again.warc_key]
    assert [one["IsLatest"] for one in warcs] == [True]
    assert verified(archive).problems == ()


def test_the_replica_loses_it_too_and_repairs_bring_nothing_back(
    archive: Archive, newspaper: Newspaper, again: Run, story: Story
) -> None:
    own = archive.settings
    replica = {f"replica_{name}": getattr(own, f"s3_{name}") for name in CONNECTION}
    named = own.model_copy(update={**replica, "replica_bucket": f"{own.bucket}-copy"})
    copied = evolve(archive, settings=named)
    copy = open_replica(named)
    assert copy is not None
    copy.ensure_bucket()
    for key in archive.store.list_keys(""):
        copy.put(key, archive.store.get(key))
    words = words_of(archive, newspaper, story)
    (made,) = take_down(copied, story)
    assert not any(word in content for _, content in everything(copy) for word in words)

    key = made.removed[0].key
    copy.put(key, b"somebody copied an old backup there")
    one = made.rewritten[0].after
    archive.store.delete(one.key)
    problems = verified(archive).problems
    done = steps.repair(archive, copy, problems)
    assert done.repaired == (one.key,)
    assert not archive.store.exists(key)
    assert verified(archive).problems == ()
    del again


def test_it_waits_for_runs_that_are_under_way(
    archive: Archive, newspaper: Newspaper, again: Run, story: Story, run: Callable[[int], Run]
) -> None:
    late = run(71)
    late.add(story)
    late.preserve()
    with pytest.raises(RunUnderWay, match=late.run_id):
        take_down(archive, story)
    assert not archive.store.exists(takedown_key(PUBLISHER, story.article_id))
    del again, newspaper


def test_two_at_once_do_not_cut_the_same_objects(
    archive: Archive, newspaper: Newspaper, again: Run, story: Story
) -> None:
    other = stories(newspaper, ["staff", "ap_wire"])[1]
    asked = iter([True, False])

    def meanwhile(*_: object) -> None:
        if next(asked, False):
            steps.take_down(archive, order(other), now=NOW, new_run_id=ids_of("other"))

    with pytest.raises(RunUnderWay, match="another takedown"):
        steps.take_down(archive, order(story), now=NOW, new_run_id=ids(), progress=meanwhile)
    assert verified(archive).problems == ()
    take_down(archive, story)
    found = verified(archive)
    assert (found.problems, found.taken_down) == ((), 2)
    del again


def test_a_takedown_without_a_reason_is_refused(
    archive: Archive, runs: list[Run], story: Story
) -> None:
    with pytest.raises(ConfigurationError, match="reason"):
        take_down(archive, story, reason=" ")
    with pytest.raises(ConfigurationError, match="who asked"):
        take_down(archive, story, requested_by="")
    del runs


def test_pages_are_found_whatever_origin_the_settings_name(
    archive: Archive, newspaper: Newspaper, again: Run, story: Story
) -> None:
    words = words_of(archive, newspaper, story)
    elsewhere = archive.settings.model_copy(update={"publisher_origin": "https://example.org"})
    take_down(evolve(archive, settings=elsewhere), story)
    assert not any(word in content for _, content in everything(archive.store) for word in words)
    del again


def test_a_dry_plan_changes_nothing(archive: Archive, again: Run, story: Story) -> None:
    before = {key: archive.store.get(key) for key in archive.store.list_keys("")}
    told: list[str] = []
    made = steps.plan_takedown(
        archive, order(story), now=NOW, run_id=ids()(), progress=lambda what, *_: told.append(what)
    )
    assert made.removed
    assert made.rewritten
    assert set(told) == {"looking for it", "finding its place"}
    assert {key: archive.store.get(key) for key in archive.store.list_keys("")} == before
    del again
