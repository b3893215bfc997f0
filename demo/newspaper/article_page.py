"""The page of one story, with everything that surrounds it."""

from __future__ import annotations

import random
from html import escape

import attrs

from demo.newspaper import body_html, filler, redesign
from demo.newspaper.article_head import head, section_name
from demo.newspaper.cards import card
from demo.newspaper.carried import Carried, carrying
from demo.newspaper.chance import chance
from demo.newspaper.edition import Edition
from demo.newspaper.fusion import fusion_script, story_json, summary_json
from demo.newspaper.page import document
from demo.newspaper.story import Story, slugify
from demo.newspaper.variants import layout_of


@attrs.frozen(kw_only=True)
class Setting:
    """What a page depends on besides its story."""

    origin: str
    """Scheme, host and port, without a slash at the end."""

    edition: Edition
    """Whose stories the side cards show, as they were at first."""

    cards_key: str = ""
    """Changes which side cards are shown; empty for the stable ones."""

    carried: Carried = "nothing"
    """In what shape the page carries another story's text."""


def article_page(story: Story, setting: Setting) -> str:
    """Return the HTML of a story."""
    if layout_of(story).form == "unknown_layout":
        return redesign.page(story, setting.origin)
    beside = _side_stories(story, setting)
    script = fusion_script(
        story_json(story, setting.origin),
        {"source": "content-by-url", "query": {"uri": story.path, "arc-site": "nzh"}},
        _cache(story, beside, setting.origin),
        story.date_modified,
    )
    main = (
        f'<article class="article">{_header(story)}{AUDIO_WIDGET}{_share_bar("share-bar-above")}'
        f"{_hero(story)}{body_html.body(story, setting.origin)}{_bio(story)}"
        f"{_share_bar('share-bar-below')}{_latest(beside[:3], setting)}</article>"
        f"{_sidebar(beside, setting)}"
    )
    page = document(head(story, setting.origin), main, script)
    others = (other for other in setting.edition.stories if other.article_id != story.article_id)
    return carrying(page, setting.carried, others, setting.origin)


def _cache(story: Story, beside: list[Story], origin: str) -> dict[str, object]:
    """Return what the page's scripts keep: the side stories, and on some pages much more."""
    layout = layout_of(story)
    cache: dict[str, object] = {
        "content-by-section": {"world": {"data": [summary_json(other) for other in beside]}}
    }
    if layout.spread:
        cache["content-by-id"] = {story.article_id: {"data": story_json(story, origin)}}
    if layout.padding_bytes:
        cache["site-service"] = {"data": filler.padding(layout.padding_bytes)}
    return cache


AUDIO_WIDGET = (
    '<section data-test-ui="audio"><p>Subscribe to listen</p><p>Access to Herald Premium articles'
    " require a Premium subscription. Subscribe now to listen.<br>Already a subscriber? "
    '<a href="#">Sign in here</a></p><p>Listening to articles is free for open-access content'
    "—explore other articles or learn more about text-to-speech.</p></section>"
)


def _share_bar(name: str) -> str:
    networks = ("facebook", "x", "linkedin", "reddit", "email")
    buttons = "".join(
        f'<li><button data-test-ui="social-link--{network}">{filler.ICON}</button></li>'
        for network in networks
    )
    return (
        f'<section data-test-ui="article__action-bar" class="article__action-bar" id="{name}">'
        f"<button>Save</button><p>Share this article</p><ul>{buttons}</ul></section>"
    )


def _header(story: Story) -> str:
    top = story.section.split("/")[0]
    badge = '<div data-test-ui="nzh-premium-badge"><span>Premium</span></div>'
    sponsored = '<span class="article__label">sponsored</span>'
    name = "viva-article__heading" if layout_of(story).viva else "article__heading"
    return (
        f"<header>{badge if layout_of(story).badge else ''}"
        f'<div class="breadcrumb"><a href="/">Home</a> / <a href="/{top}/">{section_name(story)}'
        f"</a></div>{sponsored if story.sponsored else ''}"
        f'<h1 class="{name}" data-test-ui="{name}">{escape(story.headline)}'
        f'</h1><section data-test-ui="author--information">{_byline(story)}'
        f'<div data-test-ui="author-meta-container">{_time_and_length(story)}</div></section>'
        "</header>"
    )


