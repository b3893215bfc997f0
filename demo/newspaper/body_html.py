"""The body of a story as HTML: blocks, pictures, adverts, and what subscribers alone may read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from html import escape

from demo.newspaper.cards import image_address, source_set
from demo.newspaper.filler import advert
from demo.newspaper.fusion import embed_html, promotions
from demo.newspaper.story import Block, Image, Story, iso
from demo.newspaper.variants import Layout, layout_of

TOASTER = '<div id="premium-toaster">To continue reading this article, subscribe</div>'
FORMER_MARKS = {
    "": "",
    "toaster": TOASTER,
    "offer": '<div class="article-offer">To continue reading this article and to support great'
    " journalism, subscribe</div>",
    "sub": '<div class="premium-sub">Reminder, this is a Premium article and requires a subscription'
    " to read.</div>",
    "content": "",
}


def body(story: Story, origin: str) -> str:
    """Return the body section or sections, or what a page of another form has instead."""
    layout = layout_of(story)
    if layout.form in _FORMS:
        return _FORMS[layout.form](story, origin)
    start, end = _section(layout)
    inside = _public_part(story, origin)
    if layout.hidden_by == "nothing":
        return f"{start}{inside}{FORMER_MARKS[layout.former]}{_hidden_text(story)}{end}"
    if not layout.split:
        return f"{start}{inside}{end}"
    return f"{start}{inside}{end}{advert('wall')}{_hidden_part(story)}"


def _section(layout: Layout) -> tuple[str, str]:
    """Return the tags around the body."""
    if layout.viva:
        return '<section class="article-viva__body">', "</section>"
    if layout.former == "content":
        return '<div id="article-content" class="premium-content">', "</div>"
    name = "article-top-body" if layout.split else "article__body"
    section = f'<section class="article__body" data-test-ui="{name}" data-ref-group="body">'
    return section, "</section>"


def _public_part(story: Story, origin: str) -> str:
    """Blocks with adverts and promotions among them, and the pictures after the first."""
    layout = layout_of(story)
    times = iter(story.update_times)
    parts = [block.html or _block(block, times) for block in story.body]
    pictures = [_figure(image, origin) for image in story.images[1:]]
    if layout.promotions:
        for place, html in promotions(len(parts)):
            parts[place:place] = [f'<div class="article__raw-html">{html}</div>']
    for place, count in reversed(layout.adverts):
        if place <= len(parts):
            parts[place:place] = [advert(f"body-{place}") * count]
    parts[1:1] = pictures
    return "".join(parts) + _related(story)


def _block(block: Block, times: Iterator[datetime]) -> str:
    text = escape(block.text, quote=False)
    match block.kind:
        case "heading":
            return f"<h2>{text}</h2>"
        case "quote":
            return f"<blockquote><p>{text}</p></blockquote>"
        case "list":
            return f"<ul>{''.join(f'<li>{item}</li>' for item in text.splitlines())}</ul>"
        case "embed":
            return f'<div class="article__raw-html">{embed_html(block.text)}</div>'
        case "update":
            return _update(text, next(times))
        case _:
            return f"<p>{text}</p>"


def _update(text: str, at: datetime) -> str:
    title, *rest = text.split("\n")
    paragraphs = "".join(f"<p>{line}</p>" for line in rest)
    return (
        '<div data-test-ui="live-blog__entry" class="live-blog__entry">'
        f'<time datetime="{iso(at)}">{at:%I:%M %p}</time><h3>{title}</h3>{paragraphs}</div>'
    )


def _figure(image: Image, origin: str) -> str:
    caption = escape(image.shown_caption)
    return (
        '<figure class="article-media" data-test-ui="article-media">'
        '<img data-test-ui="article-media__image" class="lazyload" src="data:image/gif;base64,R0"'
        f' data-srcset="{escape(source_set(origin, image))}" alt="{caption}">'
        f'<figcaption class="article-media__caption" data-test-ui="figure__caption">{caption}'
        "</figcaption></figure>"
    )


def _related(story: Story) -> str:
    top = story.section.split("/")[0]
    return (
        f'<ul class="related-articles"><li><a href="/{top}/">READ MORE: All the latest from'
        f" {escape(story.tags[0])}</a></li></ul>"
    )


def _hidden_part(story: Story) -> str:
    layout = layout_of(story)
    if layout.hidden_by == "absence":
        return ""
    hide = 'style="display:none"' if layout.hidden_by == "style" else 'data-hidden-by-css="x1"'
    return (
        f'{TOASTER}<section class="article__body" data-test-ui="article-bottom-body" {hide}>'
        f"{_hidden_text(story)}</section>"
    )


def _hidden_text(story: Story) -> str:
    return "".join(f"<p>HIDDENBODY {escape(p, quote=False)}</p>" for p in story.hidden)


def _player(story: Story, origin: str) -> str:
    lead = story.images[0]
    return (
        '<figure data-test-ui="video-figure"><video-js data-account="1308227299001" '
        f'data-video-id="{lead.id}" poster="{escape(image_address(origin, lead, 768))}"></video-js>'
        f'<p data-test-ui="figure__caption">{escape(lead.shown_caption)}</p></figure>'
    )


def _gallery(story: Story, origin: str) -> str:
    figures = "".join(_figure(image, origin) for image in story.images)
    return f'<section data-test-ui="gallery" class="gallery">{figures}</section>'


def _quiz(story: Story, _origin: str) -> str:
    address = f"https://quiz.example/embed/{story.article_id.lower()}"
    return f'<div class="article__raw-html"><iframe src="{address}" title="Quiz"></iframe></div>'


def _nothing(_story: Story, _origin: str) -> str:
    return '<section class="article__body" data-test-ui="article__body"></section>'


_FORMS = {"video": _player, "gallery": _gallery, "quiz": _quiz, "empty": _nothing}
