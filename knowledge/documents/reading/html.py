"""HTML: the text a visitor sees, block by block. Nothing in it is run, and nothing it points to is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html
from lxml.etree import ParserError

from knowledge.documents.reading import web_page
from knowledge.documents.reading.block import Block, BlockKind, Reading, split_at_breaks
from knowledge.documents.reading.grid import Cell, fill
from knowledge.documents.reading.text import decode
from knowledge.documents.reading.word.main_part import HIDDEN
from knowledge.documents.reading.word.number_formats import shown
from knowledge.documents.refusals import BrokenFile

_UNSEEN = {
    *("head", "style", "script", "template", "noscript", "svg", "canvas", "audio", "video", "select", "button"),
    *("textarea", "del", "s", "strike", "rt", "rp", "option", "datalist", "dialog"),
}
"""`rt` is the reading printed above a character; `del` and `s` are struck out."""
_ACTIVE = {"script", "iframe", "object", "embed", "applet", "link", "form"}
_INLINE = {
    *("a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "dfn", "em", "font", "i", "img", "ins", "rb"),
    *("kbd", "label", "mark", "q", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "ruby"),
    *("var", "wbr", "input", "o:p", "st1:chsdate"),
}
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([A-Za-z0-9_-]{3,20})", re.IGNORECASE)
_HANDLER = re.compile(r"on[a-z]+", re.IGNORECASE)
_STRUCK = re.compile(r"text-decoration[^;]*line-through", re.IGNORECASE)
_LIST_FORMATS = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_LIST_STYLES = {
    "cjk-ideographic": "chineseCounting",
    "simp-chinese-informal": "chineseCounting",
    "simp-chinese-formal": "chineseLegalSimplified",
    "lower-alpha": "lowerLetter",
    "upper-alpha": "upperLetter",
    "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman",
}
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:[^;]*?\b(none|disc|circle|square|[a-z]+-[a-z-]+)", re.IGNORECASE)
_LONG_CELL = 150
"""A cell with more characters than this, in several paragraphs, is no table cell but a place on the page."""
_LEAST_DATA_ROWS = 2
_MOST_INNER = 200
"""Characters of tables in the cells of a table that is one itself; more make it a frame around them."""
_BREAK = "\0"


def read(data: bytes) -> Reading:
    """Raises BrokenFile for what is no HTML."""
    try:
        tree = html.document_fromstring(_decode(data), parser=html.HTMLParser(no_network=True, remove_comments=True))
    except (ParserError, ValueError) as error:
        raise BrokenFile("html") from error
    notes = _notes(tree)
    page = web_page.Page.of(tree)
    blocks = [block for block in _blocks(tree, page) if block.text.strip() or any(block.cells)]
    return Reading(page.arrange(blocks), notes + page.notes)


def _decode(data: bytes) -> str:
    """By the page's own word for its encoding, when it is one and true; lxml is given text without declarations."""
    declared = _CHARSET.search(data[:4096])
    text = None
    if declared and declared.group(1).lower() in (b"gb2312", b"gbk", b"gb18030"):
        text = _by_its_word(data)
    return re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", decode(data) if text is None else text)


