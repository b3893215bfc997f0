"""Fields that differ, with their words."""

from pipelines.diff import diff
from tests.pipelines.test_history import content


def test_the_words_of_a_headline_are_compared() -> None:
    (field,) = diff(
        content("Harbour closed after fall"), content("Harbour opened after fall")
    ).fields
    assert [(one.op, one.before, one.after) for one in field.words] == [
        ("equal", "Harbour", "Harbour"),
        ("replace", "closed", "opened"),
        ("equal", "after fall", "after fall"),
    ]
