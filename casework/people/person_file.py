"""Everything that is kept of one person, for who asks for it (个人信息保护法 第四十四条至第四十七条): shown,
handed out, and deleted where no case needs it.

    file = PersonFile(database, vault)
    found = await file.export(id_number, phone, by="command line")       # JSON-able; audited
    gone = await file.delete(id_number, phone, by="command line")        # {"核对过身份的对话": 1, …}; audited

Found by the keyed hashes of the ID number and of the phone. Tickets, filings and materials are the bureau's files and
stay; so does the audit log, which names nobody.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Delete, delete, or_, select
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession

from base.database import Database
from base.personal_data import Vault
from casework.models import Filing, Material, Ticket
from casework.people.identity import person_ref
from casework.people.models import Authorisation, IdChallenge, IdProof, OutboxMessage
from staff import audit
from staff.audit import Action

Found = dict[str, list[dict[str, Any]]]


class PersonFile:
    """An empty phone: what hangs on the number alone is not looked for."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database, self._vault = database, vault

    async def export(self, id_number: str, phone: str, *, by: str) -> Found:
        """By kind; what is sealed is opened."""
        key = self._vault.lookup(id_number.upper())
        async with self._database.session() as session:
            found = {
                "办过的事": await self._filings(session, key),
                "工单": await self._tickets(session, key, phone),
                "授权": await self._authorisations(session, key),
                "短信": await self._messages(session, phone),
                "核对过身份的对话、微信绑定": await self._proofs(session, key),
                "验证码": await self._challenges(session, key),
            }
            audit.note(session, by, Action.PERSON_EXPORTED, person_ref(key))
        return found

    async def delete(self, id_number: str, phone: str, *, by: str) -> dict[str, int]:
        """How many rows of each kind went."""
        key, hashed = self._vault.lookup(id_number.upper()), self._vault.lookup(phone)
        sent = (OutboxMessage.phone_hash == hashed) & (OutboxMessage.state != "waiting")
        steps: dict[str, Delete] = {
            "核对过身份的对话、微信绑定": delete(IdProof).where(IdProof.person_key == key),
            "验证码": delete(IdChallenge).where(IdChallenge.person_key == key),
        }
        if phone:
            steps["发过的短信"] = delete(OutboxMessage).where(sent)
        async with self._database.session() as session:
            gone = {name: _count(await session.execute(step)) for name, step in steps.items()}
            audit.note(session, by, Action.PERSON_DELETED, person_ref(key), detail=str(sum(gone.values())))
        return gone

    async def _filings(self, session: AsyncSession, key: str) -> list[dict[str, Any]]:
        mine = select(Filing).where(or_(Filing.principal_key == key, Filing.agent_key == key)).order_by(Filing.id)
        told = []
        for row in await session.scalars(mine):
            materials = await session.scalars(select(Material).where(Material.filing_id == row.id))
            is_own = row.principal_key == key
            told.append(
                {
                    "事项": row.item,
                    "为谁": "本人" if is_own else "替家里人",
                    "状态": row.state,
                    "时间": str(row.opened_at),
                    # what a relative's matter holds is the relative's
                    "内容": json.loads(self._vault.decrypt(row.answers_sealed)) if is_own else "",
                    "材料": [f"{one.media_type} {one.bytes}字节 {one.added_at}" for one in materials] if is_own else [],
                }
            )
        return told

    async def _tickets(self, session: AsyncSession, key: str, phone: str) -> list[dict[str, Any]]:
        whose = [Ticket.person_key == key]
        if phone:
            whose.append(Ticket.phone_hash == self._vault.lookup(phone))
        rows = await session.scalars(select(Ticket).where(or_(*whose)).order_by(Ticket.id))
        return [
            {
                "工单号": row.number,
                "类别": row.kind,
                "状态": row.state,
                "时间": str(row.opened_at),
                # a number may be a family's: what was said is for whoever proved who they are
                "内容": self._said(row) if row.person_key == key else "",
            }
            for row in rows
        ]

    def _said(self, ticket: Ticket) -> str:
        """The ticket's first sentence and the last turns before it."""
        title = self._vault.decrypt(ticket.title_sealed) if ticket.title_sealed else ""
        turns = json.loads(self._vault.decrypt(ticket.transcript_sealed)) if ticket.transcript_sealed else []
        return "\n".join(filter(None, [title, *(f"{who}：{text}" for who, text in turns)]))

    async def _proofs(self, session: AsyncSession, key: str) -> list[dict[str, Any]]:
        rows = await session.scalars(select(IdProof).where(IdProof.person_key == key).order_by(IdProof.seen_at))
        return [{"时间": str(row.seen_at), "微信绑定": row.bound} for row in rows]

    async def _challenges(self, session: AsyncSession, key: str) -> list[dict[str, Any]]:
        rows = await session.scalars(select(IdChallenge).where(IdChallenge.person_key == key))
        return [{"有效到": str(row.expires_at)} for row in rows]

    async def _authorisations(self, session: AsyncSession, key: str) -> list[dict[str, Any]]:
        mine = or_(Authorisation.principal_key == key, Authorisation.agent_key == key)
        rows = await session.scalars(select(Authorisation).where(mine).order_by(Authorisation.id))
        return [
            {
                "是": "您授权别人" if row.principal_key == key else "别人授权您",
                "事项": row.items,
                "到": str(row.until),
                "状态": row.state,
            }
            for row in rows
        ]

    async def _messages(self, session: AsyncSession, phone: str) -> list[dict[str, Any]]:
        if not phone:
            return []
        mine = OutboxMessage.phone_hash == self._vault.lookup(phone)
        rows = await session.scalars(select(OutboxMessage).where(mine).order_by(OutboxMessage.id))
        return [{"时间": str(row.at), "内容": self._vault.decrypt(row.text_sealed)} for row in rows]


def _count(done: object) -> int:
    return done.rowcount if isinstance(done, CursorResult) else 0
