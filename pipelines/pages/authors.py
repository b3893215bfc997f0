"""What a page says of its authors besides their names: what they do, and the lines about them."""

from collections.abc import Iterable, Mapping

from archive.records import AuthorDetails
from pipelines.pages.bylines import fold, titled
from pipelines.pages.markup import plain
from pipelines.pages.structured import Structured, first_string


def stated(data: Structured) -> list[AuthorDetails]:
    """Return what JSON-LD says of the authors: ``jobTitle`` and ``description``."""
    value = data.article.get("author") or data.article.get("creator")
    nodes = value if isinstance(value, list) else [value]
    return [_details(node) for node in nodes if isinstance(node, Mapping)]


def _details(node: Mapping[str, object]) -> AuthorDetails:
    name, title, about = (
        plain(first_string(node.get(key))) for key in ("name", "jobTitle", "description")
    )
    return AuthorDetails(
        name=name,
        job_title=title or None,
        description=about if about and fold(about) != fold(name) else None,
    )


def in_bylines(names: Iterable[str]) -> list[AuthorDetails]:
    """Return the roles that stand behind names in a byline: ``Jane Example, Health Editor``."""
    return [
        AuthorDetails(name=name, job_title=title)
        for raw in names
        for name, title in titled(raw)
        if title
    ]


def joined(authors: Iterable[str], *told: Iterable[AuthorDetails]) -> tuple[AuthorDetails, ...]:
    """Return what is told of each of the ``authors``, in their order; what is told first leads."""
    known = [one for details in told for one in details]
    found = (_of(name, [one for one in known if fold(one.name) == fold(name)]) for name in authors)
    return tuple(one for one in found if one.job_title or one.description)


def _of(name: str, known: Iterable[AuthorDetails]) -> AuthorDetails:
    known = list(known)
    return AuthorDetails(
        name=name,
        job_title=next((one.job_title for one in known if one.job_title), None),
        description=next((one.description for one in known if one.description), None),
    )
