"""Bylines: who wrote it, and from which agency or newsroom the copy came."""

import re
from collections.abc import Iterable
from functools import lru_cache

from attrs import frozen

from pipelines.pages.agencies import AGENCIES
from pipelines.pages.markup import plain

_AGENCIES = {spelling: name for name, spellings in AGENCIES.items() for spelling in spellings}
_BY = re.compile(
    r"^(?:(?:words|story|report|written|opinion|analysis|review)(?: and photos)? )?by[:\s]+",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r"\s*(?:[;|•·]|,\s*(?:and|und|et|&)\s|,(?!\s*(?:Jr|Sr|II|III|IV|M\.?D|Ph\.?D|Esq)\b)|\s(?:and|with|und|et)\s|\s&\s|\s/\s|(?<=\w\w)/(?=\w\w))\s*"
)
_NO_PERSON = re.compile(
    r"[@(){}<>]|https?:|www\.|\.(?:com|org|net|co)\b|\d{2}|"
    r"\b(?:staff|editors?|editorial|newsroom|reporters?|correspondents?|desk|team|admin|administrator|"
    r"author|contributors?|guest|agencies|wires?|services?|bureau|unknown|anonymous|submitted|"
    r"news|media|magazine|press|university|institute|newspaper|tv|online|image|photo|stories|comments?|more|read|updated|published)\b",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"(?:\s+[-–—|]\s+.*|,?\s+(?:(?:senior|chief|associate|assistant|deputy|managing|staff|political|foreign|"
    r"special|contributing|world|news|business|science|health|europe|us)\s+)*(?:editor|reporter|writer|correspondent|"
    r"columnist|producer|contributor|journalist)\b.*)$",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"(?:[\w&'’/-]+\s+){0,5}(?:editor|reporter|writer|correspondent|columnist|producer|contributor|journalist|analyst|"
    r"critic|photographer|presenter|broadcaster|chief)s?(?:[\s-](?:in|of|for|at|on|to)\b.*)?",
    re.IGNORECASE,
)
_LONGEST_TITLE = 100
_MAX_NAME_WORDS = 6
_LONGEST_BYLINE = 1000


@frozen
class Byline:
    """People and newsroom of one byline."""

    people: tuple[str, ...] = ()
    newsrooms: tuple[str, ...] = ()


def agency_name(name: str) -> str | None:
    """Return the usual name of an agency, such as ``AP``. None when ``name`` is no known agency."""
    return _AGENCIES.get(plain(name).casefold().strip(" ."))


def byline(names: Iterable[str], *, own: Iterable[str] = ()) -> Byline:
    """Sort the names of a byline into people and newsrooms; the publisher's ``own`` are left out."""
    mine = {fold(name) for name in own if name}
    people: dict[str, str] = {}
    newsrooms: dict[str, str] = {}
    for raw in names:
        for name in split(raw):
            if fold(name) in mine:
                continue
            kind = people if is_person(name) else newsrooms
            kind.setdefault(fold(name), name)
    return Byline(tuple(people.values()), tuple(newsrooms.values()))


def split(raw: str) -> list[str]:
    """Return the single names in a byline such as ``By Jane Example and John Sample``."""
    return [name for name, _ in titled(raw)]


def titled(raw: str) -> list[tuple[str, str | None]]:
    """Return the single names in a byline, each with the role that stands behind it, or None."""
    text = _BY.sub("", plain(raw[:_LONGEST_BYLINE]))
    if _whole(text):
        return [(text, None)]
    found: list[tuple[str, str | None]] = []
    for piece in map(_stripped, _SEPARATOR.split(text)):
        if found and found[-1][1] is None and is_person(found[-1][0]) and is_title(piece):
            found[-1] = (found[-1][0], piece)
        elif name := _tidy(piece):
            behind = _stripped(piece[len(name) :]) if piece.startswith(name) else ""
            found.append((name, behind if is_title(behind) else None))
    return found


def is_title(text: str) -> bool:
    """Whether a text is what somebody does, such as ``Health Editor``."""
    return len(text) <= _LONGEST_TITLE and _TITLE.fullmatch(text) is not None


def _stripped(text: str) -> str:
    return text.strip(" ,;|-–—:")


def _whole(text: str) -> bool:
    """Whether the text is one known name, though it holds what separates names elsewhere."""
    return agency_name(text) is not None


def _tidy(name: str) -> str:
    return _stripped(_ROLE.sub("", _BY.sub("", name)))


def is_person(name: str) -> bool:
    """Whether a name in a byline reads as a person's."""
    if agency_name(name) or _NO_PERSON.search(name):
        return False
    return bool(name) and len(name.split()) <= _MAX_NAME_WORDS


@lru_cache(maxsize=1024)
def fold(name: str) -> str:
    """Return a name in the form in which names are compared."""
    return re.sub(r"[\W_]+", " ", plain(name).casefold()).strip()
