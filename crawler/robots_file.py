"""Gets robots.txt, before anything else: who can't read the rules must not crawl."""

import asyncio
import logging
from datetime import timedelta

from attrs import evolve

from archive.codec import decode, encode
from archive.errors import BrokenRecord, CrawlRefused, StoreUnavailable
from archive.keys import lease_key, sha256_hex
from archive.records import RobotsCopy
from crawler.context import CrawlContext
from crawler.endings import BackedOff, NoAnswer, NotAsked, PublisherClosed, Why
from crawler.fetcher import Fetcher, Reply
from crawler.robots import Robots, read_robots

logger = logging.getLogger(__name__)

REUSED_FOR = timedelta(hours=20)
"""How long a copy serves new runs: then they have hours before it is a day old and no longer obeyed."""


async def obey_robots(context: CrawlContext, fetcher: Fetcher) -> None:
    """Put the publisher's rules into the context: a copy of today's, or the file as it is now.

    A survey always asks. Raises :class:`CrawlRefused` when they can't be had or forbid the section.
    """
    robots = None if context.plan.survey else await _known(context)
    if robots is None:
        robots = await _ask(context, fetcher)
    context.robots = robots
    context.robots_at = robots.received_at if robots.rules is not None else None
    context.pace.slow_down_to(robots.crawl_delay)


def copy_key(publisher: str, origin: str) -> str:
    """Return the key of the copy of an origin's rules."""
    return lease_key(publisher, f"robots-{sha256_hex(origin.encode())[:12]}")


async def _known(context: CrawlContext) -> Robots | None:
    """Return the rules of the copy in the bucket. None when there is none that will do.

    One that forbids the section will not: it is looked at again, so that a changed mind is heard.
    """
    publisher = context.publisher
    key = copy_key(publisher.name, publisher.origin)
    try:
        content = await asyncio.to_thread(context.archive.store.get, key)
        copy = decode(content, RobotsCopy, name=key)
        robots = _read(context, copy)
    except (KeyError, BrokenRecord, CrawlRefused, StoreUnavailable):
        return None
    age = context.clock() - copy.received_at
    if copy.origin != publisher.origin or not timedelta(0) <= age < REUSED_FOR:
        return None
    if context.recorder is not None and robots.rules is not None:
        context.recorder.keep_copy(copy.url, copy.received_at, copy.content_type, copy.content)
    return robots


async def _ask(context: CrawlContext, fetcher: Fetcher) -> Robots:
    origin = context.publisher.origin
    url = f"{origin}/robots.txt"
    try:
        reply = await fetcher.follow(url, check=_only_robots)
    except PublisherClosed:
        raise
    except NoAnswer as error:
        raise CrawlRefused(url, _explained(error.reason)) from error
    except NotAsked as error:
        raise CrawlRefused(url, f"it redirects elsewhere ({error.reason})") from error
    except BackedOff as error:
        raise CrawlRefused(url, "its rules can't be had (429, or a wait too long)") from error
    if reply.truncated or reply.passage.problem:
        raise CrawlRefused(url, "its rules came incomplete")
    copy = _copied(origin, reply)
    robots = _read(context, copy)
    try:
        key = copy_key(context.publisher.name, origin)
        await asyncio.to_thread(context.archive.store.put, key, encode(copy))
    except StoreUnavailable as error:
        logger.warning("robots.txt is not remembered for other runs: %s", error)
    return robots


def _explained(reason: Why) -> str:
    if reason is Why.UNREACHABLE:
        return "its rules can't be had, nobody answers there: check ARCHIVE_PUBLISHER_ORIGIN and the network"
    if reason is Why.PRIVATE_ADDRESS:
        return "its name leads to an address that is not public: check ARCHIVE_PUBLISHER_ORIGIN"
    return f"its rules can't be had ({reason})"


def _copied(origin: str, reply: Reply) -> RobotsCopy:
    return RobotsCopy(
        origin=origin,
        url=reply.url,
        received_at=reply.at,
        status=reply.status,
        content_type=reply.headers.get("content-type", ""),
        content=reply.passage.body,
    )


def _read(context: CrawlContext, copy: RobotsCopy) -> Robots:
    """Return the rules; raises :class:`CrawlRefused` when they are none, or forbid the section."""
    publisher = context.publisher
    robots = read_robots(
        copy.status,
        copy.content_type,
        copy.content,
        url=copy.url,
        token=publisher.agent_token,
    )
    if not robots.allows(publisher.origin + publisher.section_path):
        raise CrawlRefused(copy.url, f"it forbids {publisher.section_path} to our agent")
    return evolve(robots, received_at=copy.received_at)


def _only_robots(url: str) -> None:
    # A site may move the file to its other scheme or host; a page in its place is no rules.
    if not url.split("?", 1)[0].endswith("/robots.txt"):
        raise NotAsked(Why.REDIRECTED_AWAY)
