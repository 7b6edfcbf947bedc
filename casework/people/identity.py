"""Who is speaking: an ID number and a one-time code to the phone on record. Proof holds for one conversation.

Nothing here tells whether a person exists: who asks with an unknown number hears the same, and waits for a code that
nobody has. Three wrong codes lock the conversation for half an hour, never the person: an ID number is
known to many, and whoever knows one must not be able to keep its owner out. Over all conversations a person's codes are
only answered more slowly, and what can be guessed at is bounded by how many codes are sent at all.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import Clock, as_stored, utc_now
from base.database import Database
from base.errors import BadInput
from base.personal_data import Vault
from base.staff_texts import StaffText, message
from base.tenant import TENANT
from casework.core.contract import CoreSystem, Person, PersonKey
from casework.outbox import Outbox
from casework.people.models import IdChallenge, IdFailure, IdProof
from staff import audit

TRIES = 3
LOCK = timedelta(minutes=30)
CODE_LASTS = timedelta(minutes=10)
CODES_AN_HOUR = 5
"""That one conversation may ask for: enough for who mishears."""
TO_ONE_AN_HOUR, TO_ONE_A_DAY = 10, 20
"""Messages to one person, and to one phone, whoever asks: not enough to pester, nor to guess (three tries a code). Who
proved themselves in this conversation before is beyond the first, so that others cannot use it up for them."""
NAMELESS_AN_HOUR, NAMELESS_A_DAY = 6, 12
"""Of these, for all conversations in which nobody knows who writes (the web page): whoever has no more than a browser
leaves the rest to those who write from an account or call."""
_WITH_ACCOUNT = ("wechat", "phone")
"""Channels that know who writes or calls: not at no cost can one be many there."""
KNOWN_FOR = timedelta(days=90)
_SLOWEST_SECONDS = 3.0
PROOF_LASTS = timedelta(minutes=30)
"""Without a word from them; on the phone it ends with the call."""
_CODE_DIGITS = 6


class WrongCode(BadInput):
    """Not the code that was sent. `left`: tries that remain."""

    code = "wrong_code"

    def __init__(self, left: int) -> None:
        super().__init__(citizen_text=f"验证码不对，还可以再试{left}次。请把短信里的六位数字再说一遍。")
        self.left = left


class Locked(BadInput):
    """Too many wrong codes, or too many codes asked for."""

    code = "identity_locked"
    citizen_text = (
        f"为了保护您的信息，身份核对先停半小时。着急的话，用在医保登记的手机拨打{TENANT.hotline}，马上能核对；"
        "也可以说“转人工”，工作人员帮您办。"
    )


class CodeExpired(BadInput):
    """No code is waited for any more."""

    code = "code_expired"
    citizen_text = "验证码过期了，我重新给您发一个。"


@dataclass(frozen=True, slots=True)
class Codes:
    """How codes are made: the demo's is always the same, a real one random."""

    fixed: str = ""

    def new(self) -> str:
        return self.fixed or "".join(secrets.choice("0123456789") for _ in range(_CODE_DIGITS))


