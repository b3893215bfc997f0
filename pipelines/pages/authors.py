"""What a page says of its authors besides their names: what they do, and the lines about them."""

from collections.abc import Iterable, Mapping

from attrs import evolve

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


def joined(
    authors: Iterable[str], told: Mapping[str, Iterable[AuthorDetails]]
) -> tuple[tuple[AuthorDetails, ...], str]:
    """Return what is told of each of the ``authors``, in their order, and by which sources.

    ``told`` has what each source says; the first one that says something leads.
    """
    known: dict[str, list[tuple[str, AuthorDetails]]] = {}
    for source, details in told.items():
        for one in details:
            known.setdefault(fold(one.name), []).append((source, one))
    sources: dict[str, None] = {}
    found = []
    for name in authors:
        about = AuthorDetails(name=name)
        for source, one in known.get(fold(name), []):
            fuller = _filled(about, one)
            if fuller != about:
                about = fuller
                sources[source] = None
        if about != AuthorDetails(name=name):
            found.append(about)
    return tuple(found), ", ".join(sources)


def _filled(about: AuthorDetails, one: AuthorDetails) -> AuthorDetails:
    return evolve(
        about,
        job_title=about.job_title or one.job_title,
        description=about.description or one.description,
    )
