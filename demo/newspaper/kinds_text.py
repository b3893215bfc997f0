"""Stories whose text is hard to read exactly: every kind of block, every kind of sign."""

from __future__ import annotations

import attrs

from demo.newspaper.chance import chance
from demo.newspaper.prose import Writer, make_id
from demo.newspaper.story import Block, Story, slugify
from demo.newspaper.variants import Layout, paragraphs, variant


@variant("rich_body", Layout(promotions=True))
def _rich_body(story: Story, writer: Writer) -> Story:
    """Add lists, a table, quotations, subheads, posts of two networks, and the site's own promotions."""
    heading, subheading = writer.heading(), "In figures"
    steps = writer.bullets(2)
    number = writer.rng.getrandbits(60)
    tweet, photo = (
        f"https://x.example/user/status/{number}",
        f"https://instagram.example/p/{number}/",
    )
    body = [*story.body]
    body[1:1] = [Block("list", writer.bullets(3)), _ordered(steps)]
    body[5:5] = [Block("heading", heading), *paragraphs(writer.paragraphs(1)), _table()]
    body[9:9] = [Block("quote", writer.quote()), _tweet(tweet)]
    body[12:12] = [Block("heading", subheading, f"<h3>{subheading}</h3>"), _photo(photo)]
    return attrs.evolve(story, agency="AFP", body=tuple(body))


def _ordered(text: str) -> Block:
    items = "".join(f"<li>{item}</li>" for item in text.split("\n"))
    return Block("list", text, f"<ol>{items}</ol>")


def _table() -> Block:
    rows = (("Year", "Visitors", "Change"), ("2024", "4,120", "–"), ("2025", "5,067", "+23%"))
    head, *rest = rows
    cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rest)
    top = "".join(f"<th>{cell}</th>" for cell in head)
    html = f"<table><thead><tr>{top}</tr></thead><tbody>{cells}</tbody></table>"
    return Block("list", "\n".join(" | ".join(row) for row in rows), html)


def _tweet(address: str) -> Block:
    html = (
        '<div class="article__raw-html"><blockquote class="twitter-tweet"><p lang="en">Roads closed'
        f' until further notice.</p>&mdash; City Hall (@cityhall) <a href="{address}">1 March</a>'
        '</blockquote><script async src="https://platform.x.example/widgets.js"></script></div>'
    )
    return Block("embed", address, html)


def _photo(address: str) -> Block:
    html = (
        '<div class="article__raw-html"><blockquote class="instagram-media" '
        f'data-instgrm-permalink="{address}"><a href="{address}?igsh=1">A post shared by the harbour'
        ' master</a></blockquote><script async src="//www.instagram.example/embed.js"></script></div>'
    )
    return Block("embed", address, html)


@variant("all_signs")
def _all_signs(story: Story, _writer: Writer) -> Story:
    """Macrons, curly quotes, emoji, spaces that do not break, soft hyphens, ligatures, Arabic names."""
    blocks = (
        Block(
            "paragraph", "“Kia ora koutou – ka pai!” said Tāne Whakaāhua of Ōtāhuhu, and ‘smiled’."
        ),
        Block(
            "paragraph", "The sign read “Free coffee ☕ for heroes 👩🏽‍🚒🇳🇿”, and 14 °C was enough."
        ),
        Block(
            "paragraph",
            "The fare rose to NZ$1 500 on 3 May, Prime Minister Halvorsen said.",
            "<p>The fare rose to NZ$1&nbsp;500 on 3&nbsp;May, Prime&nbsp;&nbsp;Minister Halvorsen said.</p>",
        ),
        Block(
            "paragraph",
            "Telecommunications and counterrevolutionaries are long words & hard to break.",
            "<p>Tele&shy;commu\u00adnications and counter&shy;revolution&shy;aries are <b>long</b>"
            " words &amp; hard to break.</p>",
        ),
        Block(
            "paragraph",
            "Two empty paragraphs stand before this one.",
            "<p></p><p>&nbsp;</p><p> Two empty\n  paragraphs<br> stand before this one. </p>",
        ),
        Block("paragraph", "The ﬁrst oﬃce of the ﬂeet kept its ligatures; “Ǆ” and “½” stayed too."),
        Block("paragraph", "The poets محمود درويش and עמוס עוז were read aloud in both scripts."),
    )
    return attrs.evolve(
        story,
        agency=None,
        authors=("نجوى قاسم", "Zoë Ó Ceallaigh"),
        headline=f"Pūkeko’s return – ‘never say never’: {story.headline}",
        body=(*story.body[:2], *blocks, *story.body[2:]),
    )


@variant("same_slug")
def _same_slug(story: Story, _writer: Writer) -> Story:
    """Make one of several stories that share a slug; only their ids differ in the address."""
    headline = "Weekend reads: 11 of the best international premium pieces"
    return attrs.evolve(story, headline=headline, slug=slugify(headline))


@variant("same_wire")
def _same_wire(story: Story, writer: Writer) -> Story:
    """Make one of several stories, each with an id of its own, with the words of one agency report."""
    day = story.date_published.date()
    agency = Writer(chance("the agency's report", day), "world", day)
    headline, lead = agency.opening()
    return attrs.evolve(
        story,
        article_id=make_id(writer.rng),
        agency="AP",
        headline=headline,
        slug=slugify(headline),
        body=paragraphs([lead, *agency.paragraphs(10)]),
    )
