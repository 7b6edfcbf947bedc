"""FAQs as a workbook that staff fill in: one row for each answer, the rows of one FAQ below each other. Slow: for a
process of its own.

    data = as_workbook({"faq-1": content}, names)
    rows = read(data, names)          # [Row(2, "faq-1", {...})], or CannotRead
    parse(Kind.FAQ, rows[0].fields)   # == content, but for the gap that it fills

Quotes stand in the column 依据原文, each on lines of its own, after its clause in brackets: 【条款编号】原文. Staff may
leave the clause out: then whoever takes the rows in looks for the text.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from base.errors import ServiceError
from knowledge.authoring.content import FaqContent
from knowledge.documents.reading.spreadsheet import rows
from knowledge.documents.refusals import Refused
from knowledge.models import Role

COLUMNS = (
    ("编号", 16, "新写的空着；要改现有的，编号不要动"),
    ("问题", 26, "必填，一句话"),
    ("群众的问法", 34, "每行一种，至少一种"),
    ("类别", 12, ""),
    ("怎么答", 16, ""),
    ("没有写的是什么", 20, "“文件没有写全”和“不归我们管”才填"),
    ("地区", 10, "一个地区一行；同一个问题的第二个地区写在下一行，编号和问题照抄"),
    ("书面答复", 34, "空着就显示依据的原文"),
    ("电话里怎么说", 34, "“按文件答复”必填"),
    ("接着说", 24, ""),
    ("依据原文", 50, "“按文件答复”必填：条款里的原话，一字不差；几处的，中间空一行。前面的【条款编号】可以不写"),
    ("生效日期", 12, "2026-01-31 这样"),
    ("失效日期", 12, ""),
)
MOST_ROWS = 5_000
MOST_BYTES = 10 * 2**20
_CONTEXT = "补充 "
_MARKED = re.compile(rf"^【({_CONTEXT})?([\w.-]*[.-][\w.-]*)】", re.M)
"""Ids of clauses hold a point or a stroke; 【附件】 in a text is none."""
_FULL_CELL = 32_767
"""Characters: whatever is longer was cut by the program that wrote the file."""
_HEAD_COLOUR = "DCECF1"


class CannotRead(ServiceError):
    """It is no such workbook."""

    code = "faq_sheet"
    retryable = False


@dataclass(frozen=True, slots=True)
class Names:
    """What staff read for codes: group, kind and place → label."""

    groups: Mapping[str, str]
    kinds: Mapping[str, str]
    places: Mapping[str, str]


@dataclass(slots=True)
class Row:
    """One FAQ of the sheet. `number`: of its first row; `fields`: for `content.parse`, quotes perhaps without their
    clause; `wrong`: what could not be read."""

    number: int
    id: str
    fields: dict[str, Any]
    wrong: list[str] = field(default_factory=list)


def as_workbook(faqs: Mapping[str, FaqContent], names: Names) -> bytes:
    """Id → content. A second sheet says how to fill it in, and which words the columns take."""
    from openpyxl import Workbook  # slow, and needed by few
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "问答"
    sheet.append([name for name, _, _ in COLUMNS])
    for id, content in faqs.items():
        for row in _rows(id, content, names):
            sheet.append([ILLEGAL_CHARACTERS_RE.sub("", text) for text in row])
    for line in sheet.iter_rows(min_row=2):
        for cell in line:
            if isinstance(cell, Cell) and isinstance(cell.value, str):
                cell.data_type = "s"  # text that begins with "=" stays text
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for column, (_, width, _) in enumerate(COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
        head = sheet.cell(1, column)
        head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor=_HEAD_COLOUR)
    sheet.freeze_panes = "C2"
    told = book.create_sheet("填写说明")
    for name, _, hint in COLUMNS:
        told.append([name, hint])
    told.append(["类别可以写", "、".join(names.groups.values())])
    told.append(["怎么答可以写", "、".join(names.kinds.values())])
    told.append(["地区可以写", "、".join(names.places.values())])
    told.column_dimensions["A"].width, told.column_dimensions["B"].width = 18, 90
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(data: bytes, names: Names) -> list[Row]:
    """Raises CannotRead."""
    lines = _lines(data)
    heads = next(lines, ())
    wanted = {name: heads.index(name) for name, _, _ in COLUMNS if name in heads}
    missing = [name for name in ("问题", "群众的问法") if name not in wanted]
    if missing:
        words = "、".join(f"“{name}”" for name in missing)
        raise CannotRead(citizen_text=f"第一行里没有{words}这一列。请先下载模板，照着它的列填。")
    found: list[Row] = []
    for number, line in enumerate(lines, start=2):
        if number > MOST_ROWS + 1:
            raise CannotRead(citizen_text=f"一次最多 {MOST_ROWS} 行，请分成几个文件。")
        cells = {name: line[at] if at < len(line) else "" for name, at in wanted.items()}
        if any(cells.values()):
            _take(found, number, cells, names)
    if not found:
        raise CannotRead(citizen_text="表里没有填写任何问答。")
    return found


def _rows(id: str, content: FaqContent, names: Names) -> Iterable[list[str]]:
    first = [
        "\n".join(content.wordings),
        names.groups.get(content.group, content.group),
        names.kinds[content.kind],
        content.missing,
    ]
    if not content.answers:
        yield [id, content.title, *first]
    for number, answer in enumerate(content.answers):
        quotes = "\n\n".join(
            f"【{_CONTEXT if quote.role is Role.CONTEXT else ''}{quote.clause}】{quote.text}" for quote in answer.quotes
        )
        yield [
            id,
            content.title,
            *(first if number == 0 else [""] * len(first)),
            names.places.get(answer.jurisdiction, answer.jurisdiction),
            answer.written,
            answer.spoken,
            answer.more_spoken,
            quotes,
            answer.valid_from.isoformat() if answer.valid_from else "",
            answer.valid_until.isoformat() if answer.valid_until else "",
        ]


def _lines(data: bytes) -> Iterator[tuple[str, ...]]:
    try:
        yield from rows(data, "问答")
    except Refused as error:
        words = "打不开这个文件。请用 Excel 或 WPS 表格另存为 xlsx 格式，再上传。"
        raise CannotRead(error.code, citizen_text=words) from error


def _take(found: list[Row], number: int, cells: Mapping[str, str], names: Names) -> None:
    """One more row: of the FAQ above it, or of a new one."""
    id, title = cells.get("编号", ""), cells.get("问题", "")
    before = found[-1] if found else None
    if before is None or not _goes_on(before, id, title, cells):
        before = Row(number, id, _head(cells, title))
        found.append(before)
        before.fields["group"] = _code(before, "类别", cells, names.groups, "staff")
        before.fields["kind"] = _code(before, "怎么答", cells, names.kinds, "answer")
    else:
        before.fields["wordings"] += _wordings(cells)
    for name, text in cells.items():
        if len(text) >= _FULL_CELL:
            before.wrong.append(f"“{name}”这一格太长，表格装不下，请在页面上改")
    if any(cells.get(name) for name in ("书面答复", "电话里怎么说", "接着说", "依据原文")):
        before.fields["answers"].append(_answer(before, cells, names))


def _goes_on(before: Row, id: str, title: str, cells: Mapping[str, str]) -> bool:
    """Whether a row is one more answer of the FAQ above it: it names the same, or nothing at all."""
    if not id and not title:
        return not _wordings(cells)
    return id in ("", before.id) and title in ("", before.fields["title"])


def _wordings(cells: Mapping[str, str]) -> list[str]:
    return [line for line in cells.get("群众的问法", "").splitlines() if line.strip()]


def _head(cells: Mapping[str, str], title: str) -> dict[str, Any]:
    return {
        "title": title,
        "wordings": _wordings(cells),
        "missing": cells.get("没有写的是什么", ""),
        "answers": [],
    }


def _answer(row: Row, cells: Mapping[str, str], names: Names) -> dict[str, Any]:
    return {
        "jurisdiction": _code(row, "地区", cells, names.places, ""),
        "written": cells.get("书面答复", ""),
        "spoken": cells.get("电话里怎么说", ""),
        "more_spoken": cells.get("接着说", ""),
        "quotes": _quotes(cells.get("依据原文", "")),
        "valid_from": cells.get("生效日期") or None,
        "valid_until": cells.get("失效日期") or None,
    }


def _code(row: Row, column: str, cells: Mapping[str, str], labels: Mapping[str, str], otherwise: str) -> str:
    """The code of a label; `otherwise` where the cell is empty."""
    said = cells.get(column, "")
    if not said:
        return otherwise
    found = next((code for code, label in labels.items() if said in (label, code)), None)
    if found is None:
        row.wrong.append(f"{column}“{said[:20]}”不认识，可以写：{'、'.join(list(labels.values())[:12])}")
    return found or otherwise


def _quotes(text: str) -> list[dict[str, Any]]:
    marks = list(_MARKED.finditer(text))
    if not marks:
        return [{"clause": "", "text": part.strip()} for part in re.split(r"\n\s*\n", text) if part.strip()]
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    found = [
        {
            "clause": mark[2],
            "text": text[mark.end() : end].strip(),
            "role": Role.CONTEXT.value if mark[1] else Role.LEAD.value,
        }
        for mark, end in zip(marks, ends, strict=True)
    ]
    ahead = text[: marks[0].start()].strip()
    return ([{"clause": "", "text": ahead}] if ahead else []) + found
