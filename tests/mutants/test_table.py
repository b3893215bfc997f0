"""The table of mutants can't rot: each claim has one, each stands in the code, each has its test."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.mutants.claims import CLAIMS, PITFALLS, QUIRKS
from tests.mutants.mutant import Mutant
from tests.mutants.table import MUTANTS

ROOT = Path(__file__).resolve().parents[2]

NAMED = {2, 5, 7, 8, 17, *range(19, 29), *range(35, 38), 42, 43}
"""The pitfalls that were asked for."""


def test_every_quirk_and_pitfall_is_among_the_claims() -> None:
    quirks = {int(name.split("-")[0].removeprefix("6.3.")) for name in QUIRKS}
    assert quirks == set(range(1, 15))
    assert {int(name.split("-")[0].removeprefix("P")) for name in PITFALLS} == NAMED


def test_every_claim_has_a_mutant() -> None:
    assert {mutant.claim for mutant in MUTANTS} == CLAIMS.keys()
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_every_mutant_changes_one_place_and_has_a_test(mutant: Mutant) -> None:
    source = (ROOT / mutant.file).read_text()
    ast.parse(mutant.broken(source))
    assert mutant.old != mutant.new
    assert not mutant.file.startswith(("tests/", "demo/"))
    path, _, name = mutant.test.partition("::")
    assert re.sub(r"\[.*\]$", "", name) in functions(path)


@cache
def functions(path: str) -> set[str]:
    """The names of the functions in a file of tests."""
    tree = ast.parse((ROOT / path).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_a_mutant_is_meant_by_its_number_or_its_name() -> None:
    one = next(mutant for mutant in MUTANTS if mutant.name == "6.3.1-adverts+id")
    assert all(one.is_named(name) for name in ("6.3.1", "6.3.1-adverts", "6.3.1-adverts+id"))
    assert not any(one.is_named(name) for name in ("6.3", "6.3.10", "6.3.1-adverts+class"))


def test_code_that_is_no_longer_there_is_no_mutant() -> None:
    with pytest.raises(ValueError, match="0 times"):
        MUTANTS[0].broken("")
