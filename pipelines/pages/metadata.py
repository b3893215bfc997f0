"""What the general reader takes from a page's own data, each value with the place it stood."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from lxml.html import HtmlElement

from archive.records import Access, DateCandidate
from pipelines.pages.markup import absolute, host, plain
from pipelines.pages.named import Named
from pipelines.pages.shown_bylines import linked_bylines, marked_bylines, shown_bylines
from pipelines.pages.structured import Node, Structured, first_string, strings

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_TRUE, _FALSE = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0"})
_TIERS: dict[str, Access] = {"free": "free", "metered": "unknown", "locked": "premium"}
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "datepublished", "parsely-pub-date",
    "sailthru.date", "dc.date.issued", "dcterms.created", "dc.date", "dc.date.created", "date",
    "pubdate", "publishdate", "publish-date", "article.published", "cxenseparse:recs:publishtime",
    "published_time", "rnews:datepublished", "article:published", "displaydate", "published",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified",
    "article.updated", "lastmod", "article:modified", "revision_date",
)  # fmt: skip
_KEYWORDS = ("article:tag", "news_keywords", "parsely-tags", "sailthru.tags", "keywords")
_AUTHORS = (
    "author", "article:author", "parsely-author", "sailthru.author", "byl", "dc.creator",
    "dcterms.creator", "article:author_name", "og:article:author", "creator",
)  # fmt: skip
_DESCRIPTIONS = ("og:description", "description", "twitter:description", "dc.description")


def site_names(data: Structured, url: str) -> list[str]:
    """Return the names under which the publisher of a page calls itself."""
    names = [plain(name) for name in strings(data.article.get("publisher"))]
    kinds = ("og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:site")
    names += [found[0].lstrip("@") for kind in kinds if (found := data.first(kind))]
    names += [plain(first_string(node.get("name"))) for node in data.nodes if _is_site(node)]
    own = host(url).removeprefix("www.")
    names += [own, own.split(".")[0], own.rsplit(".", 1)[0]]
    return [name for name in dict.fromkeys(names) if name]


def _is_site(node: Node) -> bool:
    return bool(
        set(strings(node.get("@type"))) & {"WebSite", "NewsMediaOrganization", "Organization"}
    )


def own_address(tree: HtmlElement, data: Structured, url: str) -> Named[str] | None:
    """Return the page's canonical address, made absolute."""
    for link in tree.iter("link"):
        address = plain(link.get("href"))
        if (link.get("rel") or "").lower() == "canonical" and address:
            return _absolute(address, url, "link:canonical")
    if found := data.first("og:url"):
        return _absolute(found[0], url, "meta:og:url")
    return None


def _absolute(address: str, url: str, source: str) -> Named[str] | None:
    whole = absolute(url, address)
    return Named(whole, source) if whole and host(whole) else None


def description(data: Structured) -> Named[str] | None:
    """Return the standfirst or summary."""
    for name in _DESCRIPTIONS:
        if found := data.first(name):
            return Named(found[0], f"meta:{found[1]}")
    text = plain(first_string(data.article.get("description")))
    return Named(text, "json-ld:description") if text else None


def keywords(data: Structured) -> Named[tuple[str, ...]] | None:
    """Return the tags, from the place where the publisher lists them best."""
    stated = data.article.get("keywords")
    if found := _tags(strings(stated)):
        return Named(found, "json-ld:keywords")
    for name in _KEYWORDS:
        if found := _tags(data.meta.get(name, ())):
            return Named(found, f"meta:{name}")
    return None


def _tags(values: Iterable[str]) -> tuple[str, ...]:
    values = [plain(value) for value in values]
    if len(values) == 1:  # one string of many: split at what separates it
        separator = ";" if ";" in values[0] else ","
        values = [plain(tag) for tag in values[0].split(separator)]
    return tuple(dict.fromkeys(tag for tag in values if tag))


def sections(data: Structured) -> Named[tuple[str, ...]] | None:
    """Return the sections the page files itself under."""
    stated = {plain(text) for text in strings(data.article.get("articleSection"))} - {""}
    if stated:
        return Named(tuple(sorted(stated)), "json-ld:articleSection")
    found = data.first("article:section", "parsely-section", "section", "og:section")
    return Named((found[0],), f"meta:{found[1]}") if found else None


