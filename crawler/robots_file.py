"""Asks for robots.txt, before anything else: who can't read the rules must not crawl."""

from archive.errors import CrawlRefused, PublisherUnreachable
from crawler.context import CrawlContext
from crawler.endings import BackedOff, NoAnswer, NotAsked, Why
from crawler.fetcher import Fetcher
from crawler.robots import read_robots


async def obey_robots(context: CrawlContext, fetcher: Fetcher) -> None:
    """Put the publisher's rules into the context.

    Raises :class:`CrawlRefused` when they can't be had or forbid the section, and
    :class:`PublisherUnreachable` when nobody answers.
    """
    publisher = context.publisher
    url = f"{publisher.origin}/robots.txt"
    try:
        reply = await fetcher.follow(url, check=_only_robots)
    except NoAnswer as error:
        if error.reason is Why.UNREACHABLE:
            raise PublisherUnreachable(publisher.origin, "nobody answers there") from error
        raise CrawlRefused(url, f"its rules can't be had ({error.reason})") from error
    except NotAsked as error:
        raise CrawlRefused(url, f"it redirects elsewhere ({error.reason})") from error
    except BackedOff as error:
        raise CrawlRefused(url, "its rules can't be had (429, or a wait too long)") from error
    if reply.truncated or reply.passage.problem:
        raise CrawlRefused(url, "its rules came incomplete")
    robots = read_robots(
        reply.status,
        reply.headers.get("content-type", ""),
        reply.passage.body,
        url=url,
        token=publisher.agent_token,
    )
    if not robots.allows(publisher.origin + publisher.section_path):
        raise CrawlRefused(url, f"it forbids {publisher.section_path} to our agent")
    context.robots = robots
    context.pace.slow_down_to(robots.crawl_delay)


def _only_robots(url: str) -> None:
    # A site may move the file to its other scheme or host; a page in its place is no rules.
    if not url.split("?", 1)[0].endswith("/robots.txt"):
        raise NotAsked(Why.REDIRECTED_AWAY)
