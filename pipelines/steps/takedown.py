"""Take down: remove an article for a legal reason, and leave a tombstone that says so."""

import logging
from collections.abc import Callable
from datetime import datetime

from attrs import evolve, frozen

from archive.codec import decode, encode
from archive.connect import Archive, open_replica
from archive.errors import (
    BrokenRecord,
    ConfigurationError,
    FailedError,
    KeyConflict,
    PermanentError,
    RunUnderWay,
)
from archive.keys import captures_key, lease_key, outcomes_key, takedown_key
from archive.object_store import ObjectStore
from archive.records import ObjectEntry, Rewritten, Takedown, TakedownTurn
from archive.tombstones import is_done, readable_takedowns, takedowns
from pipelines.steps.finding import Finder, Progress
from pipelines.steps.forgetting import forget
from pipelines.steps.leftovers import unfinished
from pipelines.steps.manifests import close_days, write_manifest
from pipelines.steps.objects import claim, scratch
from pipelines.steps.versions import publish_feeds
from pipelines.store import StoredObject
from pipelines.takedown import strays

logger = logging.getLogger(__name__)

MOST_WAVES = 3
"""How often it is looked again for what came in while the article was taken down."""


@frozen(kw_only=True)
class Order:
    """What is to be taken down, why, and who wants it."""

    article_id: str
    """The publisher's own id."""

    reason: str
    """Why, in the words of whoever asks."""

    requested_by: str
    """Who asks for it."""

    approved_by: str | None = None
    """Who approved it. None for an order by hand."""

    listings: bool = False
    """Whether announcements that name the article are blanked too."""


def plan_takedown(
    archive: Archive,
    order: Order,
    *,
    now: datetime,
    run_id: str,
    progress: Progress = lambda *_: None,
) -> Takedown:
    """Return what a takedown would remove and rewrite; nothing is changed. It may be nothing.

    It is nothing for an id that no run listed and nothing is held of, such as one that was cut when it was
    copied: others hold it. Raises :class:`FailedError` when a capture says that a page lies where none of the article is found.
    """
    publisher = archive.settings.publisher
    made = Takedown(
        article_id=order.article_id,
        publisher=publisher,
        run_id=run_id,
        serial=_turn(archive)[0].serial + 1,
        taken_down_at=now,
        reason=order.reason,
        requested_by=order.requested_by,
        approved_by=order.approved_by,
        listings=order.listings,
        aliases=_aliases(archive, order.article_id),
    )
    if not _is_known(archive, order.article_id):
        return made
    finder = Finder(archive, made, progress)
    key = _next_key(archive, order.article_id)
    planned = evolve(made, removed=tuple(finder.removed()), rewritten=tuple(finder.rewritten(key)))
    if key == takedown_key(planned.publisher, planned.article_id):
        _check_files(archive, planned)
    return planned


def take_down(
    archive: Archive,
    order: Order,
    *,
    now: datetime,
    new_run_id: Callable[[], str],
    progress: Progress = lambda *_: None,
) -> list[Takedown]:
    """Remove an article from the bucket, its replica and the catalogue; returns what was done.

    What an earlier takedown left undone is done first. Afterwards it is looked again, for what a run may
    have brought in meanwhile. Empty when nothing (more) is held of it. Raises :class:`RunUnderWay` while a run
    is at work, whose books would hold it, and :class:`ConfigurationError` for a reason that is none.
    """
    if not order.reason.strip() or not order.requested_by.strip():
        message = "a takedown needs a reason and who asked for it"
        raise ConfigurationError(message)
    close_days(archive, now)
    for key, cut_short in _undone(archive):
        _finish(archive, key, cut_short, progress)
    if runs := unfinished(archive, now):
        who, reason = f"run {', '.join(runs)}", "take it down when it is done"
        raise RunUnderWay(who, f"{reason} (a killed one is finished six hours later, at most)")
    done: list[Takedown] = []
    for _ in range(MOST_WAVES):
        turn = _turn(archive)
        made = plan_takedown(archive, order, now=now, run_id=new_run_id(), progress=progress)
        if not (made.removed or made.rewritten):
            break
        _take(archive, turn)
        key = _next_key(archive, order.article_id)
        archive.store.put_once(key, encode(made))
        _finish(archive, key, made, progress)
        done.append(made)
    _forget(archive, progress)
    return done


def finish_takedowns(archive: Archive, progress: Progress = lambda *_: None) -> list[str]:
    """Do what takedowns that were killed left undone; returns the keys of their tombstones.

    One that can't be finished keeps nobody from work: verify names it until somebody has looked.
    """
    done = []
    for key, made in _undone(archive):
        logger.warning("%s was cut short: finishing it", key)
        try:
            _finish(archive, key, made, progress)
        except (PermanentError, FailedError):
            logger.exception("%s can't be finished", key)
        else:
            done.append(key)
    if done:
        _forget(archive, progress)
    return done


def _undone(archive: Archive) -> list[tuple[str, Takedown]]:
    found = readable_takedowns(archive.store, archive.settings.publisher)
    return [(key, one) for key, one in found.items() if not is_done(archive.store, one)]


def _finish(archive: Archive, key: str, made: Takedown, progress: Progress) -> None:
    """Carry a takedown out as its tombstone says, and write its manifest, which is the last of it.

    Raises :class:`BrokenRecord` for a tombstone that names what is not the article's, before anything is done.
    """
    if others := strays(made):
        raise BrokenRecord(key, f"it names what is not the article's: {', '.join(others)}")
    logger.warning(
        "taking down %s: %s, asked for by %s", made.article_id, made.reason, made.requested_by
    )
    for entry in made.removed:
        archive.store.erase(entry.key)
    # The index first: it is cut by where the records lie that are blanked then.
    for number, one in enumerate(sorted(made.rewritten, key=_index_first), start=1):
        _rewrite(archive, Finder(archive, made, progress), key, one)
        progress("rewriting", number, len(made.rewritten))
    if (replica := open_replica(archive.settings)) is not None:
        _carry_over(archive, replica, made)
    tombstone = claim(archive.store, StoredObject(key, encode(made)))
    write_manifest(archive, made.run_id, kind="takedown", objects=[tombstone])


