"""What somebody is told who knows a ticket's number and its code (查询码), and has not proved who they are.

Kind, state, promise, and what was done, in fixed words: nothing that staff or citizens wrote, no name, no matter of
health. `TicketAccounts.look` is the only way to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from base.clock import Clock, day_here, utc_now
from base.database import Database
from base.messages import Reply
from base.personal_data import Vault
from base.tenant import TENANT
from casework.models import Ticket, TicketEvent
from casework.tickets.codes import NotFollowed, TicketCodes
from casework.tickets.history import CITIZEN, SYSTEM, Step
from casework.tickets.progress import KIND_SPOKEN, Progress, ProgressBoard
from casework.tickets.tickets import Kind, State
from language.numbers.numerals import AS_SAID

_KINDS = {
    Kind.CONSULTATION: "您问的事",
    Kind.QUERY: "您要查的事",
    Kind.FILING: "帮您办的事",
    Kind.CALLBACK: "请人给您回电",
    Kind.COMPLAINT: "您反映的问题",
    Kind.SUGGESTION: "您提的建议",
}
_DONE = {
    Step.OPENED: "登记好了",
    Step.TAKEN: "工作人员接办",
    Step.ACCEPTED: "换了一位工作人员接着办",
    Step.ASSIGNED: "安排了工作人员办理",
    Step.NOTED: "工作人员记下了办理情况",
    Step.ASKED: "请您补充材料",
    Step.SUPPLIED: "收到您补充的材料",
    Step.CLOSED: "办结",
    Step.REOPENED: "重新办理",
    Step.ESCALATED: "超过了时限，报主管督办",
    Step.RATED: "收到您的评价",
    Step.CALLED_BACK: "给您打了回访电话",
    Step.URGED: "您催办，标成了紧急",
    Step.ADDED: "您补充的话，记上了",
    Step.TAKEN_BACK: "您要求撤回",
    Step.DISPATCHED: "转给负责的单位办理",
    Step.EXTENDED: "延长了办理时限",
    Step.MERGED: "和另一件同样的事并到一起办",
    Step.SUPERVISED: "主管督办",
}
"""Steps that a citizen may read; who in the house hands to whom is the house's."""
_MOST = 12
_OUTCOME = f"办理结果要问工作人员：打{TENANT.hotline}，报工单号。"
_OUTCOME_SPOKEN = "办理结果要问工作人员，说，转人工。"
_MISSING = "缺什么，工作人员告诉过您，短信里也有。"


@dataclass(frozen=True, slots=True)
class Done:
    """One step. `on`: "11月26日"."""

    on: str
    words: str


@dataclass(frozen=True, slots=True)
class Account:
    """For a page; `reply` is the same for a conversation."""

    number: str
    kind: str
    state_words: str
    promise: str
    """Until when, in whole sentences; after the end, when it ended."""
    is_closed: bool
    steps: Sequence[Done]
    """Oldest first; of very many, the newest."""
    reply: Reply


class TicketAccounts:
    """`now` is aware."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        progress: ProgressBoard,
        now: Clock = utc_now,
    ) -> None:
        self._database, self._progress = database, progress
        self._codes = TicketCodes(database, vault, now)

    async def look(self, number: str, code: str, *, by: str, whence: str) -> Account:
        """`number` and `code` as `ticket_codes` reads them, "" for none; `by`: the channel; `whence`: an address or a
        conversation. Raises NotFollowed, TooManyTries."""
        if not number or not code:
            raise NotFollowed
        await self._codes.check(number, code, by=by, whence=whence)
        found = await self._progress.followed(number)
        if found is None:
            raise NotFollowed
        return _account(found, await self._steps(number))

    async def _steps(self, number: str) -> list[Done]:
        of_ticket = select(TicketEvent).join(Ticket, Ticket.id == TicketEvent.ticket_id).where(Ticket.number == number)
        async with self._database.session() as session:
            events = list(await session.scalars(of_ticket.order_by(TicketEvent.id)))
        told = [
            Done(_day(event.at), _DONE[Step(event.what)])
            for event in events
            if event.what in _DONE and not (event.what == Step.NOTED and event.who in (CITIZEN, SYSTEM))
        ]
        once = [one for place, one in enumerate(told) if place == 0 or told[place - 1] != one]
        return once[-_MOST:]


def _account(found: Progress, steps: Sequence[Done]) -> Account:
    is_closed, is_waiting = found.state is State.CLOSED, found.state is State.WAITING
    missing = _MISSING if is_waiting else ""
    promise = missing + found.promise
    opened = f"{found.opened_on.month}月{found.opened_on.day}日"
    written = f"工单{found.number}（{found.kind}），{opened}提出：{found.state_words}。{promise}"
    tail = found.number[-4:].translate(AS_SAID)
    named = f"您{KIND_SPOKEN.get(found.kind, f'{found.kind}的事')}"
    spoken = f"{named}，工单尾号{tail}，{found.state_words}。{missing}{found.promise_spoken}"
    if is_closed:
        written, spoken = written + _OUTCOME, spoken + _OUTCOME_SPOKEN
    return Account(
        number=found.number,
        kind=_KINDS[Kind(found.kind)],
        state_words=found.state_words,
        promise=promise,
        is_closed=is_closed,
        steps=steps,
        reply=Reply(written, spoken),
    )


def _day(at: datetime) -> str:
    day: date = day_here(at)
    return f"{day.month}月{day.day}日"
