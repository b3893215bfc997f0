"""Exported files read back, by pyarrow and csv, as a stranger would by what docs/export.md says."""

import csv
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq

from archive.records import Article

LISTS = {
    *("authors", "sections", "keywords", "corrections", "aliases", "access_evidence"),
    *("date_conflicts", "image_urls", "image_captions", "image_credits"),
}
INSTANTS = {"date_published", "date_modified", "first_seen_at", "captured_at", "removed_at"}


def from_parquet(path: Path) -> list[Article]:
    rows = pq.read_table(path).to_pylist()
    return [msgspec.convert(_row(row), Article, strict=False) for row in rows]


def _row(row: dict[str, Any]) -> dict[str, Any]:
    body = [{k: v for k, v in one.items() if v is not None} for one in row["body"]]
    return {**row, "body": body, "provenance": dict(row["provenance"])}


def from_csv(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [{k: _value(k, v) for k, v in row.items()} for row in csv.DictReader(file)]


def plain(cell: str) -> str:
    """The text of a cell: without the apostrophe that keeps it from being computed."""
    return cell[1:] if re.match(r"'+[=+\-@\t\r\n＝＋－＠]", cell) else cell  # noqa: RUF001


def parted(cell: str) -> list[str]:
    """The values of a cell that is a list."""
    return [re.sub(r"\\(.)", r"\1", value) for value in cell.split(" | ")] if cell else []


def _value(name: str, cell: str) -> Any:
    if name in INSTANTS:
        return datetime.fromisoformat(cell) if cell else None
    return parted(plain(cell)) if name in LISTS else plain(cell)
