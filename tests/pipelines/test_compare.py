"""The same story is the same revision; whatever the story says differently is another."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from archive.codec import decode, encode
from archive.records import (
    Article,
    ArticleContent,
    AuthorDetails,
    Block,
    Capture,
    DateCandidate,
    Image,
    Seen,
    WarcPointer,
)
from pipelines.compare import after, canonical, captions_of, compare, join, revision_of, split

NOW = datetime(2026, 3, 1, 22, 15, tzinfo=UTC)
HELD = "727d857b4cb0dc2aa090d258319b2d03706aef38c1c8954266d540cefc3d95ad"
"""Revision of the story below as it was made before."""

ID = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
maybe = st.none() | words
blocks = st.builds(
    Block,
    kind=st.sampled_from(["paragraph", "heading", "quote", "list", "embed", "update"]),
    text=words,
    date_published=st.sampled_from([UNSET, NOW, NOW + timedelta(minutes=1)]),
)
images = st.builds(Image, id=maybe, url=maybe, caption=maybe, credit=maybe)
articles = st.builds(
    Article,
    article_id=st.just(ID),
    revision=st.just(""),
    publisher=st.just("nzherald"),
    url=st.just("https://paper.invalid/world/a/"),
    headline=words,
    description=maybe,
    authors=st.lists(words, max_size=3).map(tuple),
    agency=maybe,
    access=st.sampled_from(["free", "premium", "unknown"]),
    first_seen_at=st.just(NOW),
    captured_at=st.just(NOW),
    body=st.lists(blocks, max_size=4).map(tuple),
    images=st.lists(images, max_size=3).map(tuple),
    reader=st.just("r"),
    reader_version=st.just("1"),
).map(canonical)


def own(article: Article) -> tuple[object, ...]:
    return (
        article.headline,
        article.description,
        article.authors,
        article.agency,
        article.body,
        captions_of(article.images),
        article.access,
    )


@given(articles, articles)
def test_a_revision_stands_for_exactly_the_storys_own_content(one: Article, two: Article) -> None:
    assert (one.revision == two.revision) == (own(one) == own(two))


@given(articles, articles)
def test_any_one_field_of_the_content_makes_another_revision(one: Article, two: Article) -> None:
    for name in ("headline", "description", "authors", "agency", "body", "images", "access"):
        mixed = canonical(evolve(one, **{name: getattr(two, name)}))
        assert (mixed.revision == one.revision) == (own(mixed) == own(one))


@given(articles)
def test_canonical_twice_is_canonical_once(article: Article) -> None:
    assert canonical(article) == article


@given(articles, words)
def test_what_surrounds_the_story_is_no_revision(article: Article, other: str) -> None:
    around = evolve(
        article,
        url=other,
        canonical_url=other,
        aliases=(other,),
        alternative_headline=other,
        section=other,
        sections=(other,),
        keywords=(other,),
        access_evidence=(other,),
        date_published=NOW,
        date_modified=NOW,
        date_published_raw=other,
        dates=(DateCandidate(value=other, source=other),),
        date_conflicts=(other,),
        author_details=(AuthorDetails(name=other, job_title=other),),
        corrections=(other,),
        first_seen_at=NOW - timedelta(days=1),
        captured_at=NOW + timedelta(days=1),
        in_language=other,
        images=tuple(evolve(image, id=other, url=other) for image in article.images),
        read_minutes=7,
        warc=WarcPointer(
            file=other, offset=1, record_id=other, payload_digest=other, content_digest=other
        ),
        reader=other,
        reader_version=other,
        provenance={other: other},
    )
    assert revision_of(around) == article.revision
    assert split(around, "run")[0] == split(article, "run")[0]


@given(articles)
def test_a_record_can_be_split_and_joined(article: Article) -> None:
    content, capture = split(article, "20260301T221500Z-00000000")
    assert revision_of(content) == content.revision == capture.revision == article.revision
    assert join(content, capture, first_seen_at=article.first_seen_at) == article


def story(text: str = "One.", **fields: object) -> Article:
    article = Article(
        article_id=ID,
        revision="",
        publisher="nzherald",
        url="https://paper.invalid/world/a/",
        headline="Headline",
        access="free",
        first_seen_at=NOW,
        captured_at=NOW,
        body=(Block(kind="paragraph", text=text),),
        reader="r",
        reader_version="1",
    )
    return canonical(evolve(article, **fields))


def test_a_story_held_since_before_entries_had_times_is_the_same_revision() -> None:
    article = story(
        body=(Block(kind="update", text="Gusts\n140km/h."), Block(kind="quote", text="Q"))
    )
    assert article.revision == HELD
    content, capture = split(article, "20260301T221500Z-00000000")
    assert b'{"kind":"update","text":"Gusts\\n140km/h."}' in encode(content)
    assert decode(encode(content), ArticleContent) == content
    old = msgspec.json.decode(encode(capture))
    for name in ("author_details", "corrections", "date_conflicts"):
        del old[name]
    assert decode(encode(old), Capture) == capture


def test_when_an_entry_was_posted_is_part_of_it() -> None:
    one, two = (
        story(body=(Block(kind="update", text="Gusts", date_published=at),))
        for at in (NOW, NOW + timedelta(minutes=1))
    )
    assert (
        len(
            {one.revision, two.revision, story(body=(Block(kind="update", text="Gusts"),)).revision}
        )
        == 3
    )
    assert decode(encode(split(one, "run")[0]), ArticleContent).body == one.body


def test_white_space_and_composition_are_no_revision() -> None:
    assert story("Tūrangi  is\u00a0calm.\n") == story("Tu\u0304rangi is calm.")


def test_items_of_a_list_keep_their_lines() -> None:
    two = story(body=(Block(kind="list", text="tea \n\n and  milk"),))
    assert two.text == "tea\nand milk"
    assert two.revision != story(body=(Block(kind="list", text="tea and milk"),)).revision


def test_text_and_word_count_follow_from_the_body() -> None:
    article = story(body=(Block(kind="heading", text="A b"), Block(kind="paragraph", text="c")))
    assert (article.text, article.word_count) == ("A b\n\nc", 3)


def history(*steps: Article) -> list[tuple[str, str]]:
    seen: Seen | None = None
    outcomes = []
    for number, step in enumerate(steps):
        content, capture = split(evolve(step, captured_at=NOW + timedelta(hours=number)), "run")
        outcomes.append(compare(content, seen))
        seen = after(seen, capture)
    return outcomes


def test_a_history_names_each_step() -> None:
    a, b = story("A."), story("B.")
    assert history(a, a, b, a) == [
        ("archived", "new_article"),
        ("unchanged", "same_content"),
        ("archived", "new_revision"),
        ("archived", "new_revision"),
    ]


def test_a_flip_of_access_is_a_revision() -> None:
    assert history(story(), story(access="premium"))[1] == ("archived", "new_revision")


def test_unknown_access_never_supersedes_what_was_known() -> None:
    free, unknown = story("A."), story("", access="unknown")
    assert history(free, unknown, free) == [
        ("archived", "new_article"),
        ("skipped", "access_unknown"),
        ("unchanged", "same_content"),
    ]


def test_unknown_access_is_kept_while_nothing_better_is_known() -> None:
    unknown, free = story("", access="unknown"), story("A.")
    assert history(unknown, unknown, free) == [
        ("archived", "new_article"),
        ("unchanged", "same_content"),
        ("archived", "new_revision"),
    ]


@pytest.mark.parametrize("hours", [-5, 5])
def test_first_seen_is_the_earliest_capture(hours: int) -> None:
    _, first = split(story(), "run")
    _, second = split(story(captured_at=NOW + timedelta(hours=hours)), "run")
    assert after(after(None, first), second).first_seen_at == min(
        first.captured_at, second.captured_at
    )


def test_a_caption_carries_its_credit() -> None:
    pictures = (Image(caption="A bridge.", credit="AP"), Image(url="u"), Image(credit="Reuters"))
    assert captions_of(pictures) == ("A bridge. Photo / AP", "Photo / Reuters")
