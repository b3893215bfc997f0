"""The spider of a survey: one of each kind of address, so that a person knows how a site answers."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from archive.errors import ArchiveError, CrawlRefused
from archive.records import Asked, SurveyFinding
from crawler import feeds, survey, survey_pages
from crawler.context import CrawlContext
from crawler.endings import EarlyEnd
from crawler.feeds import Link
from crawler.fetcher import Reply
from crawler.robots import read_robots
from crawler.robots_file import obey_robots
from crawler.section_pages import subsections
from crawler.spiders.planned import PlannedSpider
from crawler.survey import note
from crawler.survey_asking import Asker, Listed, NotingFetcher
from publishers.page_state import NO_ARTICLE
from publishers.spec import Announcement, NewsSitemap, SectionFeed, SectionPage, SitemapIndex

MOST_PAGES = 3
"""Articles that are asked for until one is met that everybody may read."""


class SurveySpider(PlannedSpider):
    """Makes at most ``SURVEY_REQUESTS`` requests; what it finds stands in the context."""

    name = "survey"

    async def work(self) -> None:
        """Ask, until all is known or the requests are spent."""
        fetcher = NotingFetcher(self.context, self.crawler.engine.download_async)
        await Survey(self.context, fetcher).run()


class Survey:
    """The steps of a survey, the most important first: the requests may be spent before its end."""

    def __init__(self, context: CrawlContext, fetcher: NotingFetcher) -> None:
        self._context = context
        self._fetcher = fetcher
        self._asker = Asker(context, fetcher)
        self._publisher = context.publisher
        self._today = context.plan.started_at.astimezone(UTC).date()
        self._days: dict[date, list[str]] = {}
        self._lists: list[Listed] = []
        self._below: list[str] = []
        self._first_out: dict[str, datetime] = {}
        self._pages: dict[str, Reply] = {}

    async def run(self) -> None:
        """Take every step, and note those that were not taken."""
        steps: tuple[tuple[str, Callable[[], Awaitable[None]]], ...] = (
            ("robots.txt", self._robots),
            ("sitemap index", self._index),
            ("feeds", self._feeds),
            ("daily sitemaps", self._daily),
            ("section front", self._front),
            ("article pages", self._articles),
            ("conditional request", self._again),
            ("other spellings of an address", self._spellings),
            ("parameters", self._parameters),
            ("other pages of the section", self._other_pages),
        )
        try:
            for place, (topic, step) in enumerate(steps):
                try:
                    await step()
                except (EarlyEnd, ArchiveError) as error:
                    self._end(topic, error, [name for name, _ in steps[place + 1 :]])
                    raise
        finally:
            self._asker.note(*survey_pages.headers(self._fetcher.replies))

    def _end(self, topic: str, error: Exception, left: list[str]) -> None:
        reason = error.reason if isinstance(error, EarlyEnd) else str(error)
        means = "look again later"
        if isinstance(error, CrawlRefused):
            means = "ask the publisher; no way around it is tried"
        self._asker.note(note(topic, f"ended here: {reason}", means, passed=False))
        if left:
            self._asker.note(note("not looked at", survey.names(left, 20), means, passed=None))

    async def _robots(self) -> None:
        try:
            await obey_robots(self._context, self._fetcher)
        finally:
            for reply in self._fetcher.replies[-1:]:
                self._note_robots(reply)

    def _note_robots(self, reply: Reply) -> None:
        kind, token = reply.headers.get("content-type", ""), self._publisher.agent_token
        try:
            rules = read_robots(reply.status, kind, reply.passage.body, url=reply.url, token=token)
        except CrawlRefused as error:
            found = f"{error.reason} ({len(reply.passage.body)} bytes)"
            means = "nothing else is asked for"
            self._asker.note(note("robots.txt", found, means, passed=False, url=reply.url))
            return
        self._asker.note(*survey.robots(reply, rules, self._publisher))

    async def _index(self) -> None:
        for url in self._addresses(SitemapIndex):
            listed = await self._asker.read("sitemap index", url, feeds.read_sitemap_index)
            if listed is not None:
                named = [link.url for link in listed.links]
                self._days = survey.index_days(named, self._publisher, self._today)
                self._asker.note(*survey.index(listed.reply, named, self._publisher, self._today))

    async def _daily(self) -> None:
        """Read the newest day, the oldest, and one halfway back, where nothing changes any more."""
        if not self._days:
            return
        old = sorted(day for day in self._days if day < self._today - timedelta(days=1))
        read: dict[date, list[Link]] = {}
        for day in dict.fromkeys([max(self._days), *old[:1], *old[len(old) // 2 :][:1]]):
            topic, url = f"sitemap of {day}", self._days[day][0]
            listed = await self._asker.announcement(topic, url, feeds.read_sitemap)
            if listed is not None:
                self._keep(listed)
                read[day] = listed.links
        self._asker.note(survey.date_field(read, self._first_out, self._publisher))

    async def _feeds(self) -> None:
        for url in self._addresses(SectionFeed):
            feed = await self._asker.announcement("section feed", url, feeds.read_feed)
            if feed is not None:
                self._keep(feed)
                self._first_out = survey.published(feed.reply.passage.body, self._publisher)
        for url in self._addresses(NewsSitemap):
            news = await self._asker.announcement("news sitemap", url, feeds.read_sitemap)
            if news is not None:
                self._keep(news)

    async def _front(self) -> None:
        fronts = [a for a in self._publisher.announcements if isinstance(a, SectionPage)]
        for front in fronts[:1]:
            listed = await self._asker.page("section front", self._publisher.address(front))
            if listed is not None:
                self._below = subsections(listed.links, listed.reply.url, front)
                self._asker.note(
                    *survey_pages.section_front(
                        listed.reply, listed.links, self._below, self._publisher
                    )
                )

    async def _articles(self) -> None:
        """Look at an article that everybody may read, and at one that is marked, where there is one."""
        segments = set(self._publisher.access.url_segments)
        addresses = list(self._asker.articles.values())
        marked = [url for url in addresses if segments & set(urlsplit(url).path.split("/"))]
        for url in [url for url in addresses if url not in marked][:MOST_PAGES]:
            if "free" not in self._pages:
                await self._article(url)
        for url in marked[:1]:
            if "premium" not in self._pages:
                await self._article(url)
        found = f"{len(marked)} of {len(addresses)} that were listed"
        means = "at least these are for subscribers: only their public part is archived"
        self._asker.note(note("addresses marked premium", found, means, passed=True))
        for access in ("free", "premium"):
            if access not in self._pages:
                means = "nothing is known of its marks: look again"
                self._asker.note(note(f"{access} page", "none was met", means, passed=None))

    async def _article(self, url: str) -> None:
        reply = await self._asker.get("article page", url)
        if reply is None:
            return
        access, state = reply.passage.access, reply.passage.state
        kind = state.kind if state is not None else f"{reply.status}, no article"
        if access is None or kind not in {"article", "unknown_layout"}:
            means = "it is not archived; another one is looked at"
            passed = kind in NO_ARTICLE
            self._asker.note(note("article page", kind, means, passed=passed, url=reply.url))
        elif access not in self._pages:
            self._pages[access] = reply
            self._asker.note(*survey_pages.page(reply, self._publisher.access))

    async def _again(self) -> None:
        page = self._page
        if page is None:
            return
        self._asker.note(survey_pages.validators(page))
        asked = Asked(
            article_id=self._publisher.article_id(page.url) or "",
            asked_at=page.at,
            etag=page.headers.get("etag"),
            last_modified=page.headers.get("last-modified"),
        )
        if asked.etag or asked.last_modified:
            again = await self._asker.get("conditional request", page.url, asked=asked)
            if again is not None:
                self._asker.note(survey_pages.conditional(page, again))

    @property
    def _page(self) -> Reply | None:
        """The page that further questions are about: one that everybody may read, if one was met."""
        return self._pages.get("free") or next(iter(self._pages.values()), None)

    async def _spellings(self) -> None:
        wanted = survey_pages.other_hosts(self._publisher)
        if self._page is not None:
            wanted = survey_pages.spellings(self._page.url, self._publisher) + wanted
        for topic, url, ours in wanted:
            reply = await self._asker.get(topic, url, follow=False)
            if reply is not None:
                self._asker.note(survey_pages.other_spelling(topic, reply, ours))

    async def _parameters(self) -> None:
        """Try on one list whether it can be had in pieces, and whether the site's code is needed."""
        for listed in self._lists[:1]:
            url = listed.reply.url
            for topic, other, judge in (
                ("size and from", survey.with_piece(url), survey.pieces),
                ("_website", survey.without(url, "_website"), survey.unneeded),
            ):
                if other != url:
                    await self._try(f"{topic} ({listed.topic})", other, listed, judge)

    async def _try(
        self, topic: str, url: str, listed: Listed, judge: Callable[..., SurveyFinding]
    ) -> None:
        reply = await self._asker.get(topic, url)
        if reply is not None:
            links = self._asker.links_in(reply, listed.read)
            self._asker.note(judge(topic, reply, listed.links, links))

    async def _other_pages(self) -> None:
        """Look at one sub-section, and at the second page of the section."""
        front = self._addresses(SectionPage)[:1]
        wanted = [("a sub-section", url) for url in self._below[:1]]
        wanted += [("the section's second page", f"{url}2/") for url in front]
        for topic, url in wanted:
            listed = await self._asker.page(topic, url)
            if listed is not None:
                self._asker.note(
                    survey_pages.listing(topic, listed.reply, listed.links, self._publisher)
                )

    def _addresses(self, kind: type[Announcement]) -> list[str]:
        announced = self._publisher.announcements
        return [self._publisher.address(a) for a in announced if isinstance(a, kind)]

    def _keep(self, listed: Listed) -> None:
        """Keep a list that further questions can be asked about."""
        if len(listed.links) >= survey.FEWEST_TO_CUT:
            self._lists.append(listed)
