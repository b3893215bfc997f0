"""Export: what is held, or a part of it, into a folder that others read without us."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path

from attrs import frozen

from archive.connect import Archive
from archive.records import (
    Article,
    Capture,
    Export,
    ExportedFile,
    ExportReport,
    ExportRequest,
    Unexported,
)
from pipelines.export import RECORD_FORMATS
from pipelines.steps.bagging import write_bag
from pipelines.steps.choosing import (
    basis,
    chosen_days,
    chosen_on,
    records_of,
    require_held,
    what_is_known,
    while_still,
)
from pipelines.steps.export_folder import ExportFolder, alone_in
from pipelines.steps.packing import write_wacz
from pipelines.steps.reading_manifests import Progress
from pipelines.steps.uploading import require_free, upload

Maker = Callable[[Archive, ExportFolder, Progress], None]


@frozen(kw_only=True)
class ExportPlan:
    """How an export is made."""

    request: ExportRequest
    """What it is to hold."""

    folder: Path
    """Where it is written."""

    now: datetime
    """The present: when it is begun, if it was not."""

    name: str | None = None
    """Puts it into the bucket, too, below ``exports/<name>/``. None does not."""

    progress: Progress = lambda *_: None
    """Told of the progress."""


def export(archive: Archive, plan: ExportPlan) -> ExportReport:
    """Write what is asked for into a folder; returns what was done.

    It may be repeated: what is whole and would be made the same stays, so that an export that was
    killed goes on, and one of an archive that has grown is brought up to date. Raises
    :class:`ConfigurationError` when the folder, or the name, holds anything else, and for an article
    that is not held; :class:`RunUnderWay` while another export writes into the folder.
    """
    require_held(archive, plan.request)
    if plan.name is not None:
        require_free(archive.store, plan.request, plan.name)
    with alone_in(plan.folder):
        place = ExportFolder(plan.folder, plan.request, now=plan.now)
        _maker(plan.request)(archive, place, plan.progress)
        done = place.finish()
        uploaded: tuple[str, ...] = ()
        if plan.name is not None:
            uploaded = upload(archive.store, done, plan.folder, plan.name, plan.progress)
    return _report(done, place, uploaded)


def _maker(request: ExportRequest) -> Maker:
    return {"wacz": write_wacz, "bagit": write_bag}.get(request.format, _write_records)


def _write_records(archive: Archive, place: ExportFolder, progress: Progress) -> None:
    known = partial(what_is_known, archive, place.request)
    while_still(known, partial(_write_days, archive, place, progress))


def _write_days(archive: Archive, place: ExportFolder, progress: Progress) -> None:
    """Write a file for each day that is not whole yet."""
    place.files.clear()
    days = chosen_days(archive, place.request)
    for number, day in enumerate(days, start=1):
        captures = chosen_on(archive, place.request, day)
        if captures:
            _write_day(archive, place, day, captures)
        progress("days", number, len(days))


def _write_day(archive: Archive, place: ExportFolder, day: date, captures: list[Capture]) -> None:
    form = RECORD_FORMATS[place.request.format]
    name, stamp = f"{day}{form.ending}", basis(archive, captures)
    if place.keeps(name, stamp):
        return
    failed: list[Unexported] = []
    ids: list[str] = []

    def noted(article: Article) -> Article:
        ids.append(article.article_id)
        return article

    records = records_of(archive, place.request, captures, failed)
    entry = place.write(name, form.encode(map(noted, records)))
    place.note(
        ExportedFile(
            name=name,
            size=entry.size,
            sha256=entry.sha256,
            records=len(ids),
            basis=stamp,
            articles=tuple(dict.fromkeys(ids)),
            failed=tuple(failed),
        )
    )


def _report(done: Export, place: ExportFolder, uploaded: tuple[str, ...]) -> ExportReport:
    files = done.files
    return ExportReport(
        format=done.request.format,
        folder=str(place.folder),
        # Of a bag the objects: what describes them is written each time.
        files=place.payload_files or len(files),
        written=place.written,
        articles=len({article for one in files for article in one.articles}),
        records=sum(one.records for one in files),
        bytes=sum(one.size for one in files) + place.payload_bytes,
        failed=tuple(failed for one in files for failed in one.failed),
        uploaded=uploaded,
    )
