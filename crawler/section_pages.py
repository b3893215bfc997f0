"""Section pages read: their links, and the sub-sections that their menu names. Pure."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from urllib.parse import urlsplit

from lxml import etree, html

from archive.errors import UnreadablePage
from archive.urls import join
from crawler.feeds import MAX_LINKS, Link, Reading
from publishers.spec import SectionPage

_SUBSECTION = re.compile(r"[a-z][a-z0-9-]*")


def read_section_page(content: bytes, *, base: str, name: str) -> Reading:
    """Return the addresses of a page's links, absolute, each once; raises :class:`UnreadablePage`."""
    if not content.strip():
        raise UnreadablePage(name, "empty")
    try:
        page = html.document_fromstring(content, parser=html.HTMLParser(no_network=True))
    except (etree.LxmlError, ValueError) as error:
        raise UnreadablePage(name, f"no_html: {error}") from error
    links: dict[str, Link] = {}
    for link in _links(page, base):
        if link.url not in links or not links[link.url].text:
            links[link.url] = link
    if not links:
        # A page without a link is an error message or needs a browser, never an empty section.
        raise UnreadablePage(name, "no_links")
    found = list(links.values())
    return Reading(found[:MAX_LINKS], "too_many" if len(found) > MAX_LINKS else None)


def subsections(links: Iterable[Link], front: str, page: SectionPage) -> list[str]:
    """Return the addresses of the sub-sections that the front of a section links to, each once.

    They lie right below it (``/world/asia/``), or elsewhere under a word of the section's menu.
    """
    here = urlsplit(front)
    found = []
    for link in links:
        parts = urlsplit(link.url)
        if parts.netloc != here.netloc:
            continue
        inside = parts.path.removeprefix(page.path).strip("/")
        is_below = parts.path.startswith(page.path) and _SUBSECTION.fullmatch(inside)
        is_named = parts.path.startswith(page.menu_paths) and link.text.lower() in page.menu
        if is_below or is_named:
            found.append(f"{here.scheme}://{here.netloc}{parts.path.rstrip('/')}/")
    return list(dict.fromkeys(found))


def _links(page: html.HtmlElement, base: str) -> Iterator[Link]:
    for element in page.iter("base"):
        with suppress(ValueError):
            base = join(base, element.get("href") or "")
            break
    for anchor in page.iter("a"):
        try:
            url = join(base, anchor.get("href") or "")
        except ValueError:
            continue
        yield Link(url, text=" ".join(anchor.text_content().split()))
