"""A request for an authorisation on its way to the principal's own WeChat, and the link in it.

The link is made for every request, whoever the principal is; only where the official account is bound to them does it
leave the house. So the agent's side is the same, and takes the same, whether the principal exists or not.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import here
from base.errors import BadInput
from base.personal_data import Vault
from base.tenant import TENANT
from casework.core.contract import PersonKey
from casework.people.consent_models import ConsentLink
from casework.people.models import Authorisation, IdProof

Words = Callable[[str, str], str]
"""The link and the time of day it ends ("13:52") → what the principal reads."""


class LinkOver(BadInput):
    """No such link, or not any more."""

    code = "consent_link_over"
    citizen_text = (
        f"这个网址已经失效，授权没有办成，您不用做什么。家人还要替您办的话，请他再申请一次，或者拨打{TENANT.hotline}。"
    )


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to a conversation. `until`: UTC, naive; not sent later. `link`: what it asks to open; `matter`: what
    stands in a notice where no message may be written."""

    text: str
    link: str = ""
    until: datetime | None = None
    matter: str = ""


class Letters(Protocol):
    """The official account: writes to people in their conversations with it, sooner or later."""

    async def names(self, person: PersonKey) -> Sequence[str]:
        """Conversations bound to this person."""
        ...

    async def write(self, session: AsyncSession, conversation: str, letter: Letter) -> None:
        """Owed with the caller's unit of work; nothing for a conversation that cannot be written to."""
        ...

    def wake(self) -> None: ...


class NoLetters:
    """Without an official account."""

    async def names(self, person: PersonKey) -> Sequence[str]:
        return ()

    async def write(self, session: AsyncSession, conversation: str, letter: Letter) -> None:
        """Nowhere to write to."""

    def wake(self) -> None:
        """Nothing waits."""


class Consents:
    """Links in the caller's unit of work. `address`: how citizens reach this service, https://host."""

    def __init__(self, vault: Vault, letters: Letters, address: str) -> None:
        self._vault, self.letters, self._address = vault, letters, address.rstrip("/")

    async def offer(
        self, session: AsyncSession, row: Authorisation, words: Words, to: Sequence[str], asked_in: str
    ) -> None:
        """Make the link, and write it to those of the conversations `to` that are the principal's own now.

        It ends with the request's code. `asked_in`: the agent's conversation, never written to here.
        """
        assert row.code_until is not None
        token = secrets.token_urlsafe(24)
        session.add(
            ConsentLink(
                token_hash=self._hash(token),
                authorisation_id=row.id,
                asked_in_sealed=self._vault.encrypt(asked_in),
                expires_at=row.code_until,
            )
        )
        link, ends = f"{self._address}/consent/{token}", here(row.code_until)
        letter = Letter(words(link, f"{ends:%H:%M}"), link, row.code_until, "家人请您授权代办")
        await self.tell(session, row.principal_key, [name for name in to if name != asked_in], letter)

    async def tell(self, session: AsyncSession, person: PersonKey, to: Sequence[str], letter: Letter) -> None:
        """Write to those of the conversations `to` that are this person's own now."""
        for conversation in to:
            if await self._is_bound(session, conversation, person):
                await self.letters.write(session, conversation, letter)

    async def find(self, session: AsyncSession, token: str) -> tuple[ConsentLink, Authorisation]:
        """Raises LinkOver."""
        link = await session.get(ConsentLink, self._hash(token))
        if link is None:
            raise LinkOver
        return link, await session.get_one(Authorisation, link.authorisation_id)

    async def tell_agent(self, session: AsyncSession, link: ConsentLink, text: str) -> None:
        """In the conversation in which they asked."""
        await self.letters.write(session, self._vault.decrypt(link.asked_in_sealed), Letter(text))

    async def _is_bound(self, session: AsyncSession, conversation: str, person: PersonKey) -> bool:
        """The proof decides, not the channel's memory of it."""
        mine = (IdProof.conversation == self._vault.lookup(conversation)) & (IdProof.person_key == person)
        return await session.scalar(select(IdProof.bound).where(mine)) is True

    def _hash(self, token: str) -> str:
        return self._vault.lookup(f"consent {token}")
