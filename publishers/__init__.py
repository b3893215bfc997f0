"""Whom we archive: one declarative value a publisher."""

from collections.abc import Iterable

from archive.errors import ConfigurationError
from publishers import nzherald
from publishers.spec import Publisher

_PUBLISHERS = {publisher.name: publisher for publisher in (nzherald.PUBLISHER,)}


def names() -> list[str]:
    """Return the names of the publishers we know, sorted."""
    return sorted(_PUBLISHERS)


def get(name: str) -> Publisher:
    """Return a publisher by name; raises :class:`ConfigurationError` that lists the known ones."""
    try:
        return _PUBLISHERS[name]
    except KeyError:
        message = (
            f"unknown publisher {name!r}: set ARCHIVE_PUBLISHER to one of {', '.join(names())}"
        )
        raise ConfigurationError(message) from None


def for_url(url: str, origins: Iterable[str] = ()) -> Publisher | None:
    """Return the publisher whose site an address is on. None when it is nobody's.

    ``origins`` are further origins under which the first publisher is served, such as the
    made-up newspaper's.
    """
    for publisher in _PUBLISHERS.values():
        for served in (publisher, *(publisher.with_origin(origin) for origin in origins)):
            if served.is_ours(url):
                return served
    return None
