"""A readable comparison of two texts, for staff: which words changed between two versions of a clause.

    diff("压缩为15个工作日。", "压缩为10个工作日。")
    [(SAME, "压缩为"), (REMOVED, "15"), (ADDED, "10"), (SAME, "个工作日。")]

Sentences are compared first, words only inside sentences that changed, so that a moved sentence is not shown as a
hundred changed characters and long documents stay fast.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cache
from itertools import groupby

import jieba

from language import words

_SENTENCE = re.compile(r"[^。；！？\n]*[。；！？\n]|[^。；！？\n]+")
_MOST_WORDS = 4_000
"""Words compared one by one; longer stretches are shown as removed and added whole."""


class Op(StrEnum):
    """What happened to a run of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


Run = tuple[Op, str]


def diff(before: str, after: str) -> list[Run]:
    """Runs in reading order, neighbours never of the same kind. SAME and REMOVED runs joined are `before`, SAME and
    ADDED runs are `after`, exactly. May take tens of milliseconds: call it in a thread."""
    runs: list[Run] = []
    for tag, old, new in _changes(_SENTENCE.findall(before), _SENTENCE.findall(after)):
        if tag == "equal":
            runs.append((Op.SAME, "".join(old)))
        else:
            runs += _words("".join(old), "".join(new))
    return _merged(runs)


def _words(before: str, after: str) -> Iterator[Run]:
    old_words, new_words = list(_cutter().cut(before)), list(_cutter().cut(after))
    if len(old_words) + len(new_words) > _MOST_WORDS:
        yield from ((Op.REMOVED, before), (Op.ADDED, after))
        return
    for tag, old, new in _changes(old_words, new_words):
        if tag == "equal":
            yield Op.SAME, "".join(old)
        else:
            yield Op.REMOVED, "".join(old)
            yield Op.ADDED, "".join(new)


def _changes(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        yield tag, before[i1:i2], after[j1:j2]


def _merged(runs: list[Run]) -> list[Run]:
    """Join neighbours of the same kind; between two SAME runs, everything removed stands before everything added."""
    out: list[Run] = []
    for changed, group in groupby((run for run in runs if run[1]), key=lambda run: run[0] is not Op.SAME):
        some = list(group)
        for op in (Op.REMOVED, Op.ADDED) if changed else (Op.SAME,):
            text = "".join(text for kind, text in some if kind is op)
            if text:
                out.append((op, text))
    return out


@cache
def _cutter() -> jieba.Tokenizer:
    return words.cutter()
