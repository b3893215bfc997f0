"""A live blog that grows while the newspaper's clock runs: the same id, another headline each time."""

from __future__ import annotations

from datetime import timedelta

import attrs

from demo.newspaper.prose import Writer
from demo.newspaper.story import Block, Story
from demo.newspaper.variants import variant

EVERY = timedelta(minutes=5)
"""How far apart the entries are posted: twelve revisions in an hour."""

ENTRIES = (
    ("{city} harbour closed", "Police have closed the harbour at {city} and ask people to stay away."),
    ("First pictures", "Pictures show smoke over the east of {city}; nobody has said what burns."),
    ("{n} people treated", "{n} people have been treated for smoke, a hospital in {city} says."),
    ("Trains stop", "All {n2} lines through {city} have stopped, and buses are full."),
    ("{official} to speak", "{official}, {role}, will speak from the town hall within the hour."),
    ("Schools to shut early", "Schools in the north of {city} are to shut at noon, {org} says."),
    ("‘We heard a bang’", "“We heard a bang and then nothing,” says {witness}, who lives nearby."),
    ("Fire is out", "The fire is out, the brigade says; {n} crews stay through the night."),
    ("{neighbour} offers help", "{neighbour} has offered {n2} aircraft and {n} rescuers."),
    ("What we know", "One building was lost, {n} people were hurt, and nobody is missing."),
    ("Trains run again", "The first train for hours has left {city}, {n} minutes late."),
    ("Cause may take weeks", "“It may take weeks to find the cause,” {expert} tells reporters."),
    ("Harbour opens again", "The harbour is open again to ships of all sizes, {official_last} says."),
    (
        "Minister leaves",
        "{official}, {role}, has left the town hall.\nThere were no questions; there is no date.",
    ),
)  # fmt: skip


@variant("growing_blog")
def _growing_blog(story: Story, writer: Writer) -> Story:
    """Make the blog as it will be at last; `Story.as_of` tells what of it is there at an instant."""
    posted = [
        (story.date_published + EVERY * (place + 1), writer.fill(title), writer.fill(text))
        for place, (title, text) in enumerate(ENTRIES)
    ][::-1]
    return attrs.evolve(
        story,
        agency=None,
        authors=(writer.person(),),
        headline=f"Live: {posted[0][1]}",
        headlines=tuple(f"Live: {title}" for _, title, _ in posted),
        body=(*story.body[:2], *(Block("update", f"{title}\n{text}") for _, title, text in posted)),
        update_times=tuple(at for at, _, _ in posted),
        date_modified=posted[0][0],
    )
