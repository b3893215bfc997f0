"""What a publisher is to us: one declarative value, and small pure questions to it."""

import posixpath
import re
from datetime import date
from typing import Literal
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from attrs import evolve, field, frozen

from archive.errors import ConfigurationError
from archive.urls import host_of, join, normalise_url
from publishers.rules import AccessRules

_NUMBER = re.compile(r"[0-9]{1,12}")


@frozen(kw_only=True)
class SitemapIndex:
    """An index that names a sitemap for each UTC day (``Publisher.sitemap_day`` tells which)."""

    path: str
    """Path and query below the origin."""


@frozen(kw_only=True)
class NewsSitemap:
    """A news sitemap: the last two days, all sections."""

    path: str
    """Path and query below the origin."""


@frozen(kw_only=True)
class SectionFeed:
    """An RSS feed of one section."""

    path: str
    """Path and query below the origin."""

    section: str
    """Section it announces, such as ``world``."""


@frozen(kw_only=True)
class SectionPage:
    """The HTML front of a section; further pages of it lie below a number, as in ``/world/2/``."""

    path: str
    """Path below the origin, with a slash at its end."""

    section: str
    """Section it announces."""

    menu: tuple[str, ...] = ()
    """Words of its menu that lead to sub-sections which lie elsewhere, in small letters."""

    menu_paths: tuple[str, ...] = ()
    """Where such sub-sections lie: beginnings of their paths, such as ``/topic/``."""


Announcement = SitemapIndex | NewsSitemap | SectionFeed | SectionPage
"""A place where articles are announced."""


