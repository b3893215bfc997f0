"""Enrich: whatever on one New Zealand date lacks an annotation."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from archive.connect import Archive
from archive.errors import PermanentError
from archive.keys import enrichment_key
from archive.records import Annotated, Capture, EnrichReport, ObjectEntry, Quarantined
from archive.tombstones import TAKEN_DOWN, taken_down
from pipelines.annotators import Annotator, get, tag
from pipelines.enrich import enrich as enrich_stage
from pipelines.steps.forgetting import taken_back
from pipelines.steps.manifests import under_way
from pipelines.steps.objects import claim, source_of_text
from pipelines.store import annotation_object, quarantine_object, reason_of

logger = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Told how many articles are done, of how many."""


def enrich(
    archive: Archive,
    day: date,
    annotators: Sequence[str],
    *,
    run_id: str,
    progress: Progress | None = None,
) -> EnrichReport:
    """Annotate the newest revision of each article of a date; returns what was done.

    An article that an annotator can't do is set aside with the reason, and the others go on. What is
    written stands in a manifest, by ``run_id``, before the catalogue knows of it.
    """
    publisher = archive.settings.publisher
    captures = archive.catalogue.on_day(publisher, day)
    work = [get(name) for name in dict.fromkeys(annotators)]
    words: dict[str, list[str]] = {}
    with under_way(archive, f"enrich-{day}", run_id) as left:
        for annotator in work:
            name = tag(annotator)
            words[name] = said = []
            for word in _annotate_all(archive, annotator, captures, left.objects):
                said.append(word)
                if progress:
                    progress(sum(map(len, words.values())), len(work) * len(captures))
            pairs = zip(captures, said, strict=True)
            left.annotated.extend(
                _done(name, capture) for capture, word in pairs if word in {"annotated", "already"}
            )
    for name in words:
        done = [one for one in left.annotated if one.annotator == name]
        noted = [(one.article_id, one.revision) for one in done]
        archive.catalogue.note_annotated(publisher, name, noted)
    for article_id in taken_down(archive.store, publisher) & {one.article_id for one in captures}:
        archive.catalogue.forget(publisher, article_id)
    counts = Counter(word for said in words.values() for word in said)
    return EnrichReport(
        day=day,
        articles=len(captures) * len(work) - counts[TAKEN_DOWN],
        annotated=counts["annotated"],
        already=counts["already"],
        failed=counts["failed"],
    )


def _done(annotator: str, capture: Capture) -> Annotated:
    return Annotated(annotator=annotator, article_id=capture.article_id, revision=capture.revision)


def _annotate_all(
    archive: Archive, annotator: Annotator, captures: Sequence[Capture], left: list[ObjectEntry]
) -> Iterator[str]:
    ids = [capture.article_id for capture in captures]
    done = archive.catalogue.annotated(archive.settings.publisher, tag(annotator), ids)
    for capture in captures:
        is_done = capture.article_id in done
        yield "already" if is_done else _annotate(archive, annotator, capture, left)


def _annotate(
    archive: Archive, annotator: Annotator, capture: Capture, left: list[ObjectEntry]
) -> str:
    try:
        # Its spans are places in the text that is shown, which may be an earlier revision's.
        article = source_of_text(archive, capture)
        name = tag(annotator)
        key = enrichment_key(capture.publisher, name, capture.article_id, article.revision)
        # There, but not noted: the catalogue was lost, or the task before this one was killed.
        if archive.store.exists(key):
            left.append(archive.store.stat(key))
            return "already"
        annotation = enrich_stage(article, annotator)
    except PermanentError as error:
        left.append(_set_aside(archive, annotator, capture, error))
        return "failed"
    entry = claim(archive.store, annotation_object(capture.publisher, annotation))
    if taken_back(archive, capture.article_id, entry.key):
        return TAKEN_DOWN
    left.append(entry)
    return "annotated"


def _set_aside(
    archive: Archive, annotator: Annotator, capture: Capture, error: PermanentError
) -> ObjectEntry:
    item = Quarantined(
        stage="enrich",
        run_id=capture.run_id,
        article_id=capture.article_id,
        url=capture.url,
        reason=reason_of(error),
    )
    name = f"{tag(annotator)}-{capture.article_id}"
    made = quarantine_object(capture.publisher, item, name)
    logger.warning("set aside %s: %s", made.key, item.reason)
    return claim(archive.store, made)
