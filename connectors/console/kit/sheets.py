"""Tables as a workbook that can be printed as it is. Slow: for a thread."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from aiohttp import web

from base.errors import ServiceError
from knowledge.documents.reading.spreadsheet import rows
from knowledge.documents.refusals import Refused

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | float


@dataclass(frozen=True, slots=True)
class Sheet:
    """`columns`: (head, width in characters)."""

    title: str
    columns: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[Cell]]


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """Texts can be no formulas."""
    from openpyxl import Workbook  # slow, and needed by few

    book = Workbook()
    for number, sheet in enumerate(sheets):
        _fill(book.worksheets[0] if number == 0 else book.create_sheet(), sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class NoSheet(ServiceError):
    """The file is no such table."""

    code = "no_sheet"
    retryable = False
    citizen_text = "打不开这个文件。请用 Excel 或 WPS 表格另存为 xlsx 格式，再上传。"


def rows_of(data: bytes, columns: Sequence[str], most: int) -> list[tuple[int, dict[str, str]]]:
    """The rows of the first sheet that are not empty: (its number, column → text). Raises NoSheet, also when a column
    is missing. For a thread."""
    try:
        lines = rows(data)
        heads = next(lines, ())
        missing = [column for column in columns if column not in heads]
        if missing:
            words = "、".join(f"“{column}”" for column in missing)
            raise NoSheet(citizen_text=f"第一行里没有{words}这一列。请先下载，照着它的列填。")
        places = {column: heads.index(column) for column in columns}
        found = []
        for number, line in enumerate(lines, 2):
            cells = {column: line[at] if at < len(line) else "" for column, at in places.items()}
            if any(cells.values()):
                found.append((number, cells))
            if len(found) > most:
                break
    except Refused as error:
        raise NoSheet(error.code) from error
    return found


def as_download(data: bytes, name: str) -> web.Response:
    """`name` is the file's, with its extension."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Cache-Control": "no-store"}
    return web.Response(body=data, content_type=_XLSX, headers=headers)


def _fill(page: Worksheet, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    page.title = sheet.title
    page.append([head for head, _ in sheet.columns])
    for row in sheet.rows:
        page.append(list(row))
    for line in page.iter_rows():
        for cell in line:
            if cell.data_type == "f":
                cell.data_type = "s"
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    for column, (_, width) in enumerate(sheet.columns, 1):
        page.column_dimensions[get_column_letter(column)].width = width
        page.cell(1, column).font = Font(bold=True)
    page.freeze_panes = "A2"
    page.auto_filter.ref = page.dimensions
    page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = "1:1"
