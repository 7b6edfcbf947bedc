"""查询码: six digits said with a ticket's number, so that somebody who never said who they are can follow it.

    code = new_code()                                   # told once, with the receipt; kept as a keyed hash only
    await codes.check("GD20261120-0001", "407312", by="web", whence=address)   # raises NotFollowed, TooManyTries, Busy

Wrong codes count where they come from: five stop the number there, and nobody else; numbers are counted up, so that
whoever fails on purpose would else keep every owner out. Of all places of a channel together a number that is guessed
at takes one try in ten seconds: a conversation costs nothing to begin, and guesses in many of them stop neither the
page nor the telephone. A number that does not exist is answered, counted and locked like one that does. Over all
tickets wrong codes make every try slower, so that guessing at many tickets gains nothing. Tickets of before keep
their four digits.
"""

from __future__ import annotations

import asyncio
import hmac
import re
import secrets
import unicodedata
from collections.abc import Awaitable, Callable
from datetime import timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from base.clock import Clock, as_stored, utc_now
from base.database import Database
from base.errors import ServiceError
from base.personal_data import Vault
from base.tenant import TENANT
from casework.models import Ticket
from casework.people.models import IdFailure
from language.numbers.numerals import AS_DIGITS
from staff import audit
from staff.audit import Action

DIGITS, DIGITS_BEFORE = 6, 4
TRIES = 5
LOCK = timedelta(hours=1)
FREE_OF_NUMBER = 30
"""Wrong codes for one number within an hour, from wherever in a channel, from which on one is taken each BETWEEN: 360
an hour of a million codes."""
BETWEEN = timedelta(seconds=10)
FREE_FOR_ALL = 60
"""Wrong codes within an hour, of whatever tickets, from which on everybody's try takes longer."""
_SLOWEST_SECONDS = 2.0
_KIND, _OF_NUMBER = "ticket", "number"
_WHO = "citizen"
_BETWEEN = r"[\s,，.。、\-—–_/·:：]*"
_NUMBER = re.compile(rf"(?<!\d)20\d\d(?:0[1-9]|1[0-2])[0-3]\d{_BETWEEN}\d{{4,6}}(?!\d)")
_RUN_TOGETHER = re.compile(r"(?<!\d)(20\d\d(?:0[1-9]|1[0-2])[0-3]\d\d{4})(\d{6}|\d{4})(?!\d)")
_PAUSES = re.compile(rf"(?<=\d){_BETWEEN}(?=\d)")
_LABEL = re.compile(r"查[询寻][码号马吗]|密码|验证码")
"""Recognisers hear 查询吗."""


class NotFollowed(ServiceError):
    """No such ticket, or not this code: nobody learns which."""

    code = "ticket_not_followed"
    retryable = False
    citizen_text = "没有查到这个工单，请核对工单号和查询码。"


class TooManyTries(ServiceError):
    """Five wrong codes for one number from one place."""

    code = "ticket_code_locked"
    retryable = False
    citizen_text = f"这个工单号试错太多次了，为了安全，先停一个小时。着急的话，请打{TENANT.hotline}找工作人员。"


class Busy(TooManyTries):
    """Many guess at this number, from many places."""

    code = "ticket_code_busy"
    retryable = True
    citizen_text = f"刚才有人一直在试这个工单号，请过十来秒再查一次。着急的话，请打{TENANT.hotline}找工作人员。"


def new_code() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def code_hash(vault: Vault, number: str, code: str) -> str:
    """How a code is kept: without the data key nobody can try the million."""
    return vault.lookup(f"ticket code {number} {code}")


def number_in(text: str) -> str:
    """A ticket's number in what was typed or said, "GD20261120-0001"; "" without one. Case, width, spaces and said
    digits do not matter."""
    return _split(text)[0]


def code_in(text: str) -> str:
    """The code in what was typed or said besides a number; "" without one."""
    return _split(text)[1]


