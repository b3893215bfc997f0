"""The JSON that the site's own scripts read: the transformed story inside `fusion-metadata`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from html import escape
from typing import Any

from demo.newspaper.cards import image_address
from demo.newspaper.chance import chance
from demo.newspaper.objectid import objectid
from demo.newspaper.story import Block, Story, iso, iso_milliseconds, slugify
from demo.newspaper.variants import layout_of

Json = dict[str, Any]

DEPLOYMENT = "1584"


def script_json(value: object) -> str:
    """JSON that can stand inside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("</", "<\\/")


def fusion_script(
    content: Json | None, config: Mapping[str, Any], cache: Mapping[str, Any], rendered_at: datetime
) -> str:
    """Return the whole script element, with the stub and the look-alike names around the content."""
    milliseconds = int(rendered_at.timestamp() * 1000)
    return (
        '<script id="fusion-metadata" type="application/javascript">'
        'window.Fusion=window.Fusion||{};Fusion.arcSite="nzh";Fusion.contextPath="/pf";'
        f'Fusion.mxId="00000000";Fusion.deployment="{DEPLOYMENT}";'
        f"Fusion.globalContent={script_json(content)};"
        f"Fusion.globalContentConfig={script_json(config)};"
        f"Fusion.lastModified={milliseconds};Fusion.contentCache={script_json(cache)};"
        'Fusion.layout="article";Fusion.outputType="default";Fusion.spaEnabled=false;</script>'
    )


def story_json(story: Story, origin: str) -> Json:
    """Return the story as the site's scripts have it. Subscriber text is in it, marked HIDDENJSON."""
    lead = story.images[0]
    content: Json = {
        **summary_json(story),
        "version": "0.10.9",
        "owner": {"id": "nzme", "sponsored": story.sponsored},
        "source": {
            "system": "Zen",
            "source_id": str(objectid(story.article_id)),
            "source_type": "wires" if story.agency else "staff",
        },
        "slug": story.slug,
        "ogImage": image_address(origin, lead, 1200),
        "ogImageAlt": lead.shown_caption,
        "elements": elements(story, origin),
        "planning": {"story_length": {"word_count_actual": _words(story)}},
    }
    if story.dates_stated == "all":
        content["first_publish_date"] = iso_milliseconds(story.date_published)
        content["publish_date"] = iso_milliseconds(story.date_modified)
        content["created_date"] = iso_milliseconds(story.date_published)
    if code := _code(story):
        content["content_restrictions"] = {"content_code": code}
    if layout_of(story).video:
        content["video"] = True
        content["customVideo"] = {"embed": {"id": lead.id}}
        content["brightcoveId"] = str(chance(story.article_id, "video").randint(10**12, 10**13))
    return content


def summary_json(story: Story) -> Json:
    """Return the part of a story's JSON that lists carry too; no body in it."""
    form = layout_of(story).form
    dates = {
        "display_date": iso_milliseconds(story.date_published),
        "last_updated_date": iso_milliseconds(story.date_modified),
    }
    return {
        "_id": story.article_id,
        "type": form if form in {"video", "gallery"} else "story",
        "subtype": "live-blog" if story.update_times else "quiz" if form == "quiz" else "news",
        "canonical_website": "nzh",
        "canonical_url": story.path,
        "website_url": story.path,
        **_flag(story),
        "headline": story.headline,
        "headlines": {"basic": story.headline, "web": story.web_headline},
        "description": {"basic": story.description},
        **(dates if story.dates_stated == "all" else {}),
        "credits": {
            "by": [
                _author(name, story.role if place == 0 else None)
                for place, name in enumerate(story.authors)
            ]
        },
        "distributor": {
            "category": "wires" if story.agency else "staff",
            "name": story.distributor,
        },
        "taxonomy": {
            "primary_section": _section(story.section),
            "sections": [_section(section) for section in story.sections],
            "tags": [{"text": tag, "slug": slugify(tag)} for tag in story.tags],
        },
    }


def _flag(story: Story) -> Json:
    match layout_of(story).states:
        case "neither":
            return {}
        case "mixed":
            return {"isPremium": True}
        case "free":
            return {"isPremium": False}
        case _:
            return {"isPremium": story.access == "premium"}


def _code(story: Story) -> str | None:
    states = layout_of(story).states
    if states == "both":
        return "premium" if story.access == "premium" else "free"
    return "free" if states in {"free", "mixed"} else None


def elements(story: Story, origin: str) -> list[Json]:
    """Return the body as data: blocks, the inline pictures after the first of them, then hidden text."""
    times = iter(story.update_times)
    parts = [
        {"type": "raw_html", "content": block.html} if block.html else _element(block, times)
        for block in story.body
    ]
    if layout_of(story).promotions:
        for place, html in promotions(len(parts)):
            parts[place:place] = [{"type": "raw_html", "content": html}]
    parts[1:1] = [
        {
            "type": "image",
            "_id": image.id,
            "caption": image.caption,
            "credits": {"affiliation": [{"name": image.credit}]},
            "additional_properties": {"originalUrl": image_address(origin, image, 1440)},
        }
        for image in story.images[1:]
    ]
    return parts + hidden_elements(story)


def hidden_elements(story: Story) -> list[Json]:
    """Return the subscriber text of a premium story, each paragraph marked."""
    return [_text(text) for text in hidden_texts(story)]


def hidden_texts(story: Story) -> list[str]:
    """Return the subscriber text as it stands in data, each paragraph marked."""
    return [f"HIDDENJSON {text}" for text in story.hidden]


def _element(block: Block, times: Iterable[datetime]) -> Json:
    match block.kind:
        case "heading":
            return {"type": "header", "level": 2, "content": escape(block.text, quote=False)}
        case "quote":
            return {"type": "quote", "content_elements": [_text(block.text)]}
        case "list":
            items = [_text(item) for item in block.text.split("\n")]
            return {"type": "list", "list_type": "unordered", "items": items}
        case "embed":
            return {"type": "raw_html", "content": embed_html(block.text)}
        case "update":
            title, _, text = block.text.partition("\n")
            at = iso(next(iter(times)))
            return {"type": "live_update", "headline": title, "display_date": at, "content": text}
        case _:
            return _text(block.text)


def promotions(count: int) -> list[tuple[int, str]]:
    """Return what the site promotes among so many blocks and where, the last place first."""
    start = (
        '<a href="/topic/politics/"><img src="/pf/resources/images/politics.png" alt="All our'
        ' politics"></a>'
    )
    middle = '<a href="mailto:justice@newspaper.example"><button>Do you have a justice story?</button></a>'
    end = (
        '<p><strong>Sign up to <a href="/newsletters/">The Daily H</a></strong>, a free newsletter'
        " chosen by our editors, every weekday.</p>"
    )
    return [(count, end), (count // 2, middle), (0, start)]


def embed_html(address: str) -> str:
    """Return a post of a social network: a link, and the network's script."""
    return (
        f'<blockquote class="social-post"><a href="{escape(address)}"></a></blockquote>'
        '<script async src="https://platform.social.example/widgets.js"></script>'
    )


def _text(text: str) -> Json:
    return {"type": "text", "content": escape(text, quote=False)}


def _author(name: str, role: str | None) -> Json:
    return {"type": "author", "name": name, "slug": slugify(name), "role": role or ""}


def _section(path: str) -> Json:
    name = path.rsplit("/", 1)[-1].replace("-", " ").title()
    return {"_id": f"/{path}", "_website": "nzh", "type": "section", "name": name}


def _words(story: Story) -> int:
    return sum(len(text.split()) for text in (*story.public_paragraphs, *story.hidden))
