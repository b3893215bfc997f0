"""What a crawl asks for, and in which order, of what is listed, left over, or due to be looked at again."""

from datetime import UTC, datetime, timedelta

from archive.intervals import Intervals, parse_intervals
from archive.records import Asked, LedgerLine
from archive.tombstones import TAKEN_DOWN
from crawler.book import Entry
from crawler.context import CrawlContext
from crawler.replies import leave
from crawler.schedule import SLACK, is_due

Due = tuple[Entry, Asked | None]
"""What is asked for, and what the archive knows of it."""

_FIRST = datetime.min.replace(tzinfo=UTC)


def listed(context: CrawlContext, *, only_listed: bool) -> list[Due]:
    """Decide on everything listed, and return what to ask for, in order.

    What earlier runs left joins in, unless ``only_listed``: then only what this one met.
    """
    book = context.book
    left = _left_by_earlier_runs(context)
    book.carry(line for line in left if not only_listed or line.article_id in book.entries)
    return decide(context, book.to_ask())


def again(context: CrawlContext, *, already: int) -> list[Due]:
    """Take in held articles that nobody announced and that are to be looked at again; return them.

    A run over the present takes those that are due, the longest overdue first, as far as its budget
    reaches beside the ``already`` ones that it asks for; one that asks for everything of some dates,
    all that are held of these.
    """
    plan, book = context.plan, context.book
    room: int | None = None
    if plan.purpose == "present" and not plan.dry_run:
        room = max(context.archive.settings.request_budget - context.requests - already, 0)
        # What was announced and is due stands in both.
        due = context.archive.catalogue.due(
            context.publisher.name,
            _intervals(context),
            now=plan.started_at + SLACK,
            limit=room + len(book.entries),
        )
    elif plan.purpose == "dates" and plan.ask == "all":
        due = _held_of_dates(context)
    else:
        return []
    others = [one for one in due if one[0] not in book.entries][:room]
    return decide(context, [book.revisit(*one, at=plan.started_at) for one in others])


def decide(context: CrawlContext, entries: list[Entry]) -> list[Due]:
    """Leave what is not asked for now, and return the rest in order.

    The new first: however many changes are announced, they never keep a new article waiting. Then what
    is announced as changed, then what was not looked at for the longest time beyond its interval; what
    failed before last.
    """
    ids = [entry.article_id for entry in entries]
    known = context.archive.catalogue.known(context.publisher.name, ids)
    held = context.archive.catalogue.seen(context.publisher.name, ids).keys()
    due: list[Due] = []
    for entry in entries:
        asked = known.get(entry.article_id)
        if entry.article_id in context.taken_down:
            entry.become("skipped", TAKEN_DOWN)
        elif reason := _why_not(context, entry, asked, held=entry.article_id in held):
            leave(entry, asked, "not_due", reason)
        else:
            due.append((entry, asked))
    intervals = _intervals(context)
    return sorted(due, key=lambda item: _turn(item, context.plan.started_at, intervals))


def _turn(item: Due, now: datetime, intervals: Intervals) -> tuple[bool, bool, datetime]:
    entry, asked = item
    since = _FIRST
    if asked is not None and is_due(asked, entry.lastmod, now, intervals) == (True, "interval"):
        age = now - asked.fresh_at if asked.fresh_at else timedelta()
        since = asked.asked_at + intervals.pause(age)
    return entry.carried == "failed", asked is not None, since


def _intervals(context: CrawlContext) -> Intervals:
    return parse_intervals(context.archive.settings.revisit_intervals)


def _held_of_dates(context: CrawlContext) -> list[tuple[str, str]]:
    name, plan = context.publisher.name, context.plan
    newest = context.archive.catalogue.newest(name, since=plan.since, until=plan.until)
    return [(capture.article_id, capture.url) for capture in newest]


def _left_by_earlier_runs(context: CrawlContext) -> list[LedgerLine]:
    catalogue, name = context.archive.catalogue, context.publisher.name
    window = timedelta(days=context.archive.settings.listing_days)
    failed = catalogue.failed(name, since=context.plan.started_at - window)
    return catalogue.pending(name) + failed


def _why_not(context: CrawlContext, entry: Entry, asked: Asked | None, *, held: bool) -> str | None:
    """Return why an article is not asked for now. None when it is."""
    if entry.carried == "pending":
        return None
    match context.plan.ask:
        case "all":
            return None
        case "missing":
            return "held" if held else None
        case "due":
            now = context.plan.started_at
            due, reason = is_due(asked, entry.lastmod, now, _intervals(context))
            return None if due else reason
