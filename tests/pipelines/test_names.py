"""Names of people, organisations and places in an article's text, as an archivist would list them."""

from datetime import UTC, datetime

import pytest

from archive.errors import ConfigurationError
from archive.records import Article, Block, Mention
from pipelines import annotators
from pipelines.annotators.consolidation import Find, consolidate
from pipelines.compare import canonical

NOW = datetime(2026, 3, 1, 22, 15, tzinfo=UTC)


def article(*paragraphs: str) -> Article:
    return canonical(
        Article(
            article_id="A",
            revision="",
            publisher="nzherald",
            url="u",
            headline="Headline",
            access="free",
            first_seen_at=NOW,
            captured_at=NOW,
            body=tuple(Block(kind="paragraph", text=text) for text in paragraphs),
            reader="r",
            reader_version="1",
        )
    )


STORY = article(
    "US Secretary of State Antony Blinken met Iraqi leaders in Baghdad on Monday.",
    "The United Nations welcomed Blinken's visit. Mr Blinken then flew to Turkey.",
)


def names(mentions: tuple[Mention, ...], kind: str) -> dict[str, int]:
    return {mention.name: mention.count for mention in mentions if mention.kind == kind}


def marked(text: str, *found: tuple[str, str]) -> tuple[Mention, ...]:
    """Consolidate ``text`` in which a model has found each of these words at their first place."""
    finds = []
    for words, kind in found:
        start = text.index(words)
        finds.append(Find(start, start + len(words), kind))
    return consolidate(text, finds)


def test_a_story_has_its_people_places_and_bodies() -> None:
    annotation = annotators.get("names").annotate(STORY)
    assert names(annotation.mentions, "person") == {"Antony Blinken": 3}
    assert {"Baghdad", "Turkey"} <= set(names(annotation.mentions, "place"))
    assert "United Nations" in names(annotation.mentions, "organisation")
    assert (annotation.article_id, annotation.revision) == ("A", STORY.revision)


def test_spans_point_into_the_text() -> None:
    annotation = annotators.get("names").annotate(STORY)
    for mention in annotation.mentions:
        assert len(mention.spans) == mention.count
        words = {STORY.text[start:end] for start, end in mention.spans}
        assert all(word.split()[-1] in mention.name for word in words), mention


def test_an_article_without_text_has_no_names() -> None:
    assert annotators.get("names").annotate(article()).mentions == ()


def test_a_surname_is_the_person_whose_full_name_was_seen() -> None:
    found = marked(
        "Renad Mansour spoke. Later Mansour left, Mansour's aide said.",
        ("Renad Mansour", "person"),
        ("Mansour left", "organisation"),
    )
    assert names(found, "person") == {"Renad Mansour": 2}


def test_titles_and_articles_and_possessives_are_no_part_of_a_name() -> None:
    found = marked(
        "Prime talks: President Ana Silva’s visit to the Chatham House.",
        ("President Ana Silva’s", "person"),
        ("the Chatham House", "organisation"),
    )
    assert [mention.name for mention in found] == ["Ana Silva", "Chatham House"]


def test_an_office_is_no_organisation() -> None:
    assert marked("The Defence Secretary resigned.", ("Defence", "organisation")) == ()
    assert marked("She runs Defence now.", ("Defence", "organisation")) != ()


def test_a_country_is_a_place_whatever_the_model_says() -> None:
    found = marked("Chad won. Jordan lost.", ("Chad", "person"), ("Jordan", "organisation"))
    assert names(found, "place") == {"Chad": 1, "Jordan": 1}


def test_the_majority_decides_what_a_name_names() -> None:
    text = "Kataib fired. Kataib denied. Kataib left."
    found = consolidate(
        text, [Find(0, 6, "person"), Find(14, 20, "organisation"), Find(29, 35, "organisation")]
    )
    assert names(found, "organisation") == {"Kataib": 3}


def test_an_abbreviation_names_what_stands_before_it() -> None:
    found = marked(
        "The Sea Rescue League (SRL) met. SRL boats sailed.",
        ("Sea Rescue League", "organisation"),
    )
    assert names(found, "organisation") == {"Sea Rescue League": 1, "SRL": 2}


def test_a_surname_inside_another_name_is_left_there() -> None:
    found = marked(
        "Ada Nobel won the Nobel Committee over.",
        ("Ada Nobel", "person"),
        ("Nobel Committee", "organisation"),
    )
    assert names(found, "person") == {"Ada Nobel": 1}
    assert names(found, "organisation") == {"Nobel Committee": 1}


def test_an_unknown_annotator_is_a_wrong_setting() -> None:
    with pytest.raises(ConfigurationError, match="nobody"):
        annotators.parse("names, nobody")
    assert annotators.parse(" names,names ,") == ("names",)


def test_a_version_names_rules_and_model() -> None:
    assert annotators.tag(annotators.get("names")) == "names@1-sm3.8.0"
