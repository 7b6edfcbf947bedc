"""The column names of a table, and what a row says with them: a row that stands alone still says for whom and what.

参保类型 | 起付标准          参保类型：居民医保，起付标准（一级）：200元，起付标准（二级）：400元。
         | 一级  | 二级   ->
居民医保 | 200元 | 400元
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_LONGEST_NAME = 30
_LONGEST_OF_TWO = 10
_MOST_HEADS = 3
_UNITS = r"%％‰元万亿千百十个月天日年岁周次种项人倍张家级分角小时工作"
_VALUE = re.compile(
    rf"[≤≥<>＜＞约不超过低于高]*[-－—]?\d[\d,，.]*\s*[{_UNITS}/／·—–\-~～至到以上下内含（）()\d.,，\s]*|[-—–/／√×无]|\d[\d\-—－()（）\s]{{4,}}"
)
"""A cell that is nothing but an amount, a date, a phone number or a sign."""
_NOUNS = re.compile(
    r"(?:序号|编号|编码|代码|项目|名称|类型|类别|种类|级别|等级|标准|比例|限额|金额|额度|内容|事项|时限|时间|期限|日期|单位|部门|机构|科室|电话|地址|地点|备注|说明|条件|材料|流程|方式"
    r"|范围|对象|人群|人员|病种|待遇|档次|年龄|线|费用|价格|用法|剂型|规格|姓名|性别|职务|措施|要求|依据|渠道|步骤|情形|政策|医院|医疗机构|险种|数量|合计|县区|地区|指标|负责人|责任人|联系人)"
    r"(?:[（(].{1,15}[）)])?"
)
_NUMBER_NAME = re.compile(r"(?:序|编)号|NO\.?|№", re.IGNORECASE)
_NOTE = re.compile(r"(?:注|备注|说明|填表说明|注意)\s*[：:\d]")
UNIT = re.compile(r"[（(]?(?:金额)?单位[：:]\s*([\u4e00-\u9fff%/]{1,8})[）)]?")

_ENDED = re.compile(r"[。！？；;][”’」』）)]*$")
_BREAKS = re.compile(r"(?<=[。！？])(?=[^”’」』）)])|(?<=[^。；]{10}；)(?=[^。；]{10})")
"""Where a cell goes on after a sentence."""
_SAID_AGAIN = 3
"""Cells left of the first with several sentences, said again with every further one; numbers of rows are not."""

Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A row as it is said: its number set aside, its text with the column names, and what it is about."""

    number: str
    text: str
    heading: str


def heads(rows: Sequence[Cells], marked: Sequence[bool]) -> int:
    """How many of the first rows hold column names. `marked`: the file itself says so of this row."""
    if any(marked[:1]):
        count = next((at for at, one in enumerate(marked) if not one), len(marked))
        return min(count, _MOST_HEADS) if count < len(rows) else 0
    if len(rows) < 2 or len(rows[0]) < 2:
        return 0
    if not (_could_be_names(rows[0]) and _are_names(rows)) and not _measures_others(rows):
        return 0
    count = 1
    while count < min(_MOST_HEADS, len(rows) - 1) and _goes_on(rows[count - 1], rows[count]):
        count += 1
    return count


def names(head_rows: Sequence[Cells]) -> Cells:
    """One name a column: the upper name, the lower ones in brackets behind it."""
    width = max(map(len, head_rows), default=0)
    even = [_spread(row, width) if len(head_rows) > 1 else row for row in head_rows[:-1]] + list(head_rows[-1:])
    out = []
    for column in range(width):
        words = list(dict.fromkeys(row[column] for row in even if column < len(row) and row[column]))
        out.append(words[0] + (f"（{'，'.join(words[1:])}）" if len(words) > 1 else "") if words else "")
    return tuple(out)


def say(cells: Cells, column_names: Cells, group: str = "", unit: str = "") -> Said:
    """A row with its column names; `group` is the heading row above it, `unit` what the table says of all amounts."""
    number = ""
    if column_names and _NUMBER_NAME.fullmatch(column_names[0]) and cells and len(cells) > 1:
        number, cells, column_names = cells[0], ("", *cells[1:]), ("", *column_names[1:])
    if len(cells) == 1:
        return Said("", cells[0] if _ENDED.search(cells[0]) else f"{cells[0]}。", "")
    items = [group] if group else []
    about, again = list(items), list(items)
    long: list[tuple[str, list[str]]] = []
    for text, named in _joined(cells, column_names):
        pieces = _BREAKS.split(text)
        prefix = f"{named}：" if named and named != text else ""
        if len(pieces) > 1:
            long.append((prefix, pieces))
            continue
        items.append(prefix + text)
        if not long and not _NUMBER_NAME.fullmatch(named):
            again.append(items[-1])
        if not is_value(text) and len("".join(about)) + len(text) <= 24 and len(items) - bool(group) <= 3:
            about.append(text)
    if not column_names and len(items) == 2 and len(items[0]) <= 16 and not re.search(r"[：:。]$", items[0]):
        items = ["：".join(items)]
    if unit and re.search(r"\d", "".join(items)):
        items[-1] += f"（单位：{unit}）"
    return Said(number, _sentences(items, long, (again or items)[:_SAID_AGAIN]), " ".join(about))


