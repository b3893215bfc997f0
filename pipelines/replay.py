"""What replay looks captures up in: one index out of many, and where each WARC file lies. Pure."""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import groupby

import msgspec

_REVISIT = "warc/revisit"


class _Fields(msgspec.Struct):
    mime: str = ""
    digest: str = ""
    status: str = ""


def merged(*sources: Iterable[bytes], waiting: list[bytes] | None = None) -> Iterator[bytes]:
    """Yield the lines of sorted CDXJ sources in one order, equal ones once.

    A 304 has no page of its own, and pywb would show none: its line leads to the capture that it says still
    stands. One whose capture is in no source is left out and added to ``waiting``. A later run's copy of an
    answer, such as robots.txt, that is there itself is left out too. Lines have no ends here.
    """
    left = [] if waiting is None else waiting
    for _, lines in groupby(heapq.merge(*sources), key=_address):
        for _, same in groupby(_resolved(lines, left), key=_moment):
            found = dict.fromkeys(same)
            yield from [line for line in found if _fields(line).status] or found


def _address(line: bytes) -> bytes:
    return line.partition(b" ")[0]


def _moment(line: bytes) -> bytes:
    return line.split(b" ", 2)[1]


def _fields(line: bytes) -> _Fields:
    return msgspec.json.decode(line.split(b" ", 2)[2], type=_Fields)


def _resolved(lines: Iterable[bytes], waiting: list[bytes]) -> Iterator[bytes]:
    """Yield the lines of one address, by time, a 304 as its original at that time, if it is there."""
    originals: dict[str, bytes] = {}
    newest = None
    for line in lines:
        address, moment, place = line.split(b" ", 2)
        fields = _fields(line)
        if fields.mime != _REVISIT:
            originals[fields.digest] = place
            newest = place if fields.status in {"", "200"} else newest
            yield line
        # A cut page has another digest than the page that the publisher means.
        elif original := originals.get(fields.digest, newest):
            yield b" ".join((address, moment, original))
        else:
            waiting.append(line)


def is_index(content: bytes) -> bool:
    """Tell whether each line has what an index needs: an address, a time, and where the record lies."""
    try:
        for line in content.splitlines():
            _fields(line)
    except (IndexError, msgspec.MsgspecError):
        return False
    return True


def path_lines(keys: Iterable[str], bucket: str) -> Iterator[bytes]:
    """Yield the lines of a path index, in order: the name of each WARC file, and its address."""
    named = sorted((key.rpartition("/")[2].encode(), key) for key in keys)
    return (name + b"\t" + f"s3://{bucket}/{key}".encode() for name, key in named)


def portions(sizes: Mapping[str, int], most_bytes: int) -> Iterator[list[str]]:
    """Yield the names in their order, in lists of at most so many bytes together, or of one."""
    portion: list[str] = []
    room = most_bytes
    for name, size in sizes.items():
        if portion and size > room:
            yield portion
            portion, room = [], most_bytes
        portion.append(name)
        room -= size
    if portion:
        yield portion


def replay_path(collection: str, url: str, at: datetime) -> str:
    """Return where replay shows what stood at an address at an instant."""
    return f"/{collection}/{at.astimezone(UTC):%Y%m%d%H%M%S}/{url}"
