"""Rederive: read the stored pages of held revisions again with today's readers."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from pathlib import Path

from attrs import evolve

from archive.connect import Archive
from archive.errors import ArchiveError, BrokenRecord, PermanentError
from archive.records import Article, Capture, ReadAgain, RederiveReport
from archive.warc_pages import PageRecord
from pipelines.page_task import PageTask, publisher_at, read_page
from pipelines.pages.workers import Readers
from pipelines.reread import differences, report, unread
from pipelines.steps.enriching import Progress
from pipelines.steps.forgetting import taken_back
from pipelines.steps.manifests import Left, under_way
from pipelines.steps.objects import as_captured, good_pages, keep, scratch
from pipelines.store import reading_object, reason_of


def rederive(
    archive: Archive,
    *,
    run_id: str | None,
    since: date | None = None,
    until: date | None = None,
    progress: Progress | None = None,
) -> RederiveReport:
    """Read the page of every held revision of these dates again, and say what became different.

    A reading that differs is written beside the held record, under ``readings/``; nothing that is
    held is changed, and no revision is made. It may be repeated; each time, the readings stand in a
    manifest by ``run_id``. Without a run id nothing is written.
    """
    by_file = _by_file(archive, since, until)
    total = sum(map(len, by_file.values()))
    found: list[ReadAgain] = []
    written = 0
    noted: AbstractContextManager[Left] = nullcontext(Left())
    if run_id:
        noted = under_way(archive, "rederive", run_id)
    with Readers(timeout_seconds=archive.settings.page_timeout_seconds) as readers, noted as left:
        for file, captures in by_file.items():
            for capture, result in _read_file(archive, file, captures, readers):
                said, reading = _compared(archive, capture, result)
                found.append(said)
                if run_id and said.differs and reading is not None:
                    made = reading_object(reading)
                    is_new = keep(archive.store, made)
                    if not (is_new and taken_back(archive, capture.article_id, made.key)):
                        written += is_new
                        left.objects.append(archive.store.stat(made.key))
                if progress:
                    progress(len(found), total)
    return report(found, readings=written)


def _by_file(
    archive: Archive, since: date | None, until: date | None
) -> dict[str, dict[int, Capture]]:
    """Return the newest capture of each held revision, by WARC file and place in it."""
    name = archive.settings.publisher
    by_file: dict[str, dict[int, Capture]] = defaultdict(dict)
    for newest in archive.catalogue.newest(name, since=since, until=until):
        history = archive.catalogue.captures(name, newest.article_id)
        for capture in {one.revision: one for one in history}.values():
            if capture.warc is not None:
                by_file[capture.warc.file][capture.warc.offset] = capture
    return dict(sorted(by_file.items()))


def _read_file(
    archive: Archive, file: str, captures: dict[int, Capture], readers: Readers
) -> Iterator[tuple[Capture, Article | ArchiveError]]:
    """Yield each capture of a file with what today's readers make of its page."""
    publisher = publisher_at(archive.settings.publisher, archive.settings.publisher_origin)
    left = dict(captures)
    with scratch(archive.settings.home) as folder:
        pages = _pages(archive, file, folder / "pages.warc.gz")
        wanted = (page for page in pages if page.warc.offset in captures)
        tasks = (PageTask(page, publisher.name, publisher.origin) for page in wanted)
        for done in readers.map(read_page, tasks, name=lambda task: task.page.url):
            yield left.pop(done.item.page.warc.offset), done.result
    for offset, capture in left.items():
        yield capture, BrokenRecord(file, f"no page at {offset}")


def _pages(archive: Archive, file: str, path: Path) -> Iterator[PageRecord]:
    """Yield the pages of a WARC file that can be read; none when it is gone."""
    try:
        archive.store.download(file, path)
    except KeyError:
        return
    yield from good_pages(path, file)


def _compared(
    archive: Archive, capture: Capture, result: Article | ArchiveError
) -> tuple[ReadAgain, Article | None]:
    """Return what is said of a page read again, and its reading; None when one of the two is missing."""
    try:
        held = as_captured(archive, capture)
    except BrokenRecord as error:
        return unread(capture, reason_of(error)), None
    if isinstance(result, Article):
        reading = evolve(
            result,
            article_id=held.article_id,
            revision=held.revision,
            first_seen_at=held.first_seen_at,
        )
        return differences(held, reading), reading
    if not isinstance(result, PermanentError):
        raise result
    return unread(capture, reason_of(result), headline=held.headline), None
