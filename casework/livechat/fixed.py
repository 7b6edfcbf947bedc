"""Replies that agents give by their name, after "/" (常用语): written by a 主管, the same for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from base.clock import Clock, as_stored, utc_now
from base.database import Database
from casework.livechat.models import FixedReply
from casework.tickets.changes import StepRefused
from staff import audit
from staff.audit import Action
from staff.roles import Permission, StaffMember

_MOST_NAME_CHARS, _MOST_CHARS, _MOST = 20, 1_000, 200


@dataclass(frozen=True, slots=True)
class Fixed:
    """`name` is what stands after the stroke."""

    id: int
    name: str
    text: str


class FixedReplies:
    """`now` is aware. Every step raises NotAllowed or StepRefused."""

    def __init__(self, database: Database, now: Clock = utc_now) -> None:
        self._database, self._now = database, now

    async def all(self) -> Sequence[Fixed]:
        """By name."""
        async with self._database.session() as session:
            rows = await session.scalars(select(FixedReply).order_by(FixedReply.name).limit(_MOST))
            return [Fixed(row.id, row.name, row.text) for row in rows]

    async def put(self, member: StaffMember, name: str, text: str) -> None:
        """A new one, or new words under a name that is there."""
        member.require(Permission.SUPERVISE)
        name, text = "".join(name.split()).lstrip("/"), text.strip()
        if not 1 <= len(name) <= _MOST_NAME_CHARS or not 1 <= len(text) <= _MOST_CHARS:
            raise StepRefused(citizen_text=f"名字不超过{_MOST_NAME_CHARS}个字，内容不超过{_MOST_CHARS}个字，都要写。")
        try:
            async with self._database.session() as session:
                row = await session.scalar(select(FixedReply).where(FixedReply.name == name))
                at = as_stored(self._now())
                if row is None:
                    session.add(FixedReply(name=name, text=text, by=member.username, at=at))
                else:
                    row.text, row.by, row.at = text, member.username, at
                audit.note(session, member.username, Action.FIXED_REPLY_CHANGED, name, by=member.role.value)
        except IntegrityError as error:  # a colleague made the same one at the same moment
            raise StepRefused(citizen_text="刚才有同事加了同名的常用语，请再看一下。") from error

    async def drop(self, member: StaffMember, number: int) -> None:
        """What is gone already is gone."""
        member.require(Permission.SUPERVISE)
        async with self._database.session() as session:
            row = await session.get(FixedReply, number)
            if row is not None:
                await session.execute(delete(FixedReply).where(FixedReply.id == number))
                audit.note(session, member.username, Action.FIXED_REPLY_CHANGED, row.name, by=member.role.value)
