"""What a survey makes of robots.txt, sitemaps and feeds. Pure: answers in, findings out."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from protego import Protego

from archive.records import SurveyFinding
from crawler.feeds import Link
from crawler.fetcher import Reply
from crawler.robots import Robots
from publishers.spec import Publisher

SURVEY_REQUESTS = 20
"""Most requests of a survey, tries and redirects included: the first contact must be one that nobody
minds, a person's visit of a few minutes, whatever the site answers."""

PIECE = {"size": "3", "from": "2"}
"""Three entries from the third on: enough to tell which of the two a site honours."""

FEWEST_TO_CUT = 6
"""Entries that a list must have so that ``PIECE`` tells something."""

TRAINING_AGENTS = (
    "ai2bot",
    "amazonbot",
    "anthropic-ai",
    "applebot-extended",
    "bytespider",
    "ccbot",
    "chatgpt-user",
    "claude-web",
    "claudebot",
    "cohere-ai",
    "diffbot",
    "google-extended",
    "gptbot",
    "meta-externalagent",
    "oai-searchbot",
    "omgili",
    "perplexitybot",
)
"""Agents known to gather text for language models, in lower case (publishers' robots.txt, 2026)."""

_AGENT_LINE = re.compile(r"^\s*user-agent\s*:\s*([^\s#]+)", re.IGNORECASE | re.MULTILINE)
_SITEMAP_LINE = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_COMMENT_LINE = re.compile(r"^\s*#\s*(.*\S)", re.MULTILINE)
_ITEM = re.compile(rb"<item\b.*?</item>", re.DOTALL)
_LINK = re.compile(rb"<link>\s*(?:<!\[CDATA\[)?\s*([^<\]\s]+)")
_PUBLISHED = re.compile(rb"<pubDate>\s*(?:<!\[CDATA\[)?([^<\]]+)")
_OK = 200
_NAMED = 8
_LONGEST = 160


def note(
    topic: str, finding: str, detail: str = "", *, passed: bool | None, url: str | None = None
) -> SurveyFinding:
    """Return a finding."""
    return SurveyFinding(topic=topic, finding=finding, detail=detail, passed=passed, url=url)


def names(values: Iterable[str], most: int = _NAMED) -> str:
    """Return some of many names, and how many more there are."""
    known = list(dict.fromkeys(values))
    more = f" and {len(known) - most} more" if len(known) > most else ""
    return ", ".join(known[:most]) + more


def robots(reply: Reply, rules: Robots, publisher: Publisher) -> Iterator[SurveyFinding]:
    """Tell what robots.txt says: to us, to others, and to people."""
    text = reply.passage.body.decode("utf-8-sig", "replace") if rules.rules else ""
    asks = f"Crawl-delay {rules.crawl_delay:g} s" if rules.crawl_delay else "no Crawl-delay for us"
    found = f"{reply.status}, {len(reply.passage.body)} bytes; {asks}"
    means = "the longer of it and ARCHIVE_DELAY_SECONDS is kept"
    if rules.rules is None:
        found, means = f"{reply.status}: there is none", "everything is allowed"
    yield note("robots.txt", found, means, passed=True, url=reply.url)
    yield _our_addresses(rules, publisher)
    if rules.rules is not None:
        yield _named_agents(text, publisher)
        yield _sitemap_lines(text, publisher)
    comments = _COMMENT_LINE.findall(text)
    if comments:
        words = " / ".join(comments)[:_LONGEST]
        means = "ask a person: it is written for people"
        yield note("robots.txt: comments", f"“{words}”", means, passed=False)


def _our_addresses(rules: Robots, publisher: Publisher) -> SurveyFinding:
    made_up = f"{publisher.origin}{publisher.section_path}some-story/{'A' * 26}/"
    wanted = [publisher.address(a) for a in publisher.announcements] + [made_up]
    forbidden = [url for url in wanted if not rules.allows(url)]
    if not forbidden:
        found = f"all {len(wanted) - 1} announcements and the articles are allowed"
        return note("robots.txt: our addresses", found, "crawl as set up", passed=True)
    found = "forbidden: " + names(urlsplit(url).path for url in forbidden)
    means = "they are never asked for; ask a person whether the publisher wants the archive"
    return note("robots.txt: our addresses", found, means, passed=False)


