"""``python -m tests.mutants [NAME…]``: break the code on purpose and see each test fail.

Names are those of docs/quirks.md, or begin one: ``6.3.10``, ``P7``, ``6.3.10-gzip``. Without one, all
are tried, which takes half an hour. The tests themselves have to pass before: ``make test``.
"""

import argparse
import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from tests.mutants.mutant import Mutant
from tests.mutants.runner import Trial, private_copy, tried
from tests.mutants.table import MUTANTS


def main() -> int:
    """Try the mutants that are named; 1 when one survives or its test can't be run."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    names = parser.parse_args().names
    chosen = [m for m in MUTANTS if not names or any(m.is_named(name) for name in names)]
    if not chosen:
        parser.error(f"no such quirk or pitfall: {' '.join(names)}")
    trials = _try_all(chosen)
    Console().print(_table(trials))
    return 0 if all(trial.verdict == "caught" for trial in trials) else 1


def _try_all(chosen: list[Mutant]) -> list[Trial]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    trials = []
    with (
        private_copy() as copy,
        Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as bar,
    ):
        task = bar.add_task("", total=len(chosen))
        for mutant in chosen:
            bar.update(task, description=mutant.name)
            trials.append(trial := tried(mutant, copy))
            if trial.verdict != "caught":
                bar.console.print(f"{mutant.name}: {trial.verdict} by {mutant.test}", markup=False)
            bar.advance(task)
    return trials


def _table(trials: list[Trial]) -> Table:
    caught = sum(trial.verdict == "caught" for trial in trials)
    table = Table(title=f"{caught} of {len(trials)} mutants are caught")
    for heading in ("mutant", "verdict", "what pytest says"):
        table.add_column(heading, overflow="fold")
    for trial in trials:
        table.add_row(trial.mutant.name, trial.verdict, Text(trial.said))
    return table


if __name__ == "__main__":
    sys.exit(main())
