"""Headlines: the one on the page, without the site's name, and the one used elsewhere."""

import re
from collections.abc import Iterable

from attrs import frozen
from lxml.html import HtmlElement

from pipelines.pages.bylines import fold
from pipelines.pages.markup import plain, text_of
from pipelines.pages.structured import Structured, first_string

_JOINTS = re.compile(r"\s+[|\-–—·•»:/]+\s+|\s*[|\uff5c]\s*")
_LEAST_AGREEMENT = 0.4
_MAX_SITE_WORDS = 6
_LONGEST_TITLE = 1000


@frozen
class Headline:
    """The headline shown, where it stood, and the one used elsewhere."""

    text: str
    source: str
    other: str | None = None
    other_source: str | None = None


def headline(tree: HtmlElement, data: Structured, sites: Iterable[str]) -> Headline | None:
    """Return the headline of a page; ``sites`` are names of the publisher. None when it has none."""
    names = {fold(name) for name in sites if name}
    stated = [(without_site(text, names), source) for text, source in _stated(tree, data)]
    stated = [(text, source) for text, source in stated if text and not _is_site(text, names)]
    shown = _shown(tree, [text for text, _ in stated], names)
    if shown is not None:
        stated.insert(0, (shown, "h1"))
    if not stated:
        return None
    text, source = stated[0]
    others = ((other, place) for other, place in stated[1:] if fold(other) != fold(text))
    other, place = next(others, (None, None))
    return Headline(text, source, other, place)


def _stated(tree: HtmlElement, data: Structured) -> Iterable[tuple[str, str]]:
    """Yield headlines that the page states in its data, the most trusted first."""
    if text := plain(first_string(data.article.get("headline"))):
        yield text, "json-ld:headline"
    for name in (
        "og:title",
        "twitter:title",
        "parsely-title",
        "sailthru.title",
        "headline",
        "dc.title",
    ):
        if found := data.first(name):
            yield found[0], f"meta:{name}"
    for element in tree.iter("title"):
        if text := plain(text_of(element)):
            yield text, "title"
            break


def _shown(tree: HtmlElement, stated: list[str], names: set[str]) -> str | None:
    """Return the ``h1`` that the page's own data bear out; the first when there is no data."""
    shown = [text for element in tree.iter("h1") if (text := without_site(text_of(element), names))]
    shown = [text for text in shown if not _is_site(text, names)]
    if not stated:
        return shown[0] if shown else None
    agreement = {text: max(agree(text, other) for other in stated) for text in shown}
    best = max(agreement, key=lambda text: agreement[text], default=None)
    return _part(best, stated) if best and agreement[best] >= _LEAST_AGREEMENT else None


def _part(shown: str, stated: list[str]) -> str:
    """Return the part of ``Opinion | Headline`` that stands alone elsewhere, else all of it."""
    folded = {fold(text) for text in stated}
    parts = [part.strip() for part in shown.split("|")]
    return (
        next((part for part in parts if fold(part) in folded), shown) if len(parts) > 1 else shown
    )


def agree(one: str, other: str) -> float:
    """Return how far the words of two headlines are the same (Dice, 0 to 1)."""
    first, second = set(fold(one).split()), set(fold(other).split())
    return 2 * len(first & second) / max(1, len(first) + len(second))


def without_site(title: str, names: set[str]) -> str:
    """Return a title without the site's name at its end or start; ``names`` are folded."""
    title = plain(title)
    if len(title) > _LONGEST_TITLE:  # no headline, and one name after the other takes its time
        return title
    while (joints := list(_JOINTS.finditer(title))) and (shorter := _shorter(title, joints, names)):
        title = shorter
    return title


def _shorter(title: str, joints: list[re.Match[str]], names: set[str]) -> str | None:
    last, first = joints[-1], joints[0]
    if _is_site(title[last.end() :], names):
        return title[: last.start()].strip()
    if _is_site(title[: first.start()], names):
        return title[first.end() :].strip()
    return None


def _is_site(part: str, names: set[str]) -> bool:
    folded = fold(part)
    short = len(folded.split()) <= _MAX_SITE_WORDS
    return bool(folded) and short and any(_close(folded) == _close(name) for name in names)


def _close(folded: str) -> str:
    """Return a site's name as it might stand in its host name."""
    return folded.removeprefix("the ").replace(" ", "")
