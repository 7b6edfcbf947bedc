"""The platform's interface for accounts: what `connectors.wechat.platform.api` calls in real life, with its error
numbers."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from demo.wechat.phones import Phone, Phones
from demo.wechat.rules import Faults, MediaStore, Token

_MAX_TEXT_BYTES = 2048
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class AccountApi:
    """Handlers of /cgi-bin/…, on the state of the stand-in."""

    def __init__(self, appid: str, secret: str, phones: Phones, media: MediaStore, token: Token) -> None:
        self._appid, self._secret = appid, secret
        self._phones, self._media, self._token = phones, media, token
        self.faults = Faults()
        self.menu: dict[str, Any] = {}
        self.calls: list[tuple[str, int]] = []
        """Path and error number of each call: what tests count."""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/cgi-bin/stable_token", self._guarded(self.stable_token)),
            web.post("/cgi-bin/message/custom/send", self._guarded(self._with_token(self.custom_send))),
            web.post("/cgi-bin/message/subscribe/bizsend", self._guarded(self._with_token(self.bizsend))),
            web.post("/cgi-bin/menu/create", self._guarded(self._with_token(self.create_menu))),
            web.get("/cgi-bin/media/get", self._guarded(self._with_token(self.get_media))),
        ]

    async def stable_token(self, request: web.Request) -> web.StreamResponse:
        asked = await _json(request)
        if asked.get("appid") != self._appid:
            return self._error(request, 40013)
        if asked.get("secret") != self._secret:
            return self._error(request, 40125)
        token, seconds = self._token.fetch(time.time(), force=asked.get("force_refresh") is True)
        self.calls.append((request.path, 0))
        return web.json_response({"access_token": token, "expires_in": seconds})

    async def custom_send(self, request: web.Request) -> web.StreamResponse:
        asked = await _json(request)
        text = str(asked.get("text", {}).get("content", ""))
        phone = self._phones.known(str(asked.get("touser", "")))
        if phone is None:
            return self._error(request, 40003)
        if asked.get("msgtype") != "text" or not text:
            return self._error(request, 40008)
        if len(text.encode()) > _MAX_TEXT_BYTES:
            return self._error(request, 45002)
        now = time.time()
        if errcode := phone.window.send(now):
            return self._error(request, errcode)
        phone.show("account", "text", text, now)
        return self._error(request, 0)

    async def bizsend(self, request: web.Request) -> web.StreamResponse:
        asked = await _json(request)
        phone = self._phones.known(str(asked.get("touser", "")))
        if phone is None:
            return self._error(request, 40003)
        if not asked.get("template_id"):
            return self._error(request, 40037)
        if errcode := phone.window.notify():
            return self._error(request, errcode)
        _show_notice(phone, asked.get("data", {}), str(asked.get("page", "")))
        return self._error(request, 0)

    async def create_menu(self, request: web.Request) -> web.StreamResponse:
        menu = await _json(request)
        buttons = menu.get("button", [])
        if not 1 <= len(buttons) <= 3:
            return self._error(request, 40016)
        if any(len(button.get("sub_button", [])) > 5 for button in buttons):
            return self._error(request, 40023)
        if any(len(button.get("name", "").encode()) > 16 for button in buttons):
            return self._error(request, 40018)
        self.menu = menu
        return self._error(request, 0)

    async def get_media(self, request: web.Request) -> web.StreamResponse:
        media = self._media.get(request.query.get("media_id", ""), time.time())
        if media is None:
            return self._error(request, 40007)
        self.calls.append((request.path, 0))
        return web.Response(body=media.data, content_type=media.content_type)

    def _with_token(self, handler: Handler) -> Handler:
        async def checked(request: web.Request) -> web.StreamResponse:
            token = request.query.get("access_token", "")
            errcode = self._token.error(token, time.time()) if token else 41001
            return self._error(request, errcode) if errcode else await handler(request)

        return checked

    def _guarded(self, handler: Handler) -> Handler:
        """What a test wants to go wrong goes wrong first."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            fault = self.faults.next(request.path)
            if fault is None:
                return await handler(request)
            await asyncio.sleep(fault.seconds)
            if fault.drop and request.transport is not None:
                request.transport.abort()
            return self._error(request, fault.errcode) if fault.errcode or fault.drop else await handler(request)

        return guarded

    def _error(self, request: web.Request, errcode: int) -> web.Response:
        self.calls.append((request.path, errcode))
        return web.json_response({"errcode": errcode, "errmsg": "ok" if errcode == 0 else "see the error list"})


def _show_notice(phone: Phone, data: dict[str, Any], page: str) -> None:
    """Real ones open their page when they are touched; here it stands below."""
    lines = [str(entry.get("value", "")) for entry in data.values() if isinstance(entry, dict)]
    lines += [page] if page else []
    phone.show("notice", "text", "\n".join(lines), time.time())


async def _json(request: web.Request) -> dict[str, Any]:
    try:
        read = json.loads(await request.read())
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}
