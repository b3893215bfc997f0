"""How a survey asks: each address once, and every answer or its absence becomes a finding."""

import logging
from collections.abc import Callable

from attrs import evolve, frozen

from archive.errors import UnreadablePage
from archive.records import Asked, SurveyFinding
from crawler import survey
from crawler.context import CrawlContext
from crawler.endings import NoAnswer, NotAsked, Why
from crawler.feeds import Link, Reading
from crawler.fetcher import Download, Fetcher, Reply
from crawler.section_pages import read_section_page
from crawler.survey import SURVEY_REQUESTS, note

logger = logging.getLogger(__name__)

Read = Callable[..., Reading]
"""What reads the links out of an answer, from ``crawler.feeds``."""

_OK = 200


@frozen
class Listed:
    """A list of links that was asked for and could be read."""

    topic: str
    """What it is called in the findings."""

    read: Read
    """What read it."""

    reply: Reply
    """The answer."""

    links: list[Link]
    """What is in it."""


class NotingFetcher(Fetcher):
    """Asks each address once, as an error is an answer too, and keeps the answers in mind."""

    def __init__(self, context: CrawlContext, download: Download) -> None:
        super().__init__(context, download, tries=1)
        self.replies: list[Reply] = []

    async def ask(self, url: str, *, asked: Asked | None = None) -> Reply:
        """Ask for an address."""
        reply = await super().ask(url, asked=asked)
        self.replies.append(reply)
        return reply


class Asker:
    """Asks, and notes in the context what is found."""

    def __init__(self, context: CrawlContext, fetcher: NotingFetcher) -> None:
        self._context = context
        self._fetcher = fetcher
        self._publisher = context.publisher
        self.articles: dict[str, str] = {}
        """Articles of the section that were listed: address by id, in order of meeting."""

    def note(self, *findings: SurveyFinding) -> None:
        """Note findings."""
        self._context.survey.extend(findings)

    async def get(
        self, topic: str, url: str, *, follow: bool = True, asked: Asked | None = None
    ) -> Reply | None:
        """Ask for an address; None, with a finding, when there is no answer to look at."""
        fields = {"done": self._context.requests, "total": SURVEY_REQUESTS, "url": url}
        logger.info("progress", extra={"fields": fields})
        article_id = self._publisher.article_id(url)

        def check(target: str) -> None:
            if article_id and self._publisher.article_id(target) != article_id:
                raise NotAsked(Why.FORWARDED)

        try:
            if follow:
                return await self._fetcher.follow(url, check=check, asked=asked)
            return await self._fetcher.ask(url, asked=asked)
        except NotAsked as error:
            means = "it may not be asked for, so nothing is known of it"
            self.note(note(topic, f"not asked: {error.reason}", means, passed=False, url=url))
        except NoAnswer as error:
            means = "look again later"
            self.note(note(topic, f"no answer: {error.reason}", means, passed=False, url=url))
        return None

    async def read(self, topic: str, url: str, read: Read) -> Listed | None:
        """Ask for a list of links; None, with a finding, when it can't be had or read."""
        reply = await self.get(topic, url)
        if reply is None:
            return None
        problem = reply.passage.problem or reply.truncated
        if reply.status != _OK or problem:
            found = f"{reply.status}, {problem}" if problem else f"{reply.status}"
            means = "rely on the others, or ask a person for its address"
            self.note(note(topic, found, means, passed=False, url=reply.url))
            return None
        try:
            reading = read(reply.passage.body, name=reply.url)
        except UnreadablePage as error:
            found = f"{reply.status}, can't be read: {error.reason}"
            means = "rely on the others, or ask a person"
            self.note(note(topic, found, means, passed=False, url=reply.url))
            return None
        if reading.flaw is not None:
            means = "what is there is read, and not taken for all of it"
            self.note(note(f"{topic}: flaw", reading.flaw, means, passed=False, url=reply.url))
        links = [self._resolved(link) for link in reading.links]
        self._meet(links)
        return Listed(topic, read, reply, links)

    async def announcement(self, topic: str, url: str, read: Read) -> Listed | None:
        """Ask for a sitemap or feed, and note what it lists."""
        listed = await self.read(topic, url, read)
        if listed is not None:
            self.note(survey.announcement(topic, listed.reply, listed.links, self._publisher))
        return listed

    async def page(self, topic: str, url: str) -> Listed | None:
        """Ask for a page of links."""

        def read(content: bytes, *, name: str) -> Reading:
            return read_section_page(content, base=name, name=name)

        return await self.read(topic, url, read)

    def links_in(self, reply: Reply, read: Read) -> list[Link]:
        """Return what another answer of the same kind lists; nothing when it can't be read."""
        try:
            links = read(reply.passage.body, name=reply.url).links if reply.status == _OK else []
        except UnreadablePage:
            return []
        return [self._resolved(link) for link in links]

    def _resolved(self, link: Link) -> Link:
        """Return a link with its address in our spelling, or as it is where that is none."""
        try:
            return evolve(link, url=self._publisher.resolve(f"{self._publisher.origin}/", link.url))
        except ValueError:
            return link

    def _meet(self, links: list[Link]) -> None:
        for link in links:
            article_id = self._publisher.article_id(link.url)
            if article_id is not None and self._publisher.is_in_section(link.url):
                self.articles.setdefault(article_id, link.url)
