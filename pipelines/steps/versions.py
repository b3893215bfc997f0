"""Versions: an article's history, the difference of two of its revisions, and the feeds of changes."""

from collections.abc import Callable, Iterator, Mapping

from archive.connect import Archive
from archive.errors import BrokenRecord, ConfigurationError
from archive.keys import feed_key
from archive.object_store import ObjectStore
from archive.records import ArticleContent, Capture, Change, Diff, History
from archive.tombstones import taken_down
from pipelines import diff as diff_stage
from pipelines import history as history_stage
from pipelines.feeds import atom, json_feed, newest_first
from pipelines.steps.forgetting import why_absent
from pipelines.steps.objects import content_of

MOST_CHANGES = 100
"""Changes in a feed, and articles that are looked through for them."""

Feed = Callable[..., bytes]

_TRIES = 5


def history(archive: Archive, article_id: str) -> History:
    """Return the history of an article; raises :class:`ConfigurationError` when nothing is held of it."""
    name = archive.settings.publisher
    captures = archive.catalogue.captures(name, article_id, removals=True)
    if not captures:
        raise ConfigurationError(why_absent(archive, article_id))
    return history_stage.history(article_id, captures, _contents(archive.store, captures))


def diff(
    archive: Archive, article_id: str, before: str | None = None, after: str | None = None
) -> Diff:
    """Return how two revisions of an article differ; without names, the newest two of its history.

    Revisions are named as for :func:`pipelines.history.compared`, and it raises what that raises.
    """
    sides = history_stage.compared(history(archive, article_id), before, after)
    (newest, *_) = archive.catalogue.captures(archive.settings.publisher, article_id)
    one, other = (content_of(archive.store, newest, side.revision) for side in sides)
    return diff_stage.diff(one, other)


def publish_feeds(archive: Archive) -> list[str]:
    """Write the feeds of the newest changes anew; returns the keys of those that are different.

    They follow from what is held alone, so that it does not matter which run writes them.
    """
    name, store = archive.settings.publisher, archive.store
    newest = newest_first(_changes(archive))[:MOST_CHANGES]
    if not newest:
        return []
    title, updated = f"Changes in {name}", newest[0].step.captured_at
    made: dict[str, Feed] = {"changes.atom": atom, "changes.json": json_feed}
    written = []
    for file, feed in made.items():
        key = feed_key(name, file)
        url = f"s3://{store.bucket}/{key}"
        if _replace(store, key, feed(newest, feed_url=url, title=title, updated=updated)):
            written.append(key)
    if taken_down(store, name) & {one.article_id for one in newest}:
        # It was taken down meanwhile, and its headline may not stay in an older version either.
        for file in made:
            store.erase(feed_key(name, file))
        return publish_feeds(archive)
    return written


def _changes(archive: Archive) -> Iterator[Change]:
    name = archive.settings.publisher
    gone = taken_down(archive.store, name)
    for article_id in archive.catalogue.changed(name, limit=MOST_CHANGES):
        if article_id in gone:
            continue
        steps = history(archive, article_id).revisions
        headline = ""
        for before, step in zip((None, *steps), steps, strict=False):
            headline = step.headline or headline
            yield Change(
                article_id=article_id,
                publisher=name,
                headline=headline,
                url=step.url,
                step=step,
                previous=before.revision if before else None,
            )


def _contents(store: ObjectStore, captures: list[Capture]) -> Mapping[str, ArticleContent]:
    found: dict[str, ArticleContent] = {}
    for capture in captures:
        if capture.is_removal or capture.revision in found:
            continue
        try:
            found[capture.revision] = content_of(store, capture, capture.revision)
        except BrokenRecord:
            # The step says so itself.
            continue
    return found


def _replace(store: ObjectStore, key: str, content: bytes) -> bool:
    """Let an object have this content; False when it had it."""
    for _ in range(_TRIES):
        if not store.exists(key):
            if store.put_once(key, content):
                return True
            continue
        held, tag = store.get_tagged(key)
        if held == content:
            return False
        if store.replace(key, content, expected=tag) is not None:
            return True
    raise BrokenRecord(key, "others write it all the time")
