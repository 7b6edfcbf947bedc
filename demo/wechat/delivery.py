"""Delivers what followers do to the account's address: signed, sealed, up to three times, five seconds apart."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from xml.sax.saxutils import escape

from aiohttp import ClientError, ClientSession, ClientTimeout
from defusedxml.ElementTree import fromstring

from connectors.wechat.platform.crypto import MessageCipher, signature

DELIVERIES = 3
WAIT_SECONDS = 5.0
ACCOUNT = "gh_yibaodemo0001"
BROKEN = "该公众号提供的服务出现故障，请稍后再试"

_message_ids = itertools.count(int(time.time() * 1e9) % 10**17 + 24 * 10**15)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `deliveries`: how many it took. `is_broken`: nothing that could be shown, three times."""

    text: str = ""
    deliveries: int = 1
    is_broken: bool = False


class Courier:
    """`cipher` None delivers in plain mode. Owns its HTTP session: `aclose` it."""

    def __init__(
        self, address: str, token: str, cipher: MessageCipher | None, wait_seconds: float = WAIT_SECONDS
    ) -> None:
        self._address, self._token, self._cipher, self._wait_seconds = address, token, cipher, wait_seconds
        self._session = ClientSession(timeout=ClientTimeout(total=wait_seconds))

    async def aclose(self) -> None:
        await self._session.close()

    async def deliver(self, xml: str) -> Answer:
        """One message until it is answered, at most three times."""
        for delivery in range(1, DELIVERIES + 1):
            began = time.monotonic()
            with suppress(ClientError, TimeoutError):
                status, body = await self._once(xml)
                if status == 200:
                    return self._read(body, delivery)
            await asyncio.sleep(max(0.0, self._wait_seconds - (time.monotonic() - began)))
        return Answer("", DELIVERIES, is_broken=True)

    async def _once(self, xml: str) -> tuple[int, str]:
        timestamp, nonce = str(int(time.time())), str(secrets.randbelow(10**10))
        query = {"timestamp": timestamp, "nonce": nonce, "signature": signature(self._token, timestamp, nonce)}
        if self._cipher is not None:
            sealed = self._cipher.seal(xml)
            query |= {"encrypt_type": "aes", "msg_signature": signature(self._token, timestamp, nonce, sealed)}
            xml = f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        async with self._session.post(self._address, params=query, data=xml.encode()) as response:
            return response.status, await response.text()

    def _read(self, body: str, delivery: int) -> Answer:
        if body.strip() in ("", "success"):
            return Answer(deliveries=delivery)
        try:
            root = fromstring(body)
            if self._cipher is not None and (sealed := root.findtext("Encrypt")):
                root = fromstring(self._cipher.open(sealed).decode())
            return Answer(root.findtext("Content") or "", delivery)
        except Exception:  # whatever the account answered, it is not what the platform shows
            return Answer("", delivery, is_broken=True)


def message_xml(openid: str, kind: str, fields: Mapping[str, object]) -> str:
    """A message of a follower, with an id of its own."""
    return _xml(openid, kind, {**fields, "MsgId": next(_message_ids)})


def event_xml(openid: str, event: str, fields: Mapping[str, object]) -> str:
    """An event, which has none."""
    return _xml(openid, "event", {"Event": event, **fields})


def _xml(openid: str, kind: str, fields: Mapping[str, object]) -> str:
    everything = {
        "ToUserName": ACCOUNT,
        "FromUserName": openid,
        "CreateTime": int(time.time()),
        "MsgType": kind,
        **fields,
    }
    return "<xml>" + "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in everything.items()) + "</xml>"
