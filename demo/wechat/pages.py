"""The page that looks like a phone, and what it does: each press becomes what WeChat would deliver to the account."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from demo.wechat.amr import to_amr
from demo.wechat.api import AccountApi
from demo.wechat.delivery import BROKEN, Answer, Courier, event_xml, message_xml
from demo.wechat.phones import Phone, Phones
from demo.wechat.rules import MediaStore

_STATIC = Path(__file__).resolve().parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".html": "text/html"}
_OPENID = re.compile(r"o[A-Za-z0-9_-]{10,40}")
_POLL_SECONDS = 20.0
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8")
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class PhonePages:
    """Handlers of the page. Deliveries go on after their request has been answered: `aclose` ends them."""

    def __init__(self, phones: Phones, media: MediaStore, courier: Courier, api: AccountApi) -> None:
        self._phones, self._media, self._courier, self._api = phones, media, courier, api
        self._deliveries: set[asyncio.Task[None]] = set()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.page),
            web.get("/static/{name}", self.asset),
            web.get("/menu", self.menu),
            web.get("/phone/{openid}/known", self.known),
            web.get("/phone/{openid}/messages", self.messages),
            web.get("/phone/{openid}/media/{media_id}", self.media),
            web.post("/phone/{openid}/text", self.text),
            web.post("/phone/{openid}/voice", self.voice),
            web.post("/phone/{openid}/image", self.image),
            web.post("/phone/{openid}/location", self.location),
            web.post("/phone/{openid}/click", self.click),
            web.post("/phone/{openid}/event", self.event),
            web.post("/phone/{openid}/consent", self.consent),
        ]

    async def aclose(self) -> None:
        for delivery in tuple(self._deliveries):
            delivery.cancel()
        await asyncio.gather(*self._deliveries, return_exceptions=True)

    async def page(self, _request: web.Request) -> web.StreamResponse:
        return web.FileResponse(
            _STATIC / "phone.html", headers={**_HEADERS, "Content-Type": "text/html; charset=utf-8"}
        )

    async def asset(self, request: web.Request) -> web.StreamResponse:
        path = _STATIC / Path(request.match_info["name"]).name
        if path.suffix not in _TYPES or not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path, headers={**_HEADERS, "Content-Type": f"{_TYPES[path.suffix]}; charset=utf-8"})

    async def menu(self, _request: web.Request) -> web.Response:
        return web.json_response(self._api.menu)

    async def known(self, request: web.Request) -> web.Response:
        """Whether this phone has been seen: a new one follows the account first."""
        _, phone = self._phone(request)
        return web.json_response({"known": phone.last > 0})

    async def messages(self, request: web.Request) -> web.Response:
        """What the phone shows after number `after`; waits up to 20 s for something new."""
        _, phone = self._phone(request)
        after = int(request.query.get("after", "0"))
        changed = phone.changed
        if not phone.after(after):
            try:
                await asyncio.wait_for(changed.wait(), _POLL_SECONDS)
            except TimeoutError:
                return web.json_response([])
        return web.json_response(phone.after(after))

    async def media(self, request: web.Request) -> web.Response:
        media = self._media.get(request.match_info["media_id"], time.time())
        if media is None:
            raise web.HTTPNotFound
        return web.Response(body=media.data, content_type=media.content_type, headers=_HEADERS)

    async def text(self, request: web.Request) -> web.Response:
        openid, phone = self._phone(request)
        text = str((await _fields(request)).get("text", ""))
        phone.show("me", "text", text, time.time())
        return self._message(openid, phone, "text", {"Content": text})

    async def voice(self, request: web.Request) -> web.Response:
        openid, phone = self._phone(request)
        try:
            recording = await asyncio.to_thread(to_amr, await request.read())
        except ValueError:
            return web.json_response({"error": "这个文件里没有声音"}, status=400)
        now = time.time()
        media_id = self._media.add("audio/amr", recording, now)
        seconds = max(1, round((len(recording) - 6) / 32 / 50))
        phone.show("me", "voice", f"{seconds}″", now)
        return self._message(openid, phone, "voice", {"MediaId": media_id, "Format": "amr"})

    async def image(self, request: web.Request) -> web.Response:
        openid, phone = self._phone(request)
        picture = await request.read()
        if not picture.startswith(_PICTURES):
            return web.json_response({"error": "这不是图片"}, status=400)
        now = time.time()
        media_id = self._media.add("image/png" if picture[1:4] == b"PNG" else "image/jpeg", picture, now)
        phone.show("me", "image", "图片", now, media_id)
        return self._message(openid, phone, "image", {"MediaId": media_id, "PicUrl": ""})

    async def location(self, request: web.Request) -> web.Response:
        openid, phone = self._phone(request)
        fields = await _fields(request)
        latitude, longitude = float(fields.get("latitude", 0)), float(fields.get("longitude", 0))
        label = str(fields.get("label", "我的位置"))
        phone.show("me", "location", label, time.time())
        place = {"Location_X": latitude, "Location_Y": longitude, "Scale": 16, "Label": label}
        return self._message(openid, phone, "location", place)

    async def click(self, request: web.Request) -> web.Response:
        openid, phone = self._phone(request)
        phone.window.acted(time.time())
        key = str((await _fields(request)).get("key", ""))
        return self._begin(phone, event_xml(openid, "CLICK", {"EventKey": key}))

    async def event(self, request: web.Request) -> web.Response:
        """Following, leaving, a scanned code."""
        openid, phone = self._phone(request)
        fields = await _fields(request)
        event = str(fields.get("event", "subscribe"))
        phone.window.subscribed = event != "unsubscribe"
        if phone.window.subscribed:
            phone.window.acted(time.time())
        says = {"subscribe": "您关注了公众号", "unsubscribe": "您取消了关注"}.get(event, "您扫描了二维码")
        phone.show("system", "text", says, time.time())
        return self._begin(phone, event_xml(openid, event, {"EventKey": str(fields.get("key", ""))}))

    async def consent(self, request: web.Request) -> web.Response:
        """The window "允许发送以下消息": once agreed, one message."""
        openid, phone = self._phone(request)
        agreed = (await _fields(request)).get("agree") is True
        phone.window.consents = phone.window.consents + 1 if agreed else 0
        phone.show("system", "text", "您同意接收一次进度通知" if agreed else "您不接收进度通知", time.time())
        xml = event_xml(openid, "subscribe_msg_popup_event", {})
        status = "accept" if agreed else "reject"
        entry = f"<TemplateId>demo-progress</TemplateId><SubscribeStatusString>{status}</SubscribeStatusString>"
        popup = f"<SubscribeMsgPopupEvent><List>{entry}<PopupScene>1</PopupScene></List></SubscribeMsgPopupEvent>"
        return self._begin(phone, xml.replace("</xml>", f"{popup}</xml>"))

    def _message(self, openid: str, phone: Phone, kind: str, fields: dict[str, Any]) -> web.Response:
        if not phone.window.subscribed:
            phone.show("system", "text", "您还没有关注这个公众号", time.time())
            return web.json_response({})
        phone.window.wrote(time.time())
        return self._begin(phone, message_xml(openid, kind, fields))

    def _begin(self, phone: Phone, xml: str) -> web.Response:
        self._own(self._deliver(phone, xml))
        return web.json_response({})

    async def _deliver(self, phone: Phone, xml: str) -> None:
        answer: Answer = await self._courier.deliver(xml)
        if answer.text:
            phone.show("account", "text", answer.text, time.time())
        elif answer.is_broken:
            phone.show("system", "text", BROKEN, time.time())

    def _own(self, work: Coroutine[Any, Any, None]) -> None:
        delivery = asyncio.create_task(work)
        self._deliveries.add(delivery)
        delivery.add_done_callback(self._deliveries.discard)

    def _phone(self, request: web.Request) -> tuple[str, Phone]:
        openid = request.match_info["openid"]
        if not _OPENID.fullmatch(openid):
            raise web.HTTPBadRequest
        return openid, self._phones.get(openid)


@web.middleware
async def same_origin_only(request: web.Request, handler: Any) -> web.StreamResponse:
    """Other pages in the same browser press no buttons here."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise web.HTTPForbidden
    response: web.StreamResponse = await handler(request)
    return response


async def _fields(request: web.Request) -> dict[str, Any]:
    fields = await request.json()
    return fields if isinstance(fields, dict) else {}
