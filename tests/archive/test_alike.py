"""The index of shared text: what leads to what, and that no order of arrival changes it."""

import random
from collections.abc import Iterable
from pathlib import Path

import pytest
from attrs import evolve
from sqlalchemy import create_engine, select

from archive.catalogue import Catalogue
from archive.catalogue.alike import MOST_POSTINGS, document_of
from archive.catalogue.tables import boilerplate, postings, texts
from archive.keys import sha256_hex
from archive.records import Sketch
from tests.archive.test_catalogue import (  # noqa: F401 - fixtures
    PUBLISHER,
    catalogue,
    postgresql,
    run,
    url,
)


def sketch(article_id: str, hashes: Iterable[int], text: str | None = None) -> Sketch:
    found = tuple(sorted(hashes))
    return Sketch(
        article_id=article_id,
        revision="r",
        text_digest=sha256_hex((text or article_id).encode()),
        hashes=found,
        version="fracminhash@1",
    )


def take_in(catalogue: Catalogue, hours: int, *sketches: Sketch) -> None:  # noqa: F811
    catalogue.take_in(evolve(run(hours), sketches=sketches))


def alike(catalogue: Catalogue, one: Sketch, *, limit: int = 100) -> list[str]:  # noqa: F811
    return catalogue.alike(PUBLISHER, one, least_common=3, limit=limit)


def test_those_with_most_in_common_come_first(catalogue: Catalogue) -> None:  # noqa: F811
    asked = sketch("A", range(2**46, 2**46 + 40))
    take_in(catalogue, 0, asked, sketch("B", [*asked.hashes[:3], 5, 6]))
    take_in(catalogue, 1, sketch("C", asked.hashes[:20]), sketch("D", [*asked.hashes[:2], 7]))
    take_in(catalogue, 2, sketch("E", [1], text="A"))
    assert alike(catalogue, asked) == ["E", "C", "B"]
    assert alike(catalogue, asked, limit=1) == ["E"]
    assert alike(catalogue, sketch("F", [1, 2, 3])) == []
    assert catalogue.alike("elsewhere", asked, least_common=3, limit=9) == []


def test_earlier_revisions_lead_to_an_article_too(catalogue: Catalogue) -> None:  # noqa: F811
    take_in(catalogue, 0, sketch("A", range(10), text="as wired"))
    take_in(catalogue, 1, sketch("A", range(100, 110), text="written anew"))
    assert alike(catalogue, sketch("B", range(10))) == ["A"]
    assert alike(catalogue, sketch("B", [], text="as wired")) == ["A"]
    assert alike(catalogue, sketch("B", [], text="written anew")) == ["A"]


def test_what_stands_in_many_articles_leads_nowhere(catalogue: Catalogue) -> None:  # noqa: F811
    foot = range(900, 910)
    numbers = range(MOST_POSTINGS)
    for number in numbers:
        take_in(catalogue, number, sketch(f"A{number}", [*foot, number]))
    assert len(alike(catalogue, sketch("B", foot))) == MOST_POSTINGS
    assert catalogue.boilerplate(PUBLISHER, foot) == set()
    take_in(catalogue, 50, sketch("C", [*foot, 1, 2, 3]))
    assert alike(catalogue, sketch("B", foot)) == []
    assert alike(catalogue, sketch("B", [*foot, 1, 2, 3])) == ["C"]
    assert catalogue.boilerplate(PUBLISHER, range(1000)) == set(foot)
    assert catalogue.boilerplate("elsewhere", foot) == set()
    take_in(catalogue, 51, sketch("D", foot))
    assert alike(catalogue, sketch("B", foot)) == []


def rows(path: Path) -> list[list[tuple[object, ...]]]:
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        found = [
            [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in (texts, postings, boilerplate)
        ]
    engine.dispose()
    return found


@pytest.mark.parametrize("seed", range(4))
def test_the_index_is_the_same_in_any_order(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    made = [
        sketch(f"A{number}", {chance.randrange(60) for _ in range(12)}, text=f"{number % 30}")
        for number in range(40)
    ]
    told = []
    for name in ("one", "other"):
        path = tmp_path / f"{name}.db"
        runs = [made[start : start + 4] for start in range(0, 40, 4)]
        order = chance.sample(range(10), 10)
        with Catalogue(f"sqlite:///{path}") as opened:
            for place in (*order, *order[:3]):
                take_in(opened, place, *chance.sample(runs[place], 4))
        told.append(rows(path))
    assert told[0] == told[1]
    assert all(told[0])


def test_the_number_of_an_article_follows_from_its_id() -> None:
    known = document_of(PUBLISHER, "A" * 26)
    assert known == document_of(PUBLISHER, "A" * 26) != document_of("other", "A" * 26)
    assert 0 <= known < 2**31
