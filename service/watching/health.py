"""GET /healthz: ok only when a message can be answered. GET /metrics: Prometheus text."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

Check = Callable[[], Awaitable[bool]]


def setup(app: web.Application, checks: Mapping[str, Check]) -> None:
    """Mount both. `checks` by name, each quick and never raising; all must be true for "ok"."""

    async def healthz(_request: web.Request) -> web.Response:
        found = {name: await check() for name, check in checks.items()}
        healthy = all(found.values())
        body = {"status": "ok" if healthy else "not ready", "checks": found}
        return web.json_response(body, status=200 if healthy else 503)

    async def metrics(_request: web.Request) -> web.Response:
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app.add_routes([web.get("/healthz", healthz), web.get("/metrics", metrics)])
