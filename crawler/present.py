"""Reads where a publisher announces what is new: news sitemap, section feed, section pages."""

from crawler import feeds
from crawler.announcements import Announced, Announcements
from crawler.context import CrawlContext
from crawler.feeds import Reading
from crawler.fetcher import Reply
from crawler.section_pages import read_section_page, subsections
from publishers.spec import Announcement, NewsSitemap, SectionFeed, SectionPage

MAX_SUBSECTIONS = 20
"""Most sub-sections of a section's menu that are read."""

MAX_PAGES = 10
"""Most pages of a section that a repair reads: about four days of stories."""


_NO_MORE = {404, 410}


class Present:
    """The announcements without a date."""

    def __init__(self, context: CrawlContext, announcements: Announcements) -> None:
        self._announcements = announcements
        self._publisher = context.publisher

    async def read(self) -> None:
        """Read each of them, and the sub-sections that the menu of a section names."""
        for announcement in self._publisher.announcements:
            await self._read(announcement)

    async def read_pages(self) -> None:
        """Read the section's pages, its sub-sections, and its older pages as far as they go."""
        for page in self._publisher.announcements:
            if isinstance(page, SectionPage):
                met = await self._read_front(page)
                await self._read_older(page, met)

    async def _read(self, announcement: Announcement) -> None:
        url = self._publisher.address(announcement)
        match announcement:
            case NewsSitemap():
                await self._announcements.read("news-sitemap", url, _sitemap)
            case SectionFeed(section=section):
                # Who is in the section's feed is in the section, as the publisher sees it.
                await self._announcements.read(f"rss:{section}", url, _feed, states_taxonomy=True)
            case SectionPage():
                await self._read_front(announcement)

    async def _read_front(self, page: SectionPage) -> frozenset[str]:
        """Read a section's front and its sub-sections; return the articles on the front."""
        url, source = self._publisher.address(page), f"section:{page.section}"
        front = await self._read_page(source, url)
        for address in subsections(front.links, url, page)[:MAX_SUBSECTIONS]:
            path = address.removeprefix(self._publisher.origin).strip("/")
            await self._read_page(f"section:{path}", address)
        return front.articles

    async def _read_older(self, page: SectionPage, met: frozenset[str]) -> None:
        for number in range(2, MAX_PAGES + 1):
            url = self._publisher.address(page, number)
            said = await self._read_page(f"section:{page.section}/{number}", url)
            if said.status in _NO_MORE or (said.links and said.articles <= met):
                # The last page, or a site that gives its first for every number.
                return
            met |= said.articles

    async def _read_page(self, source: str, url: str) -> Announced:
        return await self._announcements.read(source, url, _page)


def _sitemap(reply: Reply) -> Reading:
    return feeds.read_sitemap(reply.passage.body, name=reply.url)


def _feed(reply: Reply) -> Reading:
    return feeds.read_feed(reply.passage.body, name=reply.url)


def _page(reply: Reply) -> Reading:
    return read_section_page(reply.passage.body, base=reply.url, name=reply.url)
