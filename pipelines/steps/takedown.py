"""Take down: remove an article for a legal reason, and leave a tombstone that says so."""

import logging
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime

from attrs import evolve, frozen

from archive.codec import decode, encode
from archive.compacting import compact
from archive.connect import Archive, open_replica
from archive.errors import (
    ConfigurationError,
    FailedError,
    PermanentError,
    RefusedError,
    RunUnderWay,
)
from archive.keys import captures_key, lease_key, new_run_id, outcomes_key, takedown_key
from archive.object_store import ObjectStore
from archive.records import Takedown, TakedownTurn
from archive.tombstones import is_done, readable_takedowns
from pipelines.steps.carrying_out import carry_out, conclude, erase_feeds
from pipelines.steps.finding import Finder, Progress
from pipelines.steps.forgetting import forget
from pipelines.steps.leftovers import unfinished
from pipelines.steps.manifests import close_days
from pipelines.steps.versions import publish_feeds

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
    copied: others hold it. Raises :class:`FailedError` when a capture says that a page lies where none of
    the article is found.
    """
    return _plan(archive, order, now, run_id, progress)[0]


def _plan(
    archive: Archive, order: Order, now: datetime, run_id: str, progress: Progress
) -> tuple[Takedown, set[str]]:
    """Return a plan, and the objects that may hold the article and can't be read."""
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
        return made, set()
    finder = Finder(archive, made, progress)
    key = _next_key(archive, order.article_id)
    planned = evolve(made, removed=tuple(finder.removed()), rewritten=tuple(finder.rewritten(key)))
    if key == takedown_key(planned.publisher, planned.article_id):
        _check_files(archive, planned)
    return planned, finder.unread


def take_down(
    archive: Archive,
    order: Order,
    *,
    now: datetime,
    new_run_id: Callable[[], str],
    progress: Progress = lambda *_: None,
) -> list[Takedown]:
    """Remove an article from the bucket, its replica and the catalogue; returns what was done.

    What earlier takedowns left undone is done first. Afterwards it is looked again, for what a run may
    have brought in meanwhile. Empty when nothing (more) is held of it. Raises :class:`RunUnderWay` while a run
    is at work, whose books would hold it, :class:`ConfigurationError` for a reason that is none, and
    :class:`FailedError` when all was done but for objects that can't be read: then it stays unfinished.
    """
    if not order.reason.strip() or not order.requested_by.strip():
        message = "a takedown needs a reason and who asked for it"
        raise ConfigurationError(message)
    close_days(archive, now)
    finish_takedowns(archive, progress, must=order.article_id)
    if runs := unfinished(archive, now):
        who, reason = f"run {', '.join(runs)}", "take it down when it is done"
        raise RunUnderWay(who, f"{reason} (a killed one is finished six hours later, at most)")
    done = _take_down_all(archive, order, now, new_run_id, progress)
    _forget(archive, progress)
    return done


def finish_takedowns(
    archive: Archive, progress: Progress = lambda *_: None, *, must: str | None = None
) -> list[str]:
    """Do what takedowns that were killed left undone; returns the keys of their tombstones.

    One that can't be finished keeps nobody from work: verify names it until somebody has looked. Only for that
    of an article that ``must`` be taken down its error is raised.
    """
    undone: dict[str, list[tuple[str, Takedown]]] = defaultdict(list)
    for key, made in _undone(archive):
        logger.warning("%s was cut short: finishing it", key)
        undone[made.article_id].append((key, made))
    done: list[str] = []
    for article_id, found in undone.items():
        try:
            carried = [(key, carry_out(archive, key, made, progress)) for key, made in found]
            _look_again(archive, carried[-1][1], progress)
        except (PermanentError, FailedError, RefusedError, RunUnderWay):
            if article_id == must:
                raise
            logger.exception("the takedown of %s can't be finished", article_id)
        else:
            done += [conclude(archive, key, made) for key, made in carried]
    if done:
        _forget(archive, progress)
    return done


