"""Articles as CSV (RFC 4180), for spreadsheets: one row each, flat, and nothing in it that is computed.

Lists are one cell, their values joined by ``" | "``; a backslash or a bar inside a value has a backslash before it. A
cell that a spreadsheet would take for a formula begins with an apostrophe that is not part of the value.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import StringIO
from itertools import chain

from archive.records import Article

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")  # noqa: RUF001 - the full-width twins count, too
_SEPARATOR = " | "

PLAIN = (
    *("article_id", "revision", "publisher", "headline", "alternative_headline", "description"),
    *("authors", "agency", "section", "sections", "keywords", "access", "date_published"),
    *("date_modified", "date_published_raw", "first_seen_at", "captured_at", "removed_at"),
    *("in_language", "word_count", "read_minutes", "text", "corrections", "url", "canonical_url"),
    *("aliases", "access_evidence", "date_conflicts", "reader", "reader_version"),
    "record_version",
)
"""Fields of a record that are columns by the same name."""

OTHER = (
    "image_urls",
    "image_captions",
    "image_credits",
    *(
        f"warc_{name}"
        for name in ("file", "offset", "record_id", "payload_digest", "content_digest")
    ),
)
"""Columns out of a record's pictures, in their order, and out of its WARC pointer."""

COLUMNS = (*PLAIN, *OTHER)
"""All columns, in order."""


def encode(articles: Iterable[Article]) -> Iterator[bytes]:
    """Yield a CSV file line by line, UTF-8, a row of names first."""
    for row in chain([COLUMNS], map(_row, articles)):
        line = StringIO()
        csv.writer(line, quoting=csv.QUOTE_ALL).writerow(row)
        yield line.getvalue().encode()


def joined(values: Iterable[str | None]) -> str:
    """Return a list as one cell; a value that is None is empty."""
    return _SEPARATOR.join(re.sub(r"([\\|])", r"\\\1", value or "") for value in values)


def safe(text: str) -> str:
    """Return a cell that no spreadsheet computes: take one apostrophe off to have the text again.

    NUL, which half of all programs end at, becomes U+FFFD.
    """
    text = text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    return f"'{text}" if _FORMULA.match(text) else text


def _row(article: Article) -> list[str]:
    values = [getattr(article, name) for name in PLAIN]
    images, warc = article.images, article.warc
    values += [
        tuple(getattr(image, name) for image in images) for name in ("url", "caption", "credit")
    ]
    values += [getattr(warc, name.removeprefix("warc_"), None) for name in OTHER[3:]]
    return [_cell(value) for value in values]


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case tuple():
            return safe(joined(value))
    return safe(str(value))
