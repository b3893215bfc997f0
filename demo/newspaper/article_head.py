"""The head of a story's page: titles, meta elements and JSON-LD."""

from __future__ import annotations

from html import escape

from demo.newspaper.cards import image_address
from demo.newspaper.fusion import hidden_texts, script_json
from demo.newspaper.story import Story, iso
from demo.newspaper.variants import layout_of


def head(story: Story, origin: str) -> str:
    """Return the elements of the head that are about the story."""
    title = escape(f"{story.web_headline} - NZ Herald")
    picture = escape(image_address(origin, story.images[0], 1200))
    tags = "".join(f'<meta property="article:tag" content="{escape(t)}">' for t in story.tags)
    return (
        f"<title>{title}</title>"
        f'<link rel="canonical" href="{origin}{story.path}"/>{_robots(story)}'
        f'<meta name="description" content="{escape(story.description)}">'
        f'<meta name="keywords" content="{escape(", ".join(story.tags))}">'
        f'<meta property="og:title" content="{title}"><meta property="og:type" content="article">'
        f'<meta property="og:site_name" content="NZ Herald">'
        f'<meta property="og:url" content="{origin}{story.path}">'
        f'<meta property="og:description" content="{escape(story.description)}">'
        f'<meta property="og:image" content="{picture}">{_times(story)}'
        f'<meta property="article:section" content="{escape(section_name(story))}">{tags}'
        f'<script type="application/ld+json">{script_json(_linked_data(story, origin))}</script>'
    )


def section_name(story: Story) -> str:
    """Return the name of a story's main section."""
    names = {"nz": "New Zealand", "sponsored-stories": "Sponsored Stories"}
    top = story.section.split("/")[0]
    return names.get(top, top.title())


def _robots(story: Story) -> str:
    robots = layout_of(story).robots
    return f'<meta name="{robots[0]}" content="{robots[1]}">' if robots else ""


def _times(story: Story) -> str:
    if story.dates_stated != "all":
        return ""
    return (
        f'<meta property="article:published_time" content="{iso(story.date_published)}">'
        f'<meta property="article:modified_time" content="{iso(story.date_modified)}">'
    )


def _linked_data(story: Story, origin: str) -> dict[str, object]:
    people = [{"@type": "Person", "name": name} for name in story.authors]
    times = {
        "datePublished": iso(story.date_published),
        "dateModified": iso(story.date_modified),
    }
    text = " ".join((*story.public_paragraphs, *hidden_texts(story)))
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": f"{origin}{story.path}",
        "headline": story.headline,
        "description": story.description,
        **(times if story.dates_stated == "all" else {}),
        "author": people or [{"@type": "Organization", "name": story.distributor}],
        "publisher": {"@type": "Organization", "name": "NZ Herald"},
        "image": [image_address(origin, story.images[0], 1200)],
        "articleSection": section_name(story),
        "keywords": list(story.tags),
        "inLanguage": "en-NZ",
        "isAccessibleForFree": layout_of(story).linked_free or story.access == "free",
        **({"articleBody": text} if layout_of(story).spread else {}),
    }
