"""What a newsroom says of its own changes is told from stories about corrections."""

import pytest

from archive.records import Block
from pipelines.pages.corrections import is_note, notes

NOTES = [
    "Correction: An earlier version of this story gave the wrong year.",
    "Correction: The mayor’s name is Ilse Marrow.",
    "CORRECTION: The pilots work three nights a week, not four.",
    "CORRECTION (3 March): The port has 22 pilots.",
    "CORRECTION – The port has 22 pilots.",
    "CORRECTION The port has 22 pilots.",
    "Correction, March 3, 2026: The port has 22 pilots.",
    "Corrections and clarifications: The port has 22 pilots.",
    "Clarification: The walkout began at midnight, local time.",
    "Update: This story has been updated with comments from the port.",
    "UPDATED 3 March: This article has been updated to add a response.",
    "This story has been corrected to show that the port has 22 pilots.",
    "This article has been updated to reflect that the talks ended on Monday.",
    "This Tarevna story was corrected on 3 March to fix a name.",
    "The headline of this story has been amended.",
    "The headline on this article was changed on 3 March.",
    "An earlier version of this story misspelled the name of the harbour.",
    "A previous version of this article said there were 12 pilots.",
    "An earlier version of this report wrongly named the harbour.",
    "An earlier version misstated the number of pilots.",
    "Because of an editing error, an earlier version of this article misstated a date.",
    "Editor’s note: An earlier version of this story named the wrong harbour. It has been corrected.",
    "Editor's Note: This story was amended on 3 March to correct a date.",
    "Editors’ note, March 3: The article included an error about the harbour.",
    "• This article was amended on 3 March 2026 to correct the number of pilots.",
    "Correction added March 3, 2026: The port has 22 pilots.",
    "Editor’s note (March 3rd 2026): This leader was updated to reflect the talks.",
    "Update, March 3, 02:12 PM: This story has been updated to include the port’s answer.",
    "(This story corrects the spelling of Tarevna in the second paragraph.)",
    "(Corrects the number of pilots in paragraph 3)",
]

STORIES = [
    "Correction facility staff walked out on Monday over night shifts.",
    "Correction officers were called to the harbour.",
    "A market correction: shares fell by a tenth in a week.",
    "Corrections Minister Ilse Marrow said the prison would close.",
    "Correction of the river's course took ten years.",
    "The correction – a fall of a tenth – was the first of the year.",
    "Clarification was sought from the port by its pilots.",
    "An earlier version of this bill would have closed the harbour.",
    "An earlier version of the report was shown to the minister in May.",
    "This story has been told for a hundred years in Tarevna.",
    "This report was changed into law within a week.",
    "Editor’s note: This story contains descriptions of violence.",
    "Editor’s note: This article was originally published in 2019.",
    "This interview has been edited for length and clarity.",
    "Editor’s note: This newsletter is free; our editors write it every morning.",
    "The editor noted that the story was wrong.",
    "Update: The harbour is open again.",
    "Updated figures show that the port was wrong.",
    "The article was amended by parliament in 2011.",
    "“This story has been corrected,” she said, and laughed.",
    "Corrected figures were published by the port on Monday.",
]


@pytest.mark.parametrize("text", NOTES)
def test_a_note_is_known_by_how_it_begins(text: str) -> None:
    assert is_note(text)


@pytest.mark.parametrize("text", STORIES)
def test_a_paragraph_about_a_correction_is_no_note(text: str) -> None:
    assert not is_note(text)


def test_notes_stand_at_the_start_or_the_foot_in_order() -> None:
    told = [Block(kind="paragraph", text=f"Paragraph {number}.") for number in range(30)]
    first, middle, last = (
        Block(kind="paragraph", text=f"Correction: {word} line.")
        for word in ("First", "Middle", "Last")
    )
    body = [told[0], first, *told[1:15], middle, *told[15:], last, told[0]]
    assert notes(body) == (first.text, last.text)


@pytest.mark.parametrize("title", ["Correction", "Corrections:", "Correction: December 20, 2023:"])
def test_a_note_under_a_title_is_the_note(title: str) -> None:
    body = [
        Block(kind="paragraph", text="The pilots stayed ashore."),
        Block(kind="paragraph", text=title),
        Block(kind="paragraph", text="On 3 March we said that the port has 12 pilots."),
        Block(kind="quote", text="Correction: I never said so."),
    ]
    assert notes(body) == (body[2].text,)
