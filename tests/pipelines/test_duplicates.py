"""Articles that share text: sketches that lead to each other, and what the articles are to each other."""

import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve

from archive.records import ArticleContent, Block
from benchmarks.near_duplicates import OPEN_SET, VARIANTS, is_found, natural, pages
from pipelines.duplicates import (
    KEPT_SHARE,
    LEAST_COMMON,
    LEAST_WORDS,
    MOST_HASHES,
    VERSION,
    SharedText,
    digest_of,
    link,
    shingles_of,
    sketch,
    sketch_of,
)

START = datetime(2026, 3, 1, tzinfo=UTC)
WORDS = [
    f"{a}{b}" for a in ("har", "bel", "mor", "tun", "vel") for b in ("bour", "ling", "ward", "ick")
]


def prose(words: int, seed: str) -> str:
    """Sentences of invented words; other seeds give others."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    sentences = [
        " ".join(chance.choices(WORDS, k=12)).capitalize() + "." for _ in range(words // 12)
    ]
    return "\n\n".join(sentences)


def article(name: str, text: str, **more: object) -> SharedText:
    return SharedText(**{"article_id": name, "headline": name, "text": text, "date": START, **more})


def content(text: str) -> ArticleContent:
    body = tuple(Block(kind="paragraph", text=one) for one in text.split("\n\n"))
    return ArticleContent(
        article_id="story", revision="r", publisher="p", headline="", access="free", body=body
    )


STORY = article("story", prose(600, "story"))


def later(name: str, text: str, **more: object) -> SharedText:
    return article(name, text, **{"date": START + timedelta(hours=5), **more})


def test_the_same_words_are_an_exact_copy_however_they_are_set() -> None:
    copy = later("copy", STORY.text.upper().replace("\n\n", "  "))
    assert digest_of(copy.text) == digest_of(STORY.text)
    found = link(copy, STORY)
    assert (found.relation, found.method, found.score) == ("copy", "exact", 1.0)
    assert link(later("empty", ""), article("void", "")) is None


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        (STORY.text.rsplit("\n\n", 30)[0], "part_of"),
        (STORY.text + "\n\n" + prose(600, "more"), "extends"),
        (STORY.text.replace("harbour", "haven", 5), "copy"),
        (STORY.text.split("\n\n", 35)[-1] + prose(900, "else"), "related"),
    ],
)
def test_what_the_later_is_to_the_earlier(text: str, relation: str) -> None:
    made = later("later", text)
    found = link(STORY, made)
    assert (found.article_id, found.other_id) == ("later", "story")
    assert (found.relation, found.method) == (relation, "near")
    assert found == link(made, STORY)
    assert 0 < found.jaccard <= found.score <= 1


def test_what_shares_nothing_is_not_linked() -> None:
    assert link(STORY, later("other", prose(600, "other"))) is None


def test_wire_copy_names_its_agency() -> None:
    made = later("house", STORY.text.replace("harbour", "haven", 5))
    found = link(evolve(STORY, agency="AP"), made)
    assert (found.relation, found.agency) == ("wire_copy", "AP")
    few = later("few", STORY.text.split("\n\n", 35)[-1] + prose(900, "else"))
    assert link(evolve(STORY, agency="AP"), few).agency is None


def test_a_follow_up_shares_facts_a_series_its_headline() -> None:
    facts = " On day 12 the Velland Council paid Ana Tuiasau 4500 for pier 9."
    part = STORY.text.split("\n\n", 35)[-1]
    one = evolve(STORY, text=STORY.text + facts)
    assert link(one, later("next", part + facts + prose(900, "else"))).relation == "follow_up"
    issue = later("issue", part + prose(900, "else"), headline="What to watch on 8 March")
    assert link(evolve(STORY, headline="What to watch on 1 March"), issue).relation == "series"
    assert link(evolve(STORY, headline=issue.headline), issue).relation == "related"


def test_boilerplate_of_a_site_links_nothing() -> None:
    foot = prose(400, "boilerplate")
    one, other = article("one", prose(200, "1") + foot), later("other", prose(200, "2") + foot)
    assert link(one, other) is not None
    both = set(sketch_of(one.text)) & set(sketch_of(other.text))
    assert link(one, other, boilerplate=both) is None


@pytest.mark.parametrize("place", ["before", "after", "within"])
def test_what_stands_between_boilerplate_is_left_out(place: str) -> None:
    own, foot = prose(1200, "own"), prose(800, "foot")
    first, _, second = own.partition("\n\n")
    text = {"before": foot + own, "after": own + foot, "within": first + foot + second}[place]
    known = set(sketch_of(foot))
    left = shingles_of(text, boilerplate=known)
    assert not left & known
    assert len(left & shingles_of(foot)) < 0.1 * len(shingles_of(foot))
    assert len(left & shingles_of(own)) > 0.9 * len(shingles_of(own))
    assert shingles_of(text, boilerplate={1, 2, 3}) == shingles_of(text)
    assert not shingles_of(foot, boilerplate=known)


def test_a_caption_is_no_story() -> None:
    caption = " ".join(prose(48, "caption").split()[: LEAST_WORDS - 1])
    assert link(article("one", caption), later("other", caption)) is None
    assert sketch(content(caption)) is None
    assert link(article("one", caption + " so"), later("other", caption + " so")).method == "exact"


def test_a_sketch_says_what_it_is_of() -> None:
    made = sketch(content(STORY.text))
    assert (made.article_id, made.revision, made.version) == ("story", "r", VERSION)
    assert made.text_digest == digest_of(STORY.text)
    assert made.hashes == sketch_of(STORY.text)


def test_a_hostile_text_has_a_small_sketch() -> None:
    text = " ".join(map(str, range(300_000)))
    assert len(sketch_of(text)) == MOST_HASHES
    assert set(sketch_of(text[:1_500_000])) & set(sketch_of(text))


def test_without_a_date_the_other_is_earlier() -> None:
    undated = evolve(STORY, article_id="undated", date=None)
    assert link(undated, STORY).article_id == "undated"


@pytest.mark.parametrize("words", [60, 150, 390, 900, 5000])
def test_sketches_of_texts_of_any_length_lead_to_their_parts(words: int) -> None:
    text = prose(words, f"{words}")
    third = " ".join(text.split(" ")[: max(words // 3, 20)])
    assert len(set(sketch_of(text)) & set(sketch_of(third))) >= LEAST_COMMON
    assert len(sketch_of(text)) <= max(100, words / KEPT_SHARE * 2)


def test_a_sketch_is_the_same_in_every_process() -> None:
    code = f"from pipelines.duplicates import sketch_of; print(sketch_of({STORY.text!r}))"
    said = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).resolve().parents[2],
        env={"PYTHONHASHSEED": "7"},
    ).stdout
    assert said.strip() == str(sketch_of(STORY.text))
    assert all(0 <= one < 2**47 for one in sketch_of(STORY.text))


@pytest.mark.skipif(not OPEN_SET.exists(), reason="needs ../shared/extraction/open")
def test_variants_of_real_texts_are_found_and_few_others_are() -> None:
    found = pages(OPEN_SET)
    for name, vary in VARIANTS.items():
        chance = random.Random(name)  # noqa: S311 - the same variants each time
        recall = sum(is_found(page, vary, chance) for page in found) / len(found)
        assert recall >= 0.99, name
    assert [made.relation for *_, made in natural(found)] == ["related"]
