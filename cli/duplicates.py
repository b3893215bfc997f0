"""Which articles share text: ``duplicates``."""

from collections.abc import Iterable
from typing import Annotated

import typer

from archive.connect import Archive
from archive.records import Article, DuplicateLink, LinkRelation
from cli.look import open_caught_up
from cli.output import Json, print_json, stderr, stdout, table
from cli.render import moment
from pipelines import steps

_LATER: dict[LinkRelation, str] = {
    "copy": "copy of",
    "wire_copy": "same wire copy as",
    "part_of": "part of",
    "extends": "extends",
    "follow_up": "follow-up to",
    "series": "another issue of",
    "related": "shares text with",
}
"""What an article is to an earlier one."""

_EARLIER: dict[LinkRelation, str] = {
    "copy": "copied by",
    "part_of": "has a part in",
    "extends": "extended by",
    "follow_up": "followed up by",
}
"""What an article is to a later one, where that is said in other words."""


def duplicates(
    article_id: Annotated[str, typer.Argument(help="The publisher's own id, 26 characters.")],
    *,
    as_json: Json = False,
) -> None:
    """Show which articles share text with one: copies, wire copy and its agency, follow-ups, series.

    Nothing is ever dropped for it. The score is the share of the shorter text's stretches of five words
    that stand in the other one, too.
    """
    with open_caught_up() as archive:
        links = steps.duplicates(archive, article_id)
        others = (
            {} if as_json else {one: _article(archive, _other(one, article_id)) for one in links}
        )
    if as_json:
        print_json(links)
    elif links:
        _print(article_id, others)
    else:
        stderr.print(f"No article that is held shares text with {article_id}.")


def relation(link: DuplicateLink, article_id: str) -> str:
    """Return in words what an article is to the other one of a link."""
    is_later = link.article_id == article_id
    words = (
        _LATER[link.relation] if is_later else _EARLIER.get(link.relation, _LATER[link.relation])
    )
    return f"{words} ({link.agency})" if link.agency else words


def _other(link: DuplicateLink, article_id: str) -> str:
    return link.other_id if link.article_id == article_id else link.article_id


def _article(archive: Archive, article_id: str) -> Article:
    captures = archive.catalogue.captures(archive.settings.publisher, article_id)
    return steps.article(archive, steps.standing(captures))


def _print(article_id: str, others: dict[DuplicateLink, Article]) -> None:
    rows: Iterable[tuple[str, ...]] = [
        (
            other.article_id,
            relation(link, article_id),
            moment(other.date_published or other.first_seen_at),
            f"{link.score:.0%}",
            other.headline,
        )
        for link, other in others.items()
    ]
    columns = ("article", "the other one is to it", "published (NZ)", "score", "headline")
    stdout.print(table(f"What shares text with {article_id}", columns, rows))
