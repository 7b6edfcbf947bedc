"""The two monthly tables as workbooks, laid out as the annexes of 济医保中心发〔2021〕1号. Slow: for a thread."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from casework.tickets.duties import Charge
from connectors.console.tickets.monthly import NO_DATA, Measure, Monthly

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_SOURCE = "依据：济医保中心发〔2021〕1号"


@dataclass(frozen=True, slots=True)
class Table:
    """`columns`: (head, width in characters). `names_people`: five of them say who answers for a measure."""

    annex: int
    title: str
    columns: Sequence[tuple[str, int]]
    names_people: bool


ASSIGNMENT = Table(
    1,
    "贯彻落实老年人医疗保障便捷服务十二条措施工作配档表",
    (
        ("序号", 6),
        ("工作措施", 22),
        ("具体内容", 60),
        ("完成时限", 14),
        ("责任科室", 12),
        ("责任人", 10),
        ("联系方式", 14),
        ("分管领导", 10),
        ("联系方式", 14),
        ("落实情况（本系统数据）", 50),
    ),
    names_people=True,
)
"""Annex 1 with one more column at its end: what was done."""
DISPATCH = Table(
    2,
    "贯彻落实老年人医疗保障便捷服务十二条措施工作调度表",
    (("序号", 6), ("工作措施", 22), ("具体内容", 60), ("完成时限", 14), ("落实情况及进度、创新做法等", 60)),
    names_people=False,
)
TABLES = {"assignment": ASSIGNMENT, "dispatch": DISPATCH}


def workbook(
    table: Table, measures: Sequence[Measure], monthly: Monthly, charges: Mapping[str, Charge] | None = None
) -> bytes:
    """The table, and on a second sheet every figure of the month."""
    from openpyxl import Workbook  # slow, and needed by few

    book = Workbook()
    first = book.worksheets[0]
    first.title = "工作配档表" if table is ASSIGNMENT else "工作调度表"
    _fill_table(first, table, measures, monthly, charges or {})
    _fill_figures(book.create_sheet("本月数据"), monthly)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill_table(
    sheet: Worksheet, table: Table, measures: Sequence[Measure], monthly: Monthly, charges: Mapping[str, Charge]
) -> None:
    from openpyxl.utils import get_column_letter

    _title(sheet, f"{table.title}（{monthly.month.words}）", len(table.columns))
    _write(sheet, 3, [head for head, _ in table.columns], is_head=True)
    for row, measure in enumerate(measures, start=4):
        people = astuple(charges.get(measure.number, Charge())) if table.names_people else ()
        names = [name or NO_DATA for name in people]
        done = monthly.done(measure.number)
        _write(sheet, row, [measure.number, measure.name, measure.content, measure.limit, *names, done])
    for column, (_, width) in enumerate(table.columns, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "C4"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "3:3"


def _fill_figures(sheet: Worksheet, monthly: Monthly) -> None:
    _title(sheet, f"{monthly.month.words}本系统数据", 3)
    _write(sheet, 3, ["类别", "项目", "数量"], is_head=True)
    for row, values in enumerate(monthly.rows, start=4):
        _write(sheet, row, list(values))
    for column, width in (("A", 10), ("B", 36), ("C", 16)):
        sheet.column_dimensions[column].width = width


def _title(sheet: Worksheet, title: str, columns: int) -> None:
    from openpyxl.styles import Alignment, Font

    for row, words, size in ((1, title, 16), (2, _SOURCE, 11)):
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=columns)
        cell = sheet.cell(row, 1, words)
        cell.font = Font(size=size, bold=row == 1)
        cell.alignment = Alignment(horizontal="center" if row == 1 else "left", vertical="center")


def _write(sheet: Worksheet, row: int, values: Sequence[str | int | float], *, is_head: bool = False) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    line = Side(style="thin", color="808080")
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(row, column, value)
        if isinstance(value, str):
            cell.data_type = "s"  # text that begins with "=" stays text
        cell.border = Border(line, line, line, line)
        cell.alignment = Alignment(wrap_text=True, vertical="top" if not is_head else "center")
        if is_head:
            cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DCECF1")