@frozen(kw_only=True)
class Publisher:
    """Whom we archive: where articles are announced, which addresses are articles, what is off limits."""

    name: str
    """Short name, the first part of every key in the bucket."""

    title: str
    """Name as people write it; also what is cut from the end of page titles."""

    origin: str
    """Scheme and host that is crawled, without a trailing slash."""

    hosts: tuple[str, ...]
    """Hosts (with their port unless it is the default) that show this site; no other is followed."""

    section: str
    """Section that is archived, as the first segments of an article's path: ``world``."""

    section_path: str
    """Path of that section's front."""

    timezone: str
    """Zone of the publisher's calendar days, as in the IANA database."""

    agent_token: str
    """First word of our agent name, and the token looked up in robots.txt."""

    announcements: tuple[Announcement, ...]
    """Where articles are announced, the most complete first."""

    article_pattern: re.Pattern[str]
    """Matches the path of an article address; groups ``section`` and ``id``."""

    article_ending: str = "/"
    """What the path of an article address ends in, in our spelling; empty for ``….html``."""

    old_pattern: re.Pattern[str] | None = None
    """Matches the path of an article address of the site's older form; group ``section``. None without."""

    old_key: str = ""
    """Query key of such an address that holds the article's older id, a number."""

    sitemap_day_pattern: re.Pattern[str] | None = None
    """Matches the path of a daily sitemap; group ``day`` is an ISO date or ``latest``. None without."""

    denied_paths: tuple[str, ...]
    """Paths never requested, with all below them, whatever robots.txt says."""

    denied_queries: tuple[tuple[str, str], ...] = ()
    """Query pairs never requested, in lower case."""

    drop_query: tuple[str, ...] = ()
    """Query keys that only track (patterns), dropped from every address."""

    drop_article_query: tuple[str, ...] = ()
    """Query keys that mean nothing on an article address, dropped from those only."""

    reader: str | None = None
    """Module of ``pipelines/pages`` with the readers of its pages. None for the general reader."""

    access: AccessRules = field(repr=False)
    """How subscriber-only pages show, and which parts of them everybody may see."""

    def article_id(self, url: str) -> str | None:
        """Return the publisher's own id in an article address. None when it is no such address."""
        found = self._article(url)
        return found["id"] if found else None

    def listed_id(self, url: str) -> str | None:
        """Return the id under which an address is listed. None when it is no article address.

        That is the publisher's own id. An address of the older form does not hold it: it is listed as
        ``objectid:12350135`` until it is asked, and redirects to the article.
        """
        return self.article_id(url) or self._old_id(url)

    def section_of(self, url: str) -> str | None:
        """Return the section in an article address, such as ``nz/politics``. None for other addresses."""
        found = self._article(url) or self._old(url)
        return found["section"] if found else None

    def is_in_section(self, url: str) -> bool:
        """Tell whether an address is an article of the section that is archived."""
        section = self.section_of(url)
        return section is not None and f"{section}/".startswith(f"{self.section}/")

    def is_ours(self, url: str) -> bool:
        """Tell whether an address is on this publisher's hosts."""
        try:
            return urlsplit(url).scheme in {"http", "https"} and host_of(url) in self.hosts
        except ValueError:
            return False

    def is_denied(self, url: str) -> bool:
        """Tell whether an address must never be requested; other hosts are denied too."""
        if not self.is_ours(url):
            return True
        parts = urlsplit(url)
        path = posixpath.normpath("/" + unquote(unquote(parts.path)).lstrip("/")).lower()
        if any(f"{path}/".startswith(f"{denied}/") for denied in self.denied_paths):
            return True
        pairs = {(key.lower(), value.lower()) for key, value in parse_qsl(parts.query)}
        return not pairs.isdisjoint(self.denied_queries)

    def normalise(self, url: str) -> str:
        """Return an address in our spelling; raises ValueError when it is no web address.

        Addresses on our hosts start with the origin (``http`` and the bare host only redirect to
        it); article addresses end in ``article_ending`` and carry no query that means nothing.
        """
        article = self._article(url)
        spelled = normalise_url(url, self.drop_query + (self.drop_article_query if article else ()))
        if not self.is_ours(url):
            return spelled
        parts = urlsplit(spelled)
        path = parts.path.rstrip("/") + self.article_ending if article else parts.path
        return self.origin + path + (f"?{parts.query}" if parts.query else "")

    def resolve(self, base: str, link: str) -> str:
        """Return a link of the page or feed at ``base`` as an address in our spelling.

        Raises ValueError when it leads to no web address.
        """
        text = link.strip()
        if text.lower().startswith(tuple(f"{host}/" for host in self.hosts)):
            text = f"//{text}"
        return self.normalise(join(base, text))

    def sitemap_day(self, url: str) -> date | Literal["latest"] | None:
        """Return the UTC day a daily sitemap is about. None when the address is no daily sitemap."""
        found = self._match(self.sitemap_day_pattern, url)
        if found is None:
            return None
        if found["day"] == "latest":
            return "latest"
        try:
            return date.fromisoformat(found["day"])
        except ValueError:
            return None

    def sitemap_under_date(self, url: str, day: date) -> str:
        """Return the address at which a daily sitemap called ``latest`` is found once its day is over."""
        parts = urlsplit(url)
        pattern = self.sitemap_day_pattern
        found = pattern.fullmatch(parts.path) if pattern else None
        if found is None:
            return url
        path = parts.path[: found.start("day")] + day.isoformat() + parts.path[found.end("day") :]
        return urlunsplit(parts._replace(path=path))

    def is_sitemap_index(self, url: str) -> bool:
        """Tell whether an address is an index of sitemaps: an announced one, or one below it."""
        paths = [urlsplit(a.path).path for a in self.announcements if isinstance(a, SitemapIndex)]
        return self.is_ours(url) and urlsplit(url).path.startswith(tuple(paths))

    def address(self, announcement: Announcement, page: int = 1) -> str:
        """Return the full address of an announcement at the origin; ``page`` counts from 1."""
        return self.origin + announcement.path + (f"{page}/" if page > 1 else "")

    def with_origin(self, origin: str) -> "Publisher":
        """Return the same publisher served from another origin, such as ``http://127.0.0.1:8080``.

        Raises :class:`ConfigurationError` when that is no scheme and host.
        """
        try:
            spelled = normalise_url(origin).rstrip("/")
            host = host_of(spelled)
        except ValueError as error:
            message = f"ARCHIVE_PUBLISHER_ORIGIN: {error}; give scheme and host"
            raise ConfigurationError(message) from error
        if spelled.split("://", 1)[1] != host:
            message = f"ARCHIVE_PUBLISHER_ORIGIN: {origin!r} has a path; give scheme and host only"
            raise ConfigurationError(message)
        if spelled == self.origin:
            return self
        return evolve(self, origin=spelled, hosts=(host,))

    def user_agent(self, contact: str | None, version: str) -> str:
        """Return our honest agent name: who asks, and how to reach them.

        ``contact`` is None only where nobody else's site is asked (a loopback origin). Raises
        :class:`ConfigurationError` when it can't stand in a header.
        """
        told = "made-up newspaper" if contact is None else f"+{contact.strip()}"
        if not (told.isascii() and told.isprintable()):
            message = "ARCHIVE_CONTACT: use printable ASCII, such as a mail or web address"
            raise ConfigurationError(message)
        return f"{self.agent_token}/{version} ({told})"

    def _article(self, url: str) -> re.Match[str] | None:
        return self._match(self.article_pattern, url)

    def _old(self, url: str) -> re.Match[str] | None:
        return self._match(self.old_pattern, url) if self._old_id(url) else None

    def _old_id(self, url: str) -> str | None:
        if not self._match(self.old_pattern, url):
            return None
        try:
            spelled = normalise_url(url)  # such links come with ``&`` escaped once or twice
        except ValueError:
            return None
        number = dict(parse_qsl(urlsplit(spelled).query)).get(self.old_key, "")
        return f"{self.old_key}:{number}" if _NUMBER.fullmatch(number) else None

    def _match(self, pattern: re.Pattern[str] | None, url: str) -> re.Match[str] | None:
        return pattern.fullmatch(urlsplit(url).path) if pattern and self.is_ours(url) else None
