"""Tables, people and contact lines of one part: told apart from running text.

A list of services (事项清单) stays one clause, its rows mean little alone. Of other tables every row is a clause.
Empty forms, heading rows and the names and mobile numbers of officials are registered as non-clause text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from knowledge.documents import columns, head
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
_HEADER = re.compile(r"序\s*号\s*(?![\s0-9])\S")
_FORM_CELLS = 0.4
"""Part of a table's cells that is empty in a form to fill in."""
_SHEET = re.compile(r"(\d{1,2}-\d{1,2})(?=[\u4e00-\u9fff])")


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its lines (two where a page cut it), and the heading row of its group, "" for none."""

    lines: tuple[Line, ...]
    group: str = ""

    @property
    def cells(self) -> columns.Cells | None:
        """The texts of its columns, or None for a table printed as bare lines."""
        first = self.lines[0].paragraph.cells
        if first is None or len(self.lines) == 1:
            return first
        every = [line.paragraph.cells or () for line in self.lines]
        return tuple("".join(cells[at] for cells in every if at < len(cells)) for at in range(max(map(len, every))))


@dataclass(frozen=True, slots=True)
class Table:
    """`caption` are title lines above it, `heads` the rows with the column `names`; `groups` heading rows among `rows`.

    `unit` is what the table says of all its amounts (单位：元).
    """

    caption: tuple[Line, ...]
    heads: tuple[Line, ...]
    rows: tuple[Row, ...]
    names: columns.Cells = ()
    groups: tuple[Line, ...] = ()
    unit: str = ""


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
    """The tables that stand one below the other in these lines, without their empty rows."""
    if lines[0].paragraph.cells is None:
        return _bare_table(caption, lines, drop)
    tables: list[Table] = []
    for some in _separate(lines):
        tables += _one_table(caption if not tables else [], some, drop)
    return tables


def _bare_table(caption: list[Line], lines: Sequence[Line], drop: Drop) -> list[Table]:
    header, *rows = _bare_rows(lines)
    kept = []
    for row in rows:
        if row[0].text == header[0].text:
            drop(row[0].order, row[0].text, "换页重复的表头")
        elif all(re.fullmatch(r"\d*", line.text) for line in row):
            drop(row[0].order, row[0].text, "空白表格")
        else:
            kept.append(Row(tuple(row)))
    if kept:
        return [Table(tuple(caption), (header[0],), tuple(kept))]
    for line in [*caption, header[0]]:
        drop(line.order, line.text, "空白表格")
    return []


def _separate(lines: Sequence[Line]) -> list[Sequence[Line]]:
    """Cut where names are marked again behind rows, or where another number of columns begins with a row of names."""
    starts = [0]
    for at in range(1, len(lines)):
        cells, above = lines[at].paragraph.cells or (), lines[at - 1].paragraph
        marked = lines[at].paragraph.names and not above.names and cells != (lines[starts[-1]].paragraph.cells or ())
        wide = [
            len(line.paragraph.cells or ()) for line in lines[starts[-1] : at] if len(line.paragraph.cells or ()) > 1
        ]
        other = len(cells) > 1 and bool(wide) and len(cells) != wide[-1]
        if (marked and wide) or (
            other and columns.heads([one.paragraph.cells or () for one in lines[at : at + 30]], [False])
        ):
            starts.append(at)
    return [lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]


def _one_table(caption: list[Line], lines: Sequence[Line], drop: Drop) -> list[Table]:
    rest = list(lines)
    top: list[Line] = []
    while rest and len(rest[0].paragraph.cells or ()) == 1 and any(len(one.paragraph.cells or ()) > 1 for one in rest):
        top.append(rest.pop(0))
    cells = [line.paragraph.cells or () for line in rest]
    count = columns.heads(cells, [line.paragraph.names for line in rest])
    head_rows = rest[:count]
    groups: list[Line] = []
    kept: list[Row] = []
    group = ""
    for row in _rows(_filled_down(rest[count:], cells[:count])):
        first = row[0].paragraph.cells or ()
        if first in [line.paragraph.cells for line in head_rows]:
            drop(row[0].order, row[0].text, "换页重复的表头")
        elif all(re.fullmatch(r"\d*", line.text) for line in row):
            drop(row[0].order, row[0].text, "空白表格")
        elif len(first) == 1 and count and not columns.is_note(row[0].text):
            group = row[0].text
            groups.append(row[0])
        else:
            kept.append(Row(tuple(row), group if len(first) > 1 else ""))
    if not kept or _is_form(kept):
        for line in [*caption, *top, *head_rows, *groups, *(line for row in kept for line in row.lines)]:
            drop(line.order, line.text, "表格填报栏" if kept else "空白表格")
        return []
    units = [columns.UNIT.search(line.text) for line in [*caption, *top]]
    unit = next((match.group(1) for match in units if match), "")
    names = columns.names([line.paragraph.cells or () for line in head_rows])
    return [Table((*caption, *top), tuple(head_rows), tuple(kept), names, tuple(groups), unit)]


def _is_form(rows: Sequence[Row]) -> bool:
    """A form to fill in: many of its cells are empty, and none says an amount."""
    cells = [cell for row in rows for cell in row.cells or ()]
    empty = sum(not cell.strip("□☑√ ") for cell in cells)
    return empty > _FORM_CELLS * len(cells) and not any(
        columns.is_value(cell) or "。" in cell for cell in cells if cell
    )


def _filled_down(lines: Sequence[Line], heads: Sequence[columns.Cells]) -> list[Line]:
    """First cells left empty below a filled one, in place of merging: the text above holds for them.

    Not in a numbered table, where such a row goes on from the one above, cut by a page.
    """
    out: list[Line] = []
    above: columns.Cells = ()
    for line in lines:
        cells = line.paragraph.cells or ()
        empty = next((at for at, cell in enumerate(cells) if cell), 0)
        if not (heads and empty and len(above) == len(cells) and not re.fullmatch(r"\d{1,3}[.、]?", above[0])):
            out.append(line)
            above = above if cells in heads else cells  # names repeated on a new page
            continue
        full = (*above[:empty], *cells[empty:])
        text = "\n".join(cell for cell in full if cell)
        out.append(Line(line.order, replace(line.paragraph, text=text, raw="\t".join(full), cells=full)))
        above = full
    return out


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


def printed(row: Row) -> str:
    """The text of a row as it is printed: its cells, one below the other; of a bare row, its number and the rest."""
    if row.cells is not None:
        return "\n".join(line.text for line in row.lines)
    return "\n".join(filter(None, [row.lines[0].text, tidy("".join(line.text for line in row.lines[1:]))]))


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
