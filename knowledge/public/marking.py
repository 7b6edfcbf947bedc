"""The words of a clause that answer, found again in its text, so that a page can mark them.

runs("要备案。不用居住证。", ["不用居住证"])     # [("要备案。", False), ("不用居住证", True), ("。", False)]
"""

from __future__ import annotations

from collections.abc import Iterable

from knowledge.authoring.seed import sentences

CUT_CHARS = 160
"""An address holds that much of a sentence; a mark of this length goes on to the end of its sentence."""
_ENDS = "。！？；\n"
_ALIKE = 0.45


def runs(text: str, marks: Iterable[str]) -> list[tuple[str, bool]]:
    """The text in pieces, each marked or not; together they are the text."""
    marked = [False] * len(text)
    for mark in marks:
        first, end = _span(text, mark.strip())
        marked[first:end] = [True] * (end - first)
    pieces: list[tuple[str, bool]] = []
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or marked[at] != marked[start]:
            pieces.append((text[start:at], marked[start]))
            start = at
    return pieces


def _span(text: str, mark: str) -> tuple[int, int]:
    """Where the mark stands, word for word; else the sentence that says it in nearly the same words; else nowhere."""
    if not mark:
        return 0, 0
    first = text.find(mark)
    if first >= 0:
        end = first + len(mark)
        while len(mark) >= CUT_CHARS and end < len(text) and text[end - 1] not in _ENDS:
            end += 1
        return first, end
    likeness, sentence = max(((_likeness(mark, one), one) for one in sentences(text)), default=(0.0, ""))
    first = text.find(sentence)
    return (first, first + len(sentence)) if likeness >= _ALIKE and first >= 0 else (0, 0)


def _likeness(mark: str, sentence: str) -> float:
    """Share of the mark's character pairs that the sentence has."""
    wanted, there = _pairs(mark), _pairs(sentence)
    return len(wanted & there) / len(wanted) if wanted else 0.0


def _pairs(text: str) -> set[str]:
    letters = [letter for letter in text if letter.isalnum()]
    return {one + other for one, other in zip(letters, letters[1:], strict=False)}
