"""What staff do with a live conversation: look, take over, say, give back, end. Every step is in the audit log.

Of two who take over at once one gets it, and the other hears who has it. Only the holder writes; a 主管 may take a
conversation from its holder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from base.database import Database
from base.messages import Reply
from casework.livechat.book import AGENT, ASSISTANT, Book, Line, State, Turn
from casework.livechat.held import Held
from casework.livechat.models import LiveConversation
from casework.livechat.outward import Outward
from casework.livechat.waiting_times import End, settle
from casework.livechat.wording import say
from casework.tickets.changes import StepRefused, checked
from casework.tickets.tickets import NotFound
from staff import audit
from staff.audit import Action
from staff.models import StaffAccount
from staff.roles import Permission, StaffMember

_GONE = "这个对话已经结束，内容不再保存。"
_READ_ONLY = "电话要在话机上接听，这里只能看；说“转人工”的电话会转到坐席的话机。"
_ENDING = timedelta(seconds=10)
_FREE = LiveConversation.state.in_((State.BOT.value, State.WAITING.value))


class LiveSteps:
    """Every step raises NotAllowed, NotFound or StepRefused, whose `citizen_text` is for the member."""

    def __init__(self, database: Database, book: Book, outward: Outward, held: Held) -> None:
        self._database, self._book, self._outward, self._held = database, book, outward, held

    async def note_presence(self, member: StaffMember, *, is_on: bool) -> None:
        """They have come to the desk, or left it."""
        what = Action.LIVE_ON if is_on else Action.LIVE_OFF
        await audit.note_alone(self._database, member.username, what, member.username, by=member.role.value)

    @staticmethod
    def may_take(line: Line, member: StaffMember) -> bool:
        """Whether `take` would do it now."""
        if not line.is_reachable or line.state is State.CLOSED or line.person == member.username:
            return False
        return line.state is not State.PERSON or member.may(Permission.SUPERVISE)

    async def lines(self, member: StaffMember) -> list[Line]:
        """Everything going on."""
        member.require(Permission.TICKETS)
        async with self._database.session() as session:
            return await self._book.lines(session)

    async def look(self, conversation_id: int, member: StaffMember) -> tuple[Line, list[Turn]]:
        """One conversation with its turns, oldest first; the look is noted."""
        member.require(Permission.TICKETS)
        async with self._database.session() as session:
            line = self._book.line(await _row(session, conversation_id))
            audit_note(session, member, Action.LIVE_VIEWED, line)
            return line, await self._book.turns(session, conversation_id)

    async def news(self, conversation_id: int, member: StaffMember, after: int) -> tuple[Line, list[Turn]]:
        """What was said after a turn, for somebody who looks at the conversation already."""
        member.require(Permission.TICKETS)
        async with self._database.session() as session:
            line = self._book.line(await _row(session, conversation_id))
            return line, await self._book.turns(session, conversation_id, after)

    async def take(self, conversation_id: int, member: StaffMember) -> None:
        """From now on this member answers."""
        member.require(Permission.TICKETS)
        async with self._database.session() as session:
            line = self._book.line(await _row(session, conversation_id))
        if not line.is_reachable:
            raise StepRefused(citizen_text=_READ_ONLY)
        when: ColumnElement[bool] = _FREE
        if member.may(Permission.SUPERVISE):
            when = (LiveConversation.state != State.CLOSED.value) & LiveConversation.person.is_distinct_from(
                member.username
            )
        values = {"state": State.PERSON.value, "person": member.username, "waiting_since": None}
        await self._change(conversation_id, member, Action.LIVE_TAKEN, when, values)
        await self._tell(line, [say("taken")], AGENT, member)

    async def say(self, conversation_id: int, member: StaffMember, text: str) -> Line:
        """To the citizen. By the holder."""
        text = checked(text, "请写下要对群众说的话。")
        line = await self.held(conversation_id, member)
        await self._tell(line, [Reply(text)], AGENT, member)
        async with self._database.session() as session:
            audit_note(session, member, Action.LIVE_ANSWERED, line)
        return line

    async def tell(self, line: Line, replies: Sequence[Reply], member: StaffMember) -> None:
        """What became of something, in the assistant's words."""
        await self._tell(line, replies, ASSISTANT, member)

    async def give_back(self, conversation_id: int, member: StaffMember) -> None:
        """The assistant goes on, and says so."""
        line = await self.held(conversation_id, member)
        values = {"state": State.BOT.value, "person": None}
        await self._change(conversation_id, member, Action.LIVE_GIVEN_BACK, _is_theirs(member), values)
        await self._tell(line, [say("given_back")], ASSISTANT, member)

    async def end(self, conversation_id: int, member: StaffMember, last: Reply) -> None:
        """Over; `last` is what the citizen reads."""
        line = await self.held(conversation_id, member)
        values = {"state": State.CLOSED.value, "person": None, "last_at": self._book.now}
        await self._tell(line, [last], AGENT, member)
        await self._change(conversation_id, member, Action.LIVE_ENDED, _is_theirs(member), values)

    async def begin_end(self, conversation_id: int, member: StaffMember) -> Line:
        """The holder ends it: of two clicks one. Raises StepRefused."""
        line = await self.held(conversation_id, member)
        now = self._book.now
        free = _is_theirs(member) & (LiveConversation.lease_until <= now)
        async with self._database.session() as session:
            change = update(LiveConversation).where(LiveConversation.id == conversation_id, free)
            result = await session.execute(change.values(lease_until=now + _ENDING))
            if not getattr(result, "rowcount", 0):
                raise StepRefused(citizen_text="这个对话正在办结，请稍等几秒再看。")
        return line

    async def held(self, conversation_id: int, member: StaffMember) -> Line:
        """Raises StepRefused unless the conversation is this member's."""
        member.require(Permission.TICKETS)
        async with self._database.session() as session:
            row = await _row(session, conversation_id)
            if row.state != State.PERSON.value or row.person != member.username:
                raise await _refusal(session, row, member)
            return self._book.line(row)

    async def _change(
        self,
        conversation_id: int,
        member: StaffMember,
        what: Action,
        when: ColumnElement[bool],
        values: Mapping[str, Any],
    ) -> None:
        async with self._database.session() as session:
            change = update(LiveConversation).where(LiveConversation.id == conversation_id, when).values(**values)
            if not getattr(await session.execute(change), "rowcount", 0):
                raise await _refusal(session, await _row(session, conversation_id), member)
            if what is Action.LIVE_TAKEN:
                await settle(session, conversation_id, End.TAKEN, self._book.now)
            audit_note(session, member, what, self._book.line(await _row(session, conversation_id)))
        self._held.changed()

    async def _tell(self, line: Line, replies: Sequence[Reply], who: str, member: StaffMember) -> None:
        is_sent = await self._outward.tell(line.name, line.channel, replies, from_person=who == AGENT)
        async with self._database.session() as session:
            row = await _row(session, line.id)
            for reply in replies:
                self._book.add(session, row, who, reply, by=member.username, is_news=not is_sent)


