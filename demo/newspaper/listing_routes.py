"""The addresses of lists: section fronts, their further pages, topics, authors, the latest news."""

from __future__ import annotations

from collections.abc import Sequence

from demo.newspaper.announced import announced
from demo.newspaper.carried import carrying
from demo.newspaper.edition import belongs
from demo.newspaper.routing import Answer, Call, not_found, route
from demo.newspaper.section_pages import CARDS, listing_page
from demo.newspaper.sections import SECTIONS
from demo.newspaper.story import Story, slugify
from demo.newspaper.vocabulary import SUBSECTIONS

NUMBER = r"(?:(\d+)/)?"
"""The number of a further page, as a part of the path."""


@route(rf"/(world|nz|business|sport|entertainment|travel|video|sponsored-stories)/{NUMBER}")
def _section(call: Call) -> Answer:
    return _listing(call, SECTIONS[call.name], _newest(call, call.name))


@route(rf"/world/(australia|asia|uk|united-states|middle-east|europe|pacific)/{NUMBER}")
def _subsection(call: Call) -> Answer:
    return _listing(call, SUBSECTIONS[call.name], _newest(call, f"world/{call.name}"))


@route(rf"/topic/([a-z0-9-]+)/{NUMBER}")
def _topic(call: Call) -> Answer:
    """Everything with this tag, and for a sub-section's name everything filed under it."""
    stories = [
        story
        for story in _newest(call)
        if call.name in map(slugify, story.tags) or f"world/{call.name}" in story.sections
    ]
    return _listing(call, call.name.replace("-", " ").title(), stories) if stories else not_found()


@route(rf"/author/([a-z-]+)/{NUMBER}")
def _author(call: Call) -> Answer:
    theirs = [s for s in _newest(call) if call.name in map(slugify, s.authors)]
    if not theirs:
        return not_found()
    return _listing(call, theirs[0].authors[0], theirs, others=False)


@route(r"/(?:latest-news/)?")
def _latest(call: Call) -> Answer:
    return _listing(call, "Latest news", _newest(call))


@route(r"/(news)/(\d+)/")
def _news(call: Call) -> Answer:
    return _listing(call, "News", _newest(call))


def _newest(call: Call, section: str = "") -> list[Story]:
    """Return what is announced of a section, newest first; the empty name means all."""
    stories = announced(call.site.newsroom, call.site.profile)[::-1]
    return [story for story in stories if not section or belongs(story, section)]


def _listing(call: Call, title: str, stories: Sequence[Story], *, others: bool = True) -> Answer:
    """Return the page of a list that its number names; one after the last is not there."""
    number = int(call.parts[1]) if len(call.parts) > 1 and call.parts[1] else 1
    shown = stories[CARDS * (number - 1) : CARDS * number] if number else []
    if not shown and number != 1:
        return not_found()
    beside = [
        story
        for other in ("sponsored-stories", "video", "nz", "sport")
        for story in call.site.newsroom.newest_in(other, 1)
    ]
    page = listing_page(
        title,
        call.path,
        shown if call.site.profile.listing == "normal" else [],
        beside if others and call.site.profile.listing == "normal" else [],
        call.site.origin,
    )
    page = carrying(page, call.site.profile.carried, stories, call.site.origin)
    return Answer(body=page.encode())
