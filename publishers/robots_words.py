"""Whether a page asks not to be archived: ``X-Robots-Tag`` and the robots' meta elements."""

import re
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement

_NOARCHIVE = "noarchive"
# These have a value after their colon; any other word before one is the robot that is meant.
_VALUED = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
_ROBOT = re.compile(r"[a-z*][a-z0-9_.*-]*")


def header_forbids_archiving(headers: Iterable[tuple[str, str]], token: str) -> bool:
    """Tell whether ``X-Robots-Tag`` forbids all robots, or the one called ``token``, to archive."""
    return any(
        robot in {"", "*", token.lower()} and word == _NOARCHIVE
        for name, value in headers
        if name.lower() == "x-robots-tag"
        for robot, word in _words(value)
    )


def page_forbids_archiving(about: Iterable[HtmlElement], token: str) -> bool:
    """Tell whether one of these meta elements forbids all robots, or ``token``, to archive."""
    names = {"robots", token.lower()}
    return any(
        (meta.get("name") or "").strip().lower() in names
        and _NOARCHIVE in re.split(r"[\s,;]+", (meta.get("content") or "").lower())
        for meta in about
        if meta.tag == "meta"
    )


def _words(value: str) -> Iterator[tuple[str, str]]:
    """Yield the words of a header, each with the robot it is for: empty for all of them."""
    robot = ""
    for part in value.lower().split(","):
        before, colon, after = part.partition(":")
        if colon and before.strip() not in _VALUED and _ROBOT.fullmatch(before.strip()):
            robot, part = before.strip(), after  # noqa: PLW2901 - what stands after the robot's name
        yield robot, part.strip()
