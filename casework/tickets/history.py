"""A ticket's history: every step, written in the unit of work of the step itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import as_aware
from base.personal_data import Vault
from casework.models import TicketEvent

CITIZEN = "citizen"
SYSTEM = "system"


class Step(StrEnum):
    """What can happen to a ticket; the value is stored, `label` is read."""

    OPENED = "opened"
    TAKEN = "taken"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    ASSIGNED = "assigned"
    NOTED = "noted"
    ASKED = "asked"
    SUPPLIED = "supplied"
    CLOSED = "closed"
    REOPENED = "reopened"
    REMINDED = "reminded"
    ESCALATED = "escalated"
    RATED = "rated"
    COMMENTED = "commented"
    CALLED_BACK = "called_back"
    URGED = "urged"
    ADDED = "added"
    TAKEN_BACK = "taken_back"
    DISPATCHED = "dispatched"
    RETURNED = "returned"
    EXTENSION_ASKED = "extension_asked"
    EXTENDED = "extended"
    EXTENSION_REFUSED = "extension_refused"
    MERGED = "merged"
    MERGED_IN = "merged_in"
    SUPERVISED = "supervised"
    LABELLED = "labelled"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Step.OPENED: "提出",
    Step.TAKEN: "接单",
    Step.OFFERED: "请求移交",
    Step.ACCEPTED: "接受移交",
    Step.DECLINED: "退回移交",
    Step.WITHDRAWN: "撤回移交",
    Step.ASSIGNED: "主管指派",
    Step.NOTED: "记录",
    Step.ASKED: "要求补材料",
    Step.SUPPLIED: "群众已补材料",
    Step.CLOSED: "办结",
    Step.REOPENED: "重新办理",
    Step.REMINDED: "催办",
    Step.ESCALATED: "超期，报主管",
    Step.RATED: "评价",
    Step.COMMENTED: "评价时说",
    Step.CALLED_BACK: "已回访",
    Step.URGED: "群众催办",
    Step.ADDED: "群众补充",
    Step.TAKEN_BACK: "群众要求撤回",
    Step.DISPATCHED: "转办",
    Step.RETURNED: "退单",
    Step.EXTENSION_ASKED: "申请延期",
    Step.EXTENDED: "同意延期",
    Step.EXTENSION_REFUSED: "不同意延期",
    Step.MERGED: "并单",
    Step.MERGED_IN: "并入",
    Step.SUPERVISED: "督办",
    Step.LABELLED: "改标签",
}


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of the history. `at` is aware, UTC; `who` a username, "citizen" or "system"."""

    at: datetime
    who: str
    step: str
    """In words."""
    note: str = field(repr=False)


def record(
    session: AsyncSession, ticket_id: int, who: str, step: Step, at: datetime, note_sealed: bytes | None = None
) -> None:
    """Add a step to the caller's unit of work. `at`: UTC, naive."""
    session.add(TicketEvent(ticket_id=ticket_id, at=at, who=who, what=step.value, note_sealed=note_sealed))


async def history(session: AsyncSession, vault: Vault, ticket_id: int) -> list[Happened]:
    """Oldest first."""
    rows = await session.scalars(select(TicketEvent).where(TicketEvent.ticket_id == ticket_id).order_by(TicketEvent.id))
    return [
        Happened(
            as_aware(row.at),
            row.who,
            Step(row.what).label if row.what in set(Step) else row.what,
            vault.decrypt(row.note_sealed) if row.note_sealed else "",
        )
        for row in rows
    ]
