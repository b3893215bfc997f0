"""The data a page carries about itself: JSON-LD and meta elements."""

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from attrs import field, frozen
from lxml.html import HtmlElement

from pipelines.pages.markup import plain

Node = dict[str, Any]

ARTICLE_TYPES = frozenset(
    {
        "newsarticle", "article", "reportagenewsarticle", "opinionnewsarticle",
        "analysisnewsarticle", "backgroundnewsarticle", "reviewnewsarticle",
        "askpublicnewsarticle", "liveblogposting", "blogposting", "socialmediaposting",
        "techarticle", "scholarlyarticle", "report", "advertisercontentarticle", "satiricalarticle",
        "medicalscholarlyarticle", "newsmediaarticle", "newsreport", "review",
    }
)  # fmt: skip
"""schema.org's kinds of article, in lower case."""

_START = re.compile(r"^\s*(?:(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)\s*){0,2}")
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_FOLLOWING = re.compile(r"\s*[{\[]")
_DECODER = json.JSONDecoder(strict=False)
_MAX_NODES = 2000
_DEEPEST = 50


@frozen
class Structured:
    """JSON-LD nodes and meta values of one page, as they stand on it."""

    article: Node = field(factory=dict)
    """The JSON-LD node that describes the article; empty when there is none."""

    nodes: tuple[Node, ...] = ()
    """All JSON-LD nodes, lists and ``@graph`` resolved."""

    meta: dict[str, list[str]] = field(factory=dict)
    """Values by lower-case ``property``, ``name`` or ``itemprop``, in the order of the page."""

    def first(self, *names: str) -> tuple[str, str] | None:
        """Return the first meta value under one of ``names``, and that name."""
        for name in names:
            for value in self.meta.get(name, ()):
                if text := plain(value):
                    return text, name
        return None


def structured(tree: HtmlElement) -> Structured:
    """Return what the page says of itself in JSON-LD and meta elements."""
    nodes = tuple(_nodes(tree))
    return Structured(article=_resolved(_article(nodes), nodes), nodes=nodes, meta=_meta(tree))


def _resolved(article: Node, nodes: tuple[Node, ...]) -> Node:
    """Return the article with its authors and publisher filled in from the nodes they refer to."""
    known = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}

    def follow(value: object) -> object:
        if isinstance(value, list):
            return [follow(item) for item in value]
        if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
            return known.get(value["@id"], value)
        return value

    return article | {
        key: follow(article[key]) for key in ("author", "publisher", "image") if key in article
    }


def _meta(tree: HtmlElement) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = element.get("content") or element.get("value")
        for attribute in ("property", "name", "itemprop"):
            name = (element.get(attribute) or "").strip().lower()
            if name and content:
                found.setdefault(name, []).append(content)
    return found


def _nodes(tree: HtmlElement) -> Iterator[Node]:
    for script in tree.iter("script"):
        kind = (script.get("type") or "").lower()
        if kind.startswith("application/ld+json"):
            yield from _flat(parse_json(script.text or ""))


def parse_json(text: str) -> object:
    """Return the JSON value in ``text``, forgiving what pages get wrong; None when hopeless."""
    text = _START.sub("", text)
    best: list[object] = []
    for mend in (str, _without_trailing_commas, html.unescape):
        values, is_all = _values(mend(text))
        best = max(best, values, key=len)
        if is_all:
            break
    return best[0] if len(best) == 1 else best or None


def _without_trailing_commas(text: str) -> str:
    return _TRAILING_COMMA.sub(r"\1", text)


def _values(text: str) -> tuple[list[object], bool]:
    """Return the values that stand one after the other, as some plugins write them, and whether all."""
    values: list[object] = []
    place = 0
    while not values or place < len(text):
        try:
            value, end = _DECODER.raw_decode(text, place)
        except (ValueError, RecursionError):
            return values, False
        if _is_deep(value):
            return values, False
        values.append(value)
        following = _FOLLOWING.match(text, end)
        place = following.end() - 1 if following else len(text)
    return values, True


def _is_deep(value: object) -> bool:
    """Tell whether JSON nests more deeply than any page's does; whoever walks it may then recurse."""
    level = [value]
    for _ in range(_DEEPEST):
        level = [item for around in level for item in _items(around)]
        if not level:
            return False
    return True


def _items(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _flat(value: object) -> Iterator[Node]:
    waiting, count = [value], 0
    while waiting and count < _MAX_NODES:
        count += 1
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting[:0] = item
        elif isinstance(item, dict):
            yield item
            waiting[:0] = [
                item[key] for key in ("@graph", "mainEntity", "itemReviewed") if key in item
            ]


def types_of(node: Node) -> set[str]:
    """Return the node's types in lower case, without the vocabulary's address."""
    return {kind.rsplit("/", 1)[-1].lower() for kind in strings(node.get("@type"))}


def _article(nodes: tuple[Node, ...]) -> Node:
    articles = [node for node in nodes if types_of(node) & ARTICLE_TYPES]
    if not articles:
        return {}
    best = max(articles, key=_substance)
    # Some pages spread one article over several nodes: the fullest one leads.
    merged = dict(best)
    for node in articles:
        if _same_article(best, node):
            for key, value in node.items():
                merged.setdefault(key, value)
    return merged


def _substance(node: Node) -> int:
    wanted = ("headline", "datePublished", "author", "dateModified", "image", "description")
    return sum(bool(node.get(name)) for name in wanted) + 2 * ("review" not in types_of(node))


def _same_article(one: Node, other: Node) -> bool:
    return plain(first_string(one.get("headline"))) == plain(first_string(other.get("headline")))


def strings(value: object) -> list[str]:
    """Return the strings in a JSON-LD value: itself, its items, or their names and addresses."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return [str(value)]
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    if isinstance(value, dict):
        return next(
            (
                found
                for key in ("name", "@value", "url", "@id")
                if (found := strings(value.get(key)))
            ),
            [],
        )
    return []


def first_string(value: object) -> str | None:
    """Return the first string in a JSON-LD value. None when there is none."""
    found = strings(value)
    return found[0] if found else None
