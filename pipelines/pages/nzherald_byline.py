"""The byline of an NZ Herald page: who wrote it, what they do, and where the copy came from."""

from collections.abc import Iterable, Iterator, Mapping

from attrs import frozen
from lxml.html import HtmlElement

from archive.records import AuthorDetails
from pipelines.pages import authors, minutes
from pipelines.pages.base import Page
from pipelines.pages.bylines import byline, fold
from pipelines.pages.markup import named, plain, text_of

OWN_NAMES = ("NZ Herald", "New Zealand Herald", "The New Zealand Herald", "nzherald.co.nz", "NZME")
"""How the newspaper names itself in a byline; such copy has no agency."""

_LINK, _ROLE, _AGENCY = "author--link", "author--role", "distributor--name"
_DETAILS, _BIO = "author--details", "author--text--body"


@frozen(kw_only=True)
class Shown:
    """What a byline shows; an agency of None with ``names_source`` is the newspaper's own copy."""

    authors: tuple[str, ...]
    """People, in the order of the page."""

    agency: str | None
    """Newsroom the copy came from. None for own copy, or where none is shown."""

    names_source: bool
    """Whether it says where the copy came from."""

    details: tuple[AuthorDetails, ...]
    """Roles of the authors, by their names."""

    read_minutes: int | None
    """Length in minutes. None when none is shown."""


def shown(box: HtmlElement, own: Iterable[str]) -> Shown:
    """Return what stands in a byline; ``own`` are the newspaper's names for itself."""
    names = [_name(element) for element in box.iter() if _called(element, _LINK)]
    distributor = next((text_of(e) for e in box.iter() if _called(e, _AGENCY)), "")
    is_own = fold(distributor) in {fold(name) for name in own}
    return Shown(
        authors=byline(names, own=own).people,
        agency=distributor if distributor and not is_own else None,
        names_source=bool(distributor),
        details=(*_roles(box), *authors.in_bylines(names)),
        read_minutes=minutes.shown(text_of(box)),
    )


def _called(element: HtmlElement, name: str) -> bool:
    return bool(element.get("data-test-ui") == name)


def _name(link: HtmlElement) -> str:
    """Return the name in a link, without a role that may stand in it, glued to the name."""
    role = next((text_of(e) for e in link.iterdescendants() if _called(e, _ROLE)), "")
    return text_of(link).removesuffix(role).strip()


def _roles(box: HtmlElement) -> Iterator[AuthorDetails]:
    """Yield the role that stands in or behind the link of an author; before the first, it is theirs."""
    links = [_name(element) for element in box.iter() if _called(element, _LINK)]
    met = 0
    for element in box.iter():
        met += _called(element, _LINK)
        if _called(element, _ROLE) and links and (title := text_of(element)):
            yield AuthorDetails(name=links[max(met, 1) - 1], job_title=title)


def bios(tree: HtmlElement, people: tuple[str, ...]) -> list[AuthorDetails]:
    """Return the lines about authors; those that name none of several authors are left out."""
    found = []
    for element in named(tree, _BIO):
        around = next((e for e in element.iterancestors() if _called(e, _DETAILS)), element)
        told = fold(text_of(around))
        about = [name for name in people if fold(name) in told] or list(people)
        if len(about) == 1 and (text := text_of(element)):
            found.append(AuthorDetails(name=about[0], description=text))
    return found


def in_json(page: Page) -> list[AuthorDetails]:
    """Return what the page's JSON says of the authors."""
    credit = page.json.get("credits")
    people = credit.get("by") if isinstance(credit, Mapping) else None
    return [
        AuthorDetails(
            name=plain(one["name"]),
            job_title=_text(one.get("role")),
            description=_text(one.get("bio")),
        )
        for one in (people if isinstance(people, list) else [])
        if isinstance(one, Mapping) and isinstance(one.get("name"), str)
    ]


def _text(value: object) -> str | None:
    return plain(value) or None if isinstance(value, str) else None
