"""What a survey makes of pages, validators, redirects and headers. Pure; no text of an article."""

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urljoin

from lxml.html import HtmlElement

from archive.records import SurveyFinding
from archive.urls import host_of
from crawler.feeds import Link
from crawler.fetcher import Reply
from crawler.survey import names, note
from publishers.fusion import assignments
from publishers.page_parts import PageParts, marked, page_parts
from publishers.page_source import decode_html, linked_data, parse_html
from publishers.rules import AccessRules
from publishers.spec import Publisher

LIMITS = re.compile(r"retry-after|rate-?limit", re.IGNORECASE)
"""Names of headers in which a site states how often it may be asked."""

_MANY = 14
_LONGEST = 60
_OK = 200


def section_front(
    reply: Reply, links: list[Link], below: list[str], publisher: Publisher
) -> Iterator[SurveyFinding]:
    """Tell what a section's front lists, and which sub-sections its menu names."""
    ours = _ours(links, publisher)
    size = len(reply.passage.body)
    found = f"{reply.status}, {size / 1000:.0f} kB, {len(links)} links, {len(ours)} of our articles"
    means = "read as set up" if ours else "its list needs a browser: rely on sitemaps and feeds"
    yield note("section front", found, means, passed=bool(ours), url=reply.url)
    paths = [url.removeprefix(publisher.origin) for url in below]
    means = "read from the menu at each run" if paths else "ask a person: the menu names none"
    yield note("sub-sections", names(paths, _MANY) or "none", means, passed=bool(paths))


def listing(topic: str, reply: Reply, links: list[Link], publisher: Publisher) -> SurveyFinding:
    """Tell what another list of a section shows."""
    ours = _ours(links, publisher)
    found = f"{reply.status}, {len(ours)} of our articles"
    is_list = reply.status == _OK and bool(ours)
    means = "it can be read" if is_list else "nothing can be had there"
    return note(topic, found, means, passed=is_list, url=reply.url)


def _ours(links: list[Link], publisher: Publisher) -> set[str | None]:
    urls = [link.url for link in links]
    return {publisher.article_id(url) for url in urls if publisher.is_in_section(url)}


def page(reply: Reply, rules: AccessRules) -> Iterator[SurveyFinding]:
    """Tell which marks an article page carries; of one that is not free, only their names."""
    access = reply.passage.access or "no article"
    said = reply.passage.note
    topic = f"{access} page"
    found = names(said.evidence, _MANY) if said and said.evidence else "no mark of access"
    cuts = f"cut at the gate: {names(said.cuts, _MANY)}" if said and said.cuts else "nothing is cut"
    yield note(f"{topic}: marks", found, cuts, passed=access in {"free", "premium"}, url=reply.url)
    tree = parse_html(decode_html(reply.passage.body).text) if access == "free" else None
    if tree is not None:
        yield _selectors(topic, page_parts(tree, rules), rules)
        yield _data(topic, reply, tree)


def _selectors(topic: str, parts: PageParts, rules: AccessRules) -> SurveyFinding:
    classes = tuple(f".{name}" for name in rules.body_classes)
    by_class = [mark for mark in classes if any(True for _ in marked(parts.tree, (mark,)))]
    wanted = {
        "body": [n for n in rules.body_names if n in parts.named] + by_class,
        "headline": [n for n in rules.heading_names if n in parts.named],
        "byline": [n for n in rules.byline_names if n in parts.named],
        "caption": [n for n in rules.caption_names if n in parts.named],
    }
    found = "; ".join(f"{part}: {names(there, _MANY)}" for part, there in wanted.items() if there)
    missing = [part for part, there in wanted.items() if not there]
    unknown = sorted(parts.named.keys() - {name for group in _names_of(rules) for name in group})
    means = f"no name matches: {', '.join(missing)}" if missing else "the reader knows this layout"
    means += f"; names we don't use: {names(unknown, _MANY)}" if unknown else ""
    well = bool(wanted["body"] and wanted["headline"])
    return note(f"{topic}: selectors", found or "none matches", means, passed=well)


def _names_of(rules: AccessRules) -> Iterable[tuple[str, ...]]:
    return (
        rules.body_names,
        rules.heading_names,
        rules.byline_names,
        rules.caption_names,
        rules.side_names,
        rules.badges,
        rules.public_sections,
        rules.subscriber_sections,
    )


def _data(topic: str, reply: Reply, tree: HtmlElement) -> SurveyFinding:
    fusion = {
        part.name: part.value
        for part in assignments(decode_html(reply.passage.body).text)
        if part.value
    }
    own = fusion.get("globalContent")
    keys = sorted(own) if isinstance(own, dict) else []
    types = [str(kind) for block in linked_data(tree) for kind in _types(block)]
    metas = [
        str(name) for name in tree.xpath("//meta/@property|//meta/@name") if len(name) < _LONGEST
    ]
    found = f"JSON: {names(keys, _MANY) or 'none'}; JSON-LD: {names(types) or 'none'}"
    means = f"meta names: {names(sorted(metas), 30) or 'none'}"
    return note(f"{topic}: data", found, means, passed=bool(keys or types))


