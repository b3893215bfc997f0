"""Takedown: what an article leaves in objects that hold others too, and those without it. Pure."""

import json
from collections.abc import Callable, Collection, Iterable

from attrs import evolve

from archive.codec import decode_lines, encode_lines
from archive.errors import BrokenRecord
from archive.records import Capture, Outcome, Sketch, Takedown

Span = tuple[int, int]

_SHARED = ("captures", "outcomes", "sketches", "warc")
"""Kinds of objects that hold one article beside others."""


def names_any(content: bytes, words: Iterable[str]) -> bool:
    """Tell whether an object has one of these words in it: the article's id or another address of it."""
    return any(word.encode() in content for word in words)


def shows_old_address(index: bytes, old_key: str) -> bool:
    """Tell whether an index has more than a redirect at an address of the site's older form.

    Such an address does not hold the id of the article that is shown there; ``old_key`` is empty for a
    publisher without.
    """
    key = f"{old_key.lower()}=".encode()
    return bool(old_key) and any(
        key in line and b'"status": "3' not in line for line in index.lower().splitlines()
    )


def without_captures(content: bytes, article_id: str) -> bytes:
    """Return the captures of a run without those of an article; the other lines stay byte for byte."""
    lines = _lines(content)
    pairs = zip(lines, decode_lines(content, Capture), strict=True)
    return b"".join(line for line, one in pairs if one.article_id != article_id)


def without_content(content: bytes, article_id: str) -> bytes:
    """Return outcomes in which an article has its place and its reason, and nothing that was read of it.

    The lines of others stay byte for byte.
    """
    lines = _lines(content)
    pairs = zip(lines, decode_lines(content, Outcome), strict=True)
    return b"".join(
        encode_lines([evolve(one, capture=None, sketch=None)])
        if one.article_id == article_id
        else line
        for line, one in pairs
    )


def _lines(content: bytes) -> list[bytes]:
    # As :func:`decode_lines` has them.
    return [line for line in content.splitlines(keepends=True) if line.strip()]


def without_sketches(sketches: Iterable[Sketch], article_id: str) -> list[Sketch]:
    """Return the sketches of a run without those of an article."""
    return [one for one in sketches if one.article_id != article_id]


def without_index(content: bytes, spans: Collection[Span], *, name: str) -> bytes:
    """Return a CDXJ index without the lines of records that lie in these spans of their file.

    Raises :class:`BrokenRecord`, naming ``name``, for a damaged line.
    """
    lines = content.splitlines(keepends=True)
    try:
        return b"".join(line for line in lines if not _lies_in(_offset(line), spans))
    except (ValueError, LookupError, TypeError) as error:
        raise BrokenRecord(name, f"a line of this index can't be read ({error})") from error


def strays(made: Takedown) -> list[str]:
    """Return the objects that a tombstone names and no removal of its article may touch, by key."""
    removed = [one.key for one in made.removed if not _is_own(made, [*one.key.split("/"), ""])]
    parts = ((one, [*one.after.key.split("/"), ""]) for one in made.rewritten)
    rewritten = [
        one.after.key
        for one, (top, kind, *_) in parts
        if top != made.publisher or kind not in _SHARED or one.before.key != one.after.key
    ]
    return sorted((*removed, *rewritten))


def _is_own(made: Takedown, parts: list[str]) -> bool:
    top, kind, *rest = parts
    owner = {"articles": 0, "enrichments": 1, "readings": 1}.get(kind)
    is_named = kind == "exports" if owner is None else rest[owner : owner + 1] == [made.article_id]
    return top == made.publisher and is_named


def is_of(
    article_id: str, aliases: Collection[str], id_of: Callable[[str], str | None]
) -> Callable[[str], bool]:
    """Return what tells whether an address is one of the article's."""
    return lambda url: id_of(url) == article_id or url in aliases


def _offset(line: bytes) -> int:
    # "<reversed host and path> <14 digits> {…}", where values are text.
    return int(json.loads(line.split(b" ", 2)[2])["offset"])


def _lies_in(offset: int, spans: Collection[Span]) -> bool:
    return any(start <= offset < end for start, end in spans)
