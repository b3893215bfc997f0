"""Normalise, compare and store: one WARC file of a run at a time."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from archive.codec import encode_lines
from archive.connect import Archive
from archive.errors import BrokenRecord, NotAnArticle, PermanentError
from archive.keys import outcomes_key
from archive.records import (
    Article,
    ArticleContent,
    ChangeKind,
    Outcome,
    OutcomeKind,
    Quarantined,
    Removal,
    Seen,
)
from archive.tombstones import TAKEN_DOWN, taken_down
from archive.warc_pages import PageRecord
from pipelines.compare import after, compare, split
from pipelines.diff import diff
from pipelines.duplicates import sketch
from pipelines.health import filled
from pipelines.page_task import PageTask, publisher_at, read_page
from pipelines.pages.workers import Readers
from pipelines.removal import (
    capture_of,
    compare_removal,
    removal_in,
    removal_of,
    tombstone_of,
)
from pipelines.steps.keeping_out import keep_out
from pipelines.steps.objects import claim, content_of, good_pages, keep, scratch
from pipelines.store import article_object, quarantine_object, reason_of
from publishers.page_state import NO_ARTICLE
from publishers.spec import Publisher

logger = logging.getLogger(__name__)

_OK = 200
_NOARCHIVE = "noarchive"


def normalise_warc(
    archive: Archive, run_id: str, warc_key: str, *, readers: Readers | None = None
) -> str:
    """Read the articles in a WARC file and store them; returns the key of its outcomes.

    A page that can't be read is set aside with the reason, and the others go on. Returns at once
    when the outcomes are there already. Of an article that was taken down nothing is kept, nor left in
    the file. ``readers`` are for whoever reads many files and keeps them
    for all; None starts some for this one.
    """
    key = outcomes_key(warc_key)
    if not archive.store.exists(key):
        archive.store.put_once(key, _outcomes(archive, run_id, warc_key, readers))
    keep_out(archive, run_id, warc_key)
    return key


def _outcomes(archive: Archive, run_id: str, warc_key: str, readers: Readers | None) -> bytes:
    publisher = publisher_at(warc_key.split("/", 1)[0], archive.settings.publisher_origin)
    reading = _Warc(archive, publisher, run_id, warc_key)
    with scratch(archive.settings.home) as folder:
        path = folder / "pages.warc.gz"
        try:
            archive.store.download(warc_key, path)
        except KeyError as error:
            raise BrokenRecord(warc_key, "it is not in the bucket") from error
        with _readers(archive, readers) as pool:
            return encode_lines(reading.without_late(list(reading.outcomes(path, pool))))


class _Warc:
    """One WARC file on its way through the stages."""

    def __init__(self, archive: Archive, publisher: Publisher, run_id: str, key: str) -> None:
        self._archive = archive
        self._publisher = publisher
        self._run_id = run_id
        self._key = key
        self._name = Path(key).name.removesuffix(".warc.gz").removeprefix(f"{run_id}-")
        self._seen: dict[str, Seen | None] = {}
        self._answers: list[PageRecord] = []
        self._taken_down = taken_down(archive.store, publisher.name)

    def outcomes(self, path: Path, readers: Readers) -> Iterator[Outcome]:
        """Yield the outcome of each article page, in the order in which they were captured."""
        for done in readers.map(read_page, self._tasks(path), name=lambda task: task.page.url):
            page, result = done.item.page, done.result
            article_id = self._publisher.article_id(page.url) or ""
            if article_id in self._taken_down:
                yield self._left_out(article_id)
            elif isinstance(result, Article):
                yield self._kept(result)
            elif isinstance(result, PermanentError):
                yield self._gone(page, result) or self._set_aside(page, result)
            else:
                raise result
        for page in self._answers:
            removal = removal_of(page, self._publisher)
            if removal and (outcome := self._removed(page, removal)):
                yield outcome

    def without_late(self, outcomes: list[Outcome]) -> list[Outcome]:
        """Return outcomes without what was read of articles that were taken down meanwhile; that is erased again."""
        late = taken_down(self._archive.store, self._publisher.name) - self._taken_down
        for one in outcomes:
            if one.kept and one.article_id in late:
                self._archive.store.erase(one.kept.key)
        return [
            self._left_out(one.article_id) if one.article_id in late else one for one in outcomes
        ]

    def _left_out(self, article_id: str) -> Outcome:
        return Outcome(article_id=article_id, outcome="skipped", reason=TAKEN_DOWN)

    def _tasks(self, path: Path) -> Iterator[PageTask]:
        for page in self._pages(path):
            if not self._publisher.article_id(page.url):
                continue
            if page.http_status == _OK:
                yield PageTask(page, self._publisher.name, self._publisher.origin)
            else:
                self._answers.append(page)

    def _pages(self, path: Path) -> Iterator[PageRecord]:
        numbers = count()

        def broken(error: BrokenRecord) -> None:
            self._quarantine(None, error, f"broken-{next(numbers)}")

        return good_pages(path, self._key, broken)

    def _gone(self, page: PageRecord, error: PermanentError) -> Outcome | None:
        removal = removal_in(page, error) if isinstance(error, NotAnArticle) else None
        return self._removed(page, removal) if removal else None

    def _removed(self, page: PageRecord, removal: Removal) -> Outcome | None:
        """Keep that a held article is gone. None for one of which nothing is held: it was never there."""
        capture = capture_of(removal, page, self._publisher, self._run_id)
        seen = self._seen_before(capture.article_id)
        if seen is None:
            return None
        outcome, reason = compare_removal(removal, seen, self._run_id)
        kept = claim(self._archive.store, article_object(tombstone_of(capture)))
        self._seen[capture.article_id] = after(seen, capture)
        kinds: tuple[ChangeKind, ...] = ("removed",) if outcome == "archived" else ()
        return Outcome(
            article_id=capture.article_id,
            outcome=outcome,
            reason=reason,
            capture=capture,
            kinds=kinds,
            kept=kept,
        )

    def _kept(self, article: Article) -> Outcome:
        content, capture = split(article, self._run_id)
        seen = self._seen_before(article.article_id)
        outcome, reason = compare(content, seen)
        is_held = seen is not None and content.revision in seen.revisions
        kept = None if is_held else claim(self._archive.store, article_object(content))
        self._seen[article.article_id] = after(seen, capture)
        return Outcome(
            article_id=article.article_id,
            outcome=outcome,
            reason=reason,
            capture=capture,
            kinds=self._kinds(content, seen, reason) if outcome == "archived" else (),
            sketch=None if is_held else sketch(content),
            filled=filled(article),
            kept=kept,
        )

    def _kinds(
        self, content: ArticleContent, seen: Seen | None, reason: str
    ) -> tuple[ChangeKind, ...]:
        if seen is None:
            return ("first",)
        restored: tuple[ChangeKind, ...] = ("restored",) if reason == "restored" else ()
        try:
            before = content_of(self._archive.store, content, seen.latest_revision)
        except BrokenRecord:
            logger.exception("revision %s of %s is lost", seen.latest_revision, content.article_id)
            return restored
        return (*diff(before, content).kinds, *restored)

    def _seen_before(self, article_id: str) -> Seen | None:
        # As of before this run, and then as of the captures before this one.
        if article_id not in self._seen:
            found = self._archive.catalogue.seen(self._publisher.name, [article_id])
            self._seen[article_id] = found.get(article_id)
        return self._seen[article_id]

    def _set_aside(self, page: PageRecord, error: PermanentError) -> Outcome:
        self._quarantine(page, error, str(page.warc.offset))
        article_id = self._publisher.article_id(page.url) or ""
        outcome, reason = _verdict(error)
        return Outcome(article_id=article_id, outcome=outcome, reason=reason)

    def _quarantine(self, page: PageRecord | None, error: PermanentError, name: str) -> None:
        item = Quarantined(
            stage="normalise",
            run_id=self._run_id,
            article_id=self._publisher.article_id(page.url) if page else None,
            url=page.url if page else None,
            reason=reason_of(error),
            warc_file=self._key,
            warc_offset=page.warc.offset if page else None,
        )
        made = quarantine_object(self._publisher.name, item, f"{self._name}-{name}")
        keep(self._archive.store, made)
        # A video among the links is no surprise; a page that can't be read is.
        level = logging.INFO if isinstance(error, NotAnArticle) else logging.WARNING
        logger.log(level, "set aside %s: %s", made.key, item.reason)


def _verdict(error: PermanentError) -> tuple[OutcomeKind, str]:
    """Return outcome and reason of a page that gave no article, as the crawl's books have them."""
    if not isinstance(error, NotAnArticle):
        return "failed", "unreadable_page"
    if error.reason in NO_ARTICLE:
        return "skipped", f"not_an_article_{error.reason}"
    return ("skipped" if error.reason == _NOARCHIVE else "failed"), error.reason


@contextmanager
def _readers(archive: Archive, readers: Readers | None) -> Iterator[Readers]:
    if readers is not None:
        yield readers
        return
    with Readers(timeout_seconds=archive.settings.page_timeout_seconds) as own:
        yield own
