"""Each kind of page of the made-up newspaper, read by the archive, gives what its newsroom wrote."""

from datetime import date, datetime, timedelta

import pytest
from msgspec import UNSET

from archive.errors import NotAnArticle, UnreadablePage
from archive.records import Article, WarcPointer
from archive.warc_pages import PageRecord
from archive.warc_records import Exchange, Headers
from crawler.gate import Passage, pass_gate
from demo.newspaper import Story
from demo.newspaper.kinds_times import clock_changes, next_day_here
from demo.newspaper.odd_pages import ODD_PAGES
from demo.newspaper.story import NEW_ZEALAND
from demo.newspaper.variants import VARIANTS
from pipelines.compare import canonical
from pipelines.normalise import normalise
from publishers import get
from tests.demo.newspaper_pages import AT, EDITION, ORIGIN, make, page

PAPER = get("nzherald").with_origin(ORIGIN)
NOWHERE = WarcPointer(file="", offset=0, record_id="", payload_digest="", content_digest="")


def passed(story: Story) -> Passage:
    """What the gate lets through of a story's page."""
    return answered(page(story).encode(), ORIGIN + story.path)


def answered(body: bytes, url: str, status: int = 200, headers: Headers = ()) -> Passage:
    sent = (*headers, ("Content-Type", "text/html; charset=utf-8"))
    exchange = Exchange(url=url, captured_at=AT, status=status, headers=sent, body=body)
    return pass_gate(exchange, publisher=PAPER)


def article(story: Story) -> Article:
    """The article as the archive has it: through the gate, then through the reader."""
    found = passed(story)
    assert found.note
    assert found.state
    kept = PageRecord(
        url=ORIGIN + story.path,
        captured_at=AT,
        http_status=200,
        headers=(),
        content_type=found.kept_type,
        content=found.body,
        warc=NOWHERE,
        is_cut=found.kept is not None,
        access=found.note.access,
        access_evidence=found.note.evidence,
        state=found.state.kind,
        state_evidence=found.state.evidence,
        truncated=None,
    )
    return normalise(kept, publisher=PAPER)


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
        "published_raw": found.date_published_raw,
        "modified": found.date_modified,
        "language": found.in_language,
        "minutes": found.read_minutes,
        "images": [(image.id, image.caption, image.credit) for image in found.images],
        "details": [(d.name, d.job_title, d.description) for d in found.author_details],
        "corrections": found.corrections,
        "conflicts": [said.split(":")[0] for said in found.date_conflicts],
        "body": [(block.kind, block.text) for block in found.body],
        "times": [b.date_published for b in found.body if b.kind == "update"],
        "untimed": {b.date_published for b in found.body if b.kind != "update"} - {UNSET},
    }


def truth(story: Story) -> dict[str, object]:
    stated = story.dates_stated == "all"
    raw = {"all": f"{story.date_published:%Y-%m-%dT%H:%M:%SZ}", "shown": story.shown_date}
    return {
        "id": story.article_id,
        "headline": story.headline,
        "other": story.web_headline if story.web_headline != story.headline else None,
        "description": story.description,
        "authors": story.authors,
        "agency": story.agency,
        "access": story.access,
        "section": story.url_prefix,
        "sections": tuple(sorted(story.sections)),
        "keywords": story.tags,
        "published": story.date_published if stated else None,
        "published_raw": raw.get(story.dates_stated),
        "modified": story.date_modified if stated else None,
        "language": "en-NZ",
        "minutes": story.read_minutes,
        "images": [(image.id, image.caption, image.credit) for image in story.images],
        "details": [(story.authors[0], story.role, story.bio)] if story.role else [],
        "corrections": story.corrections,
        "conflicts": ["date_modified"]
        if stated and story.date_modified < story.date_published
        else [],
        "body": [(block.kind, block.text) for block in story.archived_body],
        "times": list(story.update_times),
        "untimed": set(),
    }


def stories(*, but: str = "", **wanted: str) -> list[object]:
    made = [make(kind) for kind in VARIANTS if kind != but]
    fitting = [s for s in made if all(getattr(s, name) == value for name, value in wanted.items())]
    assert fitting
    return [pytest.param(story, id=story.variant) for story in fitting]


READABLE = stories(access="free", page_state="article", but="no_paragraphs")


@pytest.mark.parametrize("story", READABLE)
def test_every_field_of_a_free_story_is_read_as_it_was_written(story: Story) -> None:
    assert told(article(story)) == truth(story)