class Identity:
    """`now` and `sleep` are passed in so that a test can choose the time."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        core: CoreSystem,
        outbox: Outbox,
        codes: Codes,
        now: Clock = utc_now,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._database, self._vault, self._core, self._outbox = database, vault, core, outbox
        self.codes, self._clock, self._sleep = codes, now, sleep
        self._lines: dict[str, str] = {}

    def picked_up(self, conversation: str, caller: str) -> None:
        """A call begins, from this number. Kept in memory only, until they hang up."""
        self._lines[conversation] = caller

    def hung_up(self, conversation: str) -> None:
        self._lines.pop(conversation, None)

    async def begin(self, conversation: str, id_number: str, channel: str = "") -> str:
        """Send a code to the phone on record, if there is one. `id_number`: checked. `channel`: "wechat", "phone", or
        one on which nobody knows who writes. Returns the phone's last two digits: enough for its owner to know which
        it is; of somebody without one they are made up, for nobody may learn whether such a person exists. Raises
        Locked, CoreUnavailable."""
        key, person = self._vault.lookup(id_number), await self._core.person(id_number)
        where, now = self._vault.lookup(conversation), self.now()
        code = self.codes.new()
        async with self._database.session() as session:
            phone = person.phone if person else None
            is_own_line = bool(phone) and self._lines.get(conversation) == phone
            await self.check_lock(session, self._pair(key, where), where)
            is_nameless = channel not in _WITH_ACCOUNT
            asker = self._own(key) if is_own_line else where
            await self.count_code(session, key, asker, is_own_line=is_own_line, is_nameless=is_nameless)
            await session.execute(delete(IdChallenge).where(IdChallenge.conversation == where))
            session.add(
                IdChallenge(
                    conversation=where,
                    person_key=key,
                    id_sealed=self._vault.encrypt(id_number),
                    code_hash=self.code_hash(where, code if phone else secrets.token_hex()),
                    expires_at=now + CODE_LASTS,
                )
            )
            if phone and (is_own_line or await self.may_ring(session, phone)):
                self._outbox.put(session, phone, _code_message(code), "code")
        return phone[-2:] if phone else f"{int(key[:8], 16) % 100:02d}"

    async def check(self, conversation: str, code: str) -> Person:
        """Prove the conversation with the code. Raises WrongCode, Locked, CodeExpired, CoreUnavailable."""
        where = self._vault.lookup(conversation)
        async with self._database.session() as session:
            challenge = await session.get(IdChallenge, where)
            if challenge is None or challenge.expires_at < self.now():
                raise CodeExpired
            key, id_number = challenge.person_key, self._vault.decrypt(challenge.id_sealed)
        await self.count_try(self._pair(key, where), where, noted=key)
        await self._slow_down(key)
        if self.code_hash(where, code) != challenge.code_hash:
            await self._refuse(key, where)
        person = await self._core.person(id_number)
        if person is None:  # gone from the core system meanwhile
            raise CodeExpired
        await self._prove(where, key, id_number)
        return person

    async def proven(self, conversation: str) -> Person | None:
        """Who this conversation is with, for sure; None when nobody is proven. Raises CoreUnavailable."""
        where, now = self._vault.lookup(conversation), self.now()
        async with self._database.session() as session:
            proof = await session.get(IdProof, where)
            if proof is None:
                return None
            if not proof.bound and proof.seen_at < now - PROOF_LASTS:
                await session.delete(proof)
                return None
            proof.seen_at = now
            id_number = self._vault.decrypt(proof.id_sealed)
        return await self._core.person(id_number)

    async def proven_key(self, conversation: str) -> PersonKey | None:
        """The same without the core system: their key alone."""
        async with self._database.session() as session:
            proof = await session.get(IdProof, self._vault.lookup(conversation))
        if proof is None or (not proof.bound and proof.seen_at < self.now() - PROOF_LASTS):
            return None
        return proof.person_key

    async def end(self, conversation: str) -> None:
        """The conversation is over: the proof ends with it. A bound account stays bound."""
        where = self._vault.lookup(conversation)
        async with self._database.session() as session:
            await session.execute(delete(IdProof).where(IdProof.conversation == where, IdProof.bound.is_(False)))
            await session.execute(delete(IdChallenge).where(IdChallenge.conversation == where))

    async def bind(self, conversation: str) -> None:
        """Let the proof of this conversation stay, because its channel knows who writes (a WeChat account)."""
        await self._set_bound(conversation, bound=True)

    async def unbind(self, conversation: str) -> None:
        async with self._database.session() as session:
            proof = await session.get(IdProof, self._vault.lookup(conversation))
            if proof is not None:
                audit.note(session, citizen(proof.person_key), audit.Action.UNBOUND, person_ref(proof.person_key))
                await session.delete(proof)

    async def _set_bound(self, conversation: str, *, bound: bool) -> None:
        async with self._database.session() as session:
            proof = await session.get(IdProof, self._vault.lookup(conversation))
            if proof is not None:
                proof.bound = bound
                audit.note(session, citizen(proof.person_key), audit.Action.BOUND, person_ref(proof.person_key))

    # --- counting, shared with authorisations -------------------------------------------------------------------

    async def check_lock(self, session: AsyncSession, *subjects: str) -> None:
        """Raises Locked when one of them has used up its tries."""
        for subject in subjects:
            if await self._count(session, subject, "try", LOCK) >= TRIES:
                raise Locked

    async def count_code(
        self,
        session: AsyncSession,
        key: PersonKey,
        asker: str,
        *,
        is_own_line: bool = False,
        is_nameless: bool = False,
    ) -> None:
        """One more code for this person. `asker`: a keyed hash of the conversation, or of the person, that wants it.
        Raises Locked when they asked for too many, or too many were sent to this person. `is_own_line`: they call from
        the phone on record; what strangers asked for does not count against them."""
        hour, day = timedelta(hours=1), timedelta(days=1)
        if await self._count(session, asker, "code", hour) >= CODES_AN_HOUR:
            raise Locked
        if is_own_line:
            if await self._count(session, asker, "code", day) >= TO_ONE_A_DAY:
                raise Locked  # the number of a line can be forged: nobody's telephone rings all day
            session.add(IdFailure(subject=asker, kind="code", at=self.now()))
            return
        is_known = await self._count(session, self._pair(key, asker), "known", KNOWN_FOR) > 0
        if not is_known and await self._count(session, key, "code", hour) >= TO_ONE_AN_HOUR:
            raise Locked
        counted = [key, asker]
        if is_nameless and not is_known:
            counted.append(nameless := self._nameless(key))
            if await self._count(session, nameless, "code", hour) >= NAMELESS_AN_HOUR:
                raise Locked
            if await self._count(session, nameless, "code", day) >= NAMELESS_A_DAY:
                raise Locked
        if await self._count(session, key, "code", day) >= TO_ONE_A_DAY:
            raise Locked
        session.add_all(IdFailure(subject=subject, kind="code", at=self.now()) for subject in counted)

    async def may_ring(self, session: AsyncSession, phone: str) -> bool:
        """One more message to this phone, whose people may be several. Where it had too many, none is sent, and nobody
        learns that there is such a phone."""
        subject, day = self._vault.lookup(f"phone {phone}"), timedelta(days=1)
        if await self._count(session, subject, "code", day) >= TO_ONE_A_DAY:
            return False
        session.add(IdFailure(subject=subject, kind="code", at=self.now()))
        return True

    async def count_try(self, *subjects: str, noted: str = "") -> None:
        """Written down before the code is looked at, so that trying many at once gains nothing. Raises Locked.
        `noted`: for whom it is counted, too, and who is not locked by it."""
        async with self._database.session() as session:
            await self.check_lock(session, *subjects)
            counted = [*subjects, noted] if noted else subjects
            session.add_all(IdFailure(subject=subject, kind="try", at=self.now()) for subject in counted)
            await session.flush()
            for subject in subjects:
                if await self._count(session, subject, "try", LOCK) > TRIES:
                    raise Locked

    async def tries_left(self, *subjects: str) -> int:
        async with self._database.session() as session:
            used = [await self._count(session, subject, "try", LOCK) for subject in subjects]
        return max(TRIES - max(used), 0)

    async def forget_counts(self, session: AsyncSession, *subjects: str) -> None:
        """The right code came: whoever holds the phone was not pestered, and a family may call again and again."""
        await session.execute(delete(IdFailure).where(IdFailure.subject.in_(subjects)))

    def code_hash(self, what_for: str, code: str) -> str:
        return self._vault.lookup(f"code {what_for} {code}")

    def now(self) -> datetime:
        """UTC, naive, as the database has it."""
        return as_stored(self._clock())

    # --- inside -------------------------------------------------------------------------------------------------

    def _pair(self, key: PersonKey, asker: str) -> str:
        return self._vault.lookup(f"proof {key} {asker}")

    def _own(self, key: PersonKey) -> str:
        return self._vault.lookup(f"own line {key}")

    def _nameless(self, key: PersonKey) -> str:
        return self._vault.lookup(f"nameless {key}")

    async def _slow_down(self, key: PersonKey) -> None:
        """The more codes were wrong for this person lately, the longer a try takes; outside any unit of work."""
        async with self._database.session() as session:
            wrong = await self._count(session, key, "try", LOCK) - TRIES
        if wrong > 0:
            await self._sleep(min(0.25 * 2 ** min(wrong, 6), _SLOWEST_SECONDS))

    async def _refuse(self, key: PersonKey, where: str) -> None:
        left = await self.tries_left(self._pair(key, where), where)
        async with self._database.session() as session:
            what = audit.Action.PROOF_FAILED if left else audit.Action.PROOF_LOCKED
            audit.note(session, "citizen", what, person_ref(key))
            if not left:
                await session.execute(delete(IdChallenge).where(IdChallenge.conversation == where))
        if not left:
            raise Locked
        raise WrongCode(left)

    async def _prove(self, where: str, key: PersonKey, id_number: str) -> None:
        async with self._database.session() as session:
            await session.execute(delete(IdChallenge).where(IdChallenge.conversation == where))
            await session.execute(delete(IdProof).where(IdProof.conversation == where))
            await self.forget_counts(session, key, where, self._pair(key, where), self._nameless(key))
            session.add(IdFailure(subject=self._pair(key, where), kind="known", at=self.now()))
            sealed = self._vault.encrypt(id_number)
            session.add(IdProof(conversation=where, person_key=key, id_sealed=sealed, bound=False, seen_at=self.now()))
            audit.note(session, citizen(key), audit.Action.PROVED, person_ref(key))

    async def _count(self, session: AsyncSession, subject: str, kind: str, within: timedelta) -> int:
        wanted = select(func.count()).where(
            IdFailure.subject == subject, IdFailure.kind == kind, IdFailure.at > self.now() - within
        )
        return await session.scalar(wanted) or 0


def person_ref(key: PersonKey) -> str:
    """How the audit log names a citizen: found by whoever has the ID number and the key, read by nobody."""
    return f"person {key[:24]}"


def citizen(key: PersonKey) -> str:
    """The same as somebody who does something."""
    return f"citizen {key[:24]}"


def _code_message(code: str) -> str:
    return message(StaffText.SMS_CODE, 验证码=code)
