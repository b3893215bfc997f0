"""Bags: BagIt's own validator accepts them, and verify proves on them what it proves on the bucket."""

from collections.abc import Callable
from pathlib import Path

import bagit
import pytest

from archive.connect import Archive
from archive.holdings import FolderCopy
from archive.keys import captures_key
from archive.records import Verification
from demo.newspaper import Newspaper
from pipelines import steps
from tests.pipelines.exporting import export, files, notes
from tests.pipelines.support import PUBLISHER, Run
from tests.pipelines.test_steps import archive, run
from tests.pipelines.test_verify import PLAN, runs

__all__ = ["archive", "run", "runs"]


@pytest.fixture
def bag(archive: Archive, runs: list[Run], tmp_path: Path) -> Path:
    """The whole archive in a bag."""
    del runs
    done = export(archive, tmp_path / "bag", "bagit")
    assert done.failed == ()
    return tmp_path / "bag"


def verified(bag: Path) -> Verification:
    return steps.verify(FolderCopy(bag / "data"), PUBLISHER, PLAN)


def payload(bag: Path) -> dict[str, bytes]:
    return {
        name.removeprefix("data/"): content
        for name, content in files(bag).items()
        if name.startswith("data/")
    }


def test_a_bag_of_all_is_valid_and_proves_all(archive: Archive, bag: Path) -> None:
    assert bagit.Bag(str(bag)).validate()
    held = {key: archive.store.get(key) for key in archive.store.list_keys(f"{PUBLISHER}/")}
    assert payload(bag) == {key: content for key, content in held.items() if "/leases/" not in key}
    found = verified(bag)
    assert (found.problems, found.days) == ((), 2)
    assert found.read == found.objects > 0
    info = bagit.Bag(str(bag)).info
    assert info["Payload-Oxum"] == f"{sum(map(len, payload(bag).values()))}.{len(payload(bag))}"
    assert info["Bagging-Date"] == "2026-03-05"


def test_one_flipped_byte_is_found_by_both(bag: Path) -> None:
    path = next((bag / "data" / PUBLISHER / "articles").rglob("*.json"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(bagit.BagValidationError, match=path.name):
        bagit.Bag(str(bag)).validate()
    (problem,) = verified(bag).problems
    assert problem.key == path.relative_to(bag / "data").as_posix()
    assert problem.problem.startswith("altered")


def test_a_stranger_s_key_stands_in_the_manifest_as_the_standard_says(
    archive: Archive, bag: Path
) -> None:
    archive.store.put(f"{PUBLISHER}/extra/a%20b c\n\u00e9.json", b"added")
    assert export(archive, bag, "bagit").failed == ()
    manifest = (bag / "manifest-sha256.txt").read_text()
    assert f"  data/{PUBLISHER}/extra/a%2520b c%0A\u00e9.json\n" in manifest


def test_objects_that_are_there_are_not_fetched_again(archive: Archive, bag: Path) -> None:
    before = files(bag)
    assert export(archive, bag, "bagit").written == 0
    cut, gone = list((bag / "data" / PUBLISHER / "articles").rglob("*.json"))[:2]
    cut.write_bytes(cut.read_bytes()[:-1])
    gone.unlink()
    (bag / "data" / "stray.txt").write_text("of somebody else")
    assert export(archive, bag, "bagit").written == 2
    assert files(bag) == before
    assert bagit.Bag(str(bag)).validate()


def test_a_bag_grows_with_the_archive(
    archive: Archive, bag: Path, newspaper: Newspaper, run: Callable[[int], Run]
) -> None:
    before = payload(bag)
    later = run(72)
    later.add(newspaper.edition.stories[0])
    later.finish()
    export(archive, bag, "bagit")
    assert bagit.Bag(str(bag)).validate()
    assert payload(bag).items() > before.items()


def test_a_part_holds_what_its_articles_are_made_of_and_names_the_rest_as_missing(
    archive: Archive, runs: list[Run], tmp_path: Path
) -> None:
    chosen = runs[1].lines[0].article_id
    done = export(archive, tmp_path / "bag", "bagit", article_ids=(chosen,))
    assert bagit.Bag(str(tmp_path / "bag")).validate()
    assert done.articles == 1
    assert notes(tmp_path / "bag").files[0].articles == (chosen,)
    held = set(archive.store.list_keys(f"{PUBLISHER}/"))
    manifests = {key for key in held if "/manifests/" in key}
    own = set(archive.store.list_keys(f"{PUBLISHER}/articles/{chosen}/"))
    made_of = {*own, captures_key(PUBLISHER, runs[1].run_id), runs[1].warc_key}
    assert set(payload(tmp_path / "bag")) == manifests | made_of
    problems = {one.key: one.problem for one in verified(tmp_path / "bag").problems}
    assert set(problems) == held - manifests - made_of
    assert all(text.startswith("missing") for text in problems.values())
    # What is there is still proved: the chain, the manifests, and every byte of the part.
    (key,) = own
    path = tmp_path / "bag" / "data" / key
    path.write_bytes(path.read_bytes().replace(b"e", b"3", 1))
    problems = {one.key: one.problem for one in verified(tmp_path / "bag").problems}
    assert problems[key].startswith("altered")


def test_an_object_that_is_gone_is_named_and_costs_no_other(
    archive: Archive, runs: list[Run], tmp_path: Path
) -> None:
    article = runs[0].lines[0].article_id
    (key,) = archive.store.list_keys(f"{PUBLISHER}/articles/{article}/")
    archive.store.delete(key)
    for asked in ({}, {"article_ids": (article,)}):
        out = tmp_path / f"bag-{len(asked)}"
        done = export(archive, out, "bagit", **asked)
        assert [(one.article_id, one.key) for one in done.failed] == [(article, key)]
        assert bagit.Bag(str(out)).validate()
