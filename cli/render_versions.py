"""Histories and differences as people read them in a terminal, with colours and without."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Literal

from msgspec import UNSET
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from archive.records import (
    BlockChange,
    ChangeKind,
    Diff,
    DiffOp,
    FieldChange,
    History,
    HistoryStep,
    Removal,
    RemovalKind,
)
from cli.output import count, table
from cli.render import LINE, moment
from pipelines.feeds import legible, one_line

Part = tuple[Literal["equal", "delete", "insert"], str]
"""Words, and what became of them."""

_FOUND: dict[RemovalKind, str] = {
    "http_404": "not found",
    "http_410": "gone for good",
    "soft_404": "a page without the article",
    "redirected": "redirected",
}

_MARKS = {"equal": ("", ""), "delete": ("[-", "-]"), "insert": ("{+", "+}")}
_STYLES = {"equal": "", "delete": "red strike", "insert": "green underline"}
_INDENT = {"quote": 4, "list": 2, "update": 2, "caption": 2}


def history_table(history: History) -> Table:
    """Return a history as a table that fits a terminal of 80 columns."""
    steps = history.revisions
    rows = [
        (number, moment(step.captured_at), "\n".join(map(label, step.kinds)), told(step))
        for number, step in enumerate(steps, start=1)
    ]
    title = f"{count(len(steps), 'step')} of {history.article_id}"
    return table(title, ("no.", "seen (NZ)", "kind", "what changed"), rows)


def remarks(history: History) -> Iterator[str]:
    """Yield what stands below a history: a suspected removal, and how to see what changed."""
    if history.suspected is not UNSET:
        yield (
            f"Suspected to be removed, and no second look has confirmed it yet: {found(history.suspected)}"
        )
    numbers = [
        number for number, step in enumerate(history.revisions, start=1) if step.removal is UNSET
    ]
    if len(numbers) > 1:
        yield f"What changed, word for word: newsarchive diff {history.article_id} {numbers[-2]} {numbers[-1]}"
    else:
        yield "One revision is held: there is nothing to compare it with yet."


def told(step: HistoryStep) -> str:
    """Return a step in words: its summary, and until when it went on."""
    until = f"until {moment(step.until)}" if step.until is not UNSET else ""
    return "\n".join(filter(None, [one_line(step.summary), until]))


def found(removal: Removal) -> str:
    """Return in words what was found in an article's place."""
    where = f" to {removal.location}" if removal.location else ""
    why = f": {', '.join(removal.evidence)}" if removal.evidence else ""
    return one_line(f"{_FOUND[removal.kind]}{where} (status {removal.http_status}){why}")


def label(kind: ChangeKind) -> str:
    """Return a kind of change as people say it."""
    return kind.replace("_", " ")


def print_diff(
    console: Console, diff: Diff, *, headline: str, sides: Sequence[HistoryStep] = ()
) -> None:
    """Print a difference: what it is, fields, blocks with their words, captions.

    ``sides`` are the two steps compared; empty when they are not known.
    """
    text = Text(one_line(headline), style="bold")
    _print(console, text)
    if sides:
        _print(console, Text(" → ".join(moment(side.captured_at) for side in sides), style="dim"))
    if not diff.kinds:
        _print(console, Text("Both are the same story."))
        return
    _print(console, Text(f"{', '.join(map(label, diff.kinds))}: {one_line(diff.summary)}"))
    marked = console.color_system is None or console.no_color
    for field in diff.fields:
        _print(console, _named(field.field, _joined(pieces(field), marked=marked)))
    console.print()
    _print_blocks(console, diff.blocks, marked=marked)
    _print_blocks(console, diff.captions, marked=marked)


def _print_blocks(console: Console, blocks: Iterable[BlockChange], *, marked: bool) -> None:
    for same, group in folded(blocks):
        if same:
            _print(console, Text(unchanged(group), style="dim"))
            console.print()
            continue
        for block in group:
            text = _joined(pieces(block), marked=marked)
            if block.kind == "heading":
                text.stylize("bold")
            shown = _named("caption", text) if block.kind == "caption" else text
            _print(console, shown, _INDENT.get(block.kind, 0))
            console.print()


def folded(blocks: Iterable[BlockChange]) -> Iterator[tuple[bool, list[BlockChange]]]:
    """Yield blocks in stretches: whether they are unchanged, and which."""
    for same, group in groupby(blocks, key=lambda block: block.op == "equal"):
        yield same, list(group)


def unchanged(blocks: Sequence[BlockChange]) -> str:
    """Return what stands for unchanged blocks, such as ``… 5 paragraphs unchanged …``."""
    kinds = {block.kind for block in blocks}
    noun = kinds.pop() if len(kinds) == 1 else "block"
    return f"… {count(len(blocks), noun)} unchanged …"


def pieces(change: BlockChange | FieldChange) -> list[list[Part]]:
    """Return the stretches of words of a block or field; two parts of one stretch took each other's place."""
    if change.words:
        return [parts(words.op, words.before, words.after) for words in change.words]
    op = change.op if isinstance(change, BlockChange) else "replace"
    return [parts(op, change.before, change.after)]


def parts(op: DiffOp, before: str | None, after: str | None) -> list[Part]:
    """Return what was, and what is; one part when both are the same."""
    if op == "equal":
        return [("equal", legible(after or before or ""))]
    kept: list[Part] = []
    if before:
        kept.append(("delete", legible(before)))
    if after:
        kept.append(("insert", legible(after)))
    return kept


def _joined(stretches: Iterable[Iterable[Part]], *, marked: bool) -> Text:
    """Return words as text: old and new ones in marks, or in colours."""
    between = Text("" if marked else " ")
    drawn = (between.join(_drawn(part, marked=marked) for part in one) for one in stretches)
    return Text(" ").join(drawn)


def _drawn(part: Part, *, marked: bool) -> Text:
    op, words = part
    if marked:
        start, end = _MARKS[op]
        return Text(f"{start}{words}{end}")
    return Text(words, style=_STYLES[op])


def _named(name: str, text: Text) -> Text:
    return Text.assemble((f"{name}: ", "dim"), text)


def _print(console: Console, text: Text, indent: int = 0) -> None:
    """Print text, broken at words: the consoles of the commands break no lines."""
    width = min(console.width, LINE)
    shown = Padding(text, (0, 0, 0, indent), expand=False) if indent else text
    console.print(shown, width=width, soft_wrap=False)
