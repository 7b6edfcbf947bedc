"""The platform's HTTP interface: one call, with token, timeout, retries and back-off; errors by their kind.

Every method raises the errors of `connectors.wechat.platform.errors`. A call whose answer got lost is made again: for
a message that may mean twice, which is better than never.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import structlog
from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout

from base import bounded
from base.retry import retried
from connectors.wechat.platform.errors import MediaGone, PlatformBusy, TokenRefused, platform_error

log = structlog.get_logger()

MAX_MEDIA_BYTES = 10_000_000
_TIMEOUT = ClientTimeout(total=10, connect=3)
_NOT_NOW = frozenset({45009, 45011})
"""Limits that a retry within seconds would only strain: the caller waits longer."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """`tries` calls in all; `first_seconds` before the second, twice that before the third, with some chance in it."""

    tries: int = 3
    first_seconds: float = 0.3

    def pause(self, failed: int, error: PlatformBusy) -> float | None:
        """Before the next try; None when it was the last, or a limit that seconds do not lift."""
        if failed >= self.tries or error.errcode in _NOT_NOW:
            return None
        return float(self.first_seconds * 2 ** (failed - 1) * random.uniform(0.75, 1.25))


class Tokens(Protocol):
    """See `connectors.wechat.platform.token`."""

    async def get(self) -> str: ...

    async def refused(self, token: str) -> None: ...


class PlatformApi:
    """Owns its HTTP session: `aclose` it. `base`: "https://api.weixin.qq.com"."""

    def __init__(self, base: str, backoff: Backoff | None = None, timeout: ClientTimeout = _TIMEOUT) -> None:
        self._base, self._backoff = base.rstrip("/"), backoff or Backoff()
        self._session = ClientSession(timeout=timeout)

    async def aclose(self) -> None:
        await self._session.close()

    async def stable_token(self, appid: str, secret: str, *, force: bool = False) -> tuple[str, int]:
        """The access token and the seconds it is still good for."""
        asked = {"grant_type": "client_credential", "appid": appid, "secret": secret, "force_refresh": force}
        answer = await self._patiently("/cgi-bin/stable_token", {}, asked)
        return str(answer["access_token"]), int(answer["expires_in"])

    async def post(self, tokens: Tokens, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """One call that needs the token; a refused token is renewed and the call made once more."""
        token = await tokens.get()
        try:
            return await self._patiently(path, {"access_token": token}, body)
        except TokenRefused as error:
            log.warning("wechat_token_refused", errcode=error.errcode)
            await tokens.refused(token)
            return await self._patiently(path, {"access_token": await tokens.get()}, body)

    async def media(self, tokens: Tokens, media_id: str) -> bytes:
        """A file a citizen sent."""
        token = await tokens.get()
        try:
            return await self._fetch(token, media_id)
        except TokenRefused:
            await tokens.refused(token)
            return await self._fetch(await tokens.get(), media_id)

    async def _patiently(self, path: str, query: dict[str, str], body: Mapping[str, Any]) -> dict[str, Any]:
        return await retried(lambda: self._once(path, query, body), PlatformBusy, self._backoff.pause)

    async def _once(self, path: str, query: dict[str, str], body: Mapping[str, Any]) -> dict[str, Any]:
        packed = json.dumps(body, ensure_ascii=False).encode()  # the platform shows escapes as they are written
        headers = {"Content-Type": "application/json; charset=utf-8"}
        try:
            async with self._session.post(self._base + path, params=query, data=packed, headers=headers) as response:
                return _answer(response, await response.read())
        except (ClientError, TimeoutError) as error:
            raise PlatformBusy(code="wechat_unreached") from error

    async def _fetch(self, token: str, media_id: str) -> bytes:
        return await retried(lambda: self._fetch_once(token, media_id), PlatformBusy, self._backoff.pause)

    async def _fetch_once(self, token: str, media_id: str) -> bytes:
        query = {"access_token": token, "media_id": media_id}
        try:
            async with self._session.get(self._base + "/cgi-bin/media/get", params=query) as response:
                data = await bounded.read(response.content, MAX_MEDIA_BYTES)
                if response.content_type in ("application/json", "text/plain") or response.status != 200:
                    _answer(response, data)
                    raise MediaGone
        except bounded.TooLong as error:
            raise MediaGone from error
        except (ClientError, TimeoutError) as error:
            raise PlatformBusy(code="wechat_unreached") from error
        if not data:
            raise MediaGone
        return data


def _answer(response: ClientResponse, body: bytes) -> dict[str, Any]:
    """The JSON of a good answer; raises for the number of any other. Proxies answer with pages: those are "busy"."""
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict) or response.status >= 500:
        raise PlatformBusy(code="wechat_no_answer")
    errcode = answer.get("errcode", 0)
    if not isinstance(errcode, int) or errcode != 0:
        raise platform_error(errcode if isinstance(errcode, int) else 0)
    return answer
