"""Makes paragraphs of what was read from a file, without the line breaks, hyphens and spaces of the printed page.

What comes in are `Block`s (`knowledge.documents.reading.block`): whole paragraphs, table rows, page numbers and page
heads, or single lines that end at the right margin, as in text that was taken out of a PDF. Such lines are joined: two
belong together when the first is about as long as the longest ones, ends in the middle of a sentence, and the second
does not begin with a number, a heading or the like.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from knowledge.documents.reading.block import Block, BlockKind

_FULL_WIDTH = 28
"""Characters in a line of an official document (GB/T 9704). Longer lines come from unwrapped text."""
_SLACK = 4
"""A full line may be this much shorter: the indent of a first line, punctuation that may not begin a line."""
_FULL_LINES = 0.2
"""Part of the lines that must be full for a text to count as wrapped."""
_HEADING_WIDTH = 34
"""An unpunctuated numbered line below this is a heading, where text is not wrapped."""
_WIDEST_PAGE = 45
"""Lines of a wrapped text are not longer than this, in Chinese characters."""

_SPACE = re.compile(r"(\s+)")
_FEWEST_COLUMNS = 3
"""Of a table whose columns only spaces keep apart: 序号 and one more may be a line of text."""

_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff\x00]")
_STRAY_SPACE = re.compile(r"(?<![0-9A-Za-z])\s+|\s+(?![0-9A-Za-z])")
_CUT_NUMBER = re.compile(r"(?<=[\d.,])[ \t]*\n[ \t]*(?=[\d.,%％])")
"""A number that the end of a line cuts in two."""
_SPACED = re.compile(
    r"(?<![\d.])\d(?:\s\d)+(?=\s?(?:年|月|日|号|元|万|%|％|个|项|条|岁|天|人|次|种|〕))|(?<![\d.])\d(?:\s\d){3,}(?!\d)"
)
"""2 0 2 6年: a number set wide, or digits printed one by one."""
_ENDS = re.compile(r"[。：:；;！？!?](?:[”’」』）)\"']*|[（(][^（）()]{1,60}[）)])$|[.…·]{2,}\s*\d{1,3}$")
_LATIN_HYPHEN = re.compile(r"(?<=[A-Za-z])-$")
_BEGINS = re.compile(
    r"[-•·]?\s*(?:[一二三四五六七八九十百]+、|[（(][一二三四五六七八九十百]+[）)]|\d{1,2}[、.．](?!\d)|[（(]\d{1,2}[）)]"
    r"|第[一二三四五六七八九十百零\d]+[条章节]|附\s*件\s*[\d一二三四五六]*\s*(?:[：:]|$)|抄\s*送\s*[：:]|[（(](?:此件|完成时限)|完成时限|序\s*号"
    r"|(?:联系人|联系电话|电话|传真|电子邮箱|报送[\u4e00-\u9fff]{2}|填报单位[（）盖章]*|主题词|信息公开[\u4e00-\u9fff]{0,4})\s*[：:]"
    r"|\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*(?:印发)?$|(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}$"
    r"|[\u4e00-\u9fff]{2,15}[〔﹝\[]\s*\d{4}\s*[〕﹞\]]\s*\d{1,4}\s*号|[（(]\d{4}年第\d{1,4}号[）)]$"
    r"|[一二〇○零]{2}[一二三四五六七八九〇○零]{2}年.{1,3}月.{1,3}日$)"
)
_CONTACT = re.compile(r"(?:联系人|(?:联系|咨询|监督|举报)?电话|传真|(?:电子|报送)邮箱|邮箱|手机)[：:]")
_NUMBERED = re.compile(r"(?:[一二三四五六七八九十百]+、|[（(][一二三四五六七八九十百]+[）)]|\d{1,2}[、.．](?!\d))")
_TITLE = re.compile(
    r"[^，。；,;]*(?:方案|办法|规定|细则|意见|措施|通知|公告|标准|规范|清单|名单|目录|指南|答复|复函|批复|决定|公报|条例|规则|[^代]表)[）)》]?$"
)
_FILE_HEAD = re.compile(r".{2,30}文件$|.{1,20}〔\d{4}〕\d+号$")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`text` is repaired, `raw` is what the file had. `cells` are set for a table row, whose text joins them.

    `noise` says what a paragraph is that belongs in no clause (页码, 页眉...); empty for all others.
    """

    text: str
    raw: str
    cells: tuple[str, ...] | None = None
    noise: str = ""
    names: bool = False
    """Whether the file itself says that these cells are column names."""


