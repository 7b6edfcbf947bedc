"""How sure it is that the sentence which comes first answers: what separates it from a near miss.

A near miss is about the same matter and lacks what is asked: the thing asked for (an amount, a place, a paper), or a
word that the whole document never writes. So the signs are of four kinds: how far the first is ahead of another clause,
whether the measures agree on it, how much of what is asked about it covers and what is missing, and whether the thing
asked for stands beside what it is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.retrieval import kinds
from knowledge.retrieval.index import Floats
from knowledge.retrieval.kinds import VALUES, Thing, held
from knowledge.retrieval.normalise import fold, plain
from knowledge.retrieval.passages import Passage, Passages
from knowledge.retrieval.wording import SHARED, bare, pieces, shared

Unit = tuple[tuple[str, ...], float, bool]
"""A word with what documents write for it, how much it tells, and whether any document names it."""

SIGNS = (
    "constant",
    "chance",  # of the first among all sentences
    "chance_clause",  # of its clause
    "lead",  # over the best sentence of another clause
    "agree",  # share of the measures that put its clause first
    "agree_document",  # that put its document first
    "margin_meaning",  # of the clause over the best other one, by single measures
    "margin_learnt",
    "margin_pairs",
    "margin_written",
    "margin_words",
    "covered_shown",  # share of what is asked about that the answer, with headings and title, names; by rarity
    "covered_document",  # that its document names
    "missing_shown",  # the rarest thing asked about that the answer does not name
    "missing_document",  # that the document names nowhere
    "unknown",  # the same that no document names
    "value",  # 1 when a value is asked for (an amount, a day …)
    "value_beside",  # how much of what is asked about stands in one piece of the sentence with the value asked for
    "value_apart",  # 1 when the sentence holds no value of the kind
    "open",  # 1 when its form does not say what is asked for
    "unheld",  # share of what is asked for that the answer does not hold
    "asked_where",
    "asked_papers",
    "asked_who",
    "asked_list",
    "asked_how",
    "asked_may",
    "about",  # how much is asked about, by rarity
    "units",
    *(f"shared_{name}" for name in SHARED),  # how much of the question's own words stands in the sentence
    *(f"shared_lead_{name}" for name in SHARED),  # how much more than in the second and third
    "asked_length",
    "sentence_length",
    "sentence_pieces",
)
_BESIDE = 3
"""How many sentences are compared by their words."""
_AGREEING = (
    "meaning",
    "meaning_written",
    "learnt",
    "pairs",
    "pairs_clause",
    "pairs_written_clause",
    "words",
    "pairs_added_clause",
)
_MARGINS = (
    ("meaning", "meaning_written"),
    ("learnt", "learnt_clause"),
    ("pairs_clause",),
    ("pairs_written_clause", "pairs_added_clause"),
    ("words",),
)
_PIECE = re.compile(r"[^，；。：,;:]+")


def signs(
    passages: Passages,
    question: str,
    things: frozenset[Thing],
    units: Sequence[Unit],
    ordered: NDArray[np.int64],
    measures: dict[str, Floats],
    chances: Floats,
    shown: Sequence[int],
) -> Floats:
    """SIGNS of the first of `ordered` (numbers of passages, best first; `measures` and `chances` in the same order).
    `question`: folded; `shown`: the passages that an answer with it shows."""
    first = passages.passages[int(ordered[0])]
    owners = passages.owner_numbers[ordered]
    same = owners == owners[0]
    document = np.array([passages.passages[int(n)].clause.document.id == first.clause.document.id for n in ordered])
    columns = [measures[name] for name in _AGREEING if name in measures]
    tops = [int(np.argmax(column)) for column in columns]
    margins = [
        float(np.mean([measures[n][same].max() - measures[n][~same].max(initial=0.0) for n in names]))
        for names in _MARGINS
    ]
    answer = [passages.passages[number] for number in shown]
    text = "".join(one.plain for one in answer) + first.near + first.title
    total = sum(weight for _, weight, _ in units) or 1e-6
    lacking = [one for one in units if not any(word in text for word in one[0])]
    nowhere = [(unit, weight, known) for unit, weight, known in lacking if not _written(passages, first, unit)]
    holds = frozenset().union(*(one.holds for one in answer))
    wants = things & VALUES
    return np.array(
        [
            1.0,
            float(chances[0]),
            float(chances[same].sum()),
            float(chances[same].max() - chances[~same].max(initial=0.0)),
            float(np.mean([same[top] for top in tops])),
            float(np.mean([document[top] for top in tops])),
            *margins,
            1 - sum(weight for _, weight, _ in lacking) / total,
            1 - sum(weight for _, weight, _ in nowhere) / total,
            max((weight for _, weight, _ in lacking), default=0.0) / 10,
            max((weight for _, weight, known in nowhere if known), default=0.0) / 10,
            sum(weight for _, weight, known in units if not known) / total,
            float(bool(wants)),
            _beside(first, wants, units, total) if wants else 0.5,
            float(bool(wants) and not wants & first.holds),
            float(not things),
            len(things - holds) / max(1, len(things)),
            *(float(thing in things) for thing in (Thing.WHERE, Thing.PAPERS, Thing.WHO, Thing.LIST)),
            *(float(thing in things) for thing in (Thing.ORDER, Thing.MAY)),
            min(1.0, total / 40),
            min(1.0, len(units) / 8),
            *_worded(question, [passages.passages[int(number)] for number in ordered[:_BESIDE]]),
        ],
        dtype=np.float32,
    )


def says_share(unit: Sequence[str], passage: Passage) -> bool:
    """Whether a word of the question only asks which share is paid, and the sentence says one."""
    return kinds.asks_what_is_paid(unit[0]) and kinds.says_what_is_paid(passage.folded)


def _worded(question: str, beside: Sequence[Passage]) -> list[float]:
    """The signs of the first that only compare characters; `beside`: with the next best."""
    mine, *others = np.array([shared(question, one) for one in beside])
    lead = mine - np.max(others, axis=0) if others else np.zeros(len(SHARED))
    text = beside[0].text
    return [
        *mine,
        *lead,
        min(1.0, len(bare(question)) / 40),
        min(1.0, len(bare(text)) / 120),
        len(pieces(text)) / 10,
    ]


def _written(passages: Passages, passage: Passage, unit: tuple[str, ...]) -> bool:
    """Whether the passage's document names the thing anywhere."""
    return any(word in whole for whole in passages.wholes(passage.clause.document.id) for word in unit)


def _beside(passage: Passage, wants: frozenset[Thing], units: Sequence[Unit], total: float) -> float:
    """The best share of what is asked about in one piece that holds the value, with the piece before it and what
    stands above the sentence."""
    best, before = 0.0, ""
    for piece in _PIECE.findall(fold(passage.text)):
        here = plain(piece)
        if held(piece) & wants:
            near = before + here
            best = max(
                best,
                sum(
                    weight * (1.0 if any(word in near for word in unit) else 0.7)
                    for unit, weight, _ in units
                    if any(word in near or word in passage.near for word in unit)
                )
                / total,
            )
        before = here
    return best
