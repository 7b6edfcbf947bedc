"""Workbooks that staff fill in (xlsx, by Excel or WPS) → rows of text. Slow: for a thread."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING
from zipfile import BadZipFile

from knowledge.documents.reading.package import checked
from knowledge.documents.refusals import BrokenFile

if TYPE_CHECKING:
    from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell

_EAST_ASIAN_DATES = frozenset({*range(27, 37), *range(50, 59)})
"""Format numbers that a file in Chinese, Japanese or Korean uses without saying what they are: dates and times in each
of these languages (ECMA-376 part 1, 18.8.30), 31 being 2026年12月1日. openpyxl takes them for plain numbers."""


def rows(data: bytes, sheet: str = "") -> Iterator[tuple[str, ...]]:
    """The rows of the sheet of that name, or else of the first. Dates are ISO's, empty cells "".

    Raises Refused, also after the first rows. (An XML parser says SyntaxError.)
    """
    from openpyxl import load_workbook  # slow, and needed by few

    checked(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        page = book[sheet] if sheet in book.sheetnames else book.worksheets[0]
        for line in page.iter_rows():
            yield tuple(_text(_value(cell, book.epoch)) for cell in line)
    except (BadZipFile, SyntaxError, LookupError, ValueError, TypeError, OSError) as error:
        raise BrokenFile(type(error).__name__) from error


def _value(cell: ReadOnlyCell | EmptyCell, epoch: datetime) -> object:
    from openpyxl.utils.datetime import from_excel

    value = cell.value
    if isinstance(value, int | float) and cell.data_type == "n":
        try:
            return from_excel(value, epoch) if cell.style_array.numFmtId in _EAST_ASIAN_DATES else value
        except (OverflowError, ValueError, IndexError):  # no day of this calendar, or a style that the file lacks
            return value
    return value


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).replace("\r\n", "\n").replace("_x000D_", "").strip()
