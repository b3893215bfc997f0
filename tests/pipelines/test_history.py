"""An article's history, told from its captures and their contents."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from archive.errors import ConfigurationError
from archive.records import Access, ArticleContent, Block, Capture, History, HistoryStep, Removal
from pipelines.compare import revision_of
from pipelines.history import LOST, compared, history
from pipelines.removal import TOMBSTONE

START = datetime(2026, 3, 1, tzinfo=UTC)
ID = "A" * 26
SENTENCE = "The harbour at Port Ellery was closed on Monday after {} containers fell from a ship."
GONE = "gone"


def content(headline: str, number: int = 12, access: Access = "free") -> ArticleContent:
    body = (Block(kind="paragraph", text=SENTENCE.format(number)),)
    made = ArticleContent(
        article_id=ID, revision="", publisher="p", headline=headline, body=body, access=access
    )
    return ArticleContent(
        article_id=ID,
        revision=revision_of(made),
        publisher="p",
        headline=headline,
        body=body,
        access=access,
    )


A, B, C = content("Harbour closed"), content("Port shuts its gates"), content("Harbour closed", 14)
CONTENTS = {one.revision: one for one in (A, B, C)}


def capture(hours: int, of: ArticleContent | str) -> Capture:
    is_gone = isinstance(of, str)
    return Capture(
        article_id=ID,
        revision=TOMBSTONE if isinstance(of, str) else of.revision,
        access="unknown" if isinstance(of, str) else of.access,
        publisher="p",
        run_id=f"run-{hours:03}",
        captured_at=START + timedelta(hours=hours),
        url="https://news.example/world/harbour/",
        reader="r",
        reader_version="1",
        removal=Removal(kind="http_410", http_status=410) if is_gone else UNSET,
    )


def told(*seen: ArticleContent | str) -> History:
    return history(ID, [capture(hours, one) for hours, one in enumerate(seen)], CONTENTS)


def test_each_step_says_what_kind_of_change_it_was() -> None:
    steps = told(A, A, C, B).revisions
    assert [step.kinds for step in steps] == [
        ("first",),
        ("correction",),
        ("headline", "correction"),
    ]
    assert "12" in steps[1].summary
    assert "14" in steps[1].summary
    assert [step.headline for step in steps] == [A.headline, C.headline, B.headline]


def test_there_and_back_is_three_steps() -> None:
    steps = told(A, B, A).revisions
    assert [step.revision for step in steps] == [A.revision, B.revision, A.revision]
    assert [step.returns for step in steps] == [UNSET, UNSET, 1]
    assert steps[2].kinds == ("headline",)
    assert "back to an earlier revision" in steps[2].summary


def test_a_page_that_goes_back_and_forth_is_one_note() -> None:
    steps = told(*[A, B] * 25).revisions
    assert [step.returns for step in steps] == [UNSET, UNSET, 48]
    assert steps[2].until == START + timedelta(hours=49)
    assert steps[2].revision == B.revision
    assert "48 times" in steps[2].summary
    # A change of the story in between is told for itself.
    mixed = told(*[A, B] * 4, C, *[A, B] * 4).revisions
    assert [step.returns for step in mixed] == [UNSET, UNSET, 6, UNSET, 8]


def test_a_removal_says_what_was_found_and_a_restoration_goes_on() -> None:
    found = told(A, GONE, GONE, C)
    assert [step.kinds for step in found.revisions] == [
        ("first",),
        ("removed",),
        ("correction", "restored"),
    ]
    assert "410" in found.revisions[1].summary
    assert found.revisions[1].removal is not UNSET
    assert found.suspected is UNSET
    assert told(A, GONE, GONE, A).revisions[2].kinds == ("restored",)


def test_a_suspected_removal_stands_beside_the_history() -> None:
    found = told(A, GONE)
    assert len(found.revisions) == 1
    assert found.suspected is not UNSET


def test_a_lost_object_costs_its_own_step_alone() -> None:
    captures = [capture(hours, one) for hours, one in enumerate([A, B, C])]
    steps = history(ID, captures, {A.revision: A, C.revision: C}).revisions
    assert [step.summary for step in steps[1:]] == [LOST, LOST]
    assert len(steps) == 3


@given(st.lists(st.sampled_from([A, B, C, GONE]), min_size=1, max_size=9), st.randoms())
def test_the_order_of_arrival_does_not_matter(
    seen: list[ArticleContent | str], chance: random.Random
) -> None:
    captures = [capture(hours, one) for hours, one in enumerate(seen)]
    mixed = chance.sample(captures, len(captures))
    assert history(ID, mixed, CONTENTS) == history(ID, captures, CONTENTS)


def named(*revisions: str) -> History:
    """A history of steps with these revisions; the first is there from the start, an empty one gone."""
    gone = Removal(kind="http_410", http_status=410)
    steps = [
        HistoryStep(
            revision=revision or "dead0",
            captured_at=START + timedelta(hours=hours),
            kinds=("headline",),
            summary="",
            run_id="r",
            url="u",
            removal=UNSET if revision else gone,
        )
        for hours, revision in enumerate(revisions)
    ]
    return History(article_id=ID, revisions=tuple(steps))


@pytest.mark.parametrize(
    ("before", "after", "places"),
    [(None, None, (1, 2)), ("1", None, (0, 2)), ("3", "2", (2, 1)), ("3aaa", "2BBB", (0, 1))],
)
def test_steps_are_named_by_number_or_by_how_they_begin(
    before: str | None, after: str | None, places: tuple[int, int]
) -> None:
    found = named("3aaa1", "2bbb1", "1ccc1", "")
    assert compared(found, before, after) == tuple(found.revisions[place] for place in places)


@pytest.mark.parametrize("wrong", ["0", "9", "3", "3a", "3aa", "zzzz", "dead0", "4"])
def test_what_names_no_step_with_a_text_is_told(wrong: str) -> None:
    found = named("3aaa1", "2bbb1", "")
    with pytest.raises(ConfigurationError, match="no revision with a text is called"):
        compared(found, "1", wrong)
    with pytest.raises(ConfigurationError, match="no revision with a text is called"):
        compared(found, wrong)


def test_a_beginning_names_one_revision_and_its_last_step() -> None:
    with pytest.raises(ConfigurationError, match="more than one revision is called abcd"):
        compared(named("abcd1", "abcd2"), "abcd")
    back = named("abcd1", "9999", "abcd1")
    assert compared(back, "abcd", "2") == (back.revisions[2], back.revisions[1])
    with pytest.raises(ConfigurationError, match="one revision only"):
        compared(named("abcd1", ""))
