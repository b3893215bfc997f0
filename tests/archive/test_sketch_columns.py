"""Sketches as Parquet: the same again, readable by others, and damage is named."""

import pyarrow as pa
import pytest
from pyarrow import parquet

from archive.errors import BrokenRecord
from archive.records import Sketch
from archive.sketch_columns import decode, encode
from tests.archive.test_alike import sketch

SKETCHES = (sketch("A", [2**47 - 1, 3]), sketch("B", []), sketch("C", range(1000)))


def test_sketches_come_back_by_article_and_as_the_same_bytes() -> None:
    content = encode(reversed(SKETCHES))
    assert decode(content, name="x") == SKETCHES
    assert encode(SKETCHES) == content
    assert decode(encode([]), name="x") == ()


def test_any_tool_reads_the_columns() -> None:
    rows = parquet.read_table(pa.BufferReader(encode(SKETCHES)))
    assert set(rows.column_names) == {one.name for one in Sketch.__attrs_attrs__}
    assert rows.schema.field("hashes").type == pa.list_(pa.int64())
    assert rows.column("hashes").to_pylist()[0] == [3, 2**47 - 1]


@pytest.mark.parametrize("cut", [0, 1, 20, 400, -1])
def test_a_damaged_file_is_named(cut: int) -> None:
    with pytest.raises(BrokenRecord, match=r"sketches/x\.parquet"):
        decode(encode(SKETCHES)[:cut], name="sketches/x.parquet")


def test_other_columns_are_no_sketches() -> None:
    sink = pa.BufferOutputStream()
    parquet.write_table(pa.table({"article_id": ["A"]}), sink)
    with pytest.raises(BrokenRecord, match="revision"):
        decode(bytes(sink.getvalue()), name="x")


def test_a_flipped_bit_is_no_other_hash() -> None:
    content = bytearray(encode(SKETCHES))
    for place in range(4, len(content) - 4, 97):
        content[place] ^= 4
        try:
            found: object = decode(bytes(content), name="x")
        except BrokenRecord:
            found = SKETCHES
        assert found == SKETCHES
        content[place] ^= 4
