"""Which articles an export is of, and what stands for them."""

from collections.abc import Callable, Iterator
from datetime import date
from hashlib import sha256
from typing import TypeVar

from archive.codec import encode
from archive.connect import Archive
from archive.errors import BrokenRecord, ConfigurationError
from archive.records import Article, Capture, ExportRequest, Unexported
from archive.version import own_version
from pipelines.export import is_in_section
from pipelines.steps.forgetting import why_absent
from pipelines.steps.objects import article, as_captured

Made = TypeVar("Made")


def require_held(archive: Archive, request: ExportRequest) -> None:
    """Raise :class:`ConfigurationError` when an article that is asked for by name is not held."""
    held = archive.catalogue.seen(request.publisher, request.article_ids)
    for article_id in request.article_ids:
        if article_id not in held:
            raise ConfigurationError(why_absent(archive, article_id))


def chosen_days(archive: Archive, request: ExportRequest) -> list[date]:
    """Return the dates that may hold articles of an export, in order."""
    return archive.catalogue.days(request.publisher, since=request.since, until=request.until)


def chosen_on(archive: Archive, request: ExportRequest, day: date) -> list[Capture]:
    """Return the newest capture of each article of an export that belongs to a date, by id."""
    only = request.article_ids or None
    found = archive.catalogue.newest(request.publisher, since=day, until=day, only=only)
    section = request.section
    return [capture for capture in found if not section or is_in_section(section, capture)]


def history_of(archive: Archive, capture: Capture) -> list[Capture]:
    """Return every capture of the same article by time, removals too: what all said of it follows from."""
    return archive.catalogue.captures(capture.publisher, capture.article_id, removals=True)


def basis(archive: Archive, captures: list[Capture]) -> str:
    """Return a digest of all that the records of these articles are made from, and what makes them."""
    digest = sha256(own_version().encode())
    for capture in captures:
        digest.update(encode(history_of(archive, capture)))
    return digest.hexdigest()


def what_is_known(archive: Archive, request: ExportRequest) -> set[str]:
    """Return the runs that the catalogue has taken in, and the takedowns that it has carried out."""
    catalogue, publisher = archive.catalogue, request.publisher
    return catalogue.run_ids(publisher) | catalogue.takedowns(publisher)


def while_still(state: Callable[[], object], make: Callable[[], Made]) -> Made:
    """Return what is made while ``state`` stays the same: again and again, until it does.

    An article that moves to another day while all days are gone through would be in none, or in two.
    """
    while True:
        before = state()
        made = make()
        if state() == before:
            return made


def records_of(
    archive: Archive, request: ExportRequest, captures: list[Capture], failed: list[Unexported]
) -> Iterator[Article]:
    """Yield the records of these articles; what can't be read is added to ``failed``, and the others go on.

    With every revision, each as it was captured last, the oldest first; else the one that is shown.
    """
    for capture in captures:
        for one in _revisions(archive, capture) if request.every_revision else [capture]:
            read = as_captured if request.every_revision else article
            try:
                yield read(archive, one)
            except BrokenRecord as error:
                failed.append(unexported(capture.article_id, error))


def unexported(article_id: str | None, error: BrokenRecord) -> Unexported:
    """Return what is said of something that can't be read."""
    return Unexported(article_id=article_id, key=error.about, reason=error.reason)


def _revisions(archive: Archive, capture: Capture) -> list[Capture]:
    history = history_of(archive, capture)
    return list({one.revision: one for one in history if not one.is_removal}.values())
