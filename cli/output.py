"""What the commands print: one JSON document on stdout, or tables for people; the rest on stderr."""

import sys
from collections.abc import Iterable, Sequence
from typing import Annotated

import msgspec
import typer
from rich import box
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

from archive.codec import encode

WIDE = 160
"""Columns of a table that no terminal shows."""

_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160)) if chr(code) != "\n"}
"""What would be an order to the terminal, and is shown as it would be written in Python."""

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
"""The option that most commands have."""

Port = Annotated[int, typer.Option(min=0, max=65535, help="Port on loopback; 0 takes a free one.")]
"""The option of the servers."""

stdout = Console(soft_wrap=True, highlight=False, width=None if sys.stdout.isatty() else WIDE)
"""Results."""

stderr = Console(stderr=True, highlight=False)
"""Progress, warnings and errors."""


def print_json(document: object) -> None:
    """Print one JSON document, indented, and nothing else."""
    stdout.file.write(msgspec.json.format(encode(document), indent=2).decode() + "\n")


def print_jsonl(documents: Iterable[object]) -> None:
    """Print records as JSON Lines."""
    for document in documents:
        stdout.file.write(encode(document).decode() + "\n")


def table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, gap: int = 2
) -> Table:
    """Return a table for people; an absent value shows as a dash, numbers stand to the right.

    Nothing but the ``gap`` between columns takes room: a terminal may have 80.
    """
    kept = [[shown(value) for value in row] for row in rows]
    result = Table(
        title=title,
        title_justify="left",
        header_style="bold",
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, gap - 1, 0, 0),
    )
    for index, column in enumerate(columns):
        numeric = bool(kept) and all(row[index].lstrip("-").isdigit() for row in kept)
        # What stands first is an id or a date, which people copy.
        result.add_column(
            column,
            justify="right" if numeric else "left",
            overflow="fold",
            no_wrap=index == 0 or numeric,
        )
    for row in kept:
        # As text: what people wrote may have [brackets], which are no markup.
        result.add_row(*map(Text, row))
    return result


def count(number: int, noun: str) -> str:
    """Return a number with its noun, such as "1 gap" or "2 gaps"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def shown(value: object) -> str:
    """Return a value as people see it: a dash when it is absent, and no order to the terminal."""
    return "–" if value is None or value == "" else str(value).translate(_CONTROLS)


def progress_bar() -> Progress:
    """Return a progress bar on stderr; it draws nothing where stderr is no terminal."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=stderr,
        disable=not stderr.is_terminal,
    )


class Tasks:
    """Progress as a bar, a task for each thing that is done."""

    def __init__(self, bar: Progress) -> None:
        """Show them on ``bar``."""
        self._bar = bar
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, what: str, done: int, of: int) -> None:
        """Show that so many of a task are done."""
        if what not in self._tasks:
            self._tasks[what] = self._bar.add_task(what, total=of)
        self._bar.update(self._tasks[what], completed=done)
