"""Export: records as files that others read without us. Pure: articles in, bytes out.

A format is a function that takes the articles of one file in their order and yields its bytes.
"""

from collections.abc import Callable, Iterable, Iterator

from attrs import frozen

from archive import article_columns
from archive.codec import encode
from archive.records import Article, Capture, ExportFormat
from pipelines.export import ninjs, sheet

Encode = Callable[[Iterable[Article]], Iterator[bytes]]


@frozen
class RecordFormat:
    """How records are written into files."""

    ending: str
    """What the names of its files end with."""

    encode: Encode
    """Yields the bytes of a file."""


def jsonl(articles: Iterable[Article]) -> Iterator[bytes]:
    """Yield the lines of a JSON Lines file: each record as ``newsarchive articles`` prints it."""
    return (encode(article) + b"\n" for article in articles)


def parquet(articles: Iterable[Article]) -> Iterator[bytes]:
    """Yield a Parquet file, in one piece."""
    yield article_columns.encode(articles)


RECORD_FORMATS: dict[ExportFormat, RecordFormat] = {
    "parquet": RecordFormat(".parquet", parquet),
    "jsonl": RecordFormat(".jsonl", jsonl),
    "csv": RecordFormat(".csv", sheet.encode),
    "ninjs": RecordFormat(".ninjs.jsonl", ninjs.encode),
}
"""The formats that hold records, a file for each day."""


def is_in_section(section: str, capture: Capture) -> bool:
    """Whether a capture is in a section such as ``world``, or in one below it."""
    wanted = section.strip("/") + "/"
    places = (capture.section or "", *capture.sections)
    return any(f"{one.strip('/')}/".startswith(wanted) for one in places)
