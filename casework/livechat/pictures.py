"""Pictures that a citizen sends while a person answers, or is to come: seen at the desk, and nowhere else.

Checked as materials are, sealed, kept with their turn and deleted with it. They become material of a filing only when
the member of staff who has the conversation says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from base.database import Database
from base.messages import Reply
from base.personal_data import Vault
from base.room import Room
from casework.filings.file_type import opened_type
from casework.filings.pictures import MaterialRefused, NoRoomLeft
from casework.livechat.book import CITIZEN, Book, State
from casework.livechat.models import LiveConversation, LivePicture, LiveTurn
from casework.livechat.staff_steps import LiveSteps, audit_note
from casework.livechat.wording import say
from casework.tickets.changes import StepRefused
from casework.tickets.tickets import NotFound
from staff.audit import Action
from staff.roles import Permission, StaffMember

MOST = 20
"""In one conversation."""
SHOWN = {"application/pdf": "〔PDF 文件〕"}
_PICTURE = "〔图片〕"
_NO_FILING = "收不成材料：群众还没有核对身份，或者没有正在办的事。请群众先说要办什么、核对身份。"

Accept = Callable[[str, str, bytes], Awaitable[list[Reply] | None]]
"""Conversation, channel, file → what to tell the citizen of it; None when they have no open filing:
`bot.flows.manager.Errands.take_picture`."""


class LivePictures:
    """`take` for channels, the rest for staff."""

    def __init__(
        self, database: Database, vault: Vault, book: Book, steps: LiveSteps, accept: Accept, room: Room
    ) -> None:
        self._database, self._vault, self._book, self._steps = database, vault, book, steps
        self._accept, self._room = accept, room

    async def take(self, conversation: str, content: bytes) -> list[Reply] | None:
        """None when the assistant answers this conversation: then the picture is not ours. Else what to say of it:
        nothing where a person answers. Raises MaterialRefused."""
        async with self._database.session() as session:
            if await self._waiting_or_held(session, conversation) is None:
                return None
        if not self._room.is_left:
            raise NoRoomLeft
        found_type = await opened_type(content)
        sealed = await asyncio.to_thread(self._vault.encrypt_bytes, content)
        async with self._database.session() as session:
            row = await self._waiting_or_held(session, conversation)
            if row is None:  # given back meanwhile
                return None
            await self._check_room(session, row)
            turn = self._book.add(session, row, CITIZEN, Reply(SHOWN.get(found_type, _PICTURE)), file=found_type)
            await session.flush()
            session.add(LivePicture(turn_id=turn.id, media_type=found_type, content_sealed=sealed))
            return [say("picture_waits")] if row.state == State.WAITING.value else []

    async def look(self, conversation_id: int, turn_id: int, member: StaffMember) -> tuple[str, bytes]:
        """Media type and contents; the look is noted. Raises NotAllowed, NotFound."""
        member.require(Permission.TICKETS)
        line, _ = await self._steps.news(conversation_id, member, turn_id)
        found = await self._read(conversation_id, turn_id)
        async with self._database.session() as session:
            audit_note(session, member, Action.MATERIAL_VIEWED, line, f"picture {turn_id}")
        return found

    async def attach(self, conversation_id: int, turn_id: int, member: StaffMember) -> None:
        """Make it material of the citizen's open filing, and tell them. By the holder. Raises NotAllowed, NotFound,
        StepRefused."""
        line = await self._steps.held(conversation_id, member)
        _, content = await self._read(conversation_id, turn_id)
        told = await self._accept(line.name, line.channel, content)
        if told is None:
            raise StepRefused(citizen_text=_NO_FILING)
        async with self._database.session() as session:
            audit_note(session, member, Action.MATERIAL_ADDED, line, f"picture {turn_id}")
        await self._steps.tell(line, told, member)

    async def _read(self, conversation_id: int, turn_id: int) -> tuple[str, bytes]:
        wanted = select(LivePicture).join(LiveTurn, LiveTurn.id == LivePicture.turn_id)
        async with self._database.session() as session:
            row = await session.scalar(
                wanted.where(LiveTurn.id == turn_id, LiveTurn.conversation_id == conversation_id)
            )
        if row is None:
            raise NotFound(citizen_text="这张图片已经不保存了。")
        return row.media_type, await asyncio.to_thread(self._vault.decrypt_bytes, row.content_sealed)

    async def _waiting_or_held(self, session: AsyncSession, conversation: str) -> LiveConversation | None:
        states = (State.WAITING.value, State.PERSON.value)
        is_it = (LiveConversation.key == self._book.key(conversation)) & LiveConversation.state.in_(states)
        return await session.scalar(select(LiveConversation).where(is_it))

    async def _check_room(self, session: AsyncSession, row: LiveConversation) -> None:
        mine = select(func.count()).select_from(LivePicture).join(LiveTurn, LiveTurn.id == LivePicture.turn_id)
        if (await session.scalar(mine.where(LiveTurn.conversation_id == row.id)) or 0) >= MOST:
            raise MaterialRefused(code="material_many", citizen_text=f"一次对话最多发{MOST}张图片，已经够了。")
