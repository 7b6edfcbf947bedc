"""The numbers Word shows before paragraphs and does not keep in their text: 一、 （一） 1. from automatic lists."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import cn2an
from docx.document import Document
from docx.oxml.ns import qn

_CHINESE = {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCountingThousand"}
_MOST = 999
"""No list of a policy document counts further."""


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is shown: `%1` in `pattern` stands for the number of level 1."""

    format: str
    pattern: str
    start: int


@dataclass
class Numbers:
    """Counts through one document, paragraph by paragraph, in order."""

    levels: dict[tuple[str, int], _Level] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    styles: dict[str, Any] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    @classmethod
    def of(cls, document: Document) -> Numbers:
        """Read the list definitions; a document without lists has none."""
        numbers = cls(styles={style.style_id: style.element for style in document.styles})
        parts = [part for part in document.part.package.iter_parts() if str(part.partname) == "/word/numbering.xml"]
        for root in [part.element for part in parts if hasattr(part, "element")]:
            for abstract in root.iter(qn("w:abstractNum")):
                for level in abstract.iter(qn("w:lvl")):
                    key = abstract.get(qn("w:abstractNumId"), ""), _integer(level.get(qn("w:ilvl")))
                    numbers.levels[key] = _Level(
                        _child(level, "w:numFmt", "decimal"),
                        _child(level, "w:lvlText", ""),
                        _integer(_child(level, "w:start", "1")),
                    )
            for one in root.iter(qn("w:num")):
                numbers.lists[one.get(qn("w:numId"), "")] = _child(one, "w:abstractNumId", "")
        return numbers

    def next(self, paragraph: Any) -> str:
        """The number of this paragraph, "" when it shows none or a bullet."""
        properties = self._properties(paragraph)
        if properties is None:
            return ""
        name = self.lists.get(_child(properties, "w:numId", ""), "")
        depth = _integer(_child(properties, "w:ilvl", "0"))
        level = self.levels.get((name, depth))
        if level is None or level.format in ("bullet", "none"):
            return ""
        counts = self._counts[name]
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        return re.sub(r"%(\d)", lambda match: self._shown(name, int(match.group(1)) - 1), level.pattern)

    def _shown(self, name: str, depth: int) -> str:
        level = self.levels.get((name, depth))
        return _format(self._counts[name].get(depth, level.start if level else 1), level.format if level else "decimal")

    def _properties(self, paragraph: Any) -> Any:
        """The paragraph's own list, else that of its style."""
        own = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if own is not None:
            return own
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        element = self.styles.get(style.get(qn("w:val"), "")) if style is not None else None
        return element.find(f"{qn('w:pPr')}/{qn('w:numPr')}") if element is not None else None


def _format(number: int, name: str) -> str:
    number = max(0, min(number, _MOST))
    if name in _CHINESE:
        return str(cn2an.an2cn(number)).removeprefix("一") if 10 <= number <= 19 else str(cn2an.an2cn(number))
    if name.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(ord("①") + number - 1)
    if name in ("lowerLetter", "upperLetter") and 1 <= number <= 26:
        return chr(ord("a" if name == "lowerLetter" else "A") + number - 1)
    return str(number)


def _child(element: Any, tag: str, default: str) -> str:
    child = element.find(qn(tag))
    return str(child.get(qn("w:val"), default)) if child is not None else default


def _integer(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 4 else 0
