"""What somebody can do who may write to the bucket, and has neither the catalogue nor the signing key."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from attrs import evolve
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from archive.codec import decode, encode
from archive.connect import Archive
from archive.holdings import read_entry
from archive.keys import day_manifest_key, run_day, run_manifest_key
from archive.records import DayLink, DayManifest, RunManifest
from demo.newspaper import Newspaper
from pipelines import steps
from pipelines.chain import close_day, link_to
from tests.pipelines.support import PUBLISHER, STARTED_AT, Run, stories
from tests.pipelines.test_steps import archive, run
from tests.pipelines.test_verify import PLAN, articles, blamed, runs

__all__ = ["archive", "run", "runs"]

LATER = STARTED_AT + timedelta(hours=80)


def signing(archive: Archive, folder: Path) -> Archive:
    path = folder / "key.pem"
    made = Ed25519PrivateKey.generate()
    path.write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return evolve(archive, settings=archive.settings.model_copy(update={"signing_key": path}))


def link_a_day(archive: Archive, day: date) -> str:
    """Link a day without runs to the chain."""
    newest = list(steps.days(archive.store, PUBLISHER))[-1]
    key = day_manifest_key(PUBLISHER, day)
    archive.store.put(key, encode(close_day(PUBLISHER, day, link_to(newest), [])))
    return key


def day_of(archive: Archive, run: Run) -> DayManifest:
    return decode(archive.store.get(day_manifest_key(PUBLISHER, run_day(run.run_id))), DayManifest)


def write_another_history(archive: Archive, runs: list[Run]) -> str:
    """Change an object, and every manifest and every day since, so that all hold together again."""
    changed = articles(archive)[0]
    archive.store.put(changed, b"another history")
    entry = read_entry(changed, [b"another history"])
    link: DayLink | None = None
    for one in runs:
        key = run_manifest_key(PUBLISHER, one.run_id)
        old = decode(archive.store.get(key), RunManifest)
        objects = tuple(entry if each.key == changed else each for each in old.objects)
        made = evolve(old, objects=objects, chain=link)
        archive.store.put(key, encode(made))
        day = run_day(one.run_id)
        if archive.store.exists(day_manifest_key(PUBLISHER, day)):
            named = read_entry(key, [encode(made)])
            closed = close_day(PUBLISHER, day, link, [(named, made)])
            archive.store.put(day_manifest_key(PUBLISHER, day), encode(closed))
            link = link_to(closed)
    for key in list(archive.store.list_keys(f"{PUBLISHER}/manifests/signatures/")):
        archive.store.delete(key)
    return changed


def test_another_history_is_not_built_upon_and_the_catalogue_still_contradicts_it(
    archive: Archive, runs: list[Run]
) -> None:
    write_another_history(archive, runs)
    known = archive.catalogue.head(PUBLISHER)
    later = evolve(PLAN, now=LATER)
    assert steps.close_days(archive, LATER) == []
    assert archive.catalogue.head(PUBLISHER) == known
    assert blamed(archive, later)[day_manifest_key(PUBLISHER, run_day(runs[1].run_id))] == "altered"


def test_another_history_gets_no_signature(
    archive: Archive, runs: list[Run], tmp_path: Path
) -> None:
    ours = signing(archive, tmp_path)
    assert steps.attest(ours) == 2
    write_another_history(archive, runs)
    assert steps.attest(ours) == 0


def test_an_older_day_that_was_changed_gets_no_signature(
    archive: Archive, runs: list[Run], tmp_path: Path
) -> None:
    ours = signing(archive, tmp_path)
    key = day_manifest_key(PUBLISHER, run_day(runs[0].run_id))
    archive.store.put(key, encode(evolve(day_of(archive, runs[0]), objects=0)))
    assert steps.attest(ours) == 0


def test_a_day_manifest_that_rots_keeps_no_run_from_its_books(
    archive: Archive, newspaper: Newspaper, runs: list[Run], run: Callable[[int], Run]
) -> None:
    for one, rotten in ((runs[1], b"{"), (runs[0], b"{}")):
        key = day_manifest_key(PUBLISHER, run_day(one.run_id))
        whole = archive.store.get(key)
        archive.store.put(key, rotten)
        late = run(75 if one is runs[0] else 74)
        late.add(stories(newspaper, ["staff", "ap_wire"])[8])
        assert late.finish().balanced
        archive.store.put(key, whole)
        assert blamed(archive, evolve(PLAN, now=LATER)) == {}
    assert steps.close_days(archive, LATER) != []


def test_a_run_manifest_that_rots_before_its_day_is_over_keeps_no_day_from_being_closed(
    archive: Archive, newspaper: Newspaper, runs: list[Run], run: Callable[[int], Run]
) -> None:
    late = run(49)
    late.add(stories(newspaper, ["staff", "ap_wire"])[8])
    late.finish()
    key = run_manifest_key(PUBLISHER, runs[2].run_id)
    whole = archive.store.get(key)
    archive.store.put(key, b"{")
    (made,) = steps.close_days(archive, LATER)
    assert [one.key for one in made.manifests] == [run_manifest_key(PUBLISHER, late.run_id)]
    assert blamed(archive)[key] == "altered"
    archive.store.put(key, whole)
    assert blamed(archive) == {}


@pytest.mark.parametrize("day", [date(2099, 1, 1), LATER.date() + timedelta(days=2)])
def test_a_day_that_is_still_to_come_is_named(archive: Archive, runs: list[Run], day: date) -> None:
    key = link_a_day(archive, day)
    assert blamed(archive, evolve(PLAN, now=LATER)) == {key: "unexpected"}
    del runs


def test_a_day_far_in_the_future_keeps_no_day_from_being_closed_and_gets_no_signature(
    archive: Archive, runs: list[Run], tmp_path: Path
) -> None:
    key = link_a_day(archive, date(2099, 1, 1))
    (made,) = steps.close_days(archive, LATER)
    assert made.day == run_day(runs[2].run_id)
    assert steps.attest(signing(archive, tmp_path)) == len(runs)
    assert archive.catalogue.head(PUBLISHER) == link_to(made)
    assert blamed(archive, evolve(PLAN, now=LATER)) == {key: "unexpected"}
