"""A page after a redesign: the same story under names that nobody knows yet."""

from __future__ import annotations

from html import escape

from demo.newspaper.article_head import head
from demo.newspaper.fusion import script_json
from demo.newspaper.page import document
from demo.newspaper.story import Story


def page(story: Story, origin: str) -> str:
    """Return the page: none of the known names, and the data in another script."""
    texts = "".join(
        f'<p class="c-copy">{escape(text, quote=False)}</p>' for text in story.public_paragraphs
    )
    byline = ", ".join(story.authors) or story.distributor
    main = (
        f'<div class="l-story"><h1 class="c-title">{escape(story.headline)}</h1>'
        f'<div class="c-meta"><span>{escape(byline)}</span> <span>{story.shown_date}</span></div>'
        f'<div class="l-story__copy">{texts}</div></div>'
    )
    data = {"props": {"pageProps": {"id": story.article_id, "title": story.headline}}}
    script = f'<script id="__NEXT_DATA__" type="application/json">{script_json(data)}</script>'
    return document(head(story, origin), main, script)
