"""A difference says what an editor would say of it, and loses nothing of either revision."""

from datetime import UTC, datetime, timedelta

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from archive.records import Block
from pipelines.diff import diff
from tests.pipelines.diff.edited import BASES, cases, content

KINDS = [
    "headline",
    "description",
    "byline",
    "correction",
    "live_update",
    "addition",
    "shortened",
    "cosmetic",
    "access",
]
CASES = list(cases())
FERRY = content(BASES["ferry"])

texts = st.text(max_size=30) | st.sampled_from(["", "One two three four five six.", "A. B. A. B."])
kinds = st.sampled_from(["paragraph", "list", "update"])
contents = st.builds(
    lambda headline, body, captions: evolve(
        FERRY, headline=headline, body=tuple(body), captions=tuple(captions)
    ),
    texts,
    st.lists(st.builds(Block, kind=kinds, text=texts), max_size=6),
    st.lists(texts, max_size=3),
)


def test_each_kind_is_told_as_an_editor_would():
    told = [(name, set(kinds), set(diff(one, two).kinds)) for name, kinds, one, two in CASES]
    rows, is_good = [], True
    for kind in KINDS:
        right = sum(kind in want and kind in got for _, want, got in told)
        precision = right / (sum(kind in got for *_, got in told) or 1)
        recall = right / sum(kind in want for _, want, _ in told)
        rows.append(f"{kind:12} precision {precision:.3f} recall {recall:.3f}")
        is_good &= min(precision, recall) >= 0.9
    wrong = [f"{name}: {want} told {got}" for name, want, got in told if want != got]
    print("\n".join([*rows, *wrong]))  # noqa: T201 - shown when it fails
    assert is_good


def test_there_are_enough_examples_of_each_kind():
    assert len(CASES) >= 220
    assert all(sum(kind in want for _, want, *_ in CASES) >= 20 for kind in KINDS)


def assert_nothing_is_lost(one, two):
    told = diff(one, two)
    assert [b.before for b in told.blocks if b.op != "insert"] == [b.text for b in one.body]
    assert [b.after for b in told.blocks if b.op != "delete"] == [b.text for b in two.body]
    for block in (*told.blocks, *told.captions):
        if block.op == "replace":
            assert " ".join(w.before for w in block.words if w.op != "insert") == block.before
            assert " ".join(w.after for w in block.words if w.op != "delete") == block.after
    assert len(told.summary) <= 160
    assert len(told.summary.splitlines()) == bool(told.kinds)


def test_examples_lose_nothing():
    for _, _, one, two in CASES:
        assert_nothing_is_lost(one, two)


def test_what_is_added_one_way_is_shortened_the_other():
    for name, want, one, two in CASES:
        if set(want) <= {"addition", "shortened"}:
            there, back = diff(one, two).kinds, diff(two, one).kinds
            if "correction" not in (*there, *back):
                assert ("addition" in there) == ("shortened" in back), name


@given(contents, contents)
def test_any_texts_can_be_compared(one, two):
    assert_nothing_is_lost(one, two)


@given(contents)
def test_equal_revisions_do_not_differ(one):
    told = diff(one, one)
    assert (told.kinds, told.summary, told.fields, told.captions) == ((), "", (), ())


def paragraphs(count, kind="paragraph", changed=0):
    return tuple(
        Block(
            kind=kind, text=f"Part {n}\nIn place {n} there were {n + changed} people at the gate."
        )
        for n in range(count)
    )


def test_large_bodies_are_compared():
    one = evolve(FERRY, body=paragraphs(2000))
    two = evolve(FERRY, body=paragraphs(2000, changed=7))
    assert diff(one, two).kinds == ("correction",)
    blog = evolve(FERRY, body=paragraphs(300, "update"))
    later = evolve(FERRY, body=paragraphs(310, "update")[5:])
    assert diff(blog, later).kinds == ("live_update",)


def test_entries_whose_times_alone_changed_are_told() -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    earlier, later = (
        evolve(
            FERRY,
            body=tuple(
                Block(kind="update", text=f"Entry {n}.", date_published=at) for n in range(3)
            ),
        )
        for at in (noon, noon + timedelta(hours=5))
    )
    told = diff(earlier, later)
    assert (told.kinds, told.summary) == (("cosmetic",), "3 entries given another time")
    assert "another time" not in diff(earlier, earlier).summary