def _undone(archive: Archive) -> list[tuple[str, Takedown]]:
    found = readable_takedowns(archive.store, archive.settings.publisher)
    return [(key, one) for key, one in found.items() if not is_done(archive.store, one)]


def _take_down_all(
    archive: Archive,
    order: Order,
    now: datetime,
    new_run_id: Callable[[], str],
    progress: Progress,
) -> list[Takedown]:
    """Take down what is found of an article, until nothing is; all of it is concluded at the end."""
    carried: list[tuple[str, Takedown]] = []
    for _ in range(MOST_WAVES):
        turn = _turn(archive)
        made, unread = _plan(archive, order, now, new_run_id(), progress)
        if not (made.removed or made.rewritten):
            break
        _take(archive, turn)
        key = _next_key(archive, order.article_id)
        archive.store.put_once(key, encode(made))
        carried.append((key, carry_out(archive, key, made, progress)))
    if unread:
        archive.catalogue.forget(archive.settings.publisher, order.article_id)
        erase_feeds(archive.store, archive.settings.publisher)
        message = (
            f"{order.article_id} may be in {', '.join(sorted(unread))}, which can't be read: all else of it is "
            "taken down. Order it again when they are mended"
        )
        raise FailedError(message)
    for key, made in carried:
        conclude(archive, key, made)
    return [made for _, made in carried]


def _look_again(archive: Archive, made: Takedown, progress: Progress) -> None:
    """Take down what came in of an article while its takedown was cut short, or was mended meanwhile."""
    order = Order(
        article_id=made.article_id,
        reason=made.reason,
        requested_by=made.requested_by,
        approved_by=made.approved_by,
        listings=made.listings,
    )

    def fresh() -> str:
        token = f"{made.run_id} {_next_key(archive, made.article_id)}"
        return new_run_id(made.taken_down_at, token)

    _take_down_all(archive, order, made.taken_down_at, fresh, progress)


def _forget(archive: Archive, progress: Progress) -> None:
    """Let catalogue, feeds and the embedded store's disk forget what was taken down."""
    forget(archive, lambda done, of: progress("sharing text anew", done, of))
    erase_feeds(archive.store, archive.settings.publisher)
    publish_feeds(archive)
    compact(archive.store)


def _turn(archive: Archive) -> tuple[TakedownTurn, str | None]:
    """Return the number of the newest takedown and the ETag of where it stands; None when it stands nowhere.

    It stands nowhere before the first, and in an archive that began again from a bag, which has no leases.
    """
    publisher = archive.settings.publisher
    key = lease_key(publisher, "takedowns")
    try:
        content, tag = archive.store.get_tagged(key)
    except KeyError:
        found = readable_takedowns(archive.store, publisher).values()
        return TakedownTurn(serial=max((one.serial for one in found), default=0)), None
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
    named = [key for key in missing if replica and replica.exists(key)]
    if replica and (named := named or _only_there(archive, replica, planned)):
        message = f"only the replica has {', '.join(named)}: let the audit bring it back first"
        raise FailedError(message)


def _only_there(archive: Archive, replica: ObjectStore, planned: Takedown) -> list[str]:
    """Return the WARC files that only the replica has and that hold a page of the article."""
    top = f"{planned.publisher}/warc/"
    lost = set(replica.list_keys(top)) - set(archive.store.list_keys(top))
    finder = Finder(evolve(archive, store=replica), planned, lambda *_: None)
    return sorted(key for key in lost if key.endswith(".warc.gz") and finder.holds(key))


def _aliases(archive: Archive, article_id: str) -> tuple[str, ...]:
    """Return the addresses of an article that do not hold its id, as captures and tombstones have them."""
    publisher = archive.settings.publisher
    captures = archive.catalogue.captures(publisher, article_id, removals=True)
    urls = {url for one in captures for url in (one.url, *one.aliases)}
    for one in readable_takedowns(archive.store, publisher).values():
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
