"""Captions and credits, as newspapers write them."""

import pytest

from pipelines.pages.captions import split_credit


@pytest.mark.parametrize(
    ("text", "caption", "credit"),
    [
        ("Delegates arrive. Photo / AP", "Delegates arrive.", "AP"),
        ("Delegates arrive Photo / Dean Purcell", "Delegates arrive", "Dean Purcell"),
        ("Photo / Getty Images", None, "Getty Images"),
        ("A boat, by night. Photos / Supplied", "A boat, by night.", "Supplied"),
        ("Delegates arrive. (Image: Reuters)", "Delegates arrive.", "Reuters"),
        ("Delegates arrive. Credit: Jane Example", "Delegates arrive.", "Jane Example"),
        ("Delegates arrive (Jane Example/AP Photo)", "Delegates arrive", "Jane Example/AP Photo"),
        ("The photo shows delegates", "The photo shows delegates", None),
        ("A video of the event went round", "A video of the event went round", None),
        ("", None, None),
    ],
)
def test_caption_and_credit_stand_apart(text: str, caption: str | None, credit: str | None) -> None:
    assert split_credit(text) == (caption, credit)
