"""History: the captures of an article as a sequence of steps, each with what kind of change it was."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from attrs import evolve
from msgspec import UNSET

from archive.errors import ConfigurationError
from archive.records import (
    ArticleContent,
    Capture,
    ChangeKind,
    History,
    HistoryStep,
    Removal,
)
from archive.sequence import Look, Step, sequence_of
from pipelines.diff import diff

Contents = Mapping[str, ArticleContent]
"""The content of each revision, by revision; one that is lost is absent."""

LOST = "its object is not in the bucket: newsarchive verify"
"""Summary of a step whose difference can't be told."""

LEAST_OF_A_NAME = 4
"""Characters from which on a text may be the beginning of a revision's name; fewer are a number."""


def history(article_id: str, captures: Iterable[Capture], contents: Contents) -> History:
    """Return an article's history: the same whatever order its captures come in.

    A page that goes back and forth between revisions that stood before is told as one step.
    """
    by_look = {_look(capture): capture for capture in captures}
    sequence = sequence_of(by_look)
    told: list[HistoryStep] = []
    standing: str | None = None
    for is_return, group in groupby(sequence.steps, key=lambda step: step.kind == "return"):
        steps = list(group)
        for step in steps[:1] if is_return else steps:
            told.append(_told(step, by_look[step.look], standing, contents))
            standing = standing if step.kind == "removed" else step.look.revision
        if is_return:
            told[-1] = _as_one(told[-1], steps, by_look)
            standing = steps[-1].look.revision
    gone = sequence.gone[-1] if sequence.gone and not sequence.is_removed else None
    suspected = by_look[gone].removal if gone else UNSET
    return History(article_id=article_id, revisions=tuple(told), suspected=suspected)


def compared(
    history: History, before: str | None = None, after: str | None = None
) -> tuple[HistoryStep, HistoryStep]:
    """Return the two steps that are asked for, each by its number, from 1, or by how its revision begins.

    None for the later one means the last that stood; for both, the last two. Raises
    :class:`ConfigurationError` for one that is not there or has no text.
    """
    stood = [step for step in history.revisions if step.removal is UNSET]
    if before is None and len(stood) < 2:  # noqa: PLR2004 - two are compared
        message = f"{history.article_id} has one revision only; there is nothing to compare it with"
        raise ConfigurationError(message)
    first = _named(history, before) if before else stood[-2]
    return first, _named(history, after) if after else stood[-1]


def _named(history: History, text: str) -> HistoryStep:
    """Return the step of this number, else the last one whose revision begins so."""
    known = history.revisions
    if text.isdecimal() and 1 <= int(text) <= len(known):
        named = [known[int(text) - 1]]
    elif len(text) >= LEAST_OF_A_NAME:
        named = [step for step in known if step.revision.startswith(text.lower())]
    else:
        named = []
    named = [step for step in named if step.removal is UNSET]
    if len({step.revision for step in named}) != 1:
        problem = "more than one revision is" if named else "no revision with a text is"
        listed = f"newsarchive history {history.article_id}"
        message = f"{problem} called {text}; their numbers and names: {listed}"
        raise ConfigurationError(message)
    return named[-1]


def _look(capture: Capture) -> Look:
    return Look(
        captured_at=capture.captured_at,
        run_id=capture.run_id,
        revision=capture.revision,
        access=capture.access,
        removed=capture.is_removal,
    )


def _told(step: Step, capture: Capture, standing: str | None, contents: Contents) -> HistoryStep:
    content = contents.get(capture.revision)
    kinds, summary = _change(step, contents.get(standing or ""), content)
    if isinstance(capture.removal, Removal):
        summary = found(capture.removal)
    return HistoryStep(
        revision=capture.revision,
        captured_at=capture.captured_at,
        kinds=kinds,
        summary=summary,
        run_id=capture.run_id,
        headline=content.headline if content else None,
        url=capture.url,
        removal=capture.removal,
    )


def _change(
    step: Step, before: ArticleContent | None, after: ArticleContent | None
) -> tuple[tuple[ChangeKind, ...], str]:
    if step.kind == "removed":
        return ("removed",), ""
    if step.kind == "first":
        return ("first",), "first capture"
    restored: tuple[ChangeKind, ...] = ("restored",) if step.kind == "restored" else ()
    if before is None or after is None:
        return restored, LOST
    change = diff(before, after)
    words = "there again" if restored else ""
    return (*change.kinds, *restored), "; ".join(filter(None, [words, change.summary]))


def _as_one(
    told: HistoryStep, steps: Sequence[Step], captures: Mapping[Look, Capture]
) -> HistoryStep:
    """Return the first of several returns in a row as a step that stands for them all."""
    newest = captures[steps[-1].look]
    number = len(steps)
    if number == 1:
        return evolve(told, returns=1, summary=f"back to an earlier revision: {told.summary}")
    words = f"back and forth between earlier revisions, {number} times: {told.summary}"
    until, revision = newest.captured_at, newest.revision
    return evolve(told, revision=revision, returns=number, until=until, summary=words)


def found(removal: Removal) -> str:
    """Return in words what stood in an article's place."""
    match removal.kind:
        case "redirected":
            return f"its address leads to {removal.location} now"
        case "soft_404":
            return f"its address shows another page ({', '.join(removal.evidence)})"
        case _:
            return f"its address answers {removal.http_status}"
