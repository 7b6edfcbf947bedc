"""The tree of numbered paragraphs in one part of a document.

二、工作措施                      Node with children
  （一）方便费用结算。             Node with children
    1、实现医保电子凭证……。        Node, a leaf: one clause
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from knowledge.documents.numbering import Label, Rank, label, labels
from knowledge.documents.parts import Line

_SHORT_ITEM = 40
"""Characters in an item of a list that is part of a clause."""
_SIBLINGS_THAT_SHOW_A_SHAPE = 3


@dataclass
class Node:
    """A numbered paragraph (`lines[0]`) with the unnumbered ones after it, and the numbered ones below it."""

    label: Label
    lines: list[Line]
    children: list[Node] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass
class Outline:
    """`opening` stands before the first number; `closing` behind the last, where it is no part of the last item."""

    opening: list[Line]
    nodes: list[Node]
    closing: list[Line]

    def walk(self) -> Iterator[Node]:
        for node in self.nodes:
            yield from node.walk()


def build(lines: Sequence[Line]) -> Outline:
    """Nest the lines by their numbers."""
    opening: list[Line] = []
    roots: list[Node] = []
    open_nodes: list[Node] = []
    inside_until = 0
    numbers = labels([line.text for line in lines])
    for at, (line, number) in enumerate(zip(lines, numbers, strict=True)):
        if number and open_nodes and at >= inside_until:
            inside_until = _end_of_list(lines, numbers, at, open_nodes[-1])
        if number is None or at < inside_until:
            (open_nodes[-1].lines if open_nodes else opening).append(line)
            continue
        while open_nodes and open_nodes[-1].label.rank >= number.rank:
            open_nodes.pop()
        node = Node(number, [line])
        (open_nodes[-1].children if open_nodes else roots).append(node)
        open_nodes.append(node)
    return Outline(opening, roots, _take_closing(roots))


def _end_of_list(lines: Sequence[Line], numbers: Sequence[Label | None], at: int, node: Node) -> int:
    """Where the list that begins at `at` ends, when it is part of the text of `node`; else `at`.

    It is when its numbers are finer than clauses go, or below a 条, or when a sentence ends in a colon and the items
    are its continuation: they end in semicolons, or each is one short sentence.
    """
    number = numbers[at]
    assert number is not None
    if number.rank <= node.label.rank:
        return at
    end = at + _run(numbers[at:], number.rank)
    texts = [line.text for line in lines[at:end]]
    if number.rank >= Rank.DETAIL or node.label.rank is Rank.ARTICLE:
        return end
    if not re.search(r"[：:]$", node.lines[-1].text):
        return at
    semicolons = len(texts) > 1 and all(re.search(r"[；;，,]$", text) for text in texts[:-1])
    short = len(texts) > 1 and all(len(text) <= _SHORT_ITEM and re.search(r"[^。][。]?$", text) for text in texts)
    one_sentence = all("。" not in text[:-1] for text in texts)
    sentences = any(re.search(r"[。；;]$", text) for text in texts)
    return end if semicolons or (short and one_sentence and sentences) else at


def _run(numbers: Sequence[Label | None], rank: Rank) -> int:
    """How many neighbouring lines are numbered 1, 2, 3... in this rank; one at least."""
    count = 0
    for number in numbers:
        if number is None or number.rank is not rank or number.ordinal != count + 1:
            break
        count += 1
    return max(count, 1)


def _take_closing(roots: list[Node]) -> list[Line]:
    """Paragraphs behind the last item that none of its siblings has: they close the document, not the item.

    十二、完善……预案              two paragraphs below it, like its eleven siblings
    完成时限：2021年3月底前
    各县（市、区）医保经办机构要…   one too many: the closing
    """
    siblings = roots
    while siblings and siblings[-1].children:
        siblings = siblings[-1].children
    shapes = [len(node.lines) for node in siblings[:-1] if not node.children]
    if len(siblings) < _SIBLINGS_THAT_SHOW_A_SHAPE or not shapes or siblings[-1].label.rank is Rank.ARTICLE:
        return []  # what follows within an article is its next paragraph (款)
    last, usual = siblings[-1], max(shapes)
    numbered = [at for at, line in enumerate(last.lines) if at and label(line.text)]
    usual = max(usual, numbered[-1] + 1 if numbered else 0)
    closing = last.lines[usual:]
    del last.lines[usual:]
    return closing