def _time_and_length(story: Story) -> str:
    """Return the date and the length; beside each other they read as one word, `…PM5 mins to read`."""
    layout = layout_of(story)
    length = f"{story.read_minutes} {'minutes' if layout.minutes == 'words' else 'mins'} to read"
    glued = length if layout.minutes == "glued" else ""
    beside = f'<span data-test-ui="author-read-time">{length}</span>' if not glued else ""
    if story.dates_stated == "none":
        return beside
    date = f'<time data-test-ui="author-display--date">{story.shown_date}{glued}</time>'
    return f"{date}{beside}"


def _byline(story: Story) -> str:
    """Return authors and agency; the role stands behind the first author, or glued to the name."""
    role = f'<span data-test-ui="author--role">{escape(story.role)}</span>' if story.role else ""
    glued, beside = (role, "") if layout_of(story).role_glued else ("", role)
    first, *others = [_author(name, glued * (n == 0)) for n, name in enumerate(story.authors)] or [
        ""
    ]
    links = "".join((first, beside, *others))
    if layout_of(story).opinion:
        links = f'<span>Opinion by </span>{links}<a href="/about/opinion/">Learn more</a>'
    agency = f'<span data-test-ui="distributor--name">{escape(story.distributor)}</span>'
    return f'<div data-test-ui="author-role-distributor-container">{links}{agency}</div>'


def _author(name: str, inside: str) -> str:
    address = f"/author/{slugify(name)}/"
    return f'<a data-test-ui="author--link" href="{address}">{escape(name)}{inside}</a>'


def _hero(story: Story) -> str:
    layout = layout_of(story)
    caption = escape(story.images[0].shown_caption)
    line = f'<p data-test-ui="figure__caption">{caption}</p>'
    inside = line if layout.caption == "figure" and not layout.video else ""
    figure = f'<figure data-test-ui="hero-figure">{inside}</figure>'
    frame = f'<div data-test-ui="hero-container">{figure}</div>' if layout.hero else ""
    twice = f'{line}<div class="caption--mobile">{line}</div>'
    return f"{frame}{twice if layout.caption == 'header' else ''}"


def _bio(story: Story) -> str:
    if not story.bio:
        return ""
    return (
        '<section data-test-ui="author--details"><p data-test-ui="author--text--body">'
        f"{escape(story.bio, quote=False)}</p></section>"
    )


def _side_stories(story: Story, setting: Setting) -> list[Story]:
    """Earlier World stories and a sponsored one; the same ones each time unless the key differs."""
    rng: random.Random = chance(story.article_id, setting.cards_key)
    others = [s for s in setting.edition.stories if s.article_id != story.article_id]
    world = [s for s in others if s.section.startswith("world")]
    earlier = [s for s in world if s.date_published <= story.date_published]
    paid = [s for s in others if s.sponsored]
    return [*rng.sample((earlier + world)[-60:], 12), rng.choice(paid)]


def _latest(stories: list[Story], setting: Setting) -> str:
    cards = "".join(card(setting.origin, story) for story in stories)
    paid = card(setting.origin, _side_stories(stories[0], setting)[-1])
    return f'<section id="article-RHRLatestfrom"><h2>Latest from World</h2>{cards}{paid}</section>'


def _sidebar(stories: list[Story], setting: Setting) -> str:
    """Return the same three stories again, one with its standfirst, more of them, and an advert."""
    cards = "".join(
        card(setting.origin, story, standfirst=place == 1) for place, story in enumerate(stories)
    )
    return (
        '<aside data-test-ui="article-sidebar-bottom"><h2>Latest from World</h2>'
        f"{cards}{filler.advert('sidebar')}</aside>"
    )
