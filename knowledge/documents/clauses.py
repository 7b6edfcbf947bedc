"""From the parts of a document to its clauses: numbers, kinds, headings, section paths, deadlines and amounts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.documents import marks, tables
from knowledge.documents.document import ClauseKind, ImportedClause
from knowledge.documents.numbering import Rank, value
from knowledge.documents.outline import Node, Outline, build
from knowledge.documents.parts import Line, Part, Parts
from knowledge.seed import sentences

_PROMISED = re.compile(r"([一二三四五六七八九十]+|\d{1,2})(?:条|项)[\u4e00-\u9fff]{0,8}措施")
_LONGEST_HEADING = 50


@dataclass(frozen=True, slots=True)
class Draft:
    """A clause before its number is made unique and its text is searched for deadlines."""

    order: tuple[int, int]
    number: str
    kind: ClauseKind
    lines: tuple[str, ...]
    heading: str
    path: tuple[str, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Clauses in order; headings that are no clause, with their places."""

    clauses: list[tuple[tuple[int, int], ImportedClause]]
    headings: list[tuple[tuple[int, int], str]]


class ClauseFinder:
    """Finds the clauses of one document. `title` may promise a number of measures; `year` completes short dates."""

    def __init__(self, title: str, year: int | None) -> None:
        promised = _PROMISED.search(title)
        self._promised = value(promised.group(1)) if promised else 0
        self._year = year
        self._drafts: list[Draft] = []
        self._headings: list[tuple[tuple[int, int], str]] = []

    def find(self, parts: Parts) -> Found:
        """All clauses of all parts. Text that belongs in none is added to `parts.non_clauses`."""
        for part in parts.parts:
            self._read_part(part, parts.drop)
        self._drafts.sort(key=lambda draft: draft.order)
        return Found([(draft.order, clause) for draft, clause in self._clauses()], self._headings)

    def _read_part(self, part: Part, drop: tables.Drop) -> None:
        content = tables.sort(part, drop)
        outline = build(content.text)
        path = (part.title,) if part.title else ()
        self._opening(part, outline, path)
        measures = self._measures(outline) if not part.prefix else []
        for node in outline.nodes:
            self._node(node, part, path, (), measures)
        closing = [Draft(line.order, "", ClauseKind.REQUIREMENT, (line.text,), "", path) for line in outline.closing]
        for number, draft in enumerate([*closing, *_contacts(content.contacts, path)], 1):
            self._drafts.append(_numbered(draft, f"{part.prefix}r{number}"))
        for table in content.tables:
            self._table(table, part, path, drop)

    def _opening(self, part: Part, outline: Outline, path: tuple[str, ...]) -> None:
        """Text before the first number: a notice and a preamble, or, where nothing is numbered, one clause each."""
        lines = outline.opening
        if not outline.nodes and part.prefix:
            kind = ClauseKind.DUTY if "名单" in part.title else ClauseKind.SECTION
            for number, line in enumerate(lines, 1):
                self._drafts.append(Draft(line.order, f"{part.prefix}{number}", kind, (line.text,), "", path))
            return
        for name, heading, some in (
            ("n0", "印发通知", lines[: part.introduction]),
            ("p0", "引言", lines[part.introduction :]),
        ):
            if some:
                text = tuple(line.text for line in some)
                self._drafts.append(Draft(some[0].order, part.prefix + name, ClauseKind.PREAMBLE, text, heading, path))

    def _measures(self, outline: Outline) -> list[Node]:
        """The nodes that are the measures the title promises: as many leaves of one rank, numbered 1 to that many."""
        leaves = [node for node in outline.walk() if not node.children]
        for rank in Rank:
            nodes = [node for node in leaves if node.label.rank is rank]
            for start in range(len(nodes) - self._promised + 1) if self._promised else ():
                some = nodes[start : start + self._promised]
                if [node.label.ordinal for node in some] == list(range(1, self._promised + 1)):
                    return some
        return []

    def _node(
        self, node: Node, part: Part, path: tuple[str, ...], above: tuple[int, ...], measures: list[Node]
    ) -> None:
        ordinals = (*above, node.label.ordinal)
        own_text = not node.children or len(node.lines) > 1 or _has_body(node)
        if own_text:
            number = "s" + "-".join(map(str, ordinals)) + ("-0" if node.children else "")
            if node in measures:
                number = f"m{node.label.ordinal:02d}"
            elif node.label.rank is Rank.ARTICLE:
                number = f"t{node.label.ordinal:02d}"
            text = tuple(line.text for line in node.lines)
            kind = ClauseKind.MEASURE if node in measures else _kind(node, part, path)
            order = node.lines[0].order
            self._drafts.append(Draft(order, part.prefix + number, kind, text, _heading(node), path, node.label.text))
        else:
            self._headings.append((node.lines[0].order, node.lines[0].text))
        title = node.lines[0].text if not _has_body(node) else node.label.text + _heading(node)
        for child in node.children:
            self._node(child, part, (*path, title), ordinals, measures)

    def _table(self, table: tables.Table, part: Part, path: tuple[str, ...], drop: tables.Drop) -> None:
        caption = [line.text for line in table.caption]
        if "清单" in part.title or any("清单" in text for text in caption):
            heads = [*caption, *([table.header.text.replace("\n", " ")] if table.header else [])]
            flat = [" ".join(line.text.replace("\n", " ") for line in row) for row in table.rows]
            first = [*table.caption, *([table.header] if table.header else []), *table.rows[0]][0]
            count = sum(draft.kind is ClauseKind.SERVICE_LIST for draft in self._drafts) + 1
            number = f"{part.prefix}list-{count}"
            heading = "".join(caption) or part.title
            lines = (*heads, *flat)
            self._drafts.append(Draft(first.order, number, ClauseKind.SERVICE_LIST, lines, heading, path))
            return
        for line in [*table.caption, *([table.header] if table.header else [])]:
            drop(line.order, line.text, "表头")
        for count, row in enumerate(table.rows, 1):
            text = tables.row_text(row)
            number = f"{part.prefix or 't'}{count:02d}"
            heading = self._row_heading(text)
            self._drafts.append(Draft(row[0].order, number, ClauseKind.TABLE_ROW, (text,), heading, path))

    def _row_heading(self, row: str) -> str:
        """What a row is about: the heading of the measure it repeats, else its first cell with words."""
        words = [cell for cell in row.split("\n") if not cell.isdecimal()]
        measures = [draft.heading for draft in self._drafts if draft.kind is ClauseKind.MEASURE]
        known = [heading for heading in measures if words and words[0].startswith(heading)]
        return max(known, key=len) if known else words[0] if words and len(words[0]) <= _LONGEST_HEADING else ""

    def _clauses(self) -> list[tuple[Draft, ImportedClause]]:
        seen: dict[str, int] = {}
        out = []
        for draft in self._drafts:
            seen[draft.number] = seen.get(draft.number, 0) + 1
            again = f"-{seen[draft.number]}" if seen[draft.number] > 1 else ""
            out.append((draft, self._clause(draft, draft.number + again)))
        return out

    def _clause(self, draft: Draft, number: str) -> ImportedClause:
        text = "\n".join(draft.lines)
        return ImportedClause(
            number=number,
            label=draft.label,
            kind=draft.kind,
            heading=draft.heading or _first_words(text),
            text=text,
            sentences=tuple(sentences(text)),
            section_path=draft.path,
            deadlines=marks.deadlines(text, self._year),
            amounts=marks.amounts(text),
        )


