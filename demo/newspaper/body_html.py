"""The body of a story as HTML: blocks, pictures, adverts, and what subscribers alone may read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from html import escape

from demo.newspaper.cards import image_address, source_set
from demo.newspaper.filler import advert
from demo.newspaper.fusion import embed_html
from demo.newspaper.story import Block, Image, Story, iso
from demo.newspaper.variants import layout_of

TOASTER = '<div id="premium-toaster">To continue reading this article, subscribe</div>'


def body(story: Story, origin: str) -> str:
    """Return the body section or sections; a player on video pages."""
    layout = layout_of(story)
    if layout.video:
        return _player(story, origin)
    inside = _public_part(story, origin)
    if not layout.split:
        return (
            '<section class="article__body" data-test-ui="article__body" data-ref-group="body">'
            f"{inside}</section>"
        )
    return (
        '<section class="article__body" data-test-ui="article-top-body" data-ref-group="body">'
        f"{inside}</section>{advert('wall')}{_hidden_part(story)}"
    )


def _public_part(story: Story, origin: str) -> str:
    """Blocks with adverts among them (twice two in a row) and the pictures after the first."""
    times = iter(story.update_times)
    parts = [_block(block, times) for block in story.body]
    pictures = [_figure(image, origin) for image in story.images[1:]]
    for place, count in ((9, 1), (5, 2), (2, 2)):
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
    title, _, rest = text.partition("\n")
    return (
        '<div data-test-ui="live-blog__entry" class="live-blog__entry">'
        f'<time datetime="{iso(at)}">{at:%I:%M %p}</time><h3>{title}</h3><p>{rest}</p></div>'
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
    text = "".join(f"<p>HIDDENBODY {escape(p, quote=False)}</p>" for p in story.hidden)
    return (
        f'{TOASTER}<section class="article__body" data-test-ui="article-bottom-body" {hide}>'
        f"{text}</section>"
    )


def _player(story: Story, origin: str) -> str:
    lead = story.images[0]
    return (
        '<figure data-test-ui="video-figure"><video-js data-account="1308227299001" '
        f'data-video-id="{lead.id}" poster="{escape(image_address(origin, lead, 768))}"></video-js>'
        f'<p data-test-ui="figure__caption">{escape(lead.shown_caption)}</p></figure>'
    )
