"""A new text of a document beside the present one, clause by clause, for whoever is about to save it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from base import aside
from connectors.console.knowledge.readable import Changed, Names, compared
from connectors.console.knowledge.typed_documents import WAS
from knowledge.authoring.content import ClauseContent, title_of
from knowledge.authoring.lost_quotes import Losing
from knowledge.authoring.reissue import Held, NewPart, Plan, Present, carried, is_renumbered
from knowledge.authoring.versions import changes
from knowledge.documents.matching import Part, match

_MOST_TITLE = 60


class State(StrEnum):
    """What became of a clause."""

    SAME = "same"
    RENUMBERED = "renumbered"
    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"

    @property
    def label(self) -> str:
        return _LABELS[self.value]


_LABELS = {"same": "没变", "renumbered": "只变了编号", "changed": "改了", "new": "新增", "gone": "新版本里没有"}


@dataclass(frozen=True, slots=True)
class Line:
    """A clause of the new text. `was`: id of the present clause, "" for none; `changed`: what differs from it."""

    state: State
    title: str
    text: str
    was: str
    was_title: str
    changed: Sequence[Changed]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`choices`: id → title of the present clauses that a clause of the new text may be, those that are the same word
    for word left out. `tally`: how many of each state, in the order of `State`."""

    lines: Sequence[Line]
    gone: Sequence[Held]
    choices: Mapping[str, str]
    tally: Mapping[State, int]


async def matched(present: Present, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """For each typed clause the id of the present one: as the editor chose, or, before anybody did, as it looks."""
    if any(WAS in row for row in rows):
        known = {clause.id for clause in present.clauses}
        return [row[WAS] if row.get(WAS) in known else "" for row in rows]
    before = [_part(clause.content.number, clause.content.heading, clause.content.text) for clause in present.clauses]
    after = [_part(row.get("number"), row.get("heading"), row.get("text")) for row in rows]
    found = await aside.think(match, before, after)
    return ["" if place is None else present.clauses[place].id for place in found]


def _part(number: Any, heading: Any, text: Any) -> Part:
    return Part(str(number or ""), str(heading or ""), str(text or ""))


def chosen_twice(was: Sequence[str]) -> list[int]:
    """Places of clauses that were given to a present clause which an earlier one has already."""
    return [place for place, clause in enumerate(was) if clause and clause in was[:place]]


async def comparison(present: Present, parts: Sequence[NewPart], new: Plan, names: Names) -> Comparison:
    """`new` is the plan of `parts`, whose clauses stand in the order of the page."""
    lines = [await _line(present, part, names) for part in parts]
    same = {line.was for line in lines if line.state in (State.SAME, State.RENUMBERED)}
    choices = {c.id: title_of(c.content)[:_MOST_TITLE] for c in present.clauses if c.id not in same}
    counted = Counter(line.state for line in lines) + Counter({State.GONE: len(new.gone)})
    return Comparison(lines, new.gone, choices, {state: counted[state] for state in State})


async def _line(present: Present, part: NewPart, names: Names) -> Line:
    held, found = present.clause(part.was), part.content
    if held is None:
        return Line(State.NEW, title_of(found), found.text, "", "", ())
    after = carried(held.content, found)
    fields = [change for change in changes(held.content, after) if change.path in ("number", "heading", "text")]
    changed = await compared(fields, names)
    state = State.RENUMBERED if is_renumbered(held.content, after) else State.CHANGED if fields else State.SAME
    return Line(state, title_of(after), after.text, held.id, _title(held), changed)


def _title(held: Held) -> str:
    return title_of(held.content)[:_MOST_TITLE]


@dataclass(frozen=True, slots=True)
class Loser:
    """An FAQ or guide with everything that it would stand on no more: (title of the clause, the words)."""

    found: Losing
    words: Sequence[tuple[str, str, bool]]


def losers(present: Present, new: Plan, found: Sequence[Losing]) -> list[Loser]:
    """One line for each FAQ and guide: the clause's title, the words, and whether the whole clause goes."""
    gone = {held.id for held in new.gone}
    titles = {held.id: _title(held) for held in present.clauses}
    by_item: dict[tuple[str, str], list[Losing]] = {}
    for one in found:
        by_item.setdefault((one.kind, one.item_id), []).append(one)
    return [
        Loser(them[0], [(titles[one.clause_id], one.quote, one.clause_id in gone) for one in them])
        for them in by_item.values()
    ]


def parts_of(clauses: Sequence[ClauseContent], was: Sequence[str]) -> list[NewPart]:
    return [NewPart(clause_id, clause) for clause, clause_id in zip(clauses, was, strict=True)]
