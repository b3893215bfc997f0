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
        ("Photo / Eyad Baba, AFP", None, "Eyad Baba, AFP"),
        ("Delegates arrive. Photo / Eyad Baba, AFP", "Delegates arrive.", "Eyad Baba, AFP"),
        (
            "Delegates arrive. Photo / Jane Example via AP",
            "Delegates arrive.",
            "Jane Example via AP",
        ),
        ("Delegates arrive. PHOTO / AP", "Delegates arrive.", "AP"),
        ("Delegates arrive.Photo/ AP", "Delegates arrive.", "AP"),
        ("Delegates arrive. (AP Photo/Jane Example)", "Delegates arrive.", "AP Photo/Jane Example"),
        (
            "Delegates arrive (AP Photo/Jane Example, File)",
            "Delegates arrive",
            "AP Photo/Jane Example, File",
        ),
        ("Delegates arrive AP Photo/Jane Example", "Delegates arrive", "AP Photo/Jane Example"),
        ("(AP Photo/Jane Example)", None, "AP Photo/Jane Example"),
        (
            "Delegates arrive. (Photo by Jane Example/Getty Images)",
            "Delegates arrive.",
            "Jane Example/Getty Images",
        ),
        (
            "Delegates arrive. Jane Example/AFP/Getty Images",
            "Delegates arrive.",
            "Jane Example/AFP/Getty Images",
        ),
        (
            "Mr. J. Sample arrives. Jane Q. Example / AFP",
            "Mr. J. Sample arrives.",
            "Jane Q. Example / AFP",
        ),
        (
            "Delegates arrive, 3 March 2026. REUTERS/Jane Example/File Photo",
            "Delegates arrive, 3 March 2026.",
            "REUTERS/Jane Example/File Photo",
        ),
        ("Delegates arrive. Getty Images", "Delegates arrive.", "Getty Images"),
        ("Getty Images", None, "Getty Images"),
        ("Delegates arrive | Getty Images", "Delegates arrive", "Getty Images"),
        ("Image: Jane Example/Reuters", None, "Jane Example/Reuters"),
        ("Delegates arrive. Image: Getty Images", "Delegates arrive.", "Getty Images"),
        ("The image: a symbol of peace. Photo / AP", "The image: a symbol of peace.", "AP"),
        ("Delegates arrive. © Jane Example", "Delegates arrive.", "Jane Example"),
        ("Delegates arrive. Source: Jane Example", "Delegates arrive.", "Jane Example"),
        ("Delegates arrive. Screengrab / BBC", "Delegates arrive.", "BBC"),
        ("Delegates arrive. Supplied", "Delegates arrive.", "Supplied"),
        (
            "Delegates arrive.Credit...Jane Example/The New York Times",
            "Delegates arrive.",
            "Jane Example/The New York Times",
        ),
        (
            "Delegates arrive. (Jane Example/The Associated Press)",
            "Delegates arrive.",
            "Jane Example/The Associated Press",
        ),
        (
            "Delegates arrive. (Jane Example/Tarevna Courier)",
            "Delegates arrive.",
            "Jane Example/Tarevna Courier",
        ),
        (
            "Delegates arrive | Jane Example/AFP via Getty Images",
            "Delegates arrive",
            "Jane Example/AFP via Getty Images",
        ),
        ("Delegates arrive // Credit: Jane Example", "Delegates arrive", "Jane Example"),
        ("Delegates arrive. Photo courtesy of the port", "Delegates arrive.", "the port"),
        (
            "PHOTO: Delegates arrive on March 1, 2026.",
            "PHOTO: Delegates arrive on March 1, 2026.",
            None,
        ),
        (
            "Delegates arrive (Jane Example/Ilse Marrow)",
            "Delegates arrive (Jane Example/Ilse Marrow)",
            None,
        ),
        ("Reuters journalists wait outside.", "Reuters journalists wait outside.", None),
        ("Shoppers wait outside Getty Images", "Shoppers wait outside Getty Images", None),
        ("She took a photo / selfie with fans.", "She took a photo / selfie with fans.", None),
        (
            "A photograph by Ansel Example hangs here.",
            "A photograph by Ansel Example hangs here.",
            None,
        ),
        ("The talks failed. AP reporters saw it.", "The talks failed. AP reporters saw it.", None),
        ("The source: a well in Ostmere", "The source: a well in Ostmere", None),
    ],
)
def test_caption_and_credit_stand_apart(text: str, caption: str | None, credit: str | None) -> None:
    assert split_credit(text) == (caption, credit)


def test_no_caption_takes_long() -> None:
    for text in ("a. " * 600, "Aa/" * 650, "A. B/" * 390, "(" * 1900, "AP / " * 390 + "x."):
        split_credit(text)
