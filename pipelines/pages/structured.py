"""The data a page carries about itself: JSON-LD and meta elements."""

import html
import json
import re
from collections.abc import Iterator
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

_WRAPPING = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$"
)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_MAX_NODES = 2000


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
    text = _WRAPPING.sub("", _WRAPPING.sub("", text)).strip().rstrip(";")
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text), html.unescape(text)):
        try:
            value, end = json.JSONDecoder(strict=False).raw_decode(attempt.lstrip())
        except (ValueError, RecursionError):
            continue
        rest = attempt.lstrip()[end:].strip()
        # Two objects one after the other, as some plugins write them.
        return [value, parse_json(rest)] if rest[:1] in {"{", "["} else value
    return None


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
