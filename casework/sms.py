"""Sends a short message; its words are in `base/staff_texts.py` (built in, or as staff wrote them in the console).

A gateway over HTTP: what most cities' platforms (云MAS and the like) put behind one address.

    POST <sms_url>   Authorization: Bearer <sms_token>, Idempotency-Key: <key>
    {"phone": "19900000001", "text": "…"}   →  2xx

Where the city's platform wants another form, this file is the one to change. docs/deploy.md says so to operators.
"""

from __future__ import annotations

import asyncio

import aiohttp

from base.errors import EngineUnavailable

_TIMEOUT_SECONDS = 8.0


class SmsUnavailable(EngineUnavailable):
    """The gateway did not take the message; the outbox tries again."""

    code = "sms_unavailable"


class SmsRefused(EngineUnavailable):
    """The gateway will never take this message (4xx)."""

    code = "sms_refused"
    retryable = False


class HttpGateway:
    """A `casework.outbox.Gateway`. Made on the running loop; close it with `aclose`."""

    def __init__(self, url: str, token: str) -> None:
        self._url, self._token = url, token
        self._session: aiohttp.ClientSession | None = None

    async def send(self, phone: str, text: str, key: str) -> None:
        headers = {"Authorization": f"Bearer {self._token}", "Idempotency-Key": key}
        try:
            async with (
                asyncio.timeout(_TIMEOUT_SECONDS),
                self._open().post(self._url, json={"phone": phone, "text": text}, headers=headers) as response,
            ):
                status = response.status
        except (TimeoutError, aiohttp.ClientError) as error:
            raise SmsUnavailable from error
        if status == 429 or status >= 500:
            raise SmsUnavailable(code=f"sms_{status}")
        if status >= 300:
            raise SmsRefused(code=f"sms_{status}")

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(trust_env=False)
        return self._session
