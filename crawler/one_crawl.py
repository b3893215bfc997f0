"""One crawl from its plan to its summary, once ``crawler.run`` has taken over the signals."""

import asyncio
import json
import logging
import sys
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

import publishers
from archive.codec import decode, encode, encode_lines
from archive.connect import Archive, open_archive
from archive.disk import writing
from archive.errors import (
    STOPPED,
    ArchiveError,
    CrawlHalted,
    DiskFull,
    FailedError,
    KeyConflict,
    RefusedError,
)
from archive.keys import crawl_key, listings_key, summary_key
from archive.records import CrawlPlan, CrawlSummary
from archive.settings import ArchiveSettings, read_settings
from archive.version import own_version
from crawler.context import CrawlContext
from crawler.endings import Stopped
from crawler.log import quiet_libraries, write_json_lines
from crawler.recorder import Recorder, Spool, bring_in_leftovers
from crawler.stopping import Stopping
from crawler.survey import SURVEY_REQUESTS
from publishers.spec import Publisher

logger = logging.getLogger("crawler")


def crawl(options: Namespace, stopping: Stopping) -> int:
    """Crawl, and return the exit code."""
    write_json_lines()
    try:
        return _run(options, stopping)
    except ArchiveError as error:
        fields = {"error": type(error).__name__, "arguments": list(error.args)}
        logger.error("%s", error, extra={"fields": fields})  # noqa: TRY400 - people read this line
        return error.exit_code
    except Exception as error:
        fields = {"error": "FailedError", "arguments": [f"the crawl broke down: {error!r}"]}
        logger.exception("the crawl broke down: %r", error, extra={"fields": fields})  # noqa: TRY401 - the line stands alone
        return 1


def _run(options: Namespace, stopping: Stopping) -> int:
    plan = decode(options.plan.read_bytes(), CrawlPlan, name=str(options.plan))
    settings = _settings() if options.settings_on_stdin else read_settings()
    settings.require_permission()
    if plan.survey:
        budget = min(settings.request_budget, SURVEY_REQUESTS)
        settings = settings.model_copy(update={"request_budget": budget})
    publisher = publishers.served(plan.publisher, settings.publisher_origin)
    agent = publisher.user_agent(settings.contact, own_version())
    with open_archive(settings) as archive:
        context = _prepare(archive, plan, publisher, agent)
        try:
            try:
                _crawl(context, agent, stopping)
            finally:
                # Before the files are brought in, for which nobody need wait.
                context.pace.close()
            summary = _finish(context)
        finally:
            if context.recorder is not None:
                context.recorder.release()
    _write(options.summary, encode(summary))
    if context.error is not None:
        raise context.error
    return STOPPED if summary.stopped else 0


def _settings() -> ArchiveSettings:
    return ArchiveSettings(**json.load(sys.stdin))


def _now() -> datetime:
    return datetime.now(UTC)


def _prepare(archive: Archive, plan: CrawlPlan, publisher: Publisher, agent: str) -> CrawlContext:
    recorder = None
    if not (plan.dry_run or plan.survey):
        key = crawl_key(publisher.name, plan.run_id)
        if archive.store.exists(key):
            raise KeyConflict(key, "this run was crawled already; a new try needs a new run id")
        folder = archive.settings.home / "spool" / plan.run_id
        bring_in_leftovers(archive.settings.home, folder, archive.store)
        info = {
            "software": agent.split(" ", 1)[0],
            "http-header-user-agent": agent,
            "robots": "obeyed; read before anything else, fail closed",
            "publisher": publisher.name,
            "isPartOf": plan.run_id,
        }
        spool, most = Spool(folder, publisher.name), archive.settings.warc_bytes
        recorder = Recorder(spool, archive.store, info, _now, rotate_bytes=most)
        recorder.start()
    return CrawlContext(
        plan=plan, publisher=publisher, archive=archive, recorder=recorder, clock=_now
    )