TOLD = (
    "headline", "alternative_headline", "description", "canonical_url", "authors", "agency", "author_details",
    "sections", "keywords", "date_published", "date_modified", "date_published_raw", "date_conflicts",
    "in_language", "body", "corrections", "images", "read_minutes",
)  # fmt: skip
"""Fields that a page states; the others follow from its address, its capture or the gate."""


@pytest.mark.parametrize("story", READABLE)
def test_every_field_that_is_filled_says_where_it_was_taken_from(story: Story) -> None:
    found = article(story)
    assert {name for name in TOLD if getattr(found, name)} <= set(found.provenance)
    assert all(found.provenance.values())


@pytest.mark.parametrize("story", stories(access="premium"))
def test_of_a_premium_story_its_public_part_is_read(story: Story) -> None:
    found = article(story)
    expected = truth(story)
    # The gate keeps no picture's address in a premium body, and nothing of a body in one piece.
    lead, *others = expected["images"]
    expected["images"] = [lead, *((None, caption, credit) for _, caption, credit in others)]
    if story.withheld:
        expected["images"] = [lead]
    assert told(found) == expected
    assert "HIDDEN" not in repr(found)
    assert b"HIDDEN" not in passed(story).body


@pytest.mark.parametrize("story", stories(access="unknown", page_state="article"))
def test_of_a_page_that_contradicts_itself_no_text_is_read(story: Story) -> None:
    assert "HIDDENBODY" in page(story)
    found = article(story)
    assert (found.access, found.headline, found.body) == ("unknown", story.headline, ())
    assert b"HIDDEN" not in passed(story).body


@pytest.mark.parametrize("story", stories())
def test_the_gate_takes_each_page_for_what_it_is(story: Story) -> None:
    found = passed(story)
    assert found.state
    assert (found.state.kind, found.access) == (story.page_state, story.access)
    assert found.withheld == (story.page_state == "noarchive")


@pytest.mark.parametrize("name", ODD_PAGES)
def test_the_gate_takes_each_odd_page_for_what_it_is(name: str) -> None:
    odd = ODD_PAGES[name]
    body = odd.make(ORIGIN, EDITION.in_section("world")[::-1])
    asked = ORIGIN + make("staff").path
    found = answered(body, asked, odd.status, tuple(odd.headers.items()))
    assert found.state
    assert found.state.kind == odd.state


NO_ARTICLES = ("video", "gallery", "quiz", "sponsored", "empty")


@pytest.mark.parametrize("story", [s for state in NO_ARTICLES for s in stories(page_state=state)])
def test_what_is_no_article_is_not_read_as_one(story: Story) -> None:
    with pytest.raises((NotAnArticle, UnreadablePage)) as error:
        article(story)
    assert error.value.reason.startswith(story.page_state)


def test_of_a_page_that_must_not_be_archived_nothing_is_kept() -> None:
    for story in (make(kind) for kind in ("noarchive", "noarchive_ours")):
        assert passed(story).body == b""


def test_a_story_without_a_paragraph_is_not_read_out_of_what_stands_round_it() -> None:
    with pytest.raises((NotAnArticle, UnreadablePage), match="no text"):
        article(make("no_paragraphs"))


def test_of_a_page_of_which_we_know_no_part_only_the_head_is_read() -> None:
    story = make("redesign")
    found = article(story)
    assert (found.headline, found.access, found.body) == (story.headline, "unknown", ())
    assert story.public_paragraphs[0].encode() not in passed(story).body


def test_each_stage_of_a_growing_blog_is_read_as_it_was() -> None:
    blog = make("growing_blog")
    stages = [blog.as_of(AT + timedelta(minutes=5 * n)) for n in range(15)]
    for stage in stages:
        assert told(article(stage)) == truth(stage)
    assert len({canonical(article(stage)).revision for stage in stages}) == len(stages)


def test_the_same_words_under_two_ids_are_two_articles_of_one_text() -> None:
    first, second = (article(make("same_wire", number=n)) for n in (0, 1))
    assert first.article_id != second.article_id
    assert (first.headline, first.body) == (second.headline, second.body)


MOMENTS = [
    next_day_here(date(2026, 3, 1)),
    *(at + timedelta(minutes=30 * n) for at in clock_changes(2026) for n in (-1, 0, 1)),
]


@pytest.mark.parametrize("at", MOMENTS, ids=str)
def test_times_are_read_as_stated_on_the_days_on_which_clocks_are_tricky(at: datetime) -> None:
    story = make("staff", at)
    found = article(story)
    assert found.date_published == at
    assert found.date_published.astimezone(NEW_ZEALAND) == story.local_date_published
