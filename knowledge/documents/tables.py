"""Tables, people and contact lines of one part: told apart from running text.

A list of services (事项清单) stays one clause, its rows mean little alone. Of other tables every row is a clause.
Empty forms, heading rows and the names and mobile numbers of officials are registered as non-clause text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge.documents import head
from knowledge.documents.lines import Paragraph, tidy
from knowledge.documents.parts import Line, Part

Drop = Callable[[tuple[int, int], str, str], None]

_FIELD = re.compile(
    r"(联系人|联系电话|咨询电话|监督电话|举报电话|电话|手机|传真|电子邮箱|报送邮箱|邮箱|报送格式|联系方式|地址|邮编)[：:]"
)
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)|〔手机号略〕")
_ROLE = re.compile(r"(?:组长|副组长|成员|主任|副主任|委员|召集人)[：:]")
_SIDE_POSTS = re.compile(r"[，,][^，,。]{2,30}兼任[^。]*。$")
_LONGEST_SIDE_POSTS = 500
_FORM = re.compile(r"(?:[\u4e00-\u9fff（）()]{2,12}[：:]\s*){2,}|填报单位.*|单位[：:]\S{0,4}元?")
_HEADER = re.compile(r"序\s*号\s*\S")
_SHEET = re.compile(r"(\d{1,2}-\d{1,2})(?=[\u4e00-\u9fff])")


@dataclass(frozen=True, slots=True)
class Table:
    """`caption` are title lines above it. Rows are lines whose text joins the cells; `header` its first row."""

    caption: tuple[Line, ...]
    header: Line | None
    rows: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True)
class Content:
    """A part taken apart: running text, contact texts (each with where it stands) and tables, each in order."""

    text: list[Line]
    contacts: list[Line]
    tables: list[Table]


def sort(part: Part, drop: Drop) -> Content:
    """Take a part apart. `drop` is told every text that belongs in no clause."""
    text: list[Line] = []
    contacts: list[Line] = []
    tables: list[Table] = []
    at = 0
    lines = _without_sheet_numbers(part.lines, drop)
    while at < len(lines):
        line = lines[at]
        if line.paragraph.cells is not None or _HEADER.match(line.text):
            end = _end_of_table(lines, at)
            tables += _table(_take_caption(text, part), lines[at:end], drop)
            at = end
            continue
        at += 1
        if _FIELD.match(line.text) and len(line.text) <= 150 and "。" not in line.text:
            contacts += _contact(line, drop)
        elif _FORM.fullmatch(line.text):
            drop(line.order, line.text, "表格填报栏")
        elif "名单" in part.title and "。" not in line.text:
            drop(line.order, line.text, "人员名单")
        else:
            text.append(_without_posts(line, drop))
    return Content(text, contacts, tables)


def _contact(line: Line, drop: Drop) -> list[Line]:
    """Offices' numbers and addresses. Names and mobile numbers of persons are dropped: they are never to be said."""
    kept: list[str] = []
    starts = [match.start() for match in _FIELD.finditer(line.text)] + [len(line.text)]
    for n, (start, end) in enumerate(zip(starts, starts[1:], strict=False)):
        value = line.text[start:end].strip()
        if value.startswith("联系人"):
            drop((line.order[0], n), value, "联系人姓名")
            continue
        for mobile in _MOBILE.findall(value):
            drop((line.order[0], n), mobile, "手机号")
        value = _MOBILE.sub("", value).strip()
        if re.search(r"[：:].", value):
            kept.append(value)
        elif value:
            drop((line.order[0], n), value, "空白联系栏")
    return [Line((line.order[0], 1), Paragraph("\n".join(kept), line.paragraph.raw))] if kept else []


def _without_posts(line: Line, drop: Drop) -> Line:
    """Cut "，张某兼任办公室主任……。" off: who holds a post is no policy, and is a person's name."""
    match = _SIDE_POSTS.search(line.text) if len(line.text) < _LONGEST_SIDE_POSTS else None
    if match is None:
        return line
    drop((line.order[0], 2), match.group(), "任职人员")
    return Line(line.order, Paragraph(line.text[: match.start()], line.paragraph.raw))


def _without_sheet_numbers(lines: Sequence[Line], drop: Drop) -> list[Line]:
    """Cut "3-3" off a table's title printed in the same line."""
    out = []
    for line in lines:
        match = _SHEET.match(line.text) if line.paragraph.cells is None else None
        if match:
            drop((line.order[0], 0), match.group(1), "附件编号")
            line = Line(line.order, Paragraph(line.text[match.end() :], line.paragraph.raw))
        out.append(line)
    return out


def _take_caption(text: list[Line], part: Part) -> list[Line]:
    """Title lines right above a table, taken from the running text; only attachments have them."""
    caption: list[Line] = []
    while part.prefix and text and head.is_title(text[-1].text) and len(caption) < 2:
        caption.insert(0, text.pop())
    return caption


def _end_of_table(lines: Sequence[Line], at: int) -> int:
    """Rows with cells end where other text begins; a table printed as bare lines goes on to the end of its part."""
    if lines[at].paragraph.cells is None:
        return len(lines)
    end = at
    while end < len(lines) and lines[end].paragraph.cells is not None:
        end += 1
    return end


def _table(caption: list[Line], lines: Sequence[Line], drop: Drop) -> list[Table]:
    rows = _rows(lines) if lines[0].paragraph.cells is not None else _bare_rows(lines)
    header = rows[0][0] if rows and _HEADER.match(rows[0][0].text.replace("\n", "")) else None
    kept = []
    for row in rows[1:] if header else rows:
        if header and row[0].text == header.text:
            drop(row[0].order, row[0].text, "换页重复的表头")
        elif all(re.fullmatch(r"\d*", line.text) for line in row):
            drop(row[0].order, row[0].text, "空白表格")
        else:
            kept.append(tuple(row))
    if not kept:
        for line in [*caption, *([header] if header else [])]:
            drop(line.order, line.text, "空白表格")
        return []
    return [Table(tuple(caption), header, tuple(kept))]


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    """One list per row. A row that begins with empty cells goes on from the row above, cut by a page."""
    rows: list[list[Line]] = []
    for line in lines:
        cells = line.paragraph.cells or ()
        numbered = rows and re.match(r"\d", rows[-1][0].text) is not None
        if numbered and len(cells) > 1 and not cells[0] and sum(map(bool, cells)) < len(cells) - 1:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def row_text(row: Sequence[Line]) -> str:
    """The text of a row: its cells, one below the other; of a bare row, its number and the rest."""
    if row[0].paragraph.cells is not None:
        return "\n".join(line.text for line in row)
    return "\n".join(filter(None, [row[0].text, tidy("".join(line.text for line in row[1:]))]))


def _bare_rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Rows of a table whose cells a PDF reader printed below each other: each begins with the next number.

    A line that repeats the heading stands alone and does not disturb the numbers.
    """
    rows: list[list[Line]] = [[lines[0]]]
    expected = 1
    for line in lines[1:]:
        if line.text == lines[0].text:
            rows.append([line])
        elif line.text == str(expected):
            rows.append([line])
            expected += 1
        elif rows[-1][0].text == lines[0].text:
            rows.append([line])
        else:
            rows[-1].append(line)
    return rows
