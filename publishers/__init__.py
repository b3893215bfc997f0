"""Whom we archive: one declarative value a publisher, each in a module of its own in this package.

A module with a ``PUBLISHER`` is a publisher: there is no list to keep. ``docs/add-a-publisher.md``
tells how to add one.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from archive.errors import ConfigurationError
from publishers.spec import Publisher


def names() -> list[str]:
    """Return the names of the publishers we know, sorted."""
    return sorted(name for name in _modules() if _in_module(name))


def get(name: str) -> Publisher:
    """Return a publisher by name; raises :class:`ConfigurationError` that lists the known ones."""
    publisher = _in_module(name) if name in _modules() else None
    if publisher is None:
        message = (
            f"unknown publisher {name!r}: set ARCHIVE_PUBLISHER to one of {', '.join(names())}"
        )
        raise ConfigurationError(message)
    return publisher


def served(name: str, origin: str) -> Publisher:
    """Return a publisher by name, as served from an origin such as the made-up newspaper's.

    Raises :class:`ConfigurationError` where that is the site of another publisher: its pages would be
    judged by the wrong marks.
    """
    publisher = get(name).with_origin(origin)
    other = for_url(publisher.origin)
    if other is not None and other.name != name:
        message = (
            f"ARCHIVE_PUBLISHER_ORIGIN {origin} is the site of {other.name}, and ARCHIVE_PUBLISHER is "
            f"{name}: set ARCHIVE_PUBLISHER_ORIGIN={get(name).origin}"
        )
        raise ConfigurationError(message)
    return publisher


def for_url(url: str, also: Publisher | None = None) -> Publisher | None:
    """Return the publisher whose site an address is on. None when it is nobody's.

    ``also`` is asked last: a publisher as it is served elsewhere.
    """
    known = [get(name) for name in names()]
    return next((one for one in (*known, also) if one is not None and one.is_ours(url)), None)


@cache
def _modules() -> frozenset[str]:
    return frozenset(module.name for module in iter_modules(__path__))


@cache
def _in_module(name: str) -> Publisher | None:
    """Return the publisher in a module. None for the other modules of this package."""
    publisher = getattr(import_module(f"{__name__}.{name}"), "PUBLISHER", None)
    if not isinstance(publisher, Publisher):
        return None
    if publisher.name != name:
        message = (
            f"publishers/{name}.py holds a publisher named {publisher.name!r}: give both one name"
        )
        raise ConfigurationError(message)
    return publisher
