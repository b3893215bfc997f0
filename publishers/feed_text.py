"""Text of articles in a feed or sitemap, and how it is cut out.

A feed does not say who may read an article, so only what everybody is shown stays: a white list of
elements, none of them longer than a standfirst. It is cut out of the text as it stands, so that a
feed that is malformed stays malformed, and is reported as such.
"""

import re
from collections.abc import Iterator

from publishers.other_text import Cut

_LONGEST_TEXT = 1000

# Local names: of RSS 2.0, Dublin Core, syndication, Media RSS and Atom, then of sitemaps with the
# extensions for news, images and videos.
_PUBLIC = frozenset(
    {
        "rss", "channel", "title", "link", "description", "language", "copyright", "managingeditor",
        "webmaster", "pubdate", "lastbuilddate", "category", "generator", "docs", "cloud", "ttl",
        "image", "url", "width", "height", "item", "author", "comments", "enclosure", "guid",
        "source", "rating", "textinput", "skiphours", "skipdays", "hour", "day", "creator", "date",
        "subject", "publisher", "rights", "identifier", "type", "format", "relation",
        "updateperiod", "updatefrequency", "updatebase", "group", "thumbnail", "credit", "keywords",
        "player", "adult", "restriction", "community", "hash", "feed", "entry", "id", "updated",
        "published", "name", "uri", "email", "contributor", "summary", "subtitle", "logo", "icon",
        "urlset", "loc", "lastmod", "changefreq", "priority", "sitemapindex", "sitemap", "news",
        "publication", "publication_date", "genres", "stock_tickers", "access", "caption",
        "geo_location", "license", "video", "thumbnail_loc", "content_loc", "player_loc",
        "duration", "expiration_date", "view_count", "family_friendly", "live",
        "requires_subscription", "uploader", "platform", "tag", "gallery_loc",
    }
)  # fmt: skip
# ``content`` alone is the whole article in Atom; in Media RSS it is a picture's address.
_PUBLIC_NAMES = frozenset({"media:content", "xhtml:link"})
_ADDRESSES = frozenset({"link", "guid", "loc", "url"})
_TOKEN = re.compile(
    r"(?P<cdata><!\[CDATA\[)|(?P<comment><!--)|<(?P<end>/?)(?P<name>[A-Za-z_][\w.:-]*)(?P<rest>[^<>]*)>"
)


def cut_feed(text: str) -> Cut | None:
    """Return a feed without text that not everybody is shown. None when it has none."""
    kept, end, cuts = [], 0, set[str]()
    for start, stop, name in _barred(text):
        kept.append(text[end:start])
        end = stop
        cuts.add(name)
    if not cuts:
        return None
    named = tuple(f"xml:{name}" for name in sorted(cuts))
    return Cut(text="".join([*kept, text[end:]]), stated=False, cuts=named)


def _barred(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the places that are cut: start, end, and the name of the element they stand in."""
    inside, place = "text", 0
    while found := _TOKEN.search(text, place):
        start, place = found.span()
        if found["cdata"] or found["comment"]:
            place = _end_of(text, found)
            if _is_too_long(text[start:place], inside):
                yield start, place, inside
        elif not found["end"] and not found["rest"].endswith("/"):
            inside = found["name"].lower()
            if not _is_public(inside):
                place = _end_of_element(text, found)
            elif _is_too_long(text[place : (stop := _end_of_text(text, place))], inside):
                place = stop
            if text[found.end() : place].strip():
                yield found.end(), place, inside


def _is_too_long(text: str, element: str) -> bool:
    """Tell whether a text is longer than what a feed says of an article; an address may be long."""
    is_address = element.rpartition(":")[2] in _ADDRESSES and len(text.split()) == 1
    return len(text) > _LONGEST_TEXT and not is_address


def _end_of_text(text: str, place: int) -> int:
    """Return where the next element, section or comment starts."""
    found = text.find("<", place)
    return found if found >= 0 else len(text)


def _is_public(name: str) -> bool:
    return name in _PUBLIC_NAMES or name.rpartition(":")[2] in _PUBLIC


def _end_of(text: str, found: re.Match[str]) -> int:
    """Return where a CDATA section or a comment ends; one without an end goes on to the last."""
    mark = "]]>" if found["cdata"] else "-->"
    place = text.find(mark, found.end())
    return len(text) if place < 0 else place + len(mark)


def _end_of_element(text: str, opened: re.Match[str]) -> int:
    """Return where the content of an element ends; one without an end goes on to the last."""
    depth, place = 1, opened.end()
    while found := _TOKEN.search(text, place):
        if found["cdata"] or found["comment"]:
            place = _end_of(text, found)
            continue
        place = found.end()
        if found["name"] == opened["name"] and not found["rest"].endswith("/"):
            depth += -1 if found["end"] else 1
            if depth == 0:
                return found.start()
    return len(text)
