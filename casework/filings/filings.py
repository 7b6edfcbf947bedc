"""Filings before they are handed in: begun, found again, answered step by step, taken back, promised, cancelled.

What states there are, and what leads from one to another, is in `filing`.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import Clock, as_stored, day_here, utc_now
from base.database import Database
from base.personal_data import Vault
from casework.core.contract import Person, PersonKey
from casework.filings.filing import OPEN, UNDECIDED, By, Changed, Draft, State, draft_of, open_key
from casework.filings.handing_in import case_key
from casework.filings.items import Item, Items
from casework.models import Filing
from casework.people.authorisations import may_know
from casework.people.identity import person_ref
from staff import audit

_TRIES = 6


class Filings:
    """`now` is passed in so that a test can choose the time."""

    def __init__(self, database: Database, vault: Vault, items: Items, now: Clock = utc_now) -> None:
        self._database, self._vault, self._items, self._now = database, vault, items, now

    async def begin(
        self, item: Item, principal: Person, *, agent: Person | None, authorisation: int | None, channel: str
    ) -> Draft:
        """The draft of this item for this person; a new one when there is none. Two at once get the same. Of an item
        that a person has only once at a time, the one that was handed in and is not decided yet."""
        for _ in range(_TRIES):
            if draft := await self.open_of(principal.key, item.id):
                if draft.state is State.DRAFT or not item.distinct:
                    return draft
                await self._make_room(draft)
            try:
                return await self._new(item, principal, agent, authorisation, channel)
            except IntegrityError:  # somebody began it at the same moment
                continue
        raise Changed

    async def open_of(self, principal: PersonKey, item: str) -> Draft | None:
        async with self._database.session() as session:
            row = await session.scalar(select(Filing).where(Filing.open_key == open_key(item, principal)))
            return await draft_of(session, row, self._items, self._vault) if row else None

    async def handed_in(self, principal: PersonKey, item: str) -> list[Draft]:
        """Those of this item that are not decided yet, the newest first."""
        wanted = select(Filing).where(
            Filing.principal_key == principal, Filing.item == item, Filing.state.in_(UNDECIDED)
        )
        async with self._database.session() as session:
            rows = await session.scalars(wanted.order_by(Filing.id.desc()))
            return [await draft_of(session, row, self._items, self._vault) for row in rows]

    async def get(self, filing: int) -> Draft | None:
        async with self._database.session() as session:
            row = await session.get(Filing, filing)
            return await draft_of(session, row, self._items, self._vault) if row else None

    async def unfinished(self, person: PersonKey) -> list[Draft]:
        """Drafts this person began, for themselves or as an agent who may still act; the newest first."""
        async with self._database.session() as session:
            return [
                await draft_of(session, row, self._items, self._vault)
                for row in await self._of(session, person, [State.DRAFT])
            ]

    async def undecided(self, person: PersonKey) -> list[Draft]:
        """Handed in and not decided: their own, whoever filed it, and what they filed for somebody and may still act
        in; the newest first."""
        mine = (Filing.principal_key == person) | (Filing.agent_key == person)
        newest = (Filing.submitted_at.desc(), Filing.id.desc())
        wanted = select(Filing).where(mine, Filing.state.in_(UNDECIDED)).order_by(*newest)
        async with self._database.session() as session:
            rows = [row for row in await session.scalars(wanted) if await self._may_act(session, person, row)]
            return [await draft_of(session, row, self._items, self._vault) for row in rows]

    async def newest_open(self, person: PersonKey) -> int | None:
        """The filing this person was last busy with, for themselves or as an agent who may still act, while open."""
        async with self._database.session() as session:
            found = await self._of(session, person, OPEN)
        return found[0].id if found else None

    async def may_act(self, person: PersonKey, filing: int) -> bool:
        """Whether this person may (still) act in it: the principal, or an agent whose authorisation has not ended."""
        async with self._database.session() as session:
            row = await session.get(Filing, filing)
            return row is not None and await self._may_act(session, person, row)

    async def answer(self, draft: Draft, field_id: str, value: str) -> Draft:
        """Keep one answer; a change makes those that no longer apply go. Raises Changed."""
        answers = {**draft.answers, field_id: value}
        applies = {f.id for f in draft.item.asked(answers)}
        return await self._write(draft, {k: v for k, v in answers.items() if k in applies})

    async def take_back(self, draft: Draft) -> tuple[Draft, str | None]:
        """Forget the last answer. Returns the field it belonged to, None when there was none. Raises Changed."""
        answered = [f.id for f in draft.item.asked(draft.answers) if f.id in draft.answers]
        if not answered:
            return draft, None
        last = answered[-1]
        return await self._write(draft, {k: v for k, v in draft.answers.items() if k != last}), last

    async def forget(self, draft: Draft, field_id: str) -> Draft:
        """Forget one answer, so that it is asked for again. Raises Changed."""
        return await self._write(draft, {k: v for k, v in draft.answers.items() if k != field_id})

    async def promise(self, draft: Draft) -> Draft:
        """The 告知承诺 was heard or read, and accepted. Raises Changed."""
        return await self._write(draft, draft.answers, promised_at=self._utc())

    async def unpromise(self, draft: Draft) -> Draft:
        """Who does not agree any more has promised nothing: it is asked for again. Raises Changed."""
        return await self._write(draft, draft.answers, promised_at=None)

    async def cancel(self, draft: Draft, *, agent: Person | None, authorisation: int | None) -> None:
        """They do not want it any more; `agent`, `authorisation`: who says so for the principal, and by what. Only a
        draft can be cancelled here."""
        by = By(agent.key if agent else None, authorisation)
        gone = (
            update(Filing)
            .where(Filing.id == draft.id, Filing.state == State.DRAFT)
            .values(state=State.CANCELLED, open_key=None, changed_at=self._utc(), version=Filing.version + 1)
            .returning(Filing.id)
        )
        async with self._database.session() as session:
            if await session.scalar(gone) is None:
                return  # handed in or cancelled meanwhile: nothing was done that could be noted
            which = person_ref(draft.principal_key)
            audit.note(session, by.who(draft), audit.Action.FILING_CANCELLED, which, by=by.authorised)

    # --- inside -------------------------------------------------------------------------------------------------

    async def _new(
        self, item: Item, principal: Person, agent: Person | None, authorisation: int | None, channel: str
    ) -> Draft:
        now = self._utc()
        row = Filing(
            key=secrets.token_hex(16),
            item=item.id,
            principal_key=principal.key,
            principal_sealed=self._vault.encrypt(principal.id_number),
            agent_key=agent.key if agent else None,
            authorisation_id=authorisation,
            channel=channel,
            state=State.DRAFT,
            open_key=open_key(item.id, principal.key),
            version=1,
            answers_sealed=self._vault.encrypt("{}"),
            opened_at=now,
            changed_at=now,
        )
        async with self._database.session() as session:
            session.add(row)
            await session.flush()
            return await draft_of(session, row, self._items, self._vault, is_new=True)

    async def _make_room(self, draft: Draft) -> None:
        """Handed in when its item could be open once only: `distinct` came into the item's description since."""
        moved = update(Filing).where(Filing.id == draft.id, Filing.state.in_(UNDECIDED))
        async with self._database.session() as session:
            await session.execute(moved.values(open_key=case_key(draft, self._vault)))

    async def _of(self, session: AsyncSession, person: PersonKey, states: Sequence[State]) -> list[Filing]:
        mine = (Filing.principal_key == person) & Filing.agent_key.is_(None) | (Filing.agent_key == person)
        wanted = select(Filing).where(mine, Filing.state.in_(states)).order_by(Filing.changed_at.desc())
        return [row for row in (await session.scalars(wanted)).all() if await self._may_act(session, person, row)]

    async def _may_act(self, session: AsyncSession, person: PersonKey, row: Filing) -> bool:
        today = day_here(self._now())
        return person == row.principal_key or await may_know(session, person, row.principal_key, row.item, today)

    async def _write(self, draft: Draft, answers: Mapping[str, str], **also: object) -> Draft:
        changed = (
            update(Filing)
            .where(Filing.id == draft.id, Filing.version == draft.version, Filing.state == State.DRAFT)
            .values(
                answers_sealed=self._vault.encrypt(json.dumps(dict(answers), ensure_ascii=False)),
                version=draft.version + 1,
                changed_at=self._utc(),
                **also,
            )
            .returning(Filing)
        )
        async with self._database.session() as session:
            row = (await session.scalars(changed)).one_or_none()
            if row is None:
                raise Changed
            return await draft_of(session, row, self._items, self._vault)

    def _utc(self) -> datetime:
        return as_stored(self._now())
