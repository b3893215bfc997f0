"""Stories for subscribers whose pages say so in odd ways, and free ones that look like it."""

from __future__ import annotations

import attrs

from demo.newspaper.kinds_ordinary import marked, premium
from demo.newspaper.prose import Writer
from demo.newspaper.story import Story
from demo.newspaper.variants import Layout, variant


@variant("contradictory_section", Layout(split=True, hidden_by="style", states="free"))
def _contradictory_section(story: Story, writer: Writer) -> Story:
    """Put a subscribers' section on a page whose JSON says that it is free, twice."""
    return attrs.evolve(premium(story, writer), access="unknown", withheld=True)


@variant("contradictory_badge", Layout(badge=True, hidden_by="nothing", states="free"))
def _contradictory_badge(story: Story, writer: Writer) -> Story:
    """Put the badge on a page whose JSON says that it is free; the text is there in one piece."""
    return attrs.evolve(_in_one_piece(story, writer), access="unknown")


@variant("contradictory_code", Layout(split=True, hidden_by="style", states="mixed"))
def _contradictory_code(story: Story, writer: Writer) -> Story:
    """`isPremium: true` beside `content_code: free`."""
    return attrs.evolve(premium(story, writer), access="unknown", withheld=True)


@variant("premium_badge", Layout(badge=True, hidden_by="nothing", states="neither"))
def _premium_badge(story: Story, writer: Writer) -> Story:
    """Let nothing but the badge say so."""
    return _in_one_piece(story, writer)


@variant("premium_url_alone", Layout(hidden_by="nothing", states="neither"))
def _premium_url_alone(story: Story, writer: Writer) -> Story:
    """Let nothing but the address say so."""
    return attrs.evolve(_in_one_piece(story, writer), premium_in_url=True)


@variant("premium_url_flag", Layout(split=True, hidden_by="stylesheet", states="flag"))
def _premium_url_flag(story: Story, writer: Writer) -> Story:
    """Make a page without the badge; address and flag agree."""
    return attrs.evolve(premium(story, writer), premium_in_url=True)


@variant("premium_offer", Layout(former="offer", hidden_by="nothing", states="neither"))
def _premium_offer(story: Story, writer: Writer) -> Story:
    """Make a page of 2021: an offer stands after the opening, and the text goes on."""
    return _in_one_piece(story, writer)


@variant("premium_toaster", Layout(former="toaster", hidden_by="nothing", states="neither"))
def _premium_toaster(story: Story, writer: Writer) -> Story:
    return _in_one_piece(story, writer)


@variant("premium_sub", Layout(former="sub", hidden_by="nothing", states="neither"))
def _premium_sub(story: Story, writer: Writer) -> Story:
    return _in_one_piece(story, writer)


@variant("premium_2019", Layout(former="content", hidden_by="nothing", states="neither"))
def _premium_2019(story: Story, writer: Writer) -> Story:
    """Make a page whose body is called `#article-content.premium-content`."""
    return _in_one_piece(story, writer)


@variant("premium_spread", Layout(badge=True, split=True, hidden_by="style", spread=True))
def _premium_spread(story: Story, writer: Writer) -> Story:
    """Repeat the subscriber text in the page's data: JSON-LD, cache and the story itself."""
    return premium(story, writer)


@variant("free_string", Layout(linked_free="False"))
def _free_string(story: Story, _writer: Writer) -> Story:
    """Make a free story whose JSON-LD says `"False"`, which decides nothing."""
    return story


def _in_one_piece(story: Story, writer: Writer) -> Story:
    """Make a premium story whose page does not part what is public from what is not."""
    story = premium(story, writer)
    hidden = tuple(marked(text, writer) for text in story.public_paragraphs[1:])
    return attrs.evolve(story, body=story.body[:1], hidden=(*hidden, *story.hidden), withheld=True)
