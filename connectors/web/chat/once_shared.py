"""The same message once, to whichever process it comes, across restarts: what `connectors.web.chat.once` is in one
process.

    asking ──► answered          the others wait, and get the same answer
       └─ its process died here: the turn may have acted, so it is not run again; the citizen is told

Kept sealed, for ten minutes. Where the database fails the chat goes on as one process alone would.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from base.clock import NEVER, Clock, stored_now
from base.database import Database
from base.messages import Button, Reply, reply_from_json, reply_to_json
from base.personal_data import Vault
from connectors.web.chat.models import Asked

KEPT = timedelta(minutes=10)
LEASE = timedelta(seconds=20)
"""As long as a page waits for its answer; the dialogue has its own, shorter limits."""
MOST = 20_000
INTERRUPTED = Reply(
    "对不起，刚才系统中断了一下，您这句话办没办成，我不知道。请再发一次，或者说“转人工”。",
    buttons=(Button("转人工", "转人工"),),
)
_DATABASE_SECONDS = 1.0
"""A chat does not wait longer for a database that is busy or gone."""
_LOOK_SECONDS = 0.2
_CLEAN_SECONDS = 60.0
log = structlog.get_logger()

Result = TypeVar("Result")
Replies = list[Reply]
Ask = Callable[[], Coroutine[Any, Any, Replies]]


class AskedOnce:
    """Used from the event loop. `now` is UTC, naive."""

    def __init__(self, database: Database, vault: Vault, now: Clock = stored_now) -> None:
        self._database, self._vault, self._now = database, vault, now
        self._writing: set[asyncio.Task[Any]] = set()
        self._cleaned_at = 0.0

    async def run(self, key: str, ask: Ask) -> Replies:
        """The answer of whoever asked first; a failure is not kept."""
        name = self._vault.lookup(f"asked {key}")
        try:
            while not await self._soon(self._claim(name)):
                if (replies := await self._of_another(name)) is not None:
                    return replies
        except TimeoutError:  # it may become ours yet
            log.warning("asked_once_slow")
        except (SQLAlchemyError, OSError) as error:
            log.warning("asked_once_failed", kind=type(error).__name__)
            return await ask()
        return await self._ask(name, ask)

    async def aclose(self) -> None:
        """What was answered is written down."""
        while self._writing:
            await asyncio.gather(*self._writing, return_exceptions=True)

    async def _ask(self, name: str, ask: Ask) -> Replies:
        try:
            replies = await ask()
        except asyncio.CancelledError:  # this process ends in the middle of it: nobody needs to wait for it
            await self._quietly(self._change(name, lease_until=NEVER))
            raise
        except Exception:
            await self._quietly(self._forget(name))
            raise
        sealed = self._vault.encrypt(json.dumps([reply_to_json(reply) for reply in replies], ensure_ascii=False))
        self._begin(self._quietly(self._change(name, replies_sealed=sealed)))  # the citizen does not wait for it
        return replies

    async def _of_another(self, name: str) -> Replies | None:
        """Wait, as long as the lease runs; None when it may be asked anew."""
        while True:
            async with self._database.session() as session:
                row = await session.get(Asked, name)
            now = self._now()
            if row is None:  # it failed, and was forgotten
                return None
            if row.at <= now - KEPT:
                await self._forget(name)
                return None
            if row.replies_sealed is not None:
                return self._opened(row.replies_sealed)
            if row.lease_until <= now:
                return [INTERRUPTED]
            await asyncio.sleep(_LOOK_SECONDS)

    async def _claim(self, name: str) -> bool:
        """Whether this is the first."""
        now = self._now()
        if time.monotonic() - self._cleaned_at > _CLEAN_SECONDS:
            self._cleaned_at = time.monotonic()
            await self._clean(now)
        try:
            async with self._database.session() as session:
                session.add(Asked(key_hash=name, lease_until=now + LEASE, at=now))
        except IntegrityError:
            return False
        return True

    async def _clean(self, now: datetime) -> None:
        too_many = select(Asked.at).order_by(Asked.at.desc()).offset(MOST).limit(1)
        async with self._database.session() as session:
            oldest = await session.scalar(too_many)
            await session.execute(delete(Asked).where(Asked.at <= max(now - KEPT, oldest or NEVER)))

    async def _change(self, name: str, **values: Any) -> None:
        async with self._database.session() as session:
            await session.execute(update(Asked).where(Asked.key_hash == name).values(**values))

    async def _forget(self, name: str) -> None:
        async with self._database.session() as session:
            await session.execute(delete(Asked).where(Asked.key_hash == name))

    async def _quietly(self, step: Coroutine[Any, Any, None]) -> None:
        try:
            await self._soon(step)
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            log.warning("asked_once_failed", kind=type(error).__name__)

    async def _soon(self, step: Coroutine[Any, Any, Result]) -> Result:
        """Raises TimeoutError when it takes long; it goes on by itself, because SQLite gives nothing up half way."""
        task = self._begin(step)
        done, _ = await asyncio.wait({task}, timeout=_DATABASE_SECONDS)
        if not done:
            raise TimeoutError
        return task.result()

    def _begin(self, step: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
        task = asyncio.create_task(step, name="asked once")
        self._writing.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._writing.discard(task)
        if not task.cancelled():
            task.exception()  # told by whoever waited, or too late to matter

    def _opened(self, sealed: bytes) -> Replies:
        try:
            return [reply_from_json(said) for said in json.loads(self._vault.decrypt(sealed))]
        except (ValueError, TypeError, LookupError):  # another key, or another version's
            return [INTERRUPTED]
