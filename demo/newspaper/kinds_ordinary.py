"""The ordinary kinds of story: those of which every edition consists."""

from __future__ import annotations

from datetime import timedelta

import attrs

from demo.newspaper.prose import Writer
from demo.newspaper.story import Block, Story
from demo.newspaper.variants import Layout, paragraphs, variant
from demo.newspaper.vocabulary import DESKS


@variant("ap_wire")
def _ap_wire(story: Story, _writer: Writer) -> Story:
    """Agency copy without anybody's name."""
    return attrs.evolve(story, agency="AP")


@variant("afp_wire")
def _afp_wire(story: Story, _writer: Writer) -> Story:
    return attrs.evolve(story, agency="AFP")


@variant("reuters_wire")
def _reuters_wire(story: Story, writer: Writer) -> Story:
    return attrs.evolve(story, agency="Reuters", authors=(writer.person(), writer.person()))


@variant("staff")
def _staff(story: Story, writer: Writer) -> Story:
    """Make it the newspaper's own copy: a linked author with a role and a few lines about them."""
    role = writer.rng.choice(DESKS)
    return attrs.evolve(story, agency=None, authors=(writer.person(),), role=role)


@variant("opinion", Layout(opinion=True))
def _opinion(story: Story, writer: Writer) -> Story:
    return attrs.evolve(
        story,
        agency=None,
        authors=(writer.person(),),
        headline=f"Opinion: {story.headline}",
        body=(*story.body, Block("heading", writer.heading()), *paragraphs(writer.paragraphs(3))),
    )


@variant("rich")
def _rich(story: Story, writer: Writer) -> Story:
    """Make a story with every kind of block that is not a paragraph."""
    post = f"https://social.example/status/{writer.rng.getrandbits(60)}"
    body = [*story.body]
    body[1:1] = [Block("list", writer.bullets(3))]
    body[4:4] = [Block("heading", writer.heading()), *paragraphs(writer.paragraphs(1))]
    body[7:7] = [Block("quote", writer.quote())]
    body[9:9] = [Block("embed", post)]
    return attrs.evolve(story, agency="AFP", body=tuple(body))


@variant("photo")
def _photo(story: Story, writer: Writer) -> Story:
    """Few words and many pictures."""
    images = writer.images(5, "Getty Images")
    return attrs.evolve(story, agency="AFP", images=images, body=story.body[:4])


@variant("video", Layout(form="video", caption="figure"))
def _video(story: Story, _writer: Writer) -> Story:
    """Make a page with a player, a standfirst and no body."""
    prefix = "video" if story.section == "video" else f"{story.section}/video"
    return attrs.evolve(story, agency=None, body=(), url_prefix=prefix, images=story.images[:1])


@variant("live_blog")
def _live_blog(story: Story, writer: Writer) -> Story:
    """Make a blog that is over: the newest entry first, each with its own time."""
    updates = writer.updates(6)
    span = (story.date_modified - story.date_published) / len(updates)
    times = [story.date_published + span * place for place in range(len(updates), 0, -1)]
    return attrs.evolve(
        story,
        agency=None,
        authors=(writer.person(),),
        headline=f"Live: {story.headline}",
        body=(*story.body[:2], *(Block("update", text) for text in updates)),
        update_times=tuple(at - timedelta(microseconds=at.microsecond) for at in times),
    )


@variant("about_subscriptions")
def _about_subscriptions(story: Story, writer: Writer) -> Story:
    """Make a free story that talks about paying; it is not premium."""
    text = (
        "A premium subscription now costs readers of the paper in {city} about a fifth more, and"
        " only subscribers can sign in to continue reading its archive, the publisher said."
    )
    body = (*story.body[:3], Block("paragraph", writer.fill(text)), *story.body[3:])
    return attrs.evolve(story, agency="AP", body=body)


@variant("script_in_text")
def _script_in_text(story: Story, writer: Writer) -> Story:
    """Text that looks like the end of the page's own scripts."""
    text = (
        "The leaked page ended in the words “}};Fusion.globalContentConfig” and, a line later,"
        " “</script>”, which {expert} called “a fingerprint of the system & its makers”."
    )
    body = (*story.body[:2], Block("paragraph", writer.fill(text)), *story.body[2:])
    return attrs.evolve(story, agency="Reuters", authors=(writer.person(),), body=body)


@variant("repeated_paragraphs")
def _repeated_paragraphs(story: Story, _writer: Writer) -> Story:
    """Two short paragraphs that are nearly the same; both belong to the story."""
    first = "Both officials spoke on condition of anonymity because the talks were private."
    second = "Both officials spoke on condition of anonymity because the talks are private."
    body = (
        *story.body[:3],
        Block("paragraph", first),
        *story.body[3:6],
        Block("paragraph", second),
        *story.body[6:],
    )
    return attrs.evolve(story, agency="AP", body=body)


def premium(story: Story, writer: Writer, agency: str | None = "New York Times") -> Story:
    """Three paragraphs for everyone, the last of them cut off, and the rest for subscribers."""
    opening = [block.text for block in story.body[:3]]
    opening[2] = " ".join(opening[2].split()[:6]).rstrip(".,;:”")
    return attrs.evolve(
        story,
        access="premium",
        agency=agency,
        authors=(writer.person(),),
        body=paragraphs(opening),
        hidden=tuple(marked(block.text, writer) for block in story.body[3:]),
    )


def marked(text: str, writer: Writer) -> str:
    """Make a hidden paragraph that occurs nowhere else, so that finding it proves a leak."""
    return f"{text} Note {writer.rng.randint(10**8, 10**9 - 1):,} to our subscribers."


@variant("premium_style", Layout(badge=True, split=True, hidden_by="style"))
def _premium_style(story: Story, writer: Writer) -> Story:
    return premium(story, writer)


@variant("premium_stylesheet", Layout(badge=True, split=True, hidden_by="stylesheet"))
def _premium_stylesheet(story: Story, writer: Writer) -> Story:
    return premium(story, writer, agency=None)


@variant("premium_json", Layout(badge=True, split=True, hidden_by="absence"))
def _premium_json(story: Story, writer: Writer) -> Story:
    return premium(story, writer, agency="Washington Post")


@variant("premium_url", Layout(badge=True, split=True, hidden_by="style"))
def _premium_url(story: Story, writer: Writer) -> Story:
    return attrs.evolve(premium(story, writer, agency=None), premium_in_url=True)


@variant("premium_flag", Layout(split=True, hidden_by="absence", states="flag"))
def _premium_flag(story: Story, writer: Writer) -> Story:
    """Only `isPremium` in the JSON says so: no badge, no word in the address."""
    return premium(story, writer)
