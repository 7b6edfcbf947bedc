"""One question to the core system over HTTP: a time limit for each try and for all, pauses, breaker, bounded size.

Everything is a POST with a JSON body, so that an ID number stands in no address and in no access log. Every question
may be asked again: the readings change nothing, and what is handed over carries its idempotency key.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from prometheus_client import Gauge

from base import bounded
from base.retry import retried
from casework.core.breaker import Breaker, State
from casework.core.contract import CoreUnavailable
from casework.core.errors import CoreFault, CoreRefused, nonsense

log = structlog.get_logger()

MAX_ANSWER_BYTES = 256_000
"""Some 2000 settled bills; parsing as much takes 3 ms of the event loop."""
AT_ONCE = 16
IDEMPOTENCY_HEADER = "Idempotency-Key"


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds. `call_seconds` in all: a dialogue action has 5 to answer, and must still say why it cannot.

    `pause_seconds` before the second try and twice that before the third, half to all of it by chance, so that many
    callers do not come back at once. No try begins with less than `least_seconds` left.
    """

    call_seconds: float = 4.0
    try_seconds: float = 1.8
    connect_seconds: float = 0.8
    tries: int = 3
    pause_seconds: float = 0.1
    least_seconds: float = 0.3

    @classmethod
    def within(cls, seconds: float) -> Patience:
        """The usual proportions in so many seconds."""
        share, usual = seconds / cls().call_seconds, cls()
        return cls(
            seconds, usual.try_seconds * share, usual.connect_seconds * share, least_seconds=usual.least_seconds * share
        )

    def timeout(self, left: float) -> ClientTimeout:
        total = min(self.try_seconds, max(left, 0.01))  # for aiohttp 0 or less is no limit at all
        return ClientTimeout(total=total, connect=min(self.connect_seconds, total))

    def pause(self, failed: int) -> float:
        """After so many tries that failed."""
        return float(self.pause_seconds * 2 ** (failed - 1) * random.uniform(0.5, 1.0))


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, unjudged."""

    status: int
    body: bytes = field(repr=False)
    wait_seconds: float = 0.0


class Calls:
    """Owns its HTTP session: `aclose` it. Make it where an event loop runs. `now`: a clock that never goes back."""

    def __init__(
        self,
        base: str,
        token: str,
        patience: Patience | None = None,
        breaker: Breaker | None = None,
        *,
        at_once: int = AT_ONCE,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._base, self._patience = base.rstrip("/"), patience or Patience()
        self._breaker = breaker or Breaker(turned=_note_turn)
        self._slots, self._now = asyncio.Semaphore(at_once), now
        self._session = ClientSession(
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json; charset=utf-8"},
            connector=TCPConnector(limit=at_once),
            cookie_jar=DummyCookieJar(),
        )

    async def aclose(self) -> None:
        """Safe to call twice. Later questions raise CoreUnavailable."""
        await self._session.close()

    async def ask(self, path: str, body: Mapping[str, Any], key: str = "") -> Answer:
        """An answer with status 2xx, 404 or 501; everything else raises CoreUnavailable. `key`: see the header."""
        packed, headers = json.dumps(body, ensure_ascii=False).encode(), {IDEMPOTENCY_HEADER: key} if key else {}
        deadline = self._now() + self._patience.call_seconds

        def pause(failed: int, fault: CoreFault) -> float | None:
            """As long as there is time left after it, and nobody has found the core system dead."""
            seconds = max(self._patience.pause(failed), fault.wait_seconds)
            at = self._now() + seconds
            is_worth_it = at + self._patience.least_seconds <= deadline and self._breaker.may_enter(at)
            return seconds if failed < self._patience.tries and is_worth_it else None

        return await retried(lambda: self._once(path, packed, headers, deadline), CoreFault, pause)

    async def _once(self, path: str, packed: bytes, headers: Mapping[str, str], deadline: float) -> Answer:
        async with self._slot(deadline):
            with self._watched():  # inside: who waited for a slot while the core died is told at once
                answer = await self._send(path, packed, headers, deadline - self._now())
                _judge(answer, path)
                return answer

    @asynccontextmanager
    async def _slot(self, deadline: float) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(deadline - self._now()):
                await self._slots.acquire()
        except TimeoutError:
            raise CoreFault("every slot is taken", code="core_overloaded") from None
        try:
            yield
        finally:
            self._slots.release()

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Let the breaker know how the try went. Refusals and nonsense are quick answers: they do not open it."""
        if (permit := self._breaker.enter(self._now())) is None:
            raise CoreUnavailable(code="core_open")
        try:
            yield
        except CoreFault:
            self._breaker.failed(permit, self._now())
            raise
        except CoreUnavailable:
            self._breaker.succeeded(permit)
            raise
        except BaseException:  # the caller went away
            self._breaker.forgotten(permit)
            raise
        else:
            self._breaker.succeeded(permit)

    async def _send(self, path: str, packed: bytes, headers: Mapping[str, str], left: float) -> Answer:
        if self._session.closed:
            raise CoreUnavailable("closed", code="core_unreachable")
        try:
            async with self._session.post(
                self._base + path,
                data=packed,
                headers=headers,
                timeout=self._patience.timeout(left),
                allow_redirects=False,  # the body and the token are for this address only
            ) as response:
                return Answer(response.status, await _body(response, path), _wait_seconds(response))
        except TimeoutError as error:
            raise CoreFault(path, code="core_timeout") from error
        except (ClientError, OSError) as error:
            raise CoreFault(path, code="core_unreachable") from error


BREAKER_OPEN = Gauge("yibao_core_breaker_open", "1 while the core system is left alone because it does not answer")


def _note_turn(state: State) -> None:
    BREAKER_OPEN.set(state is not State.CLOSED)
    log.warning("core_breaker", state=state.value)


async def _body(response: ClientResponse, path: str) -> bytes:
    try:
        return await bounded.read(response.content, MAX_ANSWER_BYTES)  # a packed gigabyte ends here too
    except bounded.TooLong as error:
        raise nonsense(f"{path}: too large") from error


def _wait_seconds(response: ClientResponse) -> float:
    """Retry-After in seconds. Its other form, a point in time, is left to our own pauses."""
    said = response.headers.get("Retry-After", "")
    return float(said) if said.isascii() and said.isdigit() and len(said) < 6 else 0.0


def _judge(answer: Answer, path: str) -> None:
    status = answer.status
    if status in (429, 503):
        raise CoreFault(path, code="core_overloaded", wait_seconds=answer.wait_seconds)
    if status in (401, 403):
        raise CoreRefused(path, code="core_refused")
    if status >= 500 and status != 501:
        raise CoreFault(path)
    if 400 <= status < 500 and status != 404:
        raise CoreRefused(path)
    if not 200 <= status < 300 and status not in (404, 501):
        raise nonsense(f"{path}: status {status}")
