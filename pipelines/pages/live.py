"""Live blogs of any publisher: which blocks of the text are entries, and when each was posted.

JSON-LD has the entries with their times; the text stays the page's. Only what stands in both, word
for word, is taken for an entry.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import accumulate

from attrs import frozen
from msgspec import UNSET

from archive.records import Block
from pipelines.pages import dates
from pipelines.pages.markup import plain
from pipelines.pages.structured import Structured, first_string, types_of

_MOST_ENTRIES = 1000
_BLOG, _ENTRY = "liveblogposting", "blogposting"


@frozen
class _Entry:
    headline: str
    body: str
    posted: datetime | None


def with_entries(body: Sequence[Block], data: Structured) -> list[Block]:
    """Return the blocks of a page, those that are one entry of its live blog joined to one ``update``."""
    texts = ["".join(block.text.split()) for block in body]
    ends = list(accumulate(map(len, texts)))
    starts = {
        end - len(text): place for place, (end, text) in enumerate(zip(ends, texts, strict=True))
    }
    following = {end: place + 1 for place, end in enumerate(ends)}
    whole = "".join(texts)
    joined: dict[int, tuple[int, _Entry]] = {}
    for entry in _entries(data):
        for letters in (entry.headline + entry.body, entry.body):
            at = whole.find(letters)
            first, after = starts.get(at), following.get(at + len(letters))
            if first is not None and after is not None:
                joined.setdefault(first, (after, entry))
                break
    return list(_joined(body, joined))


def _joined(body: Sequence[Block], joined: Mapping[int, tuple[int, _Entry]]) -> Iterator[Block]:
    place = 0
    while place < len(body):
        after, entry = joined.get(place, (0, None))
        if entry is None:
            yield body[place]
            place += 1
            continue
        text = "\n".join(block.text for block in body[place:after])
        yield Block(kind="update", text=text, date_published=entry.posted or UNSET)
        place = after


def _entries(data: Structured) -> Iterator[_Entry]:
    """Yield the entries that have a text of their own, letters only."""
    blogs = [node for node in data.nodes if _BLOG in types_of(node)]
    nodes = [entry for blog in blogs for entry in _listed(blog.get("liveBlogUpdate"))]
    if blogs:
        nodes += [node for node in data.nodes if types_of(node) == {_ENTRY}]
    for node in nodes[:_MOST_ENTRIES]:
        body, headline = (_letters(node.get(key)) for key in ("articleBody", "headline"))
        if body:
            stated = first_string(node.get("datePublished")) or ""
            yield _Entry(headline, body, dates.instant(stated))


def _listed(value: object) -> list[Mapping[str, object]]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, Mapping)]


def _letters(value: object) -> str:
    return "".join(plain(value).split()) if isinstance(value, str) else ""
