"""The kinds of story page: to add one, add one function marked `@variant` in a module `kinds_…`.

Such a function takes a plain wire story and its writer, and returns the story as this kind has it.
The `Layout` says how the page differs where the story itself does not tell.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import attrs

from demo.newspaper.prose import Writer
from demo.newspaper.story import Block, PageState, Story

Compose = Callable[[Story, Writer], Story]

FIVE_ADVERTS = ((2, 2), (5, 2), (9, 1))
"""How the pages of the ordinary edition have them: five, twice two in a row."""


@attrs.frozen(kw_only=True)
class Layout:
    """How a page is built, beyond what the story says."""

    badge: bool = False
    """Whether the premium badge stands above the headline."""

    split: bool = False
    """Whether the body is called `article-top-body`, as on premium pages."""

    hidden_by: Literal["style", "stylesheet", "absence", "nothing"] = "absence"
    """How the page hides subscriber text: it is there but not shown, it is only in the JSON, or it
    goes on in the section of the body, as on pages whose scripts cut it off."""

    states: Literal["both", "flag", "neither", "free", "mixed"] = "both"
    """What the JSON says of access: `isPremium` and `content_restrictions`, the flag alone, neither,
    both of them free whatever else the page says, or the flag premium and the code free."""

    former: Literal["", "toaster", "offer", "sub", "content"] = ""
    """Which mark of a former layout says that the story is for subscribers."""

    spread: bool = False
    """Whether subscriber text stands in the JSON-LD and in `Fusion.contentCache` as well."""

    linked_free: str | None = None
    """What JSON-LD says in `isAccessibleForFree`, as a string; None for the truth as a boolean."""

    robots: tuple[str, str] | None = None
    """Name and content of a meta element for robots."""

    form: PageState = "article"
    """What the page is; an article unless something stands in place of the body."""

    opinion: bool = False
    """Whether the byline reads `Opinion by … Learn more`."""

    role_glued: bool = False
    """Whether the first author's role stands in the link, right behind the name."""

    viva: bool = False
    """Whether headline and body have the names of the magazine Viva."""

    hero: bool = True
    """Whether there is a frame for the lead picture."""

    caption: Literal["header", "figure", "json"] = "header"
    """Where the lead picture's caption is: after the header, in its figure, or only in the JSON."""

    adverts: tuple[tuple[int, int], ...] = FIVE_ADVERTS
    """Before which blocks of the body adverts stand, and how many there in a row."""

    promotions: bool = False
    """Whether the site promotes itself at the start, in the middle and at the end of the body."""

    minutes: Literal["beside", "glued", "words"] = "beside"
    """How the length is stated: in an element of its own, in that of the date, or as `minutes`."""

    padding_bytes: int = 0
    """How much heavier the page is for data that its scripts keep."""

    @property
    def video(self) -> bool:
        """Whether there is a player instead of a body."""
        return self.form == "video"

    @property
    def noarchive(self) -> bool:
        """Whether the page asks all robots, or ours, not to archive it."""
        name, content = self.robots or ("", "")
        return name in {"robots", "newsarchive"} and "noarchive" in content


@attrs.frozen
class Variant:
    """A kind of story: its name, how it is composed and how its page is laid out."""

    name: str
    compose: Compose
    layout: Layout


VARIANTS: dict[str, Variant] = {}


def variant(name: str, layout: Layout | None = None) -> Callable[[Compose], Compose]:
    """Enter the function below under this name."""

    def enter(compose: Compose) -> Compose:
        VARIANTS[name] = Variant(name, compose, layout or Layout())
        return compose

    return enter


def compose(name: str, story: Story, writer: Writer) -> Story:
    """Turn the plain story into the named kind; `KeyError` when there is no such kind."""
    layout = VARIANTS[name].layout
    state: PageState = "sponsored" if story.sponsored else layout.form
    state = "noarchive" if layout.noarchive else state
    story = attrs.evolve(story, page_state=state)
    return attrs.evolve(VARIANTS[name].compose(story, writer), variant=name)


def layout_of(story: Story) -> Layout:
    """Return the layout of a story's page."""
    return VARIANTS[story.variant].layout


def paragraphs(texts: list[str]) -> tuple[Block, ...]:
    """Make a block of each text."""
    return tuple(Block("paragraph", text) for text in texts)
