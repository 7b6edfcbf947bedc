"""Answers from a single sentence of a document that nobody wrote a topic for: which sentence, and what is said.

The key of such an answer names its clause and the sentence: `jining-yb-2023-25.m08~2`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.answering import composing
from knowledge.answering.verdict import verdict
from knowledge.retrieval import scopes
from knowledge.retrieval.kinds import Thing, asked, held
from knowledge.retrieval.normalise import fold, pairs, plain
from knowledge.retrieval.passages import Passage, Passages, cut, shown
from knowledge.retrieval.scopes import Scope
from knowledge.retrieval.snapshot import KnownAnswer, KnownClause, KnownQuote

_SPOKEN_CHARS = 60
_LISTS = frozenset({Thing.PAPERS, Thing.LIST})
_HEADING = 14
"""Characters under which the first sentence of a clause that says nothing of its own is a heading."""
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
    paid, and the sentence says one; `apart`: it shares nothing with the clause but what every document writes. `scope`:
    where, for whom and in which case the rule is wanted; `needed`: it asks whether a thing must be done, and the
    sentence says that; `of_case`: the sentence names the case that is asked about."""

    passage: Passage
    confidence: float
    unnamed: tuple[tuple[tuple[str, ...], float], ...] = ()
    of_matter: bool = False
    marks: tuple[str, ...] = ()
    named: bool = False
    told: bool = False
    apart: bool = False
    scope: Scope = Scope()
    needed: bool = False
    of_case: bool = False

    @property
    def key(self) -> str:
        return key_of(self.passage)


def key_of(passage: Passage) -> str:
    """What `of_key` takes."""
    return f"{passage.clause.id}~{passage.place}"


def unmarked(text: str) -> str:
    """Without its number: 第三条 住院待遇。"""
    return _MARK.sub("", text)


def names(hit: Hit, about: str) -> bool:
    """Whether a sentence, its heading or its document's title names a matter: half of its character pairs."""
    clause = hit.passage.clause
    mine = set(pairs(fold(f"{clause.document.title}{clause.heading}{clause.text}")))
    theirs = set(pairs(about))
    return bool(theirs) and 2 * len(mine & theirs) >= len(theirs)


def clause_id(key: str) -> str:
    """The clause of a key; a key that is none comes back as it is."""
    return key.split("~", 1)[0]


def answer(passage: Passage, question: str = "", scope: Scope | None = None, *, judges: bool = True) -> KnownAnswer:
    """What the sentence answers; `question` (folded) chooses what of a long one is said aloud, and with its `scope`
    what stands beside it. `judges`: 能 or 不能 stands before it, where it says so."""
    clause = passage.clause
    of_clause = cut(clause)
    scope = scopes.of_question(question) if scope is None else scope
    beside = [of_clause[at] for at in shown([len(one.text) for one in of_clause], passage.place)]
    beside = [one for one in beside if one.place == passage.place or _belongs(one, passage, question, scope)]
    said = verdict(question, fold(passage.text), fold(passage.head), scope) if judges else ""
    if said and not passage.head:  # nothing between it and the sentence that says it
        beside.sort(key=lambda one: one.place != passage.place)
    quotes = tuple(KnownQuote(clause, one.text, leads=True) for one in beside)
    lines = [quote.text for quote in quotes]
    if passage.head and beside[0].head == passage.head:
        lines.insert(0, f"{passage.head}：")
    lines[0] = _MARK.sub("", lines[0]) or lines[0]
    heard = next((one for one in beside if one is not passage and one.place), passage) if _opens(passage) else passage
    spoken = _whole_list(passage, of_clause, question) or _short(unmarked(heard.text), heard.head, question)
    if said:
        lines.insert(0, said)
        spoken = said + spoken
    elif other := next((one for one in beside if scopes.opposed(passage.folded, one.folded)), None):
        spoken = composing.ended(spoken) + _short(_MARK.sub("", other.text), other.head, question)
    return KnownAnswer(clause.document.place, quotes, "\n".join(lines), spoken, "", None, None)


def _whole_list(passage: Passage, of_clause: list[Passage], question: str) -> str:
    """All items of a list, to who asks for papers or for what there is, as far as they are said in two breaths; ""
    where it is no list, or one of its items was asked for."""
    head = passage.head or next((one.head for one in of_clause[passage.place + 1 :][:1]), "")
    opens = bool(head) and passage.text.startswith(head)
    runs_on = opens and not passage.text.endswith(("：", ":"))  # the first item stands in the same sentence
    if not head or not (opens and not runs_on or asked(question) & _LISTS):
        return ""
    if not opens and not passage.head:
        return ""
    first = [re.split("[:：]", passage.text, maxsplit=1)[-1]] if runs_on else []
    items = [unmarked(one).rstrip("；;。") for one in (*first, *(one.text for one in of_clause if one.head == head))]
    said = f"{unmarked(head)}，{'；'.join(items)}。"
    return said if items and len(said) <= 2 * _SPOKEN_CHARS else ""


def _opens(one: Passage) -> bool:
    """Whether the first words of a clause only say what it is about."""
    bare, of_heading = plain(unmarked(one.text)), set(pairs(plain(one.clause.heading)))
    if one.place or len(bare) >= _HEADING:
        return False
    return not one.holds or 2 * len(of_heading & set(pairs(bare))) >= len(set(pairs(bare))) > 0


def _belongs(one: Passage, passage: Passage, question: str, scope: Scope) -> bool:
    """Whether a neighbour is shown with the sentence that answers: no bare heading, no note to offices, and no rule
    for another case than that of the question."""
    if _opens(one):
        return False
    return not scopes.contradicts(scope, question, one.folded)


def of_key(passages: Passages, key: str) -> KnownAnswer | None:
    """The answer that was given under a key; None when its clause is not on air any more."""
    said = of_sentence(passages, key)
    if said is not None:
        return answer(said)
    clause = passages.clause(clause_id(key))
    return _whole(clause) if clause else None


def of_sentence(passages: Passages, key: str) -> Passage | None:
    """The sentence of a key; None when its clause is not on air any more, or not as long."""
    wanted, _, place = key.partition("~")
    clause = passages.clause(wanted)
    found = cut(clause) if clause else []
    at = int(place) if place.isdecimal() else 0
    return found[at] if at < len(found) else None


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
