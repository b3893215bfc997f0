"""Pages of single kinds, made without a server."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from demo.newspaper import Edition, Story
from demo.newspaper.article_page import Setting, article_page

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
ORIGIN = "http://127.0.0.1:8000"
EDITION = Edition(datetime(2026, 3, 1, 9, 30, tzinfo=UTC))


def make(kind: str, at: datetime = AT, **fields: Any) -> Story:
    return EDITION.make(kind, at=at, **fields)


def page(story: Story) -> str:
    return article_page(story, Setting(origin=ORIGIN, edition=EDITION))


def fusion(html: str, name: str = "globalContent") -> Any:
    start = html.index(f"Fusion.{name}=") + len(f"Fusion.{name}=")
    return json.JSONDecoder().raw_decode(html, start)[0]


def linked_data(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
    assert found
    return json.loads(found[1])


def body(html: str) -> str:
    """The page from its hero on to the share bar below the body."""
    start = html.index('id="share-bar-above"')
    return html[start : html.index('id="share-bar-below"')]
