"""Why a question is answered as it is: the candidates, how near each was and by what, and what place and date did.

CPU work: call it in a thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from knowledge.retrieval.search import Search
from knowledge.retrieval.snapshot import KnownTopic
from knowledge.retrieval.topic_ranking import MEASURES, Ranked

_MOST = 8


@dataclass(frozen=True, slots=True)
class Why:
    """One candidate. `words`, `meaning`, `sound` are 0..1 and say how near its nearest text is; `chance` is its share.

    `answers_in`: the place whose answer would be given here on this day, None when there is none; `note` says in
    Chinese what place and date did.
    """

    id: str
    title: str
    is_topic: bool
    chance: float
    words: float
    meaning: float
    sound: float
    answers_in: str | None
    note: str


def candidates(search: Search, question: str, countable: frozenset[str], place: str, on: date) -> tuple[Why, ...]:
    """The best candidates for a folded question, best first."""
    ranked = search.rank(question, countable)
    return tuple(_why(search, ranked, row, place, on) for row in range(min(_MOST, len(ranked.targets))))


def _why(search: Search, ranked: Ranked, row: int, place: str, on: date) -> Why:
    target = search.index.targets[int(ranked.targets[row])]
    near = {name: float(value) for name, value in zip(MEASURES, ranked.measures[row], strict=True)}
    if target.topic is not None:
        answers_in, note = _topic_note(search, target.topic, place, on)
        title = target.topic.title
    else:
        assert target.clause is not None
        title = f"{target.clause.document.doc_no} {target.clause.number} {target.clause.heading}".strip()
        valid = target.clause.valid(on)
        answers_in = target.clause.document.place if valid else None
        note = "" if valid else "这一天条款不在有效期内"
    return Why(
        id=target.id,
        title=title,
        is_topic=target.topic is not None,
        chance=float(ranked.chances[row]),
        words=_share(near["words"], near["words_written"]),
        meaning=_share(near["meaning"], near["meaning_written"]),
        sound=_share(near["sounds"]),
        answers_in=answers_in,
        note=note,
    )


def _topic_note(search: Search, topic: KnownTopic, place: str, on: date) -> tuple[str | None, str]:
    known = search.index.snapshot
    chain = known.chain(place)
    if answer := known.answer(topic, place, on):
        name = known.places[answer.place][0] if answer.place in known.places else answer.place
        return answer.place, "" if answer.place == place else f"本地没有单独规定，用{name}的"
    if any(answer.place in chain for answer in topic.answers):
        return None, "这一天答复或所引条款不在有效期内"
    return None, "只有别处的规定" if topic.answers else "没有文件写到"


def _share(*values: float) -> float:
    return min(1.0, max(0.0, *values))
