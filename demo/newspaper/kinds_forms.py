"""Pages of another form than the plain article's, and stories that are no articles."""

from __future__ import annotations

import attrs

from demo.newspaper.prose import Writer
from demo.newspaper.story import Block, Story
from demo.newspaper.variants import Layout, paragraphs, variant


@variant("opinion_facts", Layout(opinion=True))
def _opinion_facts(story: Story, writer: Writer) -> Story:
    """Make an opinion that begins with its key facts."""
    facts = (Block("heading", "THREE KEY FACTS"), Block("list", writer.bullets(3)))
    return attrs.evolve(
        story,
        agency=None,
        authors=(writer.person(),),
        headline=f"Opinion: {story.headline}",
        body=(*facts, *story.body),
    )


@variant("viva", Layout(viva=True))
def _viva(story: Story, writer: Writer) -> Story:
    return attrs.evolve(story, agency=None, authors=(writer.person(),))


@variant("big_read", Layout(hero=False, caption="json"))
def _big_read(story: Story, writer: Writer) -> Story:
    """Make a long story without a frame for its lead picture."""
    body = (*story.body, Block("heading", writer.heading()), Block("quote", writer.quote()))
    return attrs.evolve(story, agency=None, authors=(writer.person(),), body=body)


@variant("gallery", Layout(form="gallery", hero=False, caption="json"))
def _gallery(story: Story, writer: Writer) -> Story:
    """Make a page of pictures with captions and no body."""
    return attrs.evolve(story, agency=None, body=(), images=writer.images(6, "Getty Images"))


@variant("quiz", Layout(form="quiz", hero=False, caption="json"))
def _quiz(story: Story, _writer: Writer) -> Story:
    """Make a page with a frame in which a quiz is played."""
    headline = "Quiz: How closely did you follow the news this week?"
    return attrs.evolve(story, agency=None, body=(), headline=headline, images=story.images[:1])


@variant("sponsored_world", Layout(hero=False, caption="json"))
def _sponsored_world(story: Story, _writer: Writer) -> Story:
    """Make a story that someone paid for, under the address of the section all the same."""
    return attrs.evolve(story, agency=None, sponsored=True, page_state="sponsored")


@variant("redesign", Layout(form="unknown_layout"))
def _redesign(story: Story, _writer: Writer) -> Story:
    """Make a page none of whose parts has a name that anyone knows."""
    return attrs.evolve(story, access="unknown", withheld=True)


@variant("no_paragraphs")
def _no_paragraphs(story: Story, _writer: Writer) -> Story:
    """Make a story whose body is there, with a picture and a link to others in it, and no words."""
    return attrs.evolve(story, body=())


@variant("empty_body", Layout(form="empty"))
def _empty_body(story: Story, _writer: Writer) -> Story:
    """Make a story whose body is there and has nothing in it."""
    return attrs.evolve(story, body=(), images=story.images[:1])


@variant("notes_at_foot")
def _notes_at_foot(story: Story, writer: Writer) -> Story:
    """Put a correction and an update after the story; they belong to it."""
    notes = [
        writer.fill(
            "Correction: An earlier version of this story gave the wrong year for the closing of"
            " the harbour at {city}. It was {year}."
        ),
        writer.fill("Update: This story has been updated with comments from {official}."),
    ]
    blocks = tuple(Block("paragraph", note, f"<p><em>{note}</em></p>") for note in notes)
    return attrs.evolve(story, body=(*story.body, *blocks), corrections=tuple(notes))


@variant("caption_in_figure", Layout(caption="figure"))
def _caption_in_figure(story: Story, _writer: Writer) -> Story:
    return story


@variant("caption_in_json", Layout(caption="json"))
def _caption_in_json(story: Story, _writer: Writer) -> Story:
    return story


@variant("minutes_glued", Layout(minutes="glued"))
def _minutes_glued(story: Story, _writer: Writer) -> Story:
    return story


@variant("minutes_in_words", Layout(minutes="words"))
def _minutes_in_words(story: Story, _writer: Writer) -> Story:
    return story


@variant("heavy", Layout(padding_bytes=950_000))
def _heavy(story: Story, writer: Writer) -> Story:
    """Make a page of 1.1 MB, nearly all of it data for its scripts."""
    return attrs.evolve(story, body=(*story.body, *paragraphs(writer.paragraphs(3))))


@variant("noarchive", Layout(robots=("robots", "noarchive, max-image-preview:large")))
def _noarchive(story: Story, _writer: Writer) -> Story:
    """All robots are asked not to archive it."""
    return attrs.evolve(story, withheld=True)


@variant("noarchive_ours", Layout(robots=("newsarchive", "noarchive")))
def _noarchive_ours(story: Story, _writer: Writer) -> Story:
    """We alone are asked not to archive it."""
    return attrs.evolve(story, withheld=True)


@variant("noarchive_other", Layout(robots=("googlebot", "noarchive")))
def _noarchive_other(story: Story, _writer: Writer) -> Story:
    """Another robot is asked not to archive it, which does not bind us."""
    return story


def _adverts(*places: tuple[int, int]) -> None:
    count = sum(number for _, number in places)

    @variant(f"adverts_{count}", Layout(adverts=places))
    def _with_adverts(story: Story, _writer: Writer) -> Story:
        return story


for _places in ((), ((3, 1),), ((3, 2),), ((1, 1), (4, 2)), ((0, 2), (6, 2)), ((2, 3), (7, 2))):
    _adverts(*_places)
