"""Every World story of the made-up newspaper, read from its page, is what its newsroom wrote."""

import urllib.request
from datetime import UTC, datetime

import pytest
from msgspec import UNSET

from archive.errors import NotAnArticle
from archive.records import Article
from demo.newspaper import Edition, Newspaper
from demo.newspaper.story import Story
from demo.newspaper.variants import layout_of
from pipelines.normalise import article_of
from pipelines.pages import read
from publishers import get
from publishers.spec import Publisher


def served(paper: Newspaper, story: Story) -> bytes:
    with urllib.request.urlopen(paper.origin + story.path) as answer:  # noqa: S310 - loopback
        return answer.read()


def article(html: bytes, url: str, publisher: Publisher) -> Article:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    found = read(html, url=url, captured_at=now, publisher=publisher)
    return article_of(found, url=url, captured_at=now, publisher=publisher)


def told(found: Article) -> dict[str, object]:
    return {
        "id": found.article_id,
        "headline": found.headline,
        "other": found.alternative_headline,
        "description": found.description,
        "authors": found.authors,
        "agency": found.agency,
        "access": found.access,
        "section": found.section,
        "sections": found.sections,
        "keywords": found.keywords,
        "published": found.date_published,
        "modified": found.date_modified,
        "language": found.in_language,
        "minutes": found.read_minutes,
        "images": [(i.id, i.caption, i.credit) for i in found.images],
        "details": [(d.name, d.job_title, d.description) for d in found.author_details],
        "corrections": found.corrections,
        "conflicts": [said.split(":")[0] for said in found.date_conflicts],
        "body": [(block.kind, block.text) for block in found.body],
        "times": [b.date_published for b in found.body if b.kind == "update"],
        "untimed": {b.date_published for b in found.body if b.kind != "update"} - {UNSET},
    }


def truth(story: Story) -> dict[str, object]:
    other = story.web_headline if story.web_headline != story.headline else None
    return {
        "id": story.article_id,
        "headline": story.headline,
        "other": other,
        "description": story.description,
        "authors": story.authors,
        "agency": story.agency,
        "access": story.access,
        "section": story.url_prefix,
        "sections": tuple(sorted(story.sections)),
        "keywords": story.tags,
        "published": story.date_published,
        "modified": story.date_modified,
        "language": "en-NZ",
        "minutes": story.read_minutes,
        "images": [
            # The gate keeps no picture's address in the body of a premium page.
            (i.id if story.access == "free" or i is story.images[0] else None, i.caption, i.credit)
            for i in story.images
        ],
        "details": [(story.authors[0], story.role, story.bio)] if story.role else [],
        "corrections": story.corrections,
        "conflicts": [],
        "body": [(b.kind, b.text) for b in story.body],
        "times": list(story.update_times),
        "untimed": set(),
    }


def test_every_world_story_is_read_as_it_was_written(
    edition: Edition, newspaper: Newspaper
) -> None:
    publisher = get("nzherald").with_origin(newspaper.origin)
    stories = [
        story for story in edition.stories if publisher.is_in_section(newspaper.origin + story.path)
    ]
    assert len({story.variant for story in stories}) > 10
    for story in stories:
        html = served(newspaper, story)
        if layout_of(story).video:
            with pytest.raises(NotAnArticle, match="video"):
                article(html, newspaper.origin + story.path, publisher)
            continue
        found = article(html, newspaper.origin + story.path, publisher)
        assert told(found) == truth(story), story.variant
        assert found.reader == "nzherald"
        assert "HIDDEN" not in repr(found)
