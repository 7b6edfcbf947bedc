"""Workbooks as Excel and WPS write them in Chinese, which openpyxl cannot write: its files are changed here."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from openpyxl import Workbook

from knowledge.documents.reading.spreadsheet import rows
from knowledge.documents.refusals import Refused

EAST_ASIAN = [*range(27, 37), *range(50, 59)]
FIRST_OF_DECEMBER = 46357


def packed(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(data: bytes, part: str, change: Callable[[str], str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as made, zipfile.ZipFile(out, "w") as other:
        for name in made.namelist():
            text = made.read(name).decode()
            other.writestr(name, change(text) if name == part else text)
    return out.getvalue()


def with_builtin_formats(values: list[float], numbers: list[int]) -> bytes:
    """A column of values, each with the format of that number."""
    book = Workbook()
    for row, value in enumerate(values, 1):
        book.worksheets[0].cell(row, 1, value).number_format = "0" * row + ".000"  # a style each, numbered from 164 on

    def renumber(text: str) -> str:
        for at, number in enumerate(numbers):
            text = text.replace(f'numFmtId="{164 + at}" fontId', f'numFmtId="{number}" fontId')
        return text

    return changed(packed(book), "xl/styles.xml", renumber)


def test_a_date_in_the_formats_of_chinese_excel_is_a_date() -> None:
    data = with_builtin_formats([FIRST_OF_DECEMBER] * len(EAST_ASIAN), EAST_ASIAN)
    assert list(rows(data)) == [("2026-12-01",)] * len(EAST_ASIAN)


def test_a_time_of_day_and_what_is_no_date_stay() -> None:
    assert list(rows(with_builtin_formats([0.5, -1e9, FIRST_OF_DECEMBER], [32, 31, 1]))) == [
        ("12:00:00",),
        ("-1000000000",),
        (str(FIRST_OF_DECEMBER),),
    ]


def test_other_cells_are_what_stands_in_them() -> None:
    book = Workbook()
    book.worksheets[0].append(["账号", date(2026, 12, 1), None, 370.0, " a_x000D_\nb ", 1.5])
    book.worksheets[0].cell(1, 2).number_format = 'yyyy"年"m"月"d"日"'
    assert list(rows(packed(book))) == [("账号", "2026-12-01", "", "370", "a\nb", "1.5")]


def test_the_sheet_asked_for_is_read_and_otherwise_the_first() -> None:
    book = Workbook()
    book.worksheets[0].append(["first"])
    book.create_sheet("问答").append(["second"])
    assert list(rows(packed(book), "问答")) == [("second",)]
    assert list(rows(packed(book), "others")) == [("first",)]


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("xl/worksheets/sheet1.xml", lambda text: text[: len(text) // 2]),
        ("xl/worksheets/sheet1.xml", lambda text: text.replace('t="n"><v>1', 't="s"><v>99')),
        ("xl/worksheets/sheet1.xml", lambda text: text.replace("<v>1</v>", "<v>one</v>")),
        ("xl/workbook.xml", lambda text: text[:-20]),
        ("xl/styles.xml", lambda text: text.replace("numFmtId", "other")),
    ],
)
def test_a_damaged_file_is_refused(part: str, change: Callable[[str], str]) -> None:
    book = Workbook()
    book.worksheets[0].append(["账号", 1])
    whole = packed(book)
    damaged = changed(whole, part, change)
    assert damaged != changed(whole, part, str)
    with pytest.raises(Refused):
        list(rows(damaged))


def test_a_style_that_is_missing_harms_nothing() -> None:
    book = Workbook()
    book.worksheets[0].append([1])
    part = "xl/worksheets/sheet1.xml"
    assert list(rows(changed(packed(book), part, lambda text: text.replace('r="A1"', 's="99" r="A1"')))) == [("1",)]
