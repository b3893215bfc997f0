"""Annotators: each works something out of an article's text and never changes the article."""

from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from typing import Protocol

from archive.errors import ConfigurationError
from archive.records import Annotation, Article

NAMES = ("names",)
"""Every annotator there is, each a module of this package with a function ``annotator()``."""


class Annotator(Protocol):
    """What works something out of an article: pure, but for a model that is loaded once."""

    @property
    def name(self) -> str:
        """Its name, as in ``ARCHIVE_ANNOTATORS``."""

    @property
    def version(self) -> str:
        """Version of its rules and its model: another version annotates everything again."""

    def annotate(self, article: Article) -> Annotation:
        """Return what it found; raises a :class:`PermanentError` where it can't read the article."""


def parse(text: str) -> tuple[str, ...]:
    """Return the names in a comma-separated setting, each checked by :func:`get`."""
    names = tuple(dict.fromkeys(filter(None, (part.strip() for part in text.split(",")))))
    for name in names:
        get(name)
    return names


@cache
def get(name: str) -> Annotator:
    """Return an annotator, once a process. Raises :class:`ConfigurationError` when there is none."""
    if name not in NAMES:
        message = f"ARCHIVE_ANNOTATORS: no annotator is called {name!r} (there is {_listed(NAMES)})"
        raise ConfigurationError(message)
    make: Callable[[], Annotator] = import_module(f"pipelines.annotators.{name}").annotator
    return make()


def tag(annotator: Annotator) -> str:
    """Return ``name@version``, as it stands in keys."""
    return f"{annotator.name}@{annotator.version}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