class TicketCodes:
    """`now` is aware."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        now: Clock = utc_now,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._database, self._vault, self._now, self._sleep = database, vault, now, sleep

    async def check(self, number: str, code: str, *, by: str, whence: str) -> None:
        """Returns when it is the ticket's code. `by`: the channel, also for the audit log. `whence`: an address or a
        conversation, for which tries are counted."""
        subject = self._vault.lookup(f"ticket tries {number} {whence}")
        used, row = await self._count_try(subject, self._vault.lookup(f"ticket tries {number} in {by}"))
        await self._slow_down()
        async with self._database.session() as session:
            kept = await session.scalar(select(Ticket.code_hash).where(Ticket.number == number))
            given = code_hash(self._vault, number, code)
            if not hmac.compare_digest(given, kept or "") or kept is None:
                if used >= TRIES:
                    audit.note(session, _WHO, Action.TICKET_CODE_LOCKED, number, detail=by)
            else:
                await session.execute(delete(IdFailure).where((IdFailure.subject == subject) | (IdFailure.id == row)))
                audit.note(session, _WHO, Action.TICKET_FOLLOWED, number, detail=by)
                return
        raise NotFollowed

    async def _count_try(self, subject: str, everywhere: str) -> tuple[int, int]:
        """Written down before the code is looked at, so that trying many at once gains nothing. How many there are
        now, and the row that counts this one for the number in its channel. Raises TooManyTries."""
        now = as_stored(self._now())
        async with self._database.session() as session:
            old = IdFailure.kind.in_((_KIND, _OF_NUMBER)) & (IdFailure.at <= now - LOCK)
            await session.execute(delete(IdFailure).where(old))
            if await self._count(session, subject) >= TRIES:
                raise TooManyTries
            row = IdFailure(subject=everywhere, kind=_OF_NUMBER, at=now)
            session.add(row)
            await session.flush()  # first: of two at the same moment, one sees the other
            others = (IdFailure.subject == everywhere) & (IdFailure.kind == _OF_NUMBER) & (IdFailure.id < row.id)
            before = select(func.count(), func.max(IdFailure.at)).where(others)
            count, last = (await session.execute(before)).one()
            if count >= FREE_OF_NUMBER and now < last + BETWEEN:
                raise Busy
            earlier = update(IdFailure).where(IdFailure.subject == subject, IdFailure.kind == _KIND)
            await session.execute(earlier.values(at=now))  # all of them count until an hour after the last
            session.add(IdFailure(subject=subject, kind=_KIND, at=now))
        async with self._database.session() as session:  # where those of the same moment are seen, too
            used = await self._count(session, subject)
        if used > TRIES:
            raise TooManyTries
        return used, row.id

    async def _slow_down(self) -> None:
        """Outside any unit of work."""
        async with self._database.session() as session:
            every = await session.scalar(select(func.count()).where(IdFailure.kind == _KIND)) or 0
        if every > FREE_FOR_ALL:
            await self._sleep(min(0.05 * (every - FREE_FOR_ALL), _SLOWEST_SECONDS))

    async def _count(self, session: AsyncSession, subject: str) -> int:
        mine = select(func.count()).where(IdFailure.subject == subject, IdFailure.kind == _KIND)
        return await session.scalar(mine) or 0


def _split(text: str) -> tuple[str, str]:
    """(number, code), "" for what is not there. Six digits, or four, behind the word 查询码 are the code; without
    the word, those behind the number, or before it."""
    plain = unicodedata.normalize("NFKC", text).translate(AS_DIGITS)
    label = _LABEL.search(plain)
    if label is None:
        number, head, tail = _number(plain)
        return number, _code(tail) or _code(head)
    number, *_ = _number(plain[: label.start()])
    if number:
        return number, _code(plain[label.end() :])
    number, head, tail = _number(plain[label.end() :])
    return number, _code(head) or _code(tail)


def _number(plain: str) -> tuple[str, str, str]:
    """The number, what is said before it, and behind it; without one everything is "before"."""
    for words in (plain, _PAUSES.sub("", plain)):  # we read it out in groups, and so it comes back
        if found := _NUMBER.search(words):
            digits = re.sub(r"\D", "", found[0])
            return f"GD{digits[:8]}-{digits[8:]}", words[: found.start()], words[found.end() :]
        if joined := _RUN_TOGETHER.search(words):
            return f"GD{joined[1][:8]}-{joined[1][8:]}", words[: joined.start()], joined[2]
    return "", plain, ""


def _code(plain: str) -> str:
    groups = [group for group in re.findall(r"\d+", _PAUSES.sub("", plain)) if len(group) in (DIGITS, DIGITS_BEFORE)]
    return groups[0] if len(groups) == 1 else ""