def _by_its_word(data: bytes) -> str | None:
    """As GB 18030, unless the bytes say otherwise: a page saved by a browser is often UTF-8, whatever it declares."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return None
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError:
        return None


def _blocks(tree: html.HtmlElement, page: web_page.Page) -> Iterator[Block]:
    """Paragraphs and table rows in order. Text that stands in no block element belongs to the block around it."""
    pending: list[str] = []
    noise = ""

    def flush() -> Iterator[Block]:
        text = "".join(pending)
        pending.clear()
        for piece in split_at_breaks(text) if text.strip() else ():
            kind = noise or page.beside(piece)
            yield Block(BlockKind.NOISE if kind else BlockKind.PARAGRAPH, piece, noise=kind)

    stack: list[html.HtmlElement | str | tuple[str, str]] = [tree]
    while stack:
        item = stack.pop()
        if isinstance(item, tuple):  # the page's furniture begins or ends here, or its document ends
            yield from flush()
            page.is_below = page.is_below or item[0] == "below"
            noise = item[1]
            continue
        if isinstance(item, str):
            if item == _BREAK:
                yield from flush()
            else:
                pending.append(item)
            continue
        tag = item.tag.lower() if isinstance(item.tag, str) else ""
        rest: list[html.HtmlElement | str | tuple[str, str]] = []
        if tag == "table" and not _is_hidden(item) and not _is_layout(item):
            yield from flush()
            yield from page.table(item, list(_rows(item, page)), noise)
        elif tag == "br":
            pending.append("\n")
        elif tag and tag not in _UNSEEN and not _is_hidden(item):
            edge = [_BREAK] if tag not in _INLINE else []
            kind = "" if noise else page.furniture(item)
            rest = [*edge, _before(item, tag, page), *item, *edge]
            if kind:
                rest = [("noise", kind), *rest, ("noise", "")]
            if page.ends_with(item):
                rest.append(("below", noise))
        if item.tail and item is not tree:
            rest.append(_one_line(item.tail))
        stack += reversed(rest)
    yield from flush()


def _before(item: html.HtmlElement, tag: str, page: web_page.Page) -> str:
    """The text before the first child, with the number that a list shows, or the sign of a power."""
    text = _one_line(item.text or "")
    if tag == "li":
        return _number(item, page) + text.lstrip()
    if tag == "sup":
        return _raised(item, text)
    return item.text or "" if tag == "pre" else text


def _raised(item: html.HtmlElement, text: str) -> str:
    """10<sup>4</sup> is a power; a number behind anything else is the mark of a footnote."""
    if (item.tail or "").lstrip().startswith(("⁄", "/")):  # 1⁄2 set as a fraction
        return text
    before = (item.getprevious().tail if item.getprevious() is not None else item.getparent().text) or ""
    if re.search(r"[0-9A-Za-z)）]\s*$", before) and text.strip().isdecimal():
        return text.strip().translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    if re.fullmatch(r"\s*[\[(（]?\d{1,2}[\])）]?\s*", "".join(item.itertext())):
        for child in list(item):
            child.drop_tree()
        return ""
    return text


def _number(item: html.HtmlElement, page: web_page.Page) -> str:
    """The number a browser shows before an item of an ordered list."""
    above = item.getparent()
    if above is None or above.tag != "ol":
        return ""
    style = _LIST_STYLE.search(f"{above.get('style', '')};{item.get('style', '')}")
    name = style.group(1).lower() if style else ""
    if name in ("none", "disc", "circle", "square"):
        return ""
    start = int(above.get("start", "1")) if re.fullmatch(r"\d{1,3}", above.get("start", "1")) else 1
    value = item.get("value", "")
    count = int(value) if re.fullmatch(r"\d{1,3}", value) else page.counts.get(above, start - 1) + 1
    page.counts[above] = count
    form = _LIST_STYLES.get(name) or _LIST_FORMATS.get(above.get("type", ""), "decimal")
    return shown(count, form) + ("、" if form.startswith("chinese") else ".")


def _is_hidden(item: html.HtmlElement) -> bool:
    style = item.get("style", "")
    if style and (HIDDEN.search(style) or _STRUCK.search(style)):
        return True
    return "hidden" in item.attrib or item.get("type", "").lower() == "hidden"


def _is_layout(table: html.HtmlElement) -> bool:
    """A table that only places things on the page: others in it, one column, or a cell with a whole text."""
    rows = _own_rows(table)
    inner = sum(len("".join(one.itertext()).strip()) for one in table.iterdescendants("table"))
    if inner:
        several = sum(sum(bool("".join(cell.itertext()).strip()) for cell in _cells(row)) > 1 for row in rows)
        return several < _LEAST_DATA_ROWS or inner > _MOST_INNER
    if all(len(_cells(row)) < 2 for row in rows):
        return True
    for row in rows:
        for cell in _cells(row):
            breaks = sum(1 for _ in cell.iter("p", "br", "div", "h1", "h2", "h3"))
            if breaks > 3 and len("".join(cell.itertext())) > _LONG_CELL and len(rows) < 4:
                return True
    return False


def _own_rows(table: html.HtmlElement) -> list[html.HtmlElement]:
    """Its rows, without those of tables in its cells."""
    return [row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table]


def _cells(row: html.HtmlElement) -> list[html.HtmlElement]:
    return [cell for cell in row if cell.tag in ("td", "th")]


def _rows(table: html.HtmlElement, page: web_page.Page) -> Iterator[Block]:
    caption = next(table.iterchildren("caption"), None)
    if caption is not None and not _is_hidden(caption) and _text(caption, page):
        yield Block(BlockKind.ROW, cells=(_text(caption, page),))
    rows = [row for row in _own_rows(table) if not _is_hidden(row) and _cells(row)]
    filled = fill(
        [Cell(_text(cell, page), _span(cell, "colspan"), _span(cell, "rowspan")) for cell in _cells(row)]
        for row in rows
    )
    for row, texts in zip(rows, filled, strict=True):
        names = row.getparent().tag == "thead" or all(cell.tag == "th" for cell in _cells(row))
        yield Block(BlockKind.ROW, cells=texts, names=names and len(_cells(row)) > 1)


def _span(cell: html.HtmlElement, name: str) -> int:
    value = cell.get(name, "1").strip()
    return max(1, int(value)) if value.isdecimal() and len(value) < 5 else 1


def _text(cell: html.HtmlElement, page: web_page.Page) -> str:
    """The text of a table cell, one line per paragraph in it."""
    tail, cell.tail = cell.tail, None
    blocks = list(_blocks(cell, page))
    cell.tail = tail
    return "\n".join(block.text or f"{' '.join(block.cells)}；" for block in blocks).strip().rstrip("；")


def _one_line(text: str) -> str:
    """Line breaks in the source of a page mean nothing; only `br` breaks a line. Wide spaces are indents, and stay."""
    return re.sub(r"[ \t\r\n\f]+", " ", text)


def _notes(tree: html.HtmlElement) -> list[str]:
    """What was dropped that could have acted."""
    counts = {tag: sum(1 for _ in tree.iter(tag)) for tag in _ACTIVE}
    handlers = sum(1 for element in tree.iter() for name in element.attrib if _HANDLER.fullmatch(name))
    notes = []
    if counts["script"] or handlers:
        notes.append(f"网页里有脚本 {counts['script'] + handlers} 处，已全部去掉。")
    others = sum(count for tag, count in counts.items() if tag not in ("script", "form", "link"))
    if others:
        notes.append(f"网页里有嵌入内容 {others} 处，没有读取。")
    if sum(1 for _ in tree.iter("img")):
        notes.append("网页里有图片，图片中的文字没有读取。")
    return notes
