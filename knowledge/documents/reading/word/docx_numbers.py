"""The numbers Word shows before paragraphs and does not keep in their text: 一、 （一） 1. from automatic lists.

After ECMA-376 part 1, 17.9 (numbering): a paragraph names a list (`w:num`), itself or through its style and the styles
that one is based on; the list names a definition (`w:abstractNum`), which may be another list's (`w:numStyleLink`).
Lists of one definition count on from each other, except where a list starts again (`w:startOverride`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn

from knowledge.documents.reading.word.number_formats import shown

_MOST_STYLES = 20
"""Styles based on styles; a chain that bites its tail ends here."""


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is shown: `%1` in `pattern` stands for the number of level 1."""

    format: str
    pattern: str
    start: int
    style: str
    legal: bool
    """All numbers of the pattern in digits, whatever their levels' formats (`w:isLgl`)."""


@dataclass
class _List:
    """One `w:num`: its definition, and what it changes there."""

    abstract: str
    levels: dict[int, _Level] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)


@dataclass
class Numbers:
    """Counts through one document, paragraph by paragraph, in order."""

    abstracts: dict[str, dict[int, _Level]] = field(default_factory=dict)
    lists: dict[str, _List] = field(default_factory=dict)
    styles: dict[str, Any] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    _started: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def of(cls, document: Document) -> Numbers:
        """Read the list definitions; a document without lists has none."""
        numbers = cls(styles={style.style_id: style.element for style in document.styles})
        parts = [part for part in document.part.package.iter_parts() if part.content_type.endswith("numbering+xml")]
        links: dict[str, str] = {}  # definition -> style that names the list to use instead
        homes: dict[str, str] = {}  # that style -> the definition that is its home
        for root in [part.element for part in parts if hasattr(part, "element")]:
            for abstract in root.iter(qn("w:abstractNum")):
                name = abstract.get(qn("w:abstractNumId"), "")
                numbers.abstracts[name] = {_depth(one): _level(one) for one in abstract.iterchildren(qn("w:lvl"))}
                links[name] = _child(abstract, "w:numStyleLink", "")
                homes.setdefault(_child(abstract, "w:styleLink", ""), name)
            for one in root.iter(qn("w:num")):
                numbers.lists[one.get(qn("w:numId"), "")] = _list(one)
        for one in numbers.lists.values():
            one.abstract = homes.get(links.get(one.abstract, "") or "-", one.abstract)
        return numbers

    def next(self, paragraph: Any) -> str:
        """The number of this paragraph, "" when it shows none or a bullet."""
        name, depth = self._place(paragraph)
        one = self.lists.get(name)
        level = self._level(one, depth)
        if one is None or level is None or level.format == "bullet":
            return ""
        counts = self._counts[one.abstract]
        if depth in one.starts and (name, depth) not in self._started:
            counts[depth] = one.starts[depth] - 1
        self._started.add((name, depth))
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        return re.sub(r"%(\d)", lambda match: self._shown(one, int(match.group(1)) - 1, level.legal), level.pattern)

    def _level(self, one: _List | None, depth: int) -> _Level | None:
        if one is None:
            return None
        return one.levels.get(depth) or self.abstracts.get(one.abstract, {}).get(depth)

    def _shown(self, one: _List, depth: int, legal: bool) -> str:
        level = self._level(one, depth)
        count = self._counts[one.abstract].get(depth, level.start if level else 1)
        return shown(count, "decimal" if legal or level is None else level.format)

    def _place(self, paragraph: Any) -> tuple[str, int]:
        """List and level of a paragraph: its own, else those of its style; "" for none."""
        own = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        name, depth = (_child(own, "w:numId", ""), _child(own, "w:ilvl", "")) if own is not None else ("", "")
        if name and depth:
            return name, _integer(depth)
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        styles = self._based_on(style.get(qn("w:val"), "") if style is not None else "")
        for inherited in styles:
            element = self.styles[inherited].find(f"{qn('w:pPr')}/{qn('w:numPr')}")
            if element is not None:
                name = name or _child(element, "w:numId", "")
                depth = depth or _child(element, "w:ilvl", "")
            if name:
                break
        return name, _integer(depth) if depth else self._depth_by_style(name, styles)

    def _depth_by_style(self, name: str, styles: list[str]) -> int:
        """A level may say which style it belongs to, instead of the style naming its level."""
        one = self.lists.get(name)
        levels = self.abstracts.get(one.abstract, {}) | one.levels if one else {}
        for style in styles:
            for depth, level in levels.items():
                if level.style == style:
                    return depth
        return 0

    def _based_on(self, style: str) -> list[str]:
        """A style and those it is based on, nearest first."""
        chain: list[str] = []
        while style in self.styles and style not in chain and len(chain) < _MOST_STYLES:
            chain.append(style)
            style = _child(self.styles[style], "w:basedOn", "")
        return chain


def _list(one: Any) -> _List:
    found = _List(_child(one, "w:abstractNumId", ""))
    for override in one.iterchildren(qn("w:lvlOverride")):
        depth = _depth(override)
        for level in override.iterchildren(qn("w:lvl")):
            found.levels[depth] = _level(level)
            found.starts[depth] = found.levels[depth].start
        start = _child(override, "w:startOverride", "")
        if start:
            found.starts[depth] = _integer(start)
            if depth in found.levels:
                found.levels[depth] = replace(found.levels[depth], start=_integer(start))
    return found


def _level(element: Any) -> _Level:
    return _Level(
        _child(element, "w:numFmt", "decimal"),
        _child(element, "w:lvlText", ""),
        _integer(_child(element, "w:start", "1")),
        _child(element, "w:pStyle", ""),
        element.find(qn("w:isLgl")) is not None,
    )


def _depth(element: Any) -> int:
    return _integer(element.get(qn("w:ilvl")))


def _child(element: Any, tag: str, default: str) -> str:
    child = element.find(qn(tag))
    return str(child.get(qn("w:val"), default)) if child is not None else default


def _integer(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 4 else 0
