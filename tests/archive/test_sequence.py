"""An article's captures as a sequence of steps."""

import itertools
import random
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from archive.records import Access
from archive.sequence import Look, Sequence, sequence_of

START = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
GONE = "gone"


def look(hours: int, revision: str, access: Access = "free", run: str = "") -> Look:
    return Look(
        captured_at=START + hours * HOUR,
        run_id=run or f"run-{hours}",
        revision=revision,
        access=access,
        removed=revision == GONE,
    )


def steps(*revisions: str) -> list[tuple[str, str]]:
    sequence = sequence_of(look(hours, revision) for hours, revision in enumerate(revisions))
    return [(step.kind, step.look.revision) for step in sequence.steps]


def test_what_stays_the_same_is_no_step() -> None:
    assert steps("a", "a", "b", "b") == [("first", "a"), ("revision", "b")]


def test_there_and_back_again_is_three_steps() -> None:
    assert steps("a", "b", "a") == [("first", "a"), ("revision", "b"), ("return", "a")]


def test_a_removal_takes_a_second_look() -> None:
    assert steps("a", GONE) == [("first", "a")]
    assert steps("a", GONE, GONE, GONE) == [("first", "a"), ("removed", GONE)]
    assert steps("a", GONE, "a", GONE, "a") == [("first", "a")]
    once = sequence_of([look(0, "a"), look(1, GONE, run="r"), look(2, GONE, run="r")])
    assert not once.is_removed
    assert len(once.gone) == 2


def test_a_removal_counts_from_its_first_look() -> None:
    sequence = sequence_of([look(0, "a"), look(5, GONE), look(9, GONE)])
    assert sequence.steps[-1].look.captured_at == START + 5 * HOUR == sequence.changed_at
    assert sequence.standing == look(0, "a")


def test_what_comes_back_is_restored_whether_or_not_it_changed() -> None:
    told = [("first", "a"), ("removed", GONE), ("restored", "a"), ("revision", "b")]
    assert steps("a", GONE, GONE, "a", "b") == told
    assert steps("a", GONE, GONE, "b") == [*told[:2], ("restored", "b")]


def test_what_was_never_there_is_not_removed() -> None:
    assert steps(GONE, GONE) == []
    assert steps(GONE, GONE, "a") == [("first", "a")]


def test_unknown_access_supersedes_nothing_known() -> None:
    looks = [look(0, "a"), look(1, "b", "unknown"), look(2, "c", "premium")]
    assert [step.look.revision for step in sequence_of(looks).steps] == ["a", "c"]
    assert sequence_of(looks[:2]).standing == looks[0]
    assert sequence_of(looks[1:2]).standing == looks[1]


@given(st.lists(st.sampled_from(["a", "b", "c", GONE]), max_size=8), st.randoms())
def test_the_order_of_arrival_does_not_matter(revisions: list[str], chance: random.Random) -> None:
    looks = [look(hours, revision) for hours, revision in enumerate(revisions)]
    mixed = chance.sample(looks, len(looks))
    assert sequence_of(mixed) == sequence_of(looks)


@given(st.lists(st.sampled_from(["a", "b", GONE]), max_size=8))
def test_neighbouring_steps_differ(revisions: list[str]) -> None:
    told = steps(*revisions)
    for (_, before), (kind, after) in itertools.pairwise(told):
        assert before != after or kind == "restored"


def age(sequence: Sequence, published: datetime | None, now: datetime) -> timedelta:
    fresh_at = sequence.fresh_at(published)
    assert fresh_at is not None
    return now - fresh_at


def test_age_counts_from_publication_then_from_the_last_change() -> None:
    published, now = START - 400 * 24 * HOUR, START + 10 * HOUR
    assert age(sequence_of([look(0, "a")]), published, now) == 400 * 24 * HOUR + 10 * HOUR
    assert age(sequence_of([look(0, "a")]), None, now) == 10 * HOUR
    assert age(sequence_of([look(0, "a"), look(7, "b")]), published, now) == 3 * HOUR
    # What goes back and forth does not stay young by it.
    flips = [look(hours, "ab"[hours % 2]) for hours in range(9)]
    assert age(sequence_of(flips), published, now) == 9 * HOUR


def test_a_story_of_the_future_is_as_old_as_its_first_capture() -> None:
    future = START + 1000 * 24 * HOUR
    assert age(sequence_of([look(0, "a")]), future, START + 8 * HOUR) == 8 * HOUR


def test_a_suspected_removal_is_looked_at_soon_and_a_confirmed_one_as_before() -> None:
    published, now = START - 400 * 24 * HOUR, START + 10 * HOUR
    assert age(sequence_of([look(0, "a"), look(9, GONE)]), published, now) == HOUR
    gone = sequence_of([look(0, "a"), look(8, GONE), look(9, GONE)])
    assert age(gone, published, now) > 400 * 24 * HOUR
    assert sequence_of([]).fresh_at(published) is None
