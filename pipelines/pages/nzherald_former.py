"""What the readers of NZ Herald's former layouts share.

Their pages hold no JSON of the story, and their visible times no zone: those stay candidates.
"""

import copy
import re
from collections.abc import Iterable, Sequence

from attrs import evolve
from lxml.html import HtmlElement

from archive.records import Block, DateCandidate
from pipelines.pages.base import Page
from pipelines.pages.bylines import agency_name, byline, fold
from pipelines.pages.engine import cut_text
from pipelines.pages.general import about, agency_of, without_repeats
from pipelines.pages.markup import remove, text_of
from pipelines.pages.nzherald_body import parts
from pipelines.pages.nzherald_byline import OWN_NAMES
from pipelines.pages.pictures import pictures
from pipelines.pages.reading import PageReading
from publishers.page_parts import hides_below

# What a title adds to the headline: " - Business - NZ Herald News".
_TITLE_END = re.compile(r"\s+[-–—|]\s")
# The last line of copy from elsewhere: "- AP".
_SIGNED = re.compile(r"[-–—]\s*(?P<name>[^-–—].{0,60})")


def head(page: Page, shown: HtmlElement, *, reader: str, version: str) -> PageReading:
    """Return what stands around the story; ``shown`` is the element of the headline.

    Raises :class:`UnreadablePage` without a headline.
    """
    named = evolve(page, sites=[*page.sites, *OWN_NAMES])
    reading = about(named, reader=reader, version=version)
    text, other, notes = text_of(shown), reading.alternative_headline, dict(reading.provenance)
    if fold(text) != fold(reading.headline):
        other, notes["alternative_headline"] = reading.headline, notes["headline"]
    if _TITLE_END.match((other or "").removeprefix(text)):
        other = None
        del notes["alternative_headline"]
    notes["headline"] = "html:h1"
    return evolve(reading, headline=text, alternative_headline=other, provenance=notes)


def with_byline(reading: PageReading, names: Sequence[str], source: str) -> PageReading:
    """Take people and agency from the ``names`` in the byline, which stood at ``source``.

    Without any, those stay that the page's data states; those guessed from its markup never do.
    """
    notes = dict(reading.provenance)
    places = [notes.pop(name, "") for name in ("authors", "agency")]
    if not names and not any(place.startswith("html:") for place in places):
        return reading
    found = byline(names, own=OWN_NAMES)
    agency = agency_of(found)
    notes |= {"authors": source} if found.people else {}
    notes |= {"agency": source} if agency else {}
    return evolve(reading, authors=found.people, agency=agency, provenance=notes)


def with_times(
    reading: PageReading, published: Sequence[DateCandidate], others: Iterable[DateCandidate] = ()
) -> PageReading:
    """Add the times as shown; the first of ``published`` stands in where the data states none."""
    notes, raw = dict(reading.provenance), reading.date_published_raw
    if raw is None and published:
        raw, notes["date_published_raw"] = published[0].value, published[0].source
    dates = tuple(dict.fromkeys((*reading.dates, *published, *others)))
    return evolve(reading, date_published_raw=raw, dates=dates, provenance=notes)


def without(element: HtmlElement, beside: re.Pattern[str]) -> HtmlElement:
    """Return a copy of an element without the parts that are hidden or have a class like ``beside``.

    These layouts hid text for subscribers by styles; the gate knows their marks, and this is the second
    lock.
    """
    kept = copy.deepcopy(element)
    for part in [e for e in kept.iterdescendants() if _is_beside(e, beside)]:
        remove(part)
    return kept


def _is_beside(element: HtmlElement, beside: re.Pattern[str]) -> bool:
    hidden = element.tag != "iframe" and hides_below(element)
    return hidden or beside.search(element.get("class") or "") is not None


def blocks_of(body: HtmlElement, url: str) -> list[Block]:
    """Return the blocks of a body in their order."""
    return [part.block for part in parts(body, url)]


def with_story(
    reading: PageReading, page: Page, story: HtmlElement, blocks: list[Block], source: str
) -> PageReading:
    """Take text from the ``blocks``, which stood at ``source``, and pictures from the ``story``."""
    images = pictures(story, page.data, page.url)
    unsigned, agency = _unsigned(without_repeats(blocks, reading.headline, images))
    text, maker = cut_text(unsigned)
    notes = dict(reading.provenance)
    notes |= {"body": f"html:{source} ({maker})"} if text else {}
    notes |= {"images": "json-ld:image, meta:og:image, html:figure"} if images else {}
    if agency and reading.agency is None:
        reading, notes["agency"] = evolve(reading, agency=agency), f"html:{source}, last line"
    return evolve(reading, body=tuple(text), images=tuple(images), provenance=notes)


def _unsigned(blocks: list[Block]) -> tuple[list[Block], str | None]:
    """Return the blocks without a last line that only names an agency or ourselves, and the agency."""
    found = _SIGNED.fullmatch(blocks[-1].text) if blocks else None
    if found is None:
        return blocks, None
    agency = agency_name(found["name"])
    own = fold(found["name"]) in {fold(name) for name in OWN_NAMES}
    return (blocks[:-1], agency) if agency or own else (blocks, None)
