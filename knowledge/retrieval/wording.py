"""How much of a question's own words stands in a sentence: together, in one piece of it, or at all.

No lexicon, no vectors: these count characters, so that a near miss ("第八批" beside 第七批, "养老金" beside 个人账户)
shows by what stays over, and by whether another sentence has more of it.
"""

from __future__ import annotations

import re

from knowledge.retrieval.passages import Passage

_OTHER = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9Ⅰ-Ⅲ%.]")
_PIECE = re.compile(r"[，；。：,;:]")
_LITTLE = frozenset("的了吗呢啊吧我俺你他她它们这那个一是有在要能给就还也都得到去来说")
"""Characters that say nothing of what is asked about."""
SHARED = (
    "longest_near",  # the longest run of characters in common with the sentence and what stands above it
    "longest",  # with the sentence
    "characters",  # share of its characters that the sentence and what stands above it have
    "piece",  # share of its pairs that one piece of the sentence has
    "piece_near",  # that a piece with the one before it and what stands above has
    "piece_characters",  # share of its characters that a piece with the one before it has
)


def bare(text: str) -> str:
    """Characters, letters and digits only."""
    return _OTHER.sub("", text)


def pieces(text: str) -> list[str]:
    """A sentence between its commas."""
    return [piece for piece in _PIECE.split(text) if piece]


def shared(question: str, passage: Passage) -> list[float]:
    """SHARED of a folded question with a passage, each 0..1."""
    asked, its = bare(question), bare(passage.text)
    above = bare("".join(["/".join([*passage.clause.path, passage.clause.heading]), passage.head]))
    above += bare(passage.clause.document.title)
    telling = [one for one in asked if one not in _LITTLE]
    pairs, near, characters = _pairs(asked), _pairs(above), set(telling)
    best = best_near = best_characters = 0.0
    before = ""
    for piece in pieces(passage.text):
        both = before + piece
        best = max(best, len(pairs & _pairs(bare(piece))) / max(1, len(pairs)))
        best_near = max(best_near, len(pairs & (_pairs(bare(both)) | near)) / max(1, len(pairs)))
        best_characters = max(best_characters, sum(one in both for one in characters) / max(1, len(characters)))
        before = piece
    have = its + above
    covered = sum(one in have for one in telling) / max(1, len(telling))
    return [_longest(asked, have) / 10, _longest(asked, its) / 10, covered, best, best_near, best_characters]


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def _longest(question: str, text: str) -> int:
    """Of a run of characters in common, 10 at most."""
    length = 0
    for at in range(len(question)):
        while length < 10 and at + length + 1 <= len(question) and question[at : at + length + 1] in text:
            length += 1
    return length