def _named_agents(text: str, publisher: Publisher) -> SurveyFinding:
    # As it stands: our own rules know no other agent by name.
    rules, front = Protego.parse(text), publisher.origin + publisher.section_path
    agents = dict.fromkeys(agent for agent in _AGENT_LINE.findall(text) if agent != "*")
    barred = [agent for agent in agents if not rules.can_fetch(front, agent)]
    training = [a for a in agents if a.lower() in TRAINING_AGENTS]
    found = f"{len(agents)} named; barred from the section: {names(barred) or 'none'}"
    if not training:
        return note("robots.txt: agents", found, "none gathers text to train machines", passed=True)
    means = f"{len(training)} gather text to train machines: ask a person what the permit covers"
    return note("robots.txt: agents", found, means, passed=False)


def _sitemap_lines(text: str, publisher: Publisher) -> SurveyFinding:
    stated = {url.partition("?")[0] for url in _SITEMAP_LINE.findall(text)}
    ours = {publisher.address(a).partition("?")[0] for a in publisher.announcements}
    found = f"{len(stated)} stated, {len(stated & ours)} of them ours"
    others = sorted(urlsplit(url).path for url in stated - ours)
    means = f"not read: {names(others)}" if others else "nothing announced is left out"
    return note("robots.txt: sitemaps", found, means, passed=not others)


def index(
    reply: Reply, addresses: list[str], publisher: Publisher, today: date
) -> Iterator[SurveyFinding]:
    """Tell which days a sitemap index names, and how far back it goes."""
    days = index_days(addresses, publisher, today)
    others = sum(publisher.sitemap_day(address) is None for address in addresses)
    topic = "sitemap index"
    if not days:
        found = f"{reply.status}, {len(addresses)} addresses, none of a day"
        means = "ask a person: without daily sitemaps nothing past can be found"
        yield note(topic, found, means, passed=False, url=reply.url)
        return
    oldest, newest = min(days), max(days)
    missing = (newest - oldest).days + 1 - len(days)
    split = sum(len(parts) > 1 for parts in days.values())
    found = f"{reply.status}; days: {len(days)}, of them split: {split}; other sitemaps: {others}"
    means = f"{missing} days in between are missing: they can't be filled in" if missing else ""
    yield note(topic, found, means or "no day is missing", passed=not missing, url=reply.url)
    means = "a backfill can go back to it, and no further"
    yield note("sitemap index: oldest day", str(oldest), means, passed=True)
    is_current = newest >= today - timedelta(days=1)
    means = "the present is announced" if is_current else "ask a person: the present is not in it"
    yield note("sitemap index: newest day", str(newest), means, passed=is_current)


def index_days(
    addresses: Iterable[str], publisher: Publisher, today: date
) -> dict[date, list[str]]:
    """Return the sitemaps of each UTC day that an index names."""
    days: dict[date, list[str]] = {}
    for address in addresses:
        day = publisher.sitemap_day(address)
        if day is not None:
            days.setdefault(today if day == "latest" else day, []).append(address)
    return days


def announcement(
    topic: str, reply: Reply, links: list[Link], publisher: Publisher
) -> SurveyFinding:
    """Tell what one sitemap or feed lists."""
    if not links:
        means = "200 with nothing in it is this platform's silent failure: rely on the others"
        return note(topic, f"{reply.status}, empty", means, passed=False, url=reply.url)
    articles = [link.url for link in links if publisher.article_id(link.url)]
    ours = [url for url in articles if publisher.is_in_section(url)]
    newest = max((link.lastmod for link in links if link.lastmod), default=None)
    newest = newest or max(published(reply.passage.body, publisher).values(), default=None)
    found = (
        f"{reply.status}, {len(links)} items, {len(articles)} articles, {len(ours)} of our section"
    )
    found += f"; newest {newest:%Y-%m-%d %H:%M}Z" if newest else "; no times"
    if ours:
        return note(topic, found, "read as set up", passed=True, url=reply.url)
    return note(topic, found, "nothing of our section is in it", passed=False, url=reply.url)