def _types(block: Any) -> Iterator[str]:  # noqa: ANN401 - whatever JSON it is
    for value in block if isinstance(block, list) else [block]:
        if isinstance(value, dict):
            kind = value.get("@type")
            yield from kind if isinstance(kind, list) else [str(kind)]


def validators(reply: Reply) -> SurveyFinding:
    """Tell by which validators an answer can be asked about again."""
    there = [name for name in ("etag", "last-modified") if reply.headers.get(name)]
    if there:
        means = "a conditional request is possible"
        return note("validators", " and ".join(there), means, passed=True, url=reply.url)
    means = "every due article is asked for in full"
    return note("validators", "none", means, passed=True, url=reply.url)


def conditional(first: Reply, again: Reply) -> SurveyFinding:
    """Tell whether a conditional request saves the site its work."""
    topic = "conditional request"
    if again.status == 304:  # noqa: PLR2004 - Not Modified
        return note(topic, "304", "an unchanged article costs no body", passed=True, url=again.url)
    changed = [n for n in ("etag", "last-modified") if first.headers.get(n) != again.headers.get(n)]
    found = f"{again.status}; {' and '.join(changed)} changed" if changed else f"{again.status}"
    means = "validators are of no use: every due article is asked for in full"
    return note(topic, found, means, passed=False, url=again.url)


def spellings(url: str, publisher: Publisher) -> list[tuple[str, str, str]]:
    """Return other ways to spell an article's address: what differs, the address, and our own."""
    article_id = publisher.article_id(url) or ""
    lower = url.replace(article_id, article_id.lower())
    return [("without the slash", url.rstrip("/"), url), ("id in lower case", lower, url)]


def other_hosts(publisher: Publisher) -> list[tuple[str, str, str]]:
    """Return what to ask the publisher's other hosts, in the same way.

    For their robots.txt: every host must answer for itself, and may be asked for nothing else before.
    """
    origin, own = publisher.origin, host_of(publisher.origin)
    ours = f"{origin}/robots.txt"
    hosts = [host for host in publisher.hosts if host != own]
    return [(f"host {host}", ours.replace(own, host, 1), ours) for host in hosts]


def other_spelling(topic: str, reply: Reply, canonical: str) -> SurveyFinding:
    """Tell how an address answers that is spelled unlike the one the publisher announced."""
    location = reply.headers.get("location")
    if location is not None:
        same = urljoin(reply.url, location) == canonical
        found = f"{reply.status}, to our spelling" if same else f"{reply.status}, elsewhere"
        means = "the crawl follows it" if same else f"ask a person: {location[:_LONGEST]}"
        return note(topic, found, means, passed=same, url=reply.url)
    if reply.status == _OK:
        means = "two addresses, one page: the crawl uses one spelling"
        return note(topic, f"{reply.status}", means, passed=True, url=reply.url)
    return note(topic, f"{reply.status}", "this spelling is nothing", passed=True, url=reply.url)


def headers(replies: list[Reply]) -> Iterator[SurveyFinding]:
    """Tell what the headers of all answers say of limits, and what pages say to robots."""
    if not replies:
        return
    none = f"none in {len(replies)} answers"
    limits = _values(replies, LIMITS)
    means = "set ARCHIVE_DELAY_SECONDS so that they are kept" if limits else "nothing to heed"
    found = names(sorted(limits)) or none
    yield note("limits stated in headers", found, means, passed=not limits)
    said = _values(replies, re.compile("x-robots-tag"))
    said |= {f"meta robots: {words}" for reply in replies for words in _robots_metas(reply)}
    barred = any("noarchive" in words.lower() for words in said)
    means = "what says noarchive is not archived" if barred else "nothing forbids an archive"
    yield note("words to robots", names(sorted(said)) or none, means, passed=not barred)


def _values(replies: list[Reply], pattern: re.Pattern[str]) -> set[str]:
    return {
        f"{name}: {value[:_LONGEST]}"
        for reply in replies
        for name, value in reply.headers.items()
        if pattern.search(name)
    }


def _robots_metas(reply: Reply) -> Iterator[str]:
    if reply.status != _OK or "html" not in reply.headers.get("content-type", ""):
        return
    tree = parse_html(decode_html(reply.passage.body).text)
    if tree is not None:
        for words in tree.xpath('//meta[translate(@name,"ROBTS","robts")="robots"]/@content'):
            yield str(words)[:_LONGEST]
