"""`python -m demo.wechat`: the stand-in as a program of its own, on loopback."""

from __future__ import annotations

import asyncio
import signal
from typing import Annotated

import typer
from aiohttp import web

from connectors.wechat.platform.crypto import MessageCipher
from demo.wechat.api import AccountApi
from demo.wechat.delivery import WAIT_SECONDS, Courier
from demo.wechat.pages import PhonePages, same_origin_only
from demo.wechat.phones import Phones
from demo.wechat.rules import Fault, MediaStore, Token

_MAX_BODY_BYTES = 12_000_000


def main(
    callback: Annotated[str, typer.Option(help="the account's address")] = "http://127.0.0.1:8080/wechat",
    appid: Annotated[str, typer.Option(envvar="STANDIN_APPID")] = "",
    secret: Annotated[str, typer.Option(envvar="STANDIN_SECRET")] = "",
    token: Annotated[str, typer.Option(envvar="STANDIN_TOKEN")] = "",
    aes_key: Annotated[str, typer.Option(envvar="STANDIN_AES_KEY", help="empty: plain mode")] = "",
    port: int = 8081,
    token_seconds: Annotated[int, typer.Option(help="how long an access token is good")] = 7200,
    wait_seconds: Annotated[float, typer.Option(help="how long a delivery waits for its answer")] = WAIT_SECONDS,
) -> None:
    """Stand in for the WeChat platform until SIGTERM."""
    phones, media = Phones(), MediaStore()
    api = AccountApi(appid, secret, phones, media, Token(token_seconds))
    cipher = MessageCipher(aes_key, appid) if aes_key else None

    async def serve() -> None:
        courier = Courier(callback, token, cipher, wait_seconds)
        pages = PhonePages(phones, media, courier, api)
        try:
            await _serve([*api.routes(), *pages.routes(), *_test_routes(api)], port)
        finally:
            await pages.aclose()
            await courier.aclose()

    asyncio.run(serve())


async def _serve(routes: list[web.RouteDef], port: int) -> None:
    stop = asyncio.Event()
    for which in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(which, stop.set)
    app = web.Application(client_max_size=_MAX_BODY_BYTES, middlewares=[same_origin_only])
    app.add_routes(routes)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        await stop.wait()
    finally:
        await runner.cleanup()


def _test_routes(api: AccountApi) -> list[web.RouteDef]:
    """What tests ask for: things that go wrong, and what was called."""

    async def add_fault(request: web.Request) -> web.Response:
        asked = await request.json()
        times = int(asked.pop("times", 1))
        api.faults.add(Fault(**asked), times)
        return web.json_response({})

    async def calls(_request: web.Request) -> web.Response:
        return web.json_response(api.calls)

    return [web.post("/standin/faults", add_fault), web.get("/standin/calls", calls)]


if __name__ == "__main__":
    typer.run(main)
