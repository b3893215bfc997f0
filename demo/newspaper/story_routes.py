"""The addresses of stories: of today, of the former platform, and of both when they have moved."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from html import escape
from http import HTTPStatus
from urllib.parse import parse_qs

from demo.newspaper.fault import Fault, go_wrong
from demo.newspaper.fusion import story_json
from demo.newspaper.objectid import objectid
from demo.newspaper.routing import JSON, Answer, Call, not_found, redirect, route, story_page
from demo.newspaper.story import Story


@route(r"/(?:[a-z0-9-]+/)+([A-Z2-7]{26})/?")
def _article(call: Call) -> Answer:
    """Find the story by its id; everything else in the address may be wrong."""
    newsroom = call.site.newsroom
    story = newsroom.story(call.name)
    if story is None:
        return not_found()
    if how := newsroom.removal(story.article_id):
        return _removed(call, how)
    if other := newsroom.forward_of(story.article_id):
        return redirect(other.path, HTTPStatus.FOUND)
    return _page(call, story) if call.path == story.path else _moved(call, story)


def _page(call: Call, story: Story) -> Answer:
    """Return the page of a story, in the form that the query asks for."""
    match parse_qs(call.query).get("outputType"):
        case ["amp"]:
            return Answer(body=_amp_page(story, call.site.origin).encode())
        case ["json"]:
            text = json.dumps(story_json(story, call.site.origin))
            return Answer(body=text.encode(), content_type=JSON)
        case _:
            page = story_page(call.site, story)
            body = gzip.decompress(page)
            return Answer(body=body, compressed=page, modified_at=story.date_modified)


def _removed(call: Call, how: int | str) -> Answer:
    """Answer for a story that was taken off the site."""
    if how == "status":
        how = call.site.profile.removed_status
    if isinstance(how, int):
        return not_found(how)
    return go_wrong(Fault(kind=how), call, not_found())


def _moved(call: Call, story: Story) -> Answer:
    """Lead to the story's address from one without its slash, with a former slug, or a wrong one."""
    slashed = call.path.rstrip("/") + "/"
    query = f"?{call.query}" if call.query else ""
    if slashed == story.path:
        return redirect(story.path + query)
    if call.site.newsroom.had_path(story.article_id, slashed):
        return redirect(story.path + query, call.site.profile.redirect_status)
    if call.site.profile.wrong_slug == "not_found":
        return not_found()
    return redirect(story.path + query)


@route(r"/([a-z]+)/news/article\.cfm")
def _former_article(call: Call) -> Answer:
    """Lead from an address of the former platform to today's, keeping the query as it came.

    The query may be escaped twice (`&amp;ref=rss`). Without an `objectid` it is the section.
    """
    number = re.search(r"\bobjectid=(\d+)", call.query)
    if number is None:
        return redirect(f"/{call.name}/?{call.query}")
    return _former(call, lambda story: objectid(story.article_id) == int(number[1]))


@route(r"/[a-z]+/news/video\.cfm")
def _former_video(call: Call) -> Answer:
    """Lead from a video's former address, whose `gallery_id` is the end of its number."""
    number = re.search(r"\bgallery_id=(\d+)", call.query)
    wanted = int(number[1]) if number else -1
    return _former(
        call,
        lambda story: "video" in story.path and objectid(story.article_id) % 1_000_000 == wanted,
    )


def _former(call: Call, is_it: Callable[[Story], bool]) -> Answer:
    story = next(filter(is_it, call.site.newsroom.stories()), None)
    return redirect(f"{story.path}?{call.query}") if story else not_found()


def _amp_page(story: Story, origin: str) -> str:
    """Return the page for phones: what anyone may read, and where the real page is."""
    texts = "".join(f"<p>{escape(text)}</p>" for text in story.public_paragraphs)
    return (
        '<!doctype html><html amp lang="en-NZ"><head><meta charset="utf-8">'
        f"<title>{escape(story.web_headline)} - NZ Herald</title>"
        f'<link rel="canonical" href="{origin}{story.path}"/></head><body>'
        f"<article><h1>{escape(story.headline)}</h1>{texts}</article></body></html>"
    )
