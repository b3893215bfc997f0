"""Stories whose pages say more than the story: roles, notes of corrections, times of entries."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import attrs

from demo.newspaper.prose import Writer
from demo.newspaper.story import Block, Story
from demo.newspaper.variants import Layout, paragraphs, variant
from demo.newspaper.vocabulary import DESKS

NOTES = (
    "CORRECTION: The council of {city} has {n} members, not {n2}.",
    "Clarification: The vote at {city} was taken by a show of hands.",
    "This story has been corrected to give the name of {official} in full.",
    "An earlier version of this article misstated the age of {witness}.",
    "Editor’s note: A previous version of this story gave the wrong day; it has been corrected.",
)
ABOUT_CORRECTIONS = (
    "Correction facility staff at {city} stopped work for {n2} hours, {official} said.",
    "A market correction of {n} per cent would be no surprise, {expert} said.",
    "Editor’s note: This story describes a fire in which people were hurt.",
)
ZONES = (timedelta(hours=13), timedelta(hours=-3, minutes=-30), timedelta())


@variant("role_glued", Layout(role_glued=True))
def _role_glued(story: Story, writer: Writer) -> Story:
    """Make a story of two authors, the first with a role that is glued to the name."""
    people = (writer.person(), writer.person())
    return attrs.evolve(story, agency="AFP", authors=people, role=writer.rng.choice(DESKS))


@variant("corrections")
def _corrections(story: Story, writer: Writer) -> Story:
    """Make a story with a note above it, several below, and paragraphs that are about corrections."""
    notes = [writer.fill(note) for note in NOTES]
    about = paragraphs([writer.fill(text) for text in ABOUT_CORRECTIONS])
    body = (*paragraphs(notes[:1]), *about[:1], *story.body, *about[1:], *paragraphs(notes[1:]))
    return attrs.evolve(story, body=body, corrections=tuple(notes))


@variant("live_blog_zones")
def _live_blog_zones(story: Story, writer: Writer) -> Story:
    """Make a live blog whose entries state their times in other zones than UTC."""
    last = story.date_published
    times = tuple(last - timedelta(minutes=20 * place) for place in range(len(ZONES)))
    entries = (
        _entry(text, at.astimezone(timezone(zone)))
        for text, at, zone in zip(writer.updates(len(ZONES)), times, ZONES, strict=True)
    )
    return attrs.evolve(
        story,
        agency=None,
        authors=(writer.person(),),
        headline=f"Live: {story.headline}",
        body=(*story.body[:2], *entries),
        update_times=times,
        date_published=last - timedelta(hours=1),
        date_modified=last,
    )


def _entry(text: str, at: datetime) -> Block:
    title, *rest = text.split("\n")
    lines = "".join(f"<p>{line}</p>" for line in rest)
    html = (
        '<div data-test-ui="live-blog__entry" class="live-blog__entry">'
        f'<time datetime="{at.isoformat()}">{at:%I:%M %p}</time><h3>{title}</h3>{lines}</div>'
    )
    return Block("update", text, html)
