"""Exports in tests: of an archive with some days and versions, into a folder of the test's own."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from archive.codec import decode
from archive.connect import Archive
from archive.records import Article, Export, ExportReport, ExportRequest
from pipelines import steps
from pipelines.steps import ExportPlan
from tests.pipelines.support import PUBLISHER

NOW = datetime(2026, 3, 5, tzinfo=UTC)


def export(archive: Archive, folder: Path, kind: str, **asked: Any) -> ExportReport:
    """Export what is asked for; ``name``, ``now`` and ``progress`` are the plan's."""
    plan = {word: asked.pop(word) for word in ("name", "now", "progress") if word in asked}
    request = ExportRequest(format=kind, publisher=PUBLISHER, **asked)  # type: ignore[arg-type]
    return steps.export(archive, ExportPlan(request=request, folder=folder, **{"now": NOW, **plan}))


def notes(folder: Path) -> Export:
    return decode((folder / "export.json").read_bytes(), Export)


def files(folder: Path) -> dict[str, bytes]:
    """The content of every file of an export but its notes, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "export.json"
    }


def shown(archive: Archive, **dates: date) -> list[Article]:
    """What ``newsarchive articles --format jsonl`` prints."""
    return [steps.article(archive, one) for one in archive.catalogue.newest(PUBLISHER, **dates)]
