"""Asks for announcements, and puts what each of them says into the books: once each, whatever it says."""

import logging
from collections.abc import Callable
from datetime import datetime

from attrs import evolve, frozen

from archive.errors import CrawlRefused, UnreadablePage
from archive.records import AnnouncementRead, Listing
from crawler.bugs import ODD, note_bug
from crawler.context import CrawlContext
from crawler.endings import BackedOff, NoAnswer, NotAsked, Why
from crawler.feeds import BAD_CHARACTERS, Link, Reading
from crawler.fetcher import Fetcher, Reply
from crawler.schedule import earliest_change

logger = logging.getLogger(__name__)

_OK = 200
_NO_ANNOUNCEMENTS = {"consent_wall", "soft_404"}


@frozen(kw_only=True)
class Announced:
    """What one announcement said."""

    url: str
    """Address that answered."""

    at: datetime
    """When it was received, or given up."""

    status: int | None = None
    """Status of the answer. None when there was none."""

    links: tuple[Link, ...] = ()
    """Addresses in it."""

    is_index: bool = False
    """Whether these are sitemaps."""

    problem: str | None = None
    """What is wrong with it: one word, and more after a colon. None when nothing is."""

    articles: frozenset[str] = frozenset()
    """Ids of the articles in it that were listed."""

    elsewhere: frozenset[str] = frozenset()
    """Ids of articles of other sections."""

    too_old: int = 0
    """Mentions left out, because what last changed then can't be of the dates that are wanted."""

    @property
    def word(self) -> str | None:
        """The problem in one word."""
        return self.problem.partition(":")[0] if self.problem else None

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it can be missing."""
        return self.problem in {None, BAD_CHARACTERS}


class Announcements:
    """The announcements of one crawl."""

    def __init__(self, context: CrawlContext, fetcher: Fetcher) -> None:
        self._context = context
        self._fetcher = fetcher
        self._publisher = context.publisher
        self._said: dict[str, Announced] = {}
        self._not_before = earliest_change(context.plan, context.publisher.timezone)
        self.too_old = 0
        """Mentions left out of all announcements as too old."""

    async def read(
        self,
        source: str,
        url: str,
        parse: Callable[[Reply], Reading],
        *,
        may_be_empty: bool = False,
        states_taxonomy: bool = False,
    ) -> Announced:
        """Ask for an announcement, list what it names, and note how it answered.

        With ``states_taxonomy`` every article in it is of our section, wherever its address lies. An
        address is asked once; again, it gives what it gave before. Raises :class:`CrawlRefused` and
        whatever ends a crawl early.
        """
        if url in self._said:
            return self._said[url]
        try:
            said = await self._ask(url, parse)
        except (CrawlRefused, BackedOff) as end:
            problem = "refused" if isinstance(end, CrawlRefused) else end.reason
            self._note(source, url, Announced(url=url, at=self._context.clock(), problem=problem))
            raise
        except ODD as error:
            said = Announced(url=url, at=self._context.clock(), problem=note_bug(url, error))
        if not said.is_index:
            said = self._list(source, said, states_taxonomy=states_taxonomy)
        if said.problem is None and not may_be_empty:
            found = said.is_index or said.articles or said.elsewhere or said.too_old
            missing = None if found else "no_articles"
            said = evolve(said, problem=missing if said.links else "empty")
        self._said[url] = said
        self._note(source, url, said)
        return said

    async def _ask(self, url: str, parse: Callable[[Reply], Reading]) -> Announced:
        try:
            reply = await self._fetcher.follow(url)
        except (NotAsked, NoAnswer) as error:
            return Announced(url=url, at=self._context.clock(), problem=str(error.reason))
        said = Announced(url=reply.url, at=reply.at, status=reply.status)
        problem = self._unreadable(url, reply)
        if problem:
            return evolve(said, problem=problem)
        try:
            reading = parse(reply)
        except UnreadablePage as error:
            return evolve(said, problem="truncated" if reply.truncated else error.reason)
        return evolve(
            said,
            links=tuple(reading.links),
            is_index=reading.is_index,
            problem="truncated" if reply.truncated else reading.flaw,
        )

    def _unreadable(self, url: str, reply: Reply) -> str | None:
        if reply.status != _OK:
            return f"http_{reply.status}"
        if reply.url != url and reply.url in self._said:
            # Such as a sub-section that is no more, and leads to its section.
            return Why.REDIRECTED_AWAY
        state = reply.passage.state
        kind = state.kind if state else None
        return kind if kind in _NO_ANNOUNCEMENTS else reply.passage.problem

    def _list(self, source: str, said: Announced, *, states_taxonomy: bool) -> Announced:
        listed, elsewhere, unusable, too_old = set(), set(), [], 0
        for position, link in enumerate(said.links):
            try:
                # What is relative in a feed is so to the site.
                url = self._publisher.resolve(f"{self._publisher.origin}/", link.url)
                article_id = self._publisher.listed_id(url)
                is_ours = self._publisher.is_in_section(url)
            except ODD:
                unusable.append(link.url[:200])
                continue
            if article_id is None:
                continue
            if not (is_ours or states_taxonomy):
                elsewhere.add(article_id)
                self._context.book.add_elsewhere(article_id, url)
            elif self._not_before and link.lastmod and link.lastmod < self._not_before:
                too_old += 1
            else:
                listed.add(article_id)
                self._take(
                    Listing(
                        article_id=article_id,
                        url=url,
                        source=source,
                        position=position,
                        section=self._publisher.section_of(url) or "",
                        by="address" if is_ours else "taxonomy",
                        lastmod=link.lastmod,
                        seen_at=said.at,
                    )
                )
        if unusable:
            fields = {"source": source, "links": unusable[:3]}
            message = "%s: %s links are no addresses"
            logger.warning(message, source, len(unusable), extra={"fields": fields})
        self.too_old += too_old
        return evolve(
            said, articles=frozenset(listed), elsewhere=frozenset(elsewhere), too_old=too_old
        )

    def _take(self, listing: Listing) -> None:
        self._context.listings.append(listing)
        self._context.book.add(listing)

    def _note(self, source: str, url: str, said: Announced) -> None:
        read = AnnouncementRead(
            source=source,
            url=url,
            seen_at=said.at,
            http_status=said.status,
            problem=said.word,
            links=len(said.links),
            listed=len(said.articles),
            elsewhere=len(said.elsewhere),
        )
        self._context.announcements.append(read)
        if said.problem:
            fields = {"source": source, "reason": said.problem, "listed": read.listed}
            message = (
                "%s was read as far as it goes: %s" if said.links else "%s could not be read: %s"
            )
            logger.warning(message, source, said.problem, extra={"fields": fields})
