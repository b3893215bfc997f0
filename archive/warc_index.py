"""Indexing WARC files: the CDXJ index beside each, and the compressed one inside a WACZ file.

The only module that knows warcio and cdxj-indexer.
"""

import warnings
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, TextIO

from warcio.warcwriter import WARCWriter

INDEX_FILE, BLOCKS_FILE = "index.idx", "index.cdx.gz"
"""The two files of a compressed index: where each block starts, and the blocks."""

_LINES = 1024


def write_index(warc: Path, output: TextIO, *, filename: str) -> None:
    """Write the CDXJ index of a WARC file, sorted; ``filename`` is what the file is called in it."""
    _run(output, warc, filename=filename)


def write_compressed_index(warc: Path, folder: Path, *, filename: str) -> None:
    """Write :data:`INDEX_FILE` and :data:`BLOCKS_FILE` of a WARC file into a folder."""
    with (
        (folder / INDEX_FILE).open("w", encoding="utf-8") as output,
        (folder / BLOCKS_FILE).open("wb") as blocks,
    ):
        _run(
            output,
            warc,
            filename=filename,
            compress=blocks,
            data_out_name=BLOCKS_FILE,
            lines=_LINES,
        )


def _run(output: TextIO, warc: Path, **options: str | int | BinaryIO) -> None:
    with warnings.catch_warnings(action="ignore"):
        # The surt package below it has invalid escapes, which each Python reports in its own way.
        from cdxj_indexer.main import CDXJIndexer  # noqa: PLC0415 - to silence its import
    indexer = CDXJIndexer(output, str(warc), sort=True, **options)
    # For a 304 of which no digest is known it would open a temporary file and leave it open.
    indexer.writer = WARCWriter(BytesIO())
    indexer.process_all()
