"""A typed table of contents (目录): its lines are no clauses, and would double every number of the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from knowledge.documents.lines import Paragraph

_HEAD = re.compile(r"目[录次]")
_PAGE = re.compile(r"(?:[.…·．・_—\-\s]{2,}|\s|(?<=[\u4e00-\u9fff）)”》]))[（(]?\d{1,3}[）)]?$")
_LONGEST = 80
_MOST = 300


def marked(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """The same paragraphs, those of a table of contents with their `noise` set."""
    out = list(paragraphs)
    for at, paragraph in enumerate(paragraphs):
        if _HEAD.fullmatch(paragraph.text) and not paragraph.noise:
            for entry in range(at, _end(paragraphs, at + 1)):
                if not out[entry].noise:
                    out[entry] = replace(out[entry], noise="目录")
    return out


def _end(paragraphs: Sequence[Paragraph], start: int) -> int:
    """Behind the last entry: of those with page numbers, else where the first entry's text comes again."""
    entries = [at for at in range(start, min(start + _MOST, len(paragraphs))) if not paragraphs[at].noise]
    if not entries:
        return start
    first = _title(paragraphs[entries[0]].text)
    paged = start
    for at in entries:
        paragraph = paragraphs[at]
        if at != entries[0] and _title(paragraph.text) == first and not _PAGE.search(paragraph.text):
            return paged if paged > start else at
        if paragraph.cells is not None or len(paragraph.text) > _LONGEST or "。" in paragraph.text:
            break
        if _PAGE.search(paragraph.raw.strip()):
            paged = at + 1
    return paged


def _title(text: str) -> str:
    return re.sub(r"[\s.…·．・_]", "", _PAGE.sub("", text))