def _rewrite(archive: Archive, finder: Finder, tombstone: str, one: Rewritten) -> None:
    store, key = archive.store, one.after.key
    if not store.exists(key):
        raise BrokenRecord(key, "it is not in the bucket, and was to be rewritten")
    if store.stat(key).sha256 != one.after.sha256:
        with scratch(archive.settings.home) as folder:
            path = finder.make(key, folder, tombstone)
            if path is None or store.stat(key).sha256 != one.before.sha256:
                raise KeyConflict(key, f"it is neither what {tombstone} found nor what it left")
            store.replace_file(key, path)
    store.erase(key, newest=False)


def _carry_over(archive: Archive, replica: ObjectStore, made: Takedown) -> None:
    """Do the same to the copy: what was removed is erased there, what was rewritten comes from here."""
    for entry in made.removed:
        replica.erase(entry.key)
    _erase_feeds(replica, made.publisher)
    for one in made.rewritten:
        if replica.exists(one.after.key):
            _bring(archive, replica, one.after)


def _bring(archive: Archive, replica: ObjectStore, wanted: ObjectEntry) -> None:
    if replica.stat(wanted.key).sha256 != wanted.sha256:
        with scratch(archive.settings.home) as folder:
            path = folder / "object"
            archive.store.download(wanted.key, path)
            replica.replace_file(wanted.key, path)
    replica.erase(wanted.key, newest=False)


def _forget(archive: Archive, progress: Progress) -> None:
    """Let catalogue and feeds forget what was taken down."""
    forget(archive, lambda done, of: progress("sharing text anew", done, of))
    _erase_feeds(archive.store, archive.settings.publisher)
    publish_feeds(archive)


def _erase_feeds(store: ObjectStore, publisher: str) -> None:
    """Erase the feeds of changes, which quote headlines, with every older version of them."""
    for key in list(store.list_keys(f"{publisher}/feeds/")):
        store.erase(key)


def _turn(archive: Archive) -> tuple[TakedownTurn, str | None]:
    """Return the number of the newest takedown and the ETag of where it stands; None before the first."""
    key = lease_key(archive.settings.publisher, "takedowns")
    try:
        content, tag = archive.store.get_tagged(key)
    except KeyError:
        return TakedownTurn(), None
    return decode(content, TakedownTurn, name=key), tag


def _take(archive: Archive, turn: tuple[TakedownTurn, str | None]) -> None:
    """Take the next number, if nobody has since ``turn`` was read: what he cuts is not as planned any more."""
    key = lease_key(archive.settings.publisher, "takedowns")
    newest, tag = turn
    content = encode(TakedownTurn(serial=newest.serial + 1))
    if tag is None:
        is_ours = archive.store.put_once(key, content)
    else:
        is_ours = archive.store.replace(key, content, expected=tag) is not None
    if not is_ours:
        who, reason = "another takedown", "try again when it is done"
        raise RunUnderWay(who, reason)


def _check_files(archive: Archive, planned: Takedown) -> None:
    """Raise :class:`FailedError` when the page of a capture is in a file that is not to be rewritten.

    Also when only the replica has what would have to be rewritten: a repair would bring it back as it was.
    """
    captures = archive.catalogue.captures(planned.publisher, planned.article_id, removals=True)
    files = {one.warc.file for one in captures if one.warc}
    left = files - {one.after.key for one in planned.rewritten}
    if named := sorted(key for key in left if archive.store.exists(key)):
        message = f"a page of {planned.article_id} can't be found in {', '.join(named)}: nothing was changed"
        raise FailedError(message)
    replica = open_replica(archive.settings)
    shared = files | {outcomes_key(file) for file in files}
    shared |= {captures_key(one.publisher, one.run_id) for one in captures}
    missing = sorted(key for key in shared if replica and not archive.store.exists(key))
    if replica and (named := [key for key in missing if replica.exists(key)]):
        message = f"only the replica has {', '.join(named)}: let the audit bring it back first"
        raise FailedError(message)


def _aliases(archive: Archive, article_id: str) -> tuple[str, ...]:
    """Return the addresses of an article that do not hold its id, as captures and tombstones have them."""
    publisher = archive.settings.publisher
    captures = archive.catalogue.captures(publisher, article_id, removals=True)
    urls = {url for one in captures for url in (one.url, *one.aliases)}
    for one in takedowns(archive.store, publisher).values():
        if one.article_id == article_id:
            urls.update(one.aliases)
    return tuple(sorted(url for url in urls if article_id not in url))


def _is_known(archive: Archive, article_id: str) -> bool:
    publisher = archive.settings.publisher
    held = archive.store.list_keys(f"{publisher}/articles/{article_id}/")
    return bool(article_id) and (
        archive.catalogue.is_any_listed(publisher, [article_id]) or any(held)
    )


def _next_key(archive: Archive, article_id: str) -> str:
    number, publisher = 1, archive.settings.publisher
    while archive.store.exists(key := takedown_key(publisher, article_id, number)):
        number += 1
    return key


def _index_first(one: Rewritten) -> tuple[bool, str]:
    return not one.after.key.endswith(".cdxj"), one.after.key
