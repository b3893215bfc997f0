"""All mutants: at least one for each claim, in the order of the claims."""

from tests.mutants import (
    answers,
    manners,
    pages,
    pitfalls,
    pitfalls_pages,
    pitfalls_runs,
    times,
    versions,
)
from tests.mutants.claims import CLAIMS
from tests.mutants.mutant import Mutant

_MODULES = (pages, times, answers, manners, pitfalls_runs, pitfalls, pitfalls_pages, versions)
_ORDER = list(CLAIMS)

MUTANTS: tuple[Mutant, ...] = tuple(
    sorted(
        (row for module in _MODULES for row in module.ROWS),
        key=lambda row: (_ORDER.index(row.claim), row.name),
    )
)
