"""Answers from a single sentence of a document that nobody wrote a topic for: which sentence, and what is said.

The key of such an answer names its clause and the sentence: `jining-yb-2023-25.m08~2`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.answering.verdict import verdict
from knowledge.retrieval.kinds import asked, held
from knowledge.retrieval.normalise import fold, pairs, plain
from knowledge.retrieval.passages import Passage, Passages, cut, shown
from knowledge.retrieval.snapshot import KnownAnswer, KnownClause, KnownQuote

_SPOKEN_CHARS = 60
_MARK = re.compile(
    r"^([（(]?[一二三四五六七八九十0-9]{1,3}[）)]|[一二三四五六七八九十0-9]{1,3}[、.．](?![0-9])|第[一二三四五六七八九十百0-9]+条)\s*"
)
_PIECE = re.compile(r"[^，,；;：:。]+[，,；;：:。]?")


@dataclass(frozen=True, slots=True)
class Hit:
    """The sentence that answers best, and how sure that it answers. `unnamed`: what is asked about and neither it nor
    what is shown with it names, each with all words for it, and what share of the question that is, 0..1.
    `of_matter`: its document is about one narrow matter, which the question names. `marks`: the words for the matter of
    its section, () where that is none of its own; `named`: the question names it; `told`: it asks which share is
    paid, and the sentence says one; `apart`: it shares nothing with the clause but what every document writes."""

    passage: Passage
    confidence: float
    unnamed: tuple[tuple[tuple[str, ...], float], ...] = ()
    of_matter: bool = False
    marks: tuple[str, ...] = ()
    named: bool = False
    told: bool = False
    apart: bool = False

    @property
    def key(self) -> str:
        return f"{self.passage.clause.id}~{self.passage.place}"


def names(hit: Hit, about: str) -> bool:
    """Whether a sentence, its heading or its document's title names a matter: half of its character pairs."""
    clause = hit.passage.clause
    mine = set(pairs(fold(f"{clause.document.title}{clause.heading}{clause.text}")))
    theirs = set(pairs(about))
    return bool(theirs) and 2 * len(mine & theirs) >= len(theirs)


def clause_id(key: str) -> str:
    """The clause of a key; a key that is none comes back as it is."""
    return key.split("~", 1)[0]


def answer(passage: Passage, question: str = "", *, judges: bool = True) -> KnownAnswer:
    """What the sentence answers; `question` (folded) chooses what of a long one is said aloud. `judges`: 能 or 不能
    stands before it, where it says so."""
    clause = passage.clause
    of_clause = cut(clause)
    window = shown([len(one.text) for one in of_clause], passage.place)
    quotes = tuple(KnownQuote(clause, of_clause[at].text, leads=True) for at in window)
    lines = [quote.text for quote in quotes]
    if passage.head and of_clause[window[0]].head == passage.head:
        lines.insert(0, f"{passage.head}：")
    lines[0] = _MARK.sub("", lines[0]) or lines[0]
    spoken = _short(_MARK.sub("", passage.text), passage.head, question)
    if judges and (said := verdict(question, fold(passage.text), fold(passage.head))):
        lines.insert(0, said)
        spoken = said + spoken
    return KnownAnswer(clause.document.place, quotes, "\n".join(lines), spoken, "", None, None)


def of_key(passages: Passages, key: str) -> KnownAnswer | None:
    """The answer that was given under a key; None when its clause is not on air any more."""
    wanted, _, place = key.partition("~")
    clause = passages.clause(wanted)
    if clause is None:
        return None
    found = cut(clause)
    at = int(place) if place.isdecimal() else 0
    return answer(found[at]) if at < len(found) else _whole(clause)


def _whole(clause: KnownClause) -> KnownAnswer:
    quote = KnownQuote(clause, clause.text, leads=True)
    return KnownAnswer(clause.document.place, (quote,), "", clause.text, "", None, None)


def _short(text: str, head: str, question: str) -> str:
    """As much as one breath takes: the pieces of a long sentence that are about the question, in their order."""
    whole = f"{head}，{text}" if head and len(head) + len(text) <= _SPOKEN_CHARS else text
    if len(whole) <= _SPOKEN_CHARS or not question:
        return whole
    pieces = _PIECE.findall(text)
    mine, things = set(pairs(plain(question))), asked(question)

    def near(piece: str) -> float:
        return len(mine & set(pairs(plain(piece)))) + 1.5 * len(things & held(fold(piece)))

    best = max(range(len(pieces)), key=lambda at: near(pieces[at]), default=0)
    first, last = best, best
    while True:
        length = sum(map(len, pieces[first : last + 1]))
        if first > 0 and length + len(pieces[first - 1]) <= _SPOKEN_CHARS:
            first -= 1
        elif last + 1 < len(pieces) and length + len(pieces[last + 1]) <= _SPOKEN_CHARS:
            last += 1
        else:
            break
    return "".join(pieces[first : last + 1]).rstrip("，,；;：:。") + "。"
