"""Articles as Parquet: typed columns that follow from the record, nested as it is.

The schema comes from the class, not from what a file happens to hold: every file has the same. Instants
are UTC in microseconds, a mapping is a Parquet map, and what a record leaves out or states as None is null.
"""

import types
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from attrs import fields_dict

from archive.records import Article

_ABSENT = {type(None), msgspec.UnsetType}


def encode(articles: Iterable[Article]) -> bytes:
    """Return articles as a Parquet file, one row each, in their order."""
    import pyarrow as pa  # noqa: PLC0415 - takes longer to start than most commands
    from pyarrow import parquet  # noqa: PLC0415

    rows = [msgspec.to_builtins(one, builtin_types=(datetime,)) for one in articles]
    table = pa.Table.from_pylist([_with_pairs(row) for row in rows], schema=schema())
    sink = pa.BufferOutputStream()
    parquet.write_table(table, sink, compression="zstd", write_page_checksum=True)
    return bytes(sink.getvalue())


@cache
def schema() -> Any:  # noqa: ANN401 - pyarrow has no types
    """Return the columns of an article, a ``pyarrow.Schema``."""
    import pyarrow as pa  # noqa: PLC0415

    hints = get_type_hints(Article)
    return pa.schema([(name, _column(hints[name])) for name in fields_dict(Article)])


def _column(kind: Any) -> Any:  # noqa: ANN401 - an annotation, and pyarrow has no types
    """Return the Arrow type of a field's annotation."""
    import pyarrow as pa  # noqa: PLC0415

    simple = {str: pa.string(), int: pa.int64(), bool: pa.bool_()}
    simple[datetime] = pa.timestamp("us", tz="UTC")
    if kind in simple:
        return simple[kind]
    origin, parts = get_origin(kind), get_args(kind)
    if origin in {types.UnionType, Union}:
        (present,) = set(parts) - _ABSENT
        return _column(present)
    if origin is Literal:
        return pa.string()
    if origin is tuple:
        return pa.list_(pa.field("element", _column(parts[0])))
    if origin is dict:
        return pa.map_(*map(_column, parts))
    hints = get_type_hints(kind)
    return pa.struct([(name, _column(hints[name])) for name in fields_dict(kind)])


def _with_pairs(row: dict[str, Any]) -> dict[str, Any]:
    # Arrow takes a mapping as pairs; sorted, so that equal records give equal bytes.
    return {
        name: sorted(value.items()) if name == "provenance" else value
        for name, value in row.items()
    }
