"""From the parts of a document to its clauses: numbers, kinds, headings, section paths, deadlines and amounts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from knowledge.authoring.seed import sentences
from knowledge.documents import columns, marks, tables
from knowledge.documents.document import ClauseKind, ImportedClause
from knowledge.documents.numbering import Rank, value
from knowledge.documents.outline import Node, Outline, build
from knowledge.documents.parts import Line, Part, Parts

_PROMISED = re.compile(r"([一二三四五六七八九十]+|\d{1,2})(?:条|项)[\u4e00-\u9fff]{0,8}措施")
_LONGEST_HEADING = 50
_SHORTEST_RULE = 7
"""Characters, 。 included. 总体要求。 is a heading."""
_TASK = re.compile(
    r"(?:方便|优化|深化|推行|推进|推动|简化|完善|加强|健全|建立|规范|提高|落实|强化|明确|扩大|加大|加快|做好|提升|创新|开展|严格|全面|积极|大力|进一步|持续|切实|统筹|支持|鼓励|保障|改进"
    r"|减轻|统一|降低|调整|拓展|构建|畅通|打造|实现|坚持|严肃|注重|突出|抓好|发挥|开通|满足|搭建|组织|培育|促进|增强|压实|改善|巩固|探索"
    r"|引导|防范|打击|维护|确保|改革|整合|助力)[^，,；;：:\d不为]{2,30}。"
)
"""A heading that ends in 。 as instructions do: a verb and what it is about, no figure and no condition."""


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
        self.restated: dict[int, str] = {}
        """By their place among the paragraphs: table rows as their clauses say them, which is how staff read them."""

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
        listed = "清单" in part.title or any("清单" in text for text in caption)
        valued = any(columns.is_value(cell) and re.search(r"[%％元倍]", cell) for cell in _cells_but_first(table))
        if listed and not valued and not _says_sentences(table):
            self._list(table, part, path)
            return
        for line in [*table.caption, *table.heads]:
            drop(line.order, line.text, "表头")
        self._headings += [(line.order, line.text) for line in table.groups]
        for count, row in enumerate(table.rows, 1):
            draft = self._row(row, table, path, drop)
            self._drafts.append(_numbered(draft, f"{part.prefix or 't'}{count:02d}"))

    def _list(self, table: tables.Table, part: Part, path: tuple[str, ...]) -> None:
        """A list of services is one clause: its rows mean little alone."""
        caption = [line.text for line in table.caption]
        heads = [*caption, *(line.text.replace("\n", " ") for line in table.heads)]
        flat = [
            (row.lines[0].order, " ".join(line.text.replace("\n", " ") for line in row.lines)) for row in table.rows
        ]
        body = sorted([*flat, *((line.order, line.text) for line in table.groups)])
        first = [*table.caption, *table.heads, *table.rows[0].lines][0]
        count = sum(draft.kind is ClauseKind.SERVICE_LIST for draft in self._drafts) + 1
        number = f"{part.prefix}list-{count}"
        lines = (*heads, *(text for _, text in body))
        heading = "".join(caption) or part.title
        self._drafts.append(Draft(first.order, number, ClauseKind.SERVICE_LIST, lines, heading, path))

    def _row(self, row: tables.Row, table: tables.Table, path: tuple[str, ...], drop: tables.Drop) -> Draft:
        """A row with its column names. One that repeats a measure stays as printed: the measure is what is answered."""
        order = row.lines[0].order
        text = tables.printed(row)
        measure = self._repeated(text)
        if row.cells is None or measure:
            return Draft(order, "", ClauseKind.TABLE_ROW, (text,), measure or _first_cell(text), path)
        said = columns.say(row.cells, table.names, row.group, table.unit)
        if said.number:
            drop((order[0], 0), said.number, "序号")
        self.restated |= dict.fromkeys((line.order[0] for line in row.lines[1:]), "")
        self.restated[order[0]] = f"{said.number}\t{said.text}" if said.number else said.text
        above = (*path, row.group) if row.group else path
        return Draft(order, "", ClauseKind.TABLE_ROW, (said.text,), said.heading, above, said.number)

    def _repeated(self, row: str) -> str:
        """The heading of the measure that a row repeats, "" for none."""
        words = [cell for cell in row.split("\n") if not cell.isdecimal()]
        measures = [draft.heading for draft in self._drafts if draft.kind is ClauseKind.MEASURE]
        known = [heading for heading in measures if words and words[0].startswith(heading)]
        return max(known, key=len, default="")

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


def _says_sentences(table: tables.Table) -> bool:
    """Half of the rows say a whole sentence: they mean something alone."""
    return 2 * sum(any("。" in cell for cell in row.cells or ()) for row in table.rows) >= len(table.rows)


def _cells_but_first(table: tables.Table) -> list[str]:
    return [cell for row in table.rows for cell in (row.cells or ())[1:]]


def _first_cell(row: str) -> str:
    """What a row without column names is about: its first cell with words."""
    words = [cell for cell in row.split("\n") if not cell.isdecimal()]
    return words[0] if words and len(words[0]) <= _LONGEST_HEADING else ""


def _numbered(draft: Draft, number: str) -> Draft:
    return replace(draft, number=number)


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
    """Whether the numbered paragraph itself says more than a heading: that ends without 。, or only tells to act."""
    text = node.lines[0].text
    if "。" in text.rstrip("。") or len(text) > _LONGEST_HEADING:
        return True
    said = text[len(node.label.text) :]
    return said.endswith("。") and len(said) > _SHORTEST_RULE and _TASK.fullmatch(said) is None


def _heading(node: Node) -> str:
    rest = node.lines[0].text[len(node.label.text) :]
    first = rest.split("。")[0] if _has_body(node) else rest.rstrip("。：:")
    first = re.sub(r"[（(][^（）()]*月[^（）()]*[）)]$", "", first)
    return first if len(first) <= _LONGEST_HEADING else _first_words(first)


def _first_words(text: str) -> str:
    """A heading for a text that has none: its beginning, to the first comma where that is near."""
    return re.split(r"[，,。；：:\n]", text)[0][:24]
