"""How a publisher's pages show who may read them and what they are, as data.

``publishers.access`` and ``publishers.page_state`` apply it.
"""

from typing import Literal

from attrs import frozen

OtherKind = Literal["video", "gallery", "quiz", "sponsored"]
"""What stands under the address of an article and is none, though it has an article's data."""


@frozen(kw_only=True)
class StateRules:
    """Marks of what stands at an article's address and is no article.

    Paths into the page's own JSON are keys joined by dots: ``owner.sponsored``.
    """

    kinds: tuple[tuple[str, str, OtherKind], ...] = ()
    """Path, value in lower case, and the kind of page that the two mean: ``type``, ``video``, ``video``."""

    player_keys: tuple[str, ...] = ()
    """Keys of the page's JSON that name a video; without a body, the page is one."""

    not_found: tuple[str, ...] = ()
    """What a page that stands for a missing one has as its title or headline, in lower case."""

    not_found_marks: tuple[str, ...] = ()
    """The same as ``#id`` or ``.class`` of its body's elements."""


@frozen(kw_only=True)
class AccessRules:
    """Marks that decide the access of a page, and the parts of it that everybody is shown.

    "Names" are words of one attribute (``name_attribute``), in lower case. Only marks decide: words
    such as "Premium" or "Subscribe" stand on free pages too.
    """

    name_attribute: str = "data-test-ui"
    """Attribute by which the pages name their parts; ``class`` where they have none of their own."""

    flags: tuple[str, ...]
    """Keys of the page's JSON that are true on subscriber-only pages: ``isPremium``."""

    free_codes: tuple[str, ...]
    """Values of ``content_restrictions.content_code`` that say free; any other says subscribers only."""

    url_segments: tuple[str, ...]
    """Path segments that mark a subscriber-only address."""

    badges: tuple[str, ...]
    """Names of the badge in the article's header; on the cards of other articles it means nothing."""

    subscriber_sections: tuple[str, ...]
    """Names of the parts that hold subscriber-only text."""

    public_sections: tuple[str, ...]
    """Names of the parts of a subscriber-only page that everybody is shown."""

    historic: tuple[str, ...] = ()
    """Marks of former layouts: ``#id``, ``.class`` or ``#id.class``."""

    body_names: tuple[str, ...] = ()
    """Names by which an article's body is known; a page without any is an unknown layout."""

    body_classes: tuple[str, ...] = ()
    """Classes by which an article's body is known."""

    side_names: tuple[str, ...] = ()
    """Names of the parts that show other articles or adverts."""

    side_marks: tuple[str, ...] = ()
    """The same as ``#id`` or ``.class``."""

    heading_names: tuple[str, ...] = ()
    """Names of the headline."""

    byline_names: tuple[str, ...] = ()
    """Names of the single parts of the byline: people, roles, agency, time, reading time."""

    caption_names: tuple[str, ...] = ()
    """Names of the caption of the main picture."""

    script_id: str = "fusion-metadata"
    """Id of the script that carries the page's JSON."""

    states: StateRules = StateRules()
    """What is no article, though it stands at the address of one."""

    @property
    def shown_names(self) -> tuple[str, ...]:
        """Names and classes of what everybody is shown."""
        return (
            *(*self.public_sections, *self.body_names, *self.body_classes),
            *(*self.heading_names, *self.byline_names, *self.caption_names),
        )
