"""Where a ticket stands, as the citizen is told: in writing, and in words for the ear."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import ColumnElement, false, or_, select, true

from base.clock import Clock, day_here, utc_now
from base.database import Database
from base.personal_data import Vault
from casework.filings.fields import said, shown
from casework.filings.filing import State as FilingState
from casework.filings.items import Item, Items
from casework.models import Filing, Ticket
from casework.people.authorisations import ALL, QUERY, in_force
from casework.people.models import Authorisation
from casework.tickets.tickets import Kind, State
from language.calendar.working_days import Remaining, caveat, remaining
from language.numbers import numerals

_MOST = 10
_NEWEST_FIRST = (Ticket.id + 0).desc()
"""An expression, so that PostgreSQL sorts the few tickets that the indexes find. By the bare key it walks through the
whole table backwards, hoping to meet ten of them soon; whoever has fewer waits until its end."""
_READ = str.maketrans("0123456789", "零幺二三四五六七八九")
_WRITTEN = {
    State.OPEN: "已登记，等工作人员接办",
    State.TAKEN: "工作人员正在办理",
    State.WAITING: "等您补充材料",
    State.CLOSED: "已办结",
}
KIND_SPOKEN = {"回电": "请人回电的事", "帮办": "帮您办的事", "投诉": "反映的问题", "建议": "提的建议"}


_OUTCOMES = {
    FilingState.APPROVED: "已办好",
    FilingState.REFUSED: "没有办成",
    FilingState.WITHDRAWN: "已按您的要求撤回，不再办理",
}


class MakesLink(Protocol):
    """`casework.filings.materials.Materials`."""

    async def link(self, filing: int) -> str:
        """The address where materials for this filing can be handed in."""
        ...


@dataclass(frozen=True, slots=True)
class Filed:
    """What a ticket of the kind 帮办 is about. `which` and `said` are "" for who has not proved who they are."""

    id: int
    item: Item
    state: FilingState
    which: str = field(repr=False)
    """What tells it from another of the same item, for the eye and for the ear."""
    which_spoken: str = field(repr=False)
    said: str = field(repr=False)
    """By staff: what is missing, or why it was decided so."""
    for_another: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """`left` counts to today's `due_on`; what it says of a closed ticket is not told. Days are those of Jining."""

    number: str
    kind: str
    state: State
    opened_on: date
    due_on: date
    closed_on: date | None
    left: Remaining
    is_escalated: bool
    filed: Filed | None
    has_contact: bool = True
    """Somebody can call them: they left a number, or had proved who they are."""

    @property
    def state_words(self) -> str:
        """In plain words."""
        outcome = _OUTCOMES.get(self.filed.state) if self.filed and self.state is State.CLOSED else None
        return outcome or _WRITTEN[self.state]

    @property
    def written(self) -> str:
        """For a screen."""
        start = f"{self._named}，{_day(self.opened_on)}提出：{self.state_words}。"
        if self.state is State.CLOSED:
            return start + self._reason + self.promise
        if self.state is State.WAITING:
            return start + self._missing + self.promise
        return start + self.promise + self._note

    @property
    def promise(self) -> str:
        """Until when, or when it ended; for a screen."""
        if self.state is State.CLOSED:
            return f"办结时间：{_day(self.closed_on)}。" if self.closed_on else ""
        if self.state is State.WAITING:
            return "补齐以后接着办，等待的时间不算在办理时限里。"
        return self._promised(_day(self.due_on) + caveat(self.due_on), self.left.words)

    @property
    def spoken(self) -> str:
        """For the ear: no brackets, digits or Latin letters, sentences of at most 60 characters, but for what staff
        wrote."""
        start = f"{self._named_spoken}工单尾号{self.number[-4:].translate(_READ)}，{self.state_words}。"
        if self.state is State.CLOSED:
            return start + self._reason + self.promise_spoken
        if self.state is State.WAITING:
            return start + self._missing + self.promise_spoken
        return start + self.promise_spoken + (self.filed.item.limit_note_spoken if self.filed else "")

    @property
    def promise_spoken(self) -> str:
        """The same, for the ear."""
        if self.state is State.CLOSED:
            return f"是{_day_spoken(self.closed_on)}办完的。" if self.closed_on else ""
        if self.state is State.WAITING:
            return "补齐以后接着给您办，等的时间不算在内。"
        return self._promised(_day_spoken(self.due_on) + caveat(self.due_on), self._left_spoken)

    @property
    def _named(self) -> str:
        if self.filed is None:
            return f"工单{self.number}（{self.kind}）"
        whose = "您替家人办的" if self.filed.for_another else ""
        which = f"{self.filed.which}，" if self.filed.which else ""
        return f"{whose}“{self.filed.item.name}”（{which}工单{self.number}）"

    @property
    def _named_spoken(self) -> str:
        if self.filed is None:
            return f"您{KIND_SPOKEN.get(self.kind, f'{self.kind}的事')}，"
        whose = "您替家人办的" if self.filed.for_another else "您办的"
        which = f"{self.filed.which_spoken}。" if self.filed.which_spoken else ""
        return f"{whose}{self.filed.item.spoken}，{which}"

    def _promised(self, due: str, left: str) -> str:
        """A time limit only where a document has one; otherwise somebody gets in touch, and that was promised."""
        is_limit = self.filed is not None and self.filed.item.limit is not None
        if self.left.overdue:
            late = f"{left}。对不起，{self._late_words}。"
            done = "联系您" if self.has_contact else "处理好"
            return f"办理时限到{due}，{late}" if is_limit else f"原定{due}前{done}，{late}"
        if is_limit or not self.has_contact:
            return f"办理时限到{due}，{left}。"
        return f"工作人员{due}前联系您，{left}。"

    @property
    def _note(self) -> str:
        return self.filed.item.limit_note if self.filed else ""

    @property
    def _missing(self) -> str:
        what = f"还缺：{_ended(self.filed.said)}" if self.filed and self.filed.said else "缺什么，短信里写了。"
        return f"{what}照片可以按短信里的网址交，也可以带到窗口。"

    @property
    def _reason(self) -> str:
        if self.filed is None or not self.filed.said:
            return ""
        return f"{'理由' if self.filed.state is FilingState.REFUSED else '说明'}：{_ended(self.filed.said)}"

    @property
    def _late_words(self) -> str:
        return "已经报主管督办" if self.is_escalated else "我们会马上报主管督办"

    @property
    def _left_spoken(self) -> str:
        days = self.left.days
        if not days or self.left.is_today:
            return self.left.words
        count = "两" if days == 2 else numerals.said(days)
        return f"已经超了{count}个工作日" if self.left.overdue else f"还有{count}个工作日"


