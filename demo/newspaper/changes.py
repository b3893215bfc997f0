"""The changes that happen to a newspaper over time: to add one, add one function marked `@change`.

Such a function takes what the change needs to know and returns the change, which takes the newspaper
and the instant at which it happens. By name and arguments it can be asked for from another process.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from demo.newspaper.chance import chance
from demo.newspaper.fault import Fault
from demo.newspaper.newsroom import Removal
from demo.newspaper.profiles import combined
from demo.newspaper.prose import make_id
from demo.newspaper.story import Block, Story, slugify

if TYPE_CHECKING:
    from demo.newspaper.server import Newspaper

Change = Callable[["Newspaper", datetime], object]
Make = Callable[..., Change]

CHANGES: dict[str, Make] = {}

PUBLIC_PARAGRAPHS = 3
"""What is left for everyone of a story that becomes premium."""


def change(make: Make) -> Make:
    """Enter the function below under its name."""
    CHANGES[make.__name__] = make
    return make


def _edited(article_id: str, edit: Callable[[Story], dict[str, Any]]) -> Change:
    """Return the change that gives a story these new values, and the instant as its last change."""
    return lambda paper, at: paper.newsroom.change(
        article_id, **{"date_modified": at, **edit(_current(paper, article_id))}
    )


def _current(paper: Newspaper, article_id: str) -> Story:
    story = paper.newsroom.story(article_id)
    if story is None:
        raise KeyError(article_id)
    return story


@change
def correct(article_id: str, wrong: str = "", right: str = "corrected") -> Change:
    """Replace one word of the body; without a `wrong` one, the last word of the second paragraph."""

    def edit(story: Story) -> dict[str, Any]:
        place = next(
            n for n, block in enumerate(story.body) if wrong in block.text and (wrong or n)
        )
        text = story.body[place].text
        word = wrong or text.rstrip(".”").split()[-1]
        block = Block(story.body[place].kind, right.join(text.rsplit(word, 1)))
        return {"body": (*story.body[:place], block, *story.body[place + 1 :])}

    return _edited(article_id, edit)


@change
def headline(article_id: str, text: str) -> Change:
    """Give a story another headline; its address stays."""
    return _edited(article_id, lambda _: {"headline": text})


@change
def description(article_id: str, text: str) -> Change:
    """Give a story another standfirst."""
    return _edited(article_id, lambda _: {"description": text})


@change
def reslug(article_id: str, text: str) -> Change:
    """Give a story another headline and the address that follows from it."""
    return _edited(article_id, lambda _: {"headline": text, "slug": slugify(text)})


@change
def picture(article_id: str) -> Change:
    """Give a story another lead picture under the same caption."""

    def edit(story: Story) -> dict[str, Any]:
        lead = story.images[0]._replace(id=make_id(chance(article_id, story.images[0].id)))
        return {"images": (lead, *story.images[1:])}

    return _edited(article_id, edit)


@change
def touch(article_id: str) -> Change:
    """Change nothing of a story but the time of its last change."""
    return _edited(article_id, lambda _: {})


@change
def touch_all() -> Change:
    """Give every story of the newspaper this instant as its last change."""

    def apply(paper: Newspaper, at: datetime) -> None:
        for story in paper.newsroom.stories():
            paper.newsroom.change(story.article_id, date_modified=at)

    return apply


@change
def revert(article_id: str) -> Change:
    """Put a story back to what it was before its last change."""
    return lambda paper, at: paper.newsroom.revert(article_id, at)


@change
def side_content() -> Change:
    """Show other cards beside every story."""
    return lambda paper, _: _behave(paper, side_edition=paper.profile.side_edition + 1)


@change
def move(article_id: str, to: str | datetime) -> Change:
    """Give a story another instant of publication, so that it stands under another day."""
    moment = datetime.fromisoformat(to) if isinstance(to, str) else to
    return _edited(
        article_id,
        lambda story: {"date_published": moment, "date_modified": max(moment, story.date_modified)},
    )


@change
def premium(article_id: str) -> Change:
    """Keep all but the first paragraphs of a free story for subscribers."""

    def edit(story: Story) -> dict[str, Any]:
        return {
            "variant": "premium_style",
            "access": "premium",
            "body": story.body[:PUBLIC_PARAGRAPHS],
            "hidden": tuple(block.text for block in story.body[PUBLIC_PARAGRAPHS:]),
        }

    return _edited(article_id, edit)


@change
def free(article_id: str) -> Change:
    """Let everyone read a premium story."""

    def edit(story: Story) -> dict[str, Any]:
        opened = tuple(Block("paragraph", text) for text in story.hidden)
        return {
            "variant": "ap_wire",
            "access": "free",
            "premium_in_url": False,
            "body": (*story.body, *opened),
            "hidden": (),
        }

    return _edited(article_id, edit)


@change
def remove(article_id: str, how: Removal = "status") -> Change:
    """Take a story off the site: a status, or a kind of fault as `page_not_found`, `redirect_section`."""
    return lambda paper, _: paper.newsroom.remove(article_id, how)


@change
def restore(article_id: str) -> Change:
    """Put a removed or forwarded story back as it was."""
    return lambda paper, _: paper.newsroom.restore(article_id)


@change
def forward(article_id: str, other_id: str) -> Change:
    """Let a story's address lead to another story."""
    return lambda paper, _: paper.newsroom.forward(article_id, other_id)


@change
def publish(kind: str, **fields: Any) -> Change:  # noqa: ANN401 - attrs checks them
    """Publish one more story; its date is the instant, unless an `at` says otherwise."""
    if isinstance(fields.get("at"), str):
        fields["at"] = datetime.fromisoformat(fields["at"])
    return lambda paper, at: paper.publish(kind, **{"at": at, **fields})


@change
def behave(names: Sequence[str] = (), **fields: Any) -> Change:  # noqa: ANN401 - the profile checks them
    """Change the profile: to the named ones, or only these fields of it."""

    def apply(paper: Newspaper, _at: datetime) -> None:
        if names:
            paper.profile = combined(names)
        _behave(paper, **fields)

    return apply


@change
def fail(path: str, kind: str | int | Fault = 500) -> Change:
    """Let the answers of one more path go wrong; `*` in it stands for anything."""
    return lambda paper, _: _behave(paper, faults={path: kind, **paper.profile.faults})


def ab_headlines(
    article_id: str, texts: Sequence[str], start: datetime, every: timedelta, times: int
) -> list[tuple[datetime, Change]]:
    """Return the script of a test of headlines: one after the other, over and over, `times` in all.

    The time of the last change does not move.
    """

    def show(text: str) -> Change:
        return lambda paper, _: paper.newsroom.change(
            article_id, headline=text, date_modified=_current(paper, article_id).date_modified
        )

    return [(start + every * turn, show(texts[turn % len(texts)])) for turn in range(times)]


def _behave(paper: Newspaper, **fields: Any) -> None:  # noqa: ANN401 - the profile checks them
    paper.profile = dataclasses.replace(paper.profile, **fields)