def audit_note(session: AsyncSession, member: StaffMember, what: Action, line: Line, more: str = "") -> None:
    """`which` names the conversation as long as it is there, `detail` ever after."""
    detail = f"conversation {line.key} {more}".strip()
    audit.note(session, member.username, what, f"对话{line.id}", by=member.role.value, detail=detail)


def _is_theirs(member: StaffMember) -> ColumnElement[bool]:
    return (LiveConversation.state == State.PERSON.value) & (LiveConversation.person == member.username)


async def _row(session: AsyncSession, conversation_id: int) -> LiveConversation:
    row = await session.get(LiveConversation, conversation_id, populate_existing=True)
    if row is None:
        raise NotFound(citizen_text=_GONE)
    return row


async def _refusal(session: AsyncSession, row: LiveConversation, member: StaffMember) -> StepRefused:
    if row.state == State.CLOSED.value:
        return StepRefused(citizen_text="这个对话已经结束了。")
    if row.person == member.username:
        return StepRefused(citizen_text="这个对话已经由您接管。")
    if row.person:
        name = await session.scalar(select(StaffAccount.name).where(StaffAccount.username == row.person))
        return StepRefused(citizen_text=f"这个对话已经由{name or row.person}接管。")
    return StepRefused(citizen_text="这个对话现在由助手在答，请先接管。")