def _crawl(context: CrawlContext, agent: str, stopping: Stopping) -> None:
    # Scrapy installs its reactor on import of some of these; nothing else in the process needs it.
    from scrapy.crawler import AsyncCrawlerProcess  # noqa: PLC0415 - see above
    from scrapy.settings import Settings  # noqa: PLC0415 - see above

    from crawler.resolver import LOOPBACK_SETTING  # noqa: PLC0415 - see above
    from crawler.spiders.articles import ArticlesSpider  # noqa: PLC0415 - see above
    from crawler.spiders.survey import SurveySpider  # noqa: PLC0415 - see above

    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.set("USER_AGENT", agent, priority="cmdline")
    settings.set(LOOPBACK_SETTING, not context.archive.settings.is_live, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    quiet_libraries()
    stopping.attach(context.stop, asyncio.get_event_loop())
    spider = SurveySpider if context.plan.survey else ArticlesSpider
    crawl = process.crawl(spider, context=context)
    process.start(install_signal_handlers=False)
    if crawl.done() and not crawl.cancelled() and (error := crawl.exception()) is not None:
        raise error
    if not (context.finished or context.ending or context.error):
        message = "the spider ended without finishing its work"
        raise FailedError(message)


def _finish(context: CrawlContext) -> CrawlSummary:
    """Bring everything into the bucket and return the summary; an earlier error comes first."""
    try:
        return bring_in(context)
    except ArchiveError as error:
        if context.error is None or isinstance(context.error, type(error)):
            raise
        logger.warning("and then: %s", error)
        raise context.error from error


def bring_in(context: CrawlContext) -> CrawlSummary:
    """Bring the WARC files and the crawl's books into the bucket; return the summary."""
    if isinstance(context.error, DiskFull):
        # What is in the spool is made whole and brought in by the next run, when there is room.
        raise context.error
    _leave_pending(context)
    recorder, book = context.recorder, context.book
    listings = key = None
    if recorder is not None:
        told = bool(book.entries or context.announcements) or context.error is None
        if not told and context.requests == 0:
            # Halted, or closed: nobody was asked. What is left without books would be taken for a run under way.
            recorder.discard()
        recorder.finish()
        if told:
            listings, key = _write_books(context)
    summary = CrawlSummary(
        run_id=context.plan.run_id,
        publisher=context.publisher.name,
        started_at=context.plan.started_at,
        ended_at=_now(),
        stopped=isinstance(context.ending, Stopped),
        warc_keys=tuple(recorder.keys) if recorder else (),
        crawl_key=key,
        states=book.states(),
        other_sections=book.other_sections,
        requests=context.requests,
        bytes=context.bytes,
        days=tuple(sorted(context.days)),
        purpose=context.plan.purpose,
        announcements=tuple(context.announcements),
        unread_days=dict(context.unread_days),
        listings_key=listings,
        survey=tuple(context.survey),
        robots_at=context.robots_at,
        ending=context.ending.reason if context.ending else None,
        failure=str(context.error) if context.error else None,
    )
    if key is not None:
        # Whoever was to keep the books may be gone: the next run finds here what they are made from.
        context.archive.store.put_once(
            summary_key(summary.publisher, summary.run_id), encode(summary)
        )
    fields = {"states": summary.states, "requests": summary.requests, "bytes": summary.bytes}
    logger.info("crawl ended", extra={"fields": fields})
    return summary


def _write_books(context: CrawlContext) -> tuple[str | None, str]:
    """Put the rows of the announcements and the crawl's lines into the bucket; return their keys."""
    store, run_id = context.archive.store, context.plan.run_id
    listings = None
    if context.listings:
        listings = listings_key(context.publisher.name, run_id)
        store.put_once(listings, encode_lines(context.listings))
    key = crawl_key(context.publisher.name, run_id)
    store.put_once(key, encode_lines(context.book.lines()))
    return listings, key


def _leave_pending(context: CrawlContext) -> None:
    if context.error is not None:
        context.book.leave_pending(_failed_reason(context.error))
    elif context.ending is not None:
        left = context.book.leave_pending(context.ending.reason)
        logger.info("ended early (%s): %s articles stay pending", context.ending.reason, left)


def _failed_reason(error: Exception) -> str:
    if isinstance(error, CrawlHalted):
        return "halted"
    return "refused" if isinstance(error, RefusedError) else "failed"


def _write(path: Path, content: bytes) -> None:
    beside = path.with_name(f"{path.name}.tmp")
    with writing(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(content)
        beside.replace(path)
