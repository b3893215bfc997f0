"""Text of a subscriber-only story that another page carries with it, in the shapes of many sites."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable
from html import escape
from typing import Literal, get_args
from urllib.parse import quote

from demo.newspaper.fusion import hidden_texts, script_json, story_json
from demo.newspaper.story import Story

Carried = Literal[
    "nothing", "attribute", "single_quoted", "input", "meta", "textarea", "comment", "linked_data",
    "script", "json_string", "flight", "base64", "percent",
]  # fmt: skip
"""How the story is written into the page; each is described where it is made."""

SHAPES: tuple[Carried, ...] = tuple(shape for shape in get_args(Carried) if shape != "nothing")


def carried(shape: Carried, story: Story, origin: str) -> str:
    """Return the markup that carries a story's whole text; empty for `nothing`."""
    if shape == "nothing":
        return ""
    if shape == "linked_data":
        return _linked_data(story, origin)
    return _WRITERS[shape](script_json(story_json(story, origin)))


def carrying(page: str, shape: Carried, stories: Iterable[Story], origin: str) -> str:
    """Return a page that carries the first of the stories that is for subscribers; itself if none is."""
    load = next((carried(shape, story, origin) for story in stories if story.hidden), "")
    return page.replace("</main>", f"{load}</main>", 1)


def _linked_data(story: Story, origin: str) -> str:
    """Return a list of articles with their bodies, as some sites give it to search engines."""
    article = {
        "@type": "NewsArticle",
        "url": f"{origin}{story.path}",
        "headline": story.headline,
        "isAccessibleForFree": "False",
        "articleBody": " ".join(hidden_texts(story)),
    }
    items = [{"@type": "ListItem", "position": 1, "item": article}]
    data = {"@context": "https://schema.org", "@type": "ItemList", "itemListElement": items}
    return f'<script type="application/ld+json">{script_json(data)}</script>'


def _script(code: str) -> str:
    return f"<script>{code}</script>"


_WRITERS: dict[Carried, Callable[[str], str]] = {
    "attribute": lambda data: f'<div data-story="{escape(data)}"></div>',
    "single_quoted": lambda data: f"<div data-story='{data.replace(chr(39), '&#39;')}'></div>",
    "input": lambda data: f'<input type="hidden" name="story" value="{escape(data)}">',
    "meta": lambda data: f'<meta name="story" content="{escape(data)}">',
    "textarea": lambda data: f"<textarea hidden>{escape(data)}</textarea>",
    "comment": lambda data: f"<!-- {data.replace('--', '- -')} -->",
    "script": lambda data: _script(f"window.__STATE__={data};"),
    "json_string": lambda data: _script(f"window.x=JSON.parse({script_json(data)})"),
    "flight": lambda data: _script(f"self.__next_f.push([1,{script_json('5:' + data)}])"),
    "base64": lambda data: _script(f'window.x=JSON.parse(atob("{_packed(data)}"))'),
    "percent": lambda data: _script(f'window.x=JSON.parse(decodeURIComponent("{quote(data)}"))'),
}


def _packed(data: str) -> str:
    return b64encode(data.encode()).decode()
