"""Enrich: whatever on one New Zealand date lacks an annotation."""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from archive.connect import Archive
from archive.errors import PermanentError
from archive.keys import enrichment_key
from archive.records import Capture, EnrichReport, Quarantined
from pipelines.annotators import Annotator, get, tag
from pipelines.enrich import enrich as enrich_stage
from pipelines.steps.objects import keep, source_of_text
from pipelines.store import annotation_object, quarantine_object, reason_of

logger = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Told how many articles are done, of how many."""


def enrich(
    archive: Archive, day: date, annotators: Sequence[str], progress: Progress | None = None
) -> EnrichReport:
    """Annotate the newest revision of each article of a date; returns what was done.

    An article that an annotator can't do is set aside with the reason, and the others go on.
    """
    captures = archive.catalogue.on_day(archive.settings.publisher, day)
    work = [get(name) for name in dict.fromkeys(annotators)]
    counts = {"annotated": 0, "already": 0, "failed": 0}
    for turn, annotator in enumerate(work):
        for number, word in enumerate(_annotate_all(archive, annotator, captures), start=1):
            counts[word] += 1
            if progress:
                progress(turn * len(captures) + number, len(work) * len(captures))
    return EnrichReport(day=day, articles=len(captures) * len(work), **counts)


def _annotate_all(
    archive: Archive, annotator: Annotator, captures: Sequence[Capture]
) -> Iterator[str]:
    publisher = archive.settings.publisher
    ids = [capture.article_id for capture in captures]
    done = archive.catalogue.annotated(publisher, tag(annotator), ids)
    noted: list[tuple[str, str]] = []
    for capture in captures:
        word = "already"
        if capture.article_id not in done:
            word = _annotate(archive, annotator, capture)
            if word != "failed":
                noted.append((capture.article_id, capture.revision))
        yield word
    archive.catalogue.note_annotated(publisher, tag(annotator), noted)


def _annotate(archive: Archive, annotator: Annotator, capture: Capture) -> str:
    try:
        # Its spans are places in the text that is shown, which may be an earlier revision's.
        article = source_of_text(archive, capture)
        name = tag(annotator)
        key = enrichment_key(capture.publisher, name, capture.article_id, article.revision)
        # There, but not noted: the catalogue was lost, or the task before this one was killed.
        if archive.store.exists(key):
            return "already"
        annotation = enrich_stage(article, annotator)
    except PermanentError as error:
        _set_aside(archive, annotator, capture, error)
        return "failed"
    keep(archive.store, annotation_object(capture.publisher, annotation))
    return "annotated"


def _set_aside(
    archive: Archive, annotator: Annotator, capture: Capture, error: PermanentError
) -> None:
    item = Quarantined(
        stage="enrich",
        run_id=capture.run_id,
        article_id=capture.article_id,
        url=capture.url,
        reason=reason_of(error),
    )
    name = f"{tag(annotator)}-{capture.article_id}"
    made = quarantine_object(capture.publisher, item, name)
    keep(archive.store, made)
    logger.warning("set aside %s: %s", made.key, item.reason)