def tidy(text: str) -> str:
    """One line without stray spaces. Spaces stay between Latin words and between numbers, not in 2 0 2 6年."""
    whole = _CUT_NUMBER.sub("", _INVISIBLE.sub("", text)).replace("\u3000", " ").replace("\n", " ")
    plain = _STRAY_SPACE.sub("", whole).strip()
    return _SPACED.sub(lambda match: re.sub(r"\s", "", match.group()), plain)


def paragraphs(blocks: Iterable[Block]) -> list[Paragraph]:
    """All text of the blocks, in order; blank ones dropped."""
    out: list[Paragraph] = []
    lines: list[str] = []
    for block in blocks:
        if block.kind is BlockKind.LINE:
            lines.append(block.text)
            continue
        out += _join(lines)
        lines = []
        out += _whole(block)
    return out + list(_join(lines))


def _whole(block: Block) -> list[Paragraph]:
    if block.kind is BlockKind.ROW:
        cells = tuple("".join(tidy(line) for line in cell.splitlines()) for cell in block.cells)
        raw = "\t".join(block.cells)
        text = "\n".join(cell for cell in cells if cell)
        return [Paragraph(text, raw, cells, names=block.names)] if any(cells) else []
    text = tidy(block.text)
    return [Paragraph(text, block.text, noise=block.noise)] if text else []


def _join(lines: list[str]) -> Iterator[Paragraph]:
    """Join bare lines. A line with tabs is a table row; behind a table heading without tabs, nothing is joined."""
    lines = list(_with_tabs(lines))
    margin = _Margin.of(lines)
    raws: list[str] = []
    in_table = False
    for line in lines:
        if not tidy(line):
            continue
        if raws and (in_table or not margin.goes_on(raws, line)):
            yield _joined(raws)
            raws = []
        if "\t" in line:
            cells = tuple(tidy(cell) for cell in line.split("\t"))
            yield Paragraph("\n".join(cell for cell in cells if cell), line, cells)
            continue
        in_table = re.match(r"\s*序\s*号(?!\s*[0-9])", line) is not None or (
            in_table and re.match(r"\s*附\s*件", line) is None
        )
        raws.append(line)
    if raws:
        yield _joined(raws)


def _with_tabs(lines: list[str]) -> Iterator[str]:
    """Tables whose columns are kept apart by wide spaces, as text copied from a page has them: tabs between the cells
    of a heading with a number (序号　人群　标准) and of the lines under it that have as many."""
    columns = 0
    for line in lines:
        cells = _cells(line)
        if len(cells) >= _FEWEST_COLUMNS and re.match(r"序\s*号$", cells[0]):
            columns = len(cells)
        elif len(cells) != columns:
            columns = 0
        yield "\t".join(cells) if columns else line


def _cells(line: str) -> list[str]:
    """What stands between wide spaces: a tab, a full-width one, or several."""
    cells = [""]
    for piece in _SPACE.split(line.strip()):
        if piece.isspace() and (len(piece) > 1 or piece in "\t\u3000"):
            cells.append("")
        else:
            cells[-1] += piece
    return cells


def _joined(raws: list[str]) -> Paragraph:
    return Paragraph(tidy("".join(_LATIN_HYPHEN.sub("", line) for line in raws[:-1]) + raws[-1]), "\n".join(raws))


@dataclass(frozen=True, slots=True)
class _Margin:
    """Where lines end: `full` characters, cut by the page when `wrapped`, else only where a page ended."""

    full: float
    wrapped: bool

    @classmethod
    def of(cls, lines: list[str]) -> _Margin:
        widths = sorted(_width(tidy(line)) for line in lines if tidy(line) and "\t" not in line)
        usual = widths[int(len(widths) * 0.9)] if widths else 0
        full = sum(width >= usual - _SLACK for width in widths)
        wrapped = usual <= _WIDEST_PAGE and full > len(widths) * _FULL_LINES
        return cls(usual, True) if wrapped else cls(_FULL_WIDTH, False)

    def goes_on(self, raws: list[str], next_line: str) -> bool:
        """Whether the paragraph of these lines goes on in the next line."""
        last = tidy(raws[-1])
        if _CONTACT.match(tidy(raws[0])):
            return False
        if "\t" in next_line or _BEGINS.match(next_line.strip()) or _ENDS.search(last):
            return False
        if not self.wrapped and last.endswith(("）", ")")):
            return False
        if len(raws) == 1 and (_TITLE.fullmatch(last) or _FILE_HEAD.fullmatch(last)):
            return False
        if len(raws) == 1 and _NUMBERED.match(last) and "。" not in last:
            return _width(last) >= (self.full - 1 if self.wrapped else _HEADING_WIDTH)
        return _width(last) >= self.full - _SLACK


def _width(text: str) -> float:
    return sum(0.5 if character.isascii() else 1 for character in text)