def _sentences(items: list[str], long: list[tuple[str, list[str]]], again: list[str]) -> str:
    """One sentence; of a cell with several, each with what the row is about, so that none says an amount alone."""
    if not long:
        return _sentence(items)
    out: list[str] = []
    for prefix, pieces in long:
        for at, piece in enumerate(pieces):
            known = again if out else items
            out.append(_sentence([*known, (prefix if not at or known else "") + piece]))
    return "".join(out)


def _sentence(items: list[str]) -> str:
    text = ""
    for item in items:
        text += ("" if not text or _ENDED.search(text) else "，") + item
    return text if _ENDED.search(text) else f"{text}。"


def is_note(text: str) -> bool:
    """A row of one cell that explains the table, rather than naming a group of its rows."""
    return _NOTE.match(text) is not None or "。" in text or len(text) > _LONGEST_NAME


def is_value(cell: str) -> bool:
    return _VALUE.fullmatch(cell.strip()) is not None


def _joined(cells: Cells, column_names: Cells) -> list[tuple[str, str]]:
    """Each text with its name; a cell merged over several columns once, with all their names."""
    out: list[tuple[str, list[str]]] = []
    previous = None
    for at, text in enumerate(cells):
        name = column_names[at] if at < len(column_names) else ""
        if text and text == previous:
            out[-1][1].append(name)
        elif text:
            out.append((text, [name]))
        previous = text
    return [(text, "、".join(dict.fromkeys(filter(None, some)))) for text, some in out]


def _could_be_names(row: Cells, least: int = 2) -> bool:
    """Short words, none of them a value; only the corner may be empty, or what a merged name covers."""
    filled = [cell for cell in row if cell]
    return len(filled) >= least and all(
        len(cell) <= _LONGEST_NAME and not re.search(r"[。；]", cell) and not _VALUE.fullmatch(cell) for cell in filled
    )


def _measures_others(rows: Sequence[Cells]) -> bool:
    """Whether the first row holds years or ranges (2025年, 0-5万元) for amounts of another kind below them."""
    first, body = rows[0], [row for row in rows[1:] if len(row) == len(rows[0])]
    columns = range(1, len(first))
    if not body or not all(first[at] and any(row[at] for row in body) for at in columns) or is_value(first[0]):
        return False
    return all(_kind(first[at]) and _kind(first[at]) not in {_kind(row[at]) for row in body} for at in columns)


def _kind(cell: str) -> str:
    """What an amount counts: its unit; "" for words."""
    if re.fullmatch(r"(?:19|20)\d{2}年?度?", cell):
        return "年度"
    if not re.search(r"\d", cell) or len(cell) > _LONGEST_NAME:
        return ""
    units = re.findall(r"[%％‰]|元|个月|工作日|周岁|岁|天|日|年|月|次|种|项|人|倍", cell)
    return units[-1] if units else "数"


def _are_names(rows: Sequence[Cells]) -> bool:
    """Whether the first row differs from those below as names do from what they name."""
    first = rows[0]
    body = [row for row in rows[1:] if len(row) == len(first)]
    nouns = sum(_NOUNS.search(cell) is not None and _ends_in_noun(cell) for cell in first if cell)
    filled = sum(map(bool, first))
    if _NUMBER_NAME.fullmatch(first[0]) or nouns * 2 >= filled + (filled == 2):
        return True
    if not body:
        return False
    if len(first) == 2 and (len(first[1]) > _LONGEST_OF_TWO or len({_kind(row[1]) for row in body if row[1]}) > 1):
        return False  # a name and its text in every row: 办理地点 | 市政务服务中心
    values = [sum(is_value(row[at]) for row in body) * 2 > len(body) for at in range(len(first))]
    if any(is_values and first[at] for at, is_values in enumerate(values)):
        return not (len(first) == 2 and len(body) < 2)
    lengths = [sum(map(len, row)) / max(1, sum(map(bool, row))) for row in rows]
    return lengths[0] * 1.8 < sum(lengths[1:]) / len(lengths[1:]) and len(first) > 2


def _ends_in_noun(cell: str) -> bool:
    return any(match.end() == len(cell) for match in _NOUNS.finditer(cell))


def _goes_on(above: Cells, row: Cells) -> bool:
    """Whether `row` divides names of the row above: under a name that covers several columns, there are several."""
    if len(above) != len(row) or not _could_be_names(tuple("" if _kind(cell) == "年度" else cell for cell in row), 1):
        return False
    wide = [
        at
        for at in range(1, len(above))
        if above[at] == above[at - 1] != "" or (not above[at] and above[at - 1] and row[at])
    ]
    return any(row[at] != row[at - 1] and row[at] and row[at] != above[at] for at in wide)


def _spread(row: Cells, width: int) -> Cells:
    """A name over empty cells holds for them, too: merged cells that the file did not merge."""
    out = [*row, *[""] * (width - len(row))]
    for at in range(1, width):
        out[at] = out[at] or out[at - 1]
    return tuple(out)