def language(tree: HtmlElement, data: Structured) -> Named[str] | None:
    """Return the language as BCP 47."""
    stated: list[tuple[str | None, str]] = [
        (first_string(data.article.get("inLanguage")), "json-ld:inLanguage"),
        (tree.get("lang") or tree.get("xml:lang"), "html:lang"),
    ]
    if found := data.first("content-language", "og:locale", "language", "dc.language"):
        stated.append((found[0], f"meta:{found[1]}"))
    for value, source in stated:
        tag = plain(value)
        if _LANGUAGE.fullmatch(tag):
            return Named(tag.replace("_", "-"), source)
    return None


def published_dates(tree: HtmlElement, data: Structured) -> list[DateCandidate]:
    """Return every first publication the page states, the most trusted first."""
    return _distinct([*first_dates(data), *_time_elements(tree)])


def first_dates(data: Structured) -> list[DateCandidate]:
    """Return the first publication as JSON-LD and meta elements state it."""
    return _dates(data, ("datePublished", "dateCreated", "uploadDate"), _PUBLISHED)


def modified_dates(data: Structured) -> list[DateCandidate]:
    """Return every last change the page states, the most trusted first."""
    return _distinct(_dates(data, ("dateModified",), _MODIFIED))


def _dates(data: Structured, keys: Iterable[str], names: Iterable[str]) -> list[DateCandidate]:
    found = [
        DateCandidate(value=value.strip(), source=f"json-ld:{key}")
        for key in keys
        for value in strings(data.article.get(key))
        if value.strip()
    ]
    in_meta = ((name, data.first(name)) for name in names)
    return found + [
        DateCandidate(value=value[0], source=f"meta:{name}") for name, value in in_meta if value
    ]


def _time_elements(tree: HtmlElement) -> Iterator[DateCandidate]:
    """Yield the times of the article's header: those that name their purpose, then the first."""
    marked = [
        e for e in tree.iter("time", "meta", "span", "abbr") if e.get("itemprop") == "datePublished"
    ]
    marked += [e for e in tree.iter("time") if e.get("pubdate") is not None]
    article = next(tree.iter("article"), None)
    marked += list(article.iter("time"))[:1] if article is not None else []
    for element in marked:
        value = element.get("datetime") or element.get("content")
        if value and value.strip():
            yield DateCandidate(value=value.strip(), source="html:time")


def _distinct(found: Iterable[DateCandidate]) -> list[DateCandidate]:
    return list(dict.fromkeys(found))


def access(data: Structured) -> tuple[Access, tuple[str, ...]]:
    """Return what the page says of who may read it; marks that contradict make it ``unknown``."""
    said: list[tuple[Access, str]] = [
        (("free" if value in _TRUE else "premium"), f"json-ld:isAccessibleForFree={value}")
        for value in _free_marks(data)
    ]
    if (found := data.first("article:content_tier")) and found[0].lower() in _TIERS:
        tier = found[0].lower()
        said.append((_TIERS[tier], f"meta:article:content_tier={tier}"))
    kinds = {kind for kind, _ in said}
    evidence = tuple(dict.fromkeys(mark for _, mark in said))
    return (kinds.pop() if len(kinds) == 1 else "unknown"), evidence


def _free_marks(data: Structured) -> Iterator[str]:
    value = data.article.get("isAccessibleForFree")
    for item in value if isinstance(value, list) else [value]:
        text = str(item).strip().lower().rsplit("/", 1)[-1]
        if text in _TRUE | _FALSE:
            yield text


def bylines(tree: HtmlElement, data: Structured) -> Iterator[Named[list[str]]]:
    """Yield the names of every byline that the page states, as they stand, the most trusted first."""
    nothing = True
    for stated in chain(
        _in_article(data), marked_bylines(tree), _in_meta(data), shown_bylines(tree)
    ):
        nothing = False
        yield stated
    if nothing:
        yield from linked_bylines(tree)


def _in_article(data: Structured) -> Iterator[Named[list[str]]]:
    for key in ("author", "creator"):
        if named := _author_names(data.article.get(key)):
            yield Named(named, f"json-ld:{key}")


def _in_meta(data: Structured) -> Iterator[Named[list[str]]]:
    for name in _AUTHORS:
        texts = (plain(value) for value in data.meta.get(name, ()))
        if values := [text for text in texts if text and "://" not in text]:
            yield Named(values, f"meta:{name}")


def _author_names(value: object) -> list[str]:
    """Return the names in a JSON-LD author: a string, a node, or a list of either."""
    items = value if isinstance(value, list) else [value]
    names: list[str] = []
    for item in items:
        named = item.get("name") if isinstance(item, dict) else item
        names += [text for name in strings(named) if (text := plain(name)) and "://" not in text]
    return names