def _contacts(contacts: Sequence[Line], path: tuple[str, ...]) -> list[Draft]:
    """Contact lines that follow each other are one clause."""
    groups: list[list[Line]] = []
    for line in contacts:
        if groups and line.order[0] - groups[-1][-1].order[0] == 1:
            groups[-1].append(line)
        else:
            groups.append([line])
    return [
        Draft(group[0].order, "", ClauseKind.CONTACT, tuple(line.text for line in group), "联系方式", path)
        for group in groups
    ]


def _numbered(draft: Draft, number: str) -> Draft:
    return Draft(draft.order, number, draft.kind, draft.lines, draft.heading, draft.path)


def _kind(node: Node, part: Part, path: tuple[str, ...]) -> ClauseKind:
    """A guess from the headings above."""
    if node.label.rank is Rank.ARTICLE:
        return ClauseKind.ARTICLE
    above = path[-1] if path else ""
    if "总体要求" in above:
        return ClauseKind.SECTION
    if "要求" in above or "要求" in _heading(node)[-4:]:
        return ClauseKind.REQUIREMENT
    if "原则" in above and node.label.rank >= Rank.BRACKETED:
        return ClauseKind.PRINCIPLE
    if "标准" in part.title and node.label.rank is Rank.ARABIC:
        return ClauseKind.STANDARD_RULE
    return ClauseKind.SECTION


def _has_body(node: Node) -> bool:
    """Whether the numbered paragraph itself says more than a heading."""
    return "。" in node.lines[0].text.rstrip("。") or len(node.lines[0].text) > _LONGEST_HEADING


def _heading(node: Node) -> str:
    rest = node.lines[0].text[len(node.label.text) :]
    first = rest.split("。")[0] if _has_body(node) else rest.rstrip("。：:")
    first = re.sub(r"[（(][^（）()]*月[^（）()]*[）)]$", "", first)
    return first if len(first) <= _LONGEST_HEADING else _first_words(first)


def _first_words(text: str) -> str:
    """A heading for a text that has none: its beginning, to the first comma where that is near."""
    return re.split(r"[，,。；：:\n]", text)[0][:24]