def published(feed: bytes, publisher: Publisher) -> dict[str, datetime]:
    """Return when the articles of a feed were first published, as far as it says so, by their id."""
    found = {}
    for item in _ITEM.findall(feed):
        link, date_text = _LINK.search(item), _PUBLISHED.search(item)
        if link is None or date_text is None:
            continue
        try:
            url = publisher.resolve(f"{publisher.origin}/", link[1].decode("utf-8", "replace"))
            instant = parsedate_to_datetime(date_text[1].decode("ascii", "replace").strip())
        except ValueError:
            continue
        if article_id := publisher.article_id(url):
            found[article_id] = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return found


def date_field(
    read: dict[date, list[Link]], first_out: dict[str, datetime], publisher: Publisher
) -> SurveyFinding:
    """Tell by which date a story stands in a day's sitemap.

    By publication, some entries of an old day have changed since. By last change, none has, and some
    entries of a day were first published before it.
    """
    topic, entries, since, moved = "a day's sitemap lists by", 0, 0, 0
    for day, links in read.items():
        for link in links:
            entries += 1
            since += link.lastmod is not None and link.lastmod.astimezone(UTC).date() > day
            out = first_out.get(publisher.article_id(link.url) or "")
            moved += out is not None and out.astimezone(UTC).date() < day
    found = f"of {entries} entries, {since} changed after their day, {moved} were out before it"
    if since and not moved:
        means = "publication: an updated story stays in its day, a backfill of a date finds it"
        return note(topic, found, means, passed=True)
    if moved and not since:
        means = (
            "last change: an updated story moves to another day, so crawl at least daily; "
            "a backfill of a date finds what changed last on it"
        )
        return note(topic, found, means, passed=False)
    means = "this does not settle it: look again on another day, or ask a person"
    return note(topic, found, means, passed=False if since else None)


def with_piece(url: str) -> str:
    """Return an address that asks for a piece of its list."""
    return _with_query(url, [*parse_qsl(urlsplit(url).query), *PIECE.items()])


def without(url: str, name: str) -> str:
    """Return an address without one of its parameters."""
    return _with_query(url, [pair for pair in parse_qsl(urlsplit(url).query) if pair[0] != name])


def _with_query(url: str, pairs: list[tuple[str, str]]) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(pairs), ""))


def pieces(topic: str, reply: Reply, whole: list[Link], piece: list[Link]) -> SurveyFinding:
    """Tell whether a list can be had in pieces."""
    first, start = [link.url for link in whole], int(PIECE["from"])
    limited = 0 < len(piece) <= int(PIECE["size"])
    shifted = bool(piece) and piece[0].url in first[start:]
    words = {
        (True, True): ("size and from are honoured", "long lists can be had in pieces"),
        (True, False): ("size is honoured, from is not", "more than one answer can't be had"),
        (False, True): ("from is honoured, size is not", "the rest of a list can be had"),
        (False, False): ("neither size nor from is honoured", "a list is as long as it comes"),
    }
    found, means = words[limited, shifted]
    if reply.status != _OK or not piece:
        found, means = f"{reply.status}, {len(piece)} items with size and from", "don't send them"
    return note(topic, found, f"{means}; the crawl sends neither", passed=True, url=reply.url)


def unneeded(topic: str, reply: Reply, whole: list[Link], again: list[Link]) -> SurveyFinding:
    """Tell whether an answer is the same without one of its parameters."""
    common = {link.url for link in whole} & {link.url for link in again}
    if common:
        found = f"without it: {reply.status}, {len(common)} of {len(whole)} items the same"
        means = "not needed; the crawl sends it, as the site's own addresses do"
        return note(topic, found, means, passed=True, url=reply.url)
    found = f"without it: {reply.status}, {len(again)} items"
    return note(topic, found, "it is needed, and the crawl sends it", passed=True, url=reply.url)
