"""Which of the sentences that come first says it, where they share most words and differ in what they hold for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from knowledge.retrieval import kinds, scopes
from knowledge.retrieval.kinds import Thing
from knowledge.retrieval.passages import Passage, Passages

if TYPE_CHECKING:
    from knowledge.retrieval.passage_ranking import Question, Ranked

_BESIDE = 0.05
"""Chance of a sentence, as a share of the first, from which it may come before it in its clause for what it names."""
_AS_LIKELY = 0.5
"""The same of a sentence of another clause that holds in every case, before one for a case that nobody asked of."""


def holds(passage: Passage, question: Question) -> bool:
    """Whether a sentence is a rule for where and for whom it is asked."""
    return not scopes.contradicts(question.scope, question.text, passage.folded, passage.near, passage.title)


def first_of(passages: Passages, question: Question, ranked: Ranked, fit: NDArray[np.bool_]) -> int:
    """The place of the one to come first. `fit`: those that nothing speaks against.

    Of two clauses that are nearly as likely, the one that holds in every case ("大病保险" is not for every 住院); of
    that clause the sentence that has the kind of amount asked for, names the case asked about, and names the thing of
    which is asked whether it is paid: its neighbours often say the contrary.
    """
    owners = passages.owner_numbers[ranked.numbers]
    leads = _plainer(passages, question, ranked, fit)
    of_clause = np.flatnonzero((owners == owners[leads]) & fit)

    def suits(at: int) -> tuple[bool, int, bool, int]:
        one = passages.passages[int(ranked.numbers[at])]
        other = kinds.other_money(question.text, one.folded, one.near)
        agrees = scopes.agreement(question.scope, one.folded)
        if Thing.MAY not in question.things or ranked.chances[at] < _BESIDE * ranked.chances[leads]:
            return not other, agrees, False, 0
        named = sum(unit[0] in one.plain for unit in question.units)
        return not other, agrees, not scopes.is_for_emergency(question.scope, one.folded), named

    best = max(map(int, of_clause), key=suits, default=leads)
    return leads if suits(best) <= suits(leads) else best


def _plainer(passages: Passages, question: Question, ranked: Ranked, fit: NDArray[np.bool_]) -> int:
    """The first, or the next of another clause when that is nearly as likely and the first holds only in some case."""
    owners = passages.owner_numbers[ranked.numbers]
    texts = [passages.passages[int(number)].folded for number in ranked.numbers]
    if not scopes.unasked(question.scope, texts[0]):
        return 0
    for at in map(int, np.flatnonzero(fit & (owners != owners[0]))):
        if ranked.chances[at] < _AS_LIKELY * ranked.chances[0]:
            break
        same = passages.passages[int(ranked.numbers[at])].clause.document
        if same is passages.passages[int(ranked.numbers[0])].clause.document and not scopes.unasked(
            question.scope, texts[at]
        ):
            return at
    return 0
