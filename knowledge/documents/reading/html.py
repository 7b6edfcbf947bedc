"""HTML: the visible text, block by block. Nothing in it is run, and nothing it points to is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html
from lxml.etree import ParserError

from knowledge.documents.reading.block import Block, BlockKind, Reading, split_at_breaks
from knowledge.documents.reading.text import decode
from knowledge.documents.refusals import BrokenFile

_UNSEEN = {"head", "style", "template", "noscript", "svg", "canvas", "audio", "video", "select", "button", "textarea"}
_ACTIVE = {"script", "iframe", "object", "embed", "applet", "link", "form"}
_INLINE = {
    *("a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img", "ins"),
    *("kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u"),
    *("var", "wbr"),
}
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([A-Za-z0-9_-]{3,20})", re.IGNORECASE)
_HANDLER = re.compile(r"on[a-z]+", re.IGNORECASE)


def read(data: bytes) -> Reading:
    """Raises BrokenFile for what is no HTML."""
    try:
        tree = html.document_fromstring(_decode(data), parser=html.HTMLParser(no_network=True, remove_comments=True))
    except (ParserError, ValueError) as error:
        raise BrokenFile("html") from error
    return Reading([block for block in _blocks(tree) if block.text or block.cells], _notes(tree))


def _decode(data: bytes) -> str:
    """By the page's own word for its encoding, when it is one and true; lxml is given text without declarations."""
    declared = _CHARSET.search(data[:4096])
    if declared and declared.group(1).lower() in (b"gb2312", b"gbk", b"gb18030"):
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError as error:
            raise BrokenFile("html encoding") from error
    else:
        text = decode(data)
    return re.sub(r"^\s*<\?xml[^>]{0,200}\?>", "", text)


def _blocks(tree: html.HtmlElement) -> Iterator[Block]:
    """Paragraphs and table rows in order. Text that stands in no block element belongs to the block around it."""
    pending: list[str] = []

    def flush() -> Iterator[Block]:
        text = "".join(pending)
        pending.clear()
        if text.strip():
            yield from (Block(BlockKind.PARAGRAPH, piece) for piece in split_at_breaks(text))

    stack: list[html.HtmlElement | str] = [tree]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            if item == "\0":
                yield from flush()
            else:
                pending.append(item)
            continue
        tag = item.tag if isinstance(item.tag, str) else ""
        rest: list[html.HtmlElement | str] = []
        if tag == "tr":
            yield from flush()
            yield Block(BlockKind.ROW, cells=tuple(_text(cell) for cell in item if cell.tag in ("td", "th")))
        elif tag == "br":
            pending.append("\n")
        elif tag and tag not in _UNSEEN and tag != "script":
            edge = ["\0"] if tag not in _INLINE else []
            rest = [*edge, _one_line(item.text or ""), *item, *edge]
        if item.tail and item is not tree:
            rest.append(_one_line(item.tail))
        stack += reversed(rest)
    yield from flush()


def _text(cell: html.HtmlElement) -> str:
    """The text of a table cell, one line per paragraph in it."""
    return "\n".join(block.text or "\n".join(block.cells) for block in _cell_blocks(cell)).strip()


def _cell_blocks(cell: html.HtmlElement) -> Iterator[Block]:
    tail, cell.tail = cell.tail, None
    yield from _blocks(cell)
    cell.tail = tail


def _one_line(text: str) -> str:
    """Line breaks in the source of a page mean nothing; only `br` breaks a line."""
    return re.sub(r"\s+", " ", text)


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