class ProgressBoard:
    """Finds tickets for a citizen. Whether they may know is the caller's: a number alone is no proof of who asks."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        items: Items,
        links: MakesLink,
        now: Clock = utc_now,
    ) -> None:
        self._database, self._vault, self._items, self._links, self._now = database, vault, items, links, now

    async def progress(self, number: str) -> Progress | None:
        """None when there is no such ticket. Case and spaces do not matter."""
        found = await self._find(Ticket.number == "".join(number.split()).upper())
        return found[0] if found else None

    async def followed(self, number: str) -> Progress | None:
        """For who knows its code, and has not proved who they are. `number` as it is written."""
        found = await self._find(Ticket.number == number, is_proven=False)
        return found[0] if found else None

    async def of_person(self, person_key: str, phone: str = "") -> list[Progress]:
        """Newest first, at most ten: tickets about the person's own matters or those they act in, as long as an
        authorisation lets them.

        `phone`: one they have proved to hold; call backs asked for on it are theirs, too, though nobody had proved
        who they are then.
        """
        own = (Ticket.person_key == person_key) | await self._acting(person_key)
        if phone:
            own |= (Ticket.phone_hash == self._vault.lookup(phone)) & Ticket.person_key.is_(None)
        return await self._find(own, reader=person_key)

    async def of_items(self, person_key: str, items: Collection[str]) -> list[Progress]:
        """What was filed for this person of these items; newest first, at most ten."""
        filed = (Ticket.person_key == person_key) & (Ticket.kind == Kind.FILING.value) & Ticket.topic.in_(items)
        return await self._find(filed)

    async def of_conversation(self, conversation: str) -> list[Progress]:
        """Newest first, at most ten; without what only its owner may know. `conversation` is plain."""
        return await self._find(Ticket.conversation == self._vault.lookup(conversation), is_proven=False)

    async def unnamed_in(self, conversation: str) -> list[Progress]:
        """Those of them that are in nobody's name: a complaint that was registered here without one."""
        here = (Ticket.conversation == self._vault.lookup(conversation)) & Ticket.person_key.is_(None)
        return await self._find(here, is_proven=False)

    async def link(self, progress: Progress) -> str:
        """Where what is missing can be handed in; "" when nothing is waited for. Makes a new link."""
        is_waited_for = progress.filed is not None and progress.filed.state is FilingState.SUPPLEMENT
        return await self._links.link(progress.filed.id) if progress.filed and is_waited_for else ""

    async def _acting(self, agent: str) -> ColumnElement[bool]:
        """Tickets in which this person acts and still may: who was trusted once is not told how it goes on."""
        mine = in_force(self._today) & (Authorisation.agent_key == agent)
        async with self._database.session() as session:
            rows = list(await session.scalars(select(Authorisation).where(mine)))
        allowed = [
            (Ticket.person_key == row.principal_key)
            & (true() if {ALL, QUERY} & set(row.items.split(",")) else Ticket.topic.in_(row.items.split(",")))
            for row in rows
        ]
        return (Ticket.agent_key == agent) & or_(false(), *allowed)

    async def _find(self, which: ColumnElement[bool], *, reader: str = "", is_proven: bool = True) -> list[Progress]:
        wanted = select(Ticket, Filing).outerjoin(Filing, Filing.ticket_id == Ticket.id).where(which)
        async with self._database.session() as session:
            rows = await session.execute(wanted.order_by(_NEWEST_FIRST).limit(_MOST))
            return [
                self._progress(ticket, self._filed(filing, reader, is_proven=is_proven) if filing else None)
                for ticket, filing in rows
            ]

    def _progress(self, row: Ticket, filed: Filed | None) -> Progress:
        return Progress(
            number=row.number,
            kind=row.kind,
            state=State(row.state),
            opened_on=_local(row.opened_at),
            due_on=row.due_on,
            closed_on=_local(row.closed_at) if row.closed_at else None,
            left=remaining(self._today, row.due_on),
            is_escalated=row.escalated_at is not None,
            filed=filed,
            has_contact=row.phone_sealed is not None or row.person_key is not None,
        )

    def _filed(self, row: Filing, reader: str, *, is_proven: bool) -> Filed:
        item, state = self._items.items[row.item], FilingState(row.state)
        answers = json.loads(self._vault.decrypt(row.answers_sealed)) if is_proven else {}
        which = [
            (one, answers[one.id])
            for one in item.fields
            if one.id in item.distinct and one.id in answers and one.kind != "phone"
        ]
        is_told = (
            is_proven and row.decision_sealed is not None and (state is FilingState.SUPPLEMENT or state in _OUTCOMES)
        )
        return Filed(
            id=row.id,
            item=item,
            state=state,
            which="，".join(shown(*one) for one in which),
            which_spoken="，".join(said(*one) for one in which),
            said=self._vault.decrypt(row.decision_sealed) if is_told and row.decision_sealed else "",
            for_another=bool(reader) and row.principal_key != reader,
        )

    @property
    def _today(self) -> date:
        return day_here(self._now())


def _local(at: datetime) -> date:
    return day_here(at)


def _ended(text: str) -> str:
    """With a full stop, whether staff wrote one or not."""
    return f"{text.strip().rstrip('。；;. ')}。"


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _day_spoken(day: date) -> str:
    return f"{numerals.said(day.month)}月{numerals.said(day.day)}号"
