"""Sketches as Parquet: columns that any tool reads without us."""

from collections.abc import Iterable

import msgspec

from archive.errors import BrokenRecord
from archive.records import Sketch


def encode(sketches: Iterable[Sketch]) -> bytes:
    """Return sketches as a Parquet file, sorted by article and revision, one row each.

    A column a field; ``hashes`` is a list of 64-bit integers.
    """
    import pyarrow as pa  # noqa: PLC0415 - takes longer to start than most commands
    from pyarrow import parquet  # noqa: PLC0415

    text = {name: pa.string() for name in ("article_id", "revision", "text_digest", "version")}
    columns = pa.schema({**text, "hashes": pa.list_(pa.int64())})
    ordered = sorted(sketches, key=lambda one: (one.article_id, one.revision))
    rows = pa.Table.from_pylist([msgspec.to_builtins(one) for one in ordered], schema=columns)
    sink = pa.BufferOutputStream()
    parquet.write_table(rows, sink, compression="zstd", write_page_checksum=True)
    return bytes(sink.getvalue())


def decode(content: bytes, *, name: str) -> tuple[Sketch, ...]:
    """Return the sketches of a file; raises :class:`BrokenRecord`, naming ``name``."""
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import parquet  # noqa: PLC0415

    try:
        source = pa.BufferReader(content)
        rows = parquet.read_table(source, page_checksum_verification=True).to_pylist()
        return msgspec.convert(rows, tuple[Sketch, ...])
    except (pa.ArrowException, OSError, msgspec.ValidationError) as error:
        raise BrokenRecord(name, str(error)) from error
