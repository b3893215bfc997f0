"""What was measured as tables in Markdown, and the place in the documents where they stand."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from benchmarks.extraction_scores import Scores

Row = dict[str, Any]

DOCS = Path(__file__).resolve().parents[1] / "docs"

COLUMNS = {
    "F1": "body F1",
    "paraF1": "paragraphs F1",
    "bad": "gross failures",
    "leak": "caption leak",
    "title": "title exact",
    "day": "day exact",
    "sec": "instant exact",
    "auth": "authors exact",
    "tagF1": "tags F1",
    "lead": "lead picture",
}
"""The columns of the documents, by the yardstick's name."""

_MAY_BE_ABSENT = {"title", "day", "sec", "auth", "tagF1", "lead"}
_COMPARED = ("F1", "paraF1", "title", "sec", "auth")
_NORMAL_95 = 1.96
"""Standard deviations in half of a 95 % interval."""


@frozen
class Measured:
    """One run: the records of each system, and what they were found to be worth."""

    versions: dict[str, str]
    """By system."""

    records: dict[str, list[Row]]
    """By system, a record a page."""

    scores: Scores
    """On all pages that were read."""

    parts: dict[str, Scores]
    """On some of them, by what they are."""

    absent: dict[str, str]
    """Systems that were not measured, each with its reason."""

    def pages_per_second(self, system: str) -> float:
        """Return how many pages it read in a CPU second; of fundus, pages it has a parser for."""
        read = [row for row in self.records[system] if row.get("known", True)]
        seconds = sum(row["seconds"] for row in read)
        return len(read) / seconds if seconds else 0.0

    def errors(self, system: str) -> int:
        """Return how many pages it failed on, or took too long for."""
        return sum("error" in row for row in self.records[system])

    def half_interval(self, system: str, column: str) -> float:
        """Return half of the 95 % interval of a mean; publishers were resampled, not pages."""
        return _NORMAL_95 * self.scores.deviation[system].get(column, 0.0)


def told(scores: Scores, system: str, column: str) -> float | None:
    """Return a mean. None where there is no gold, or where the system never told such a thing."""
    mean = scores.mean[system].get(column)
    return None if mean == 0.0 and column in _MAY_BE_ABSENT else mean


def whole_table(measured: Measured) -> str:
    """Return all columns for all systems, with half of the 95 % interval for the body."""
    header = ["system", *COLUMNS.values(), "errors", "pages per CPU second"]
    rows = []
    for system, version in measured.versions.items():
        half = measured.half_interval(system, "F1")
        cells = [_cell(told(measured.scores, system, column)) for column in COLUMNS]
        cells[0] += f" ± {half:.3f}" if half else ""
        last = [str(measured.errors(system)), f"{measured.pages_per_second(system):.1f}"]
        rows.append([f"{system} {version}", *cells, *last])
    return _table(header, rows)


def part_table(scores: Scores) -> str:
    """Return the columns of some of the pages."""
    columns = [column for column in COLUMNS if column in next(iter(scores.mean.values()))]
    rows = [[s, *(_cell(told(scores, s, column)) for column in columns)] for s in scores.mean]
    return _table(["system", *(COLUMNS[column] for column in columns)], rows)


def ahead_table(scores: Scores) -> str:
    """Return by how much we are ahead of each peer, with the 95 % interval of the difference."""
    rows = [
        [system, *("{:+.3f} [{:+.3f}, {:+.3f}]".format(*found[c]) for c in _COMPARED if c in found)]
        for system, found in scores.ahead.items()
    ]
    return _table(["ahead of", *(COLUMNS[column] for column in _COMPARED)], rows)


def document(measured: Measured, plot: Path) -> str:
    """Return the part of ``docs/benchmarks.md`` that a run writes."""
    if len(measured.versions) == 1:
        return whole_table(measured)
    parts = [f"![Body F1 against pages per CPU second, and the other columns]({plot})"]
    parts += [whole_table(measured), ahead_table(measured.scores)]
    for name, scores in measured.parts.items():
        parts += [f"{name[0].upper()}{name[1:]} ({scores.pages} pages):", part_table(scores)]
    parts.append(
        "Not measured: " + "; ".join(f"{n} ({why})" for n, why in measured.absent.items()) + "."
    )
    return "\n\n".join(parts)


def write_between(marker: str, text: str, file: Path = DOCS / "benchmarks.md") -> None:
    """Replace what stands between the two comments that bear this marker."""
    begin, end = f"<!-- {marker}: begin -->", f"<!-- {marker}: end -->"
    before, rest = file.read_text(encoding="utf-8").split(begin)
    after = rest.split(end)[1]
    file.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")


def as_json(measured: Measured) -> Mapping[str, Any]:
    """Return the whole run without the pages' text."""
    return {
        "pages": measured.scores.pages,
        "systems": {
            system: {
                "version": version,
                "mean": measured.scores.mean[system],
                "deviation": measured.scores.deviation[system],
                "pages_per_cpu_second": measured.pages_per_second(system),
                "errors": measured.errors(system),
                "network": sum(row.get("network", 0) for row in measured.records[system]),
                "detail": measured.scores.detail[system],
            }
            for system, version in measured.versions.items()
        },
        "ahead": measured.scores.ahead,
        "parts": {name: {"pages": s.pages, "mean": s.mean} for name, s in measured.parts.items()},
        "absent": measured.absent,
    }


def _cell(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
