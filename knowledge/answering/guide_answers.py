"""Answers from the service guides (办事指南): for a question that names one of the items, and that no topic answers.

    asked = names.asked("居民参保登记在哪办")             # "guide/enroll-resident/where", or None
    answer = guide_answer(snapshot, asked, place, on)    # KnownAnswer, told in parts like a topic's

The key says what was asked as well as the item, so that "还有呢" and "哪个文件说的" go on from what was told. An
element that no document states is never told; asked for, it is said to be unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from knowledge.authoring.content import ELEMENTS, GuideContent, Statement
from knowledge.retrieval import normalise
from knowledge.retrieval.normalise import Vocabulary
from knowledge.retrieval.snapshot import KnownAnswer, KnownClause, KnownQuote, Snapshot

LABELS = {"where": "办理地点", **ELEMENTS, "materials_waived": "不用再交的材料"}
_ASKED = {
    "materials": ("materials", "要交哪些材料"),
    "how_long": ("time_limit", "几天办好"),
    "where": ("where", "在哪里办"),
    "online": ("channels", "怎么办理"),
    "steps": ("process", "怎么办理"),
    "handle": ("channels", "怎么办理"),
}
"""Side of the matter (knowledge/data/synonyms.yaml) → the element that answers it, and how a person would ask for it.
The first that a question asks about counts; "handle" is 怎么办理 without a side."""
_INSTEAD = {"steps": ("channels", "where"), "handle": ("process", "where")}
"""Elements that answer the side as well, where the first is missing."""
_HANDLE = ("办理", "怎么办", "渠道")
_SHORTEST_NAME = 4
_FOLLOW_UP_CHARS = 9
_KEY = "guide/"


class GuideNames:
    """What the items are called, in search's words. A question names an item when it holds all words of a name."""

    def __init__(self, snapshot: Snapshot, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._names = [
            (guide_id, _words(vocabulary, name))
            for guide_id, guide in snapshot.guides.items()
            for name in (guide.name, *guide.aliases)
        ]

    def asked(self, question: str) -> str | None:
        """The item and the side of it that a question asks for; None when it names none, or two equally well, or asks
        for something (a price, a list, a telephone number) that no guide holds."""
        text = self._vocabulary.normalise(question)
        side, item = _side(text), self._item(text)
        return f"{_KEY}{item}/{side}" if side and item else None

    def follow_up(self, key: str | None, question: str) -> str | None:
        """Another side of the item that was talked about: "要几天"."""
        if key is None or not is_guide(key):
            return None
        text = self._vocabulary.normalise(question)
        side = _side(text) if len(text) <= _FOLLOW_UP_CHARS else None
        return f"{key.rpartition('/')[0]}/{side}" if side else None

    def _item(self, text: str) -> str | None:
        lengths: dict[str, int] = {}
        for guide_id, words in self._names:
            length = sum(map(len, words))
            if length >= _SHORTEST_NAME and all(word in text for word in words):
                lengths[guide_id] = max(length, lengths.get(guide_id, 0))
        best = [guide_id for guide_id, length in lengths.items() if length == max(lengths.values())]
        return best[0] if len(best) == 1 else None


@dataclass(frozen=True, slots=True)
class GuideAnswer:
    """`answer` is what a guide says in a place, None when nothing of it holds there. `missing`: what was asked for and
    is not stated, as a person would say it; empty when it is."""

    answer: KnownAnswer | None
    missing: str


def is_guide(key: str | None) -> bool:
    """Whether a reply's topic is an item's key."""
    return key is not None and key.startswith(_KEY)


def keys(known: Snapshot) -> list[str]:
    """Everything that can be asked of the guides."""
    return [f"{_KEY}{guide_id}/{side}" for guide_id in known.guides for side in _ASKED]


def guide_of(known: Snapshot, key: str) -> GuideContent | None:
    """The guide behind a key; None when it is no guide's, or the guide was taken down."""
    return known.guides.get(key.removeprefix(_KEY).rpartition("/")[0]) if is_guide(key) else None


def guide_answer(known: Snapshot, key: str, place: str, on: date) -> GuideAnswer | None:
    """What the guide behind a key says; None when the guide was taken down."""
    guide_id, _, side = key.removeprefix(_KEY).rpartition("/")
    guide = known.guides.get(guide_id)
    if guide is None or side not in _ASKED:
        return None
    stated = _stated(known, guide, place, on)
    element, words = _ASKED[side]
    first = next((name for name in (element, *_INSTEAD.get(side, ())) if name in stated), None)
    missing = "" if first else f"{_short(guide.name)}{words}"
    first = first or ("materials_waived" if side == "materials" and "materials_waived" in stated else None)
    return GuideAnswer(_answer(guide, stated, first) if first else None, missing)


def _stated(known: Snapshot, guide: GuideContent, place: str, on: date) -> dict[str, list[KnownQuote]]:
    """Element → what holds in the place on the day, each with its first clause that does."""
    chain, found = known.chain(place), dict[str, list[KnownQuote]]()
    for name in LABELS:
        for statement in guide.element(name):
            clause = _clause(known, statement, on)
            if statement.scope in chain and clause is not None:
                found.setdefault(name, []).append(KnownQuote(clause, statement.value, leads=True))
    return found


def _clause(known: Snapshot, statement: Statement, on: date) -> KnownClause | None:
    cited = (known.clauses.get(clause_id) for clause_id in statement.clauses)
    return next((clause for clause in cited if clause is not None and clause.valid(on)), None)


def _answer(guide: GuideContent, stated: dict[str, list[KnownQuote]], first: str) -> KnownAnswer:
    """The element that was asked for leads; its further statements and the other elements follow on request."""
    lead, *more = stated[first]
    rest = [(first, quote) for quote in more]
    rest += [(name, quote) for name, quotes in stated.items() if name != first for quote in quotes]
    later = [KnownQuote(quote.clause, _line(name, quote), leads=False) for name, quote in rest]
    said = f"{_short(guide.name)}，{_line(first, lead)}"
    return KnownAnswer(lead.clause.document.place, (lead, *later), said, said, "", None, None)


def _line(element: str, quote: KnownQuote) -> str:
    return f"{LABELS[element]}：{quote.text.rstrip('。')}。"


def _short(name: str) -> str:
    """What stands in brackets explains a name and need not be said."""
    return name.partition("（")[0]


def _words(vocabulary: Vocabulary, name: str) -> tuple[str, ...]:
    """The words of a name that search tells apart."""
    terms = vocabulary.terms(vocabulary.normalise(_short(name)))
    return tuple(dict.fromkeys(term for term in terms if not term.startswith("_")))


def _side(text: str) -> str | None:
    asks = normalise.asks(text)
    if asks & (normalise.PARTICULAR_SIDES - {"materials", "steps", "how_long", "kinds"}):
        return None
    handled = "handle" if any(word in text for word in _HANDLE) else None
    return next((side for side in _ASKED if side in asks), handled)
