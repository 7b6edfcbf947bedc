"""What every answer bears."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from connectors.shared.addresses import PROXIES, PUBLIC_IS_TLS, Proxies
from connectors.shared.headers import on_every_answer


@pytest.mark.parametrize(
    ("public_is_tls", "proxies", "headers", "stays"),
    [
        (False, "127.0.0.1", {}, False),
        (False, "127.0.0.1", {"X-Forwarded-Proto": "https"}, True),
        (False, "10.0.0.1", {"X-Forwarded-Proto": "https"}, False),
        (True, "127.0.0.1", {"X-Forwarded-Proto": "http"}, False),
        # docs/deploy.md once asked the proxy for Host only
        (True, "127.0.0.1", {"X-Forwarded-For": "198.51.100.7"}, True),
        (True, "127.0.0.1", {}, False),
    ],
)
async def test_who_came_by_https_stays_there(
    public_is_tls: bool, proxies: str, headers: dict[str, str], stays: bool
) -> None:
    app = web.Application()
    app[PROXIES], app[PUBLIC_IS_TLS] = Proxies(proxies), public_is_tls
    app.on_response_prepare.append(on_every_answer)
    async with TestClient(TestServer(app)) as client:
        answer = await client.get("/nothing", headers=headers)
    assert answer.status == 404
    assert ("Strict-Transport-Security" in answer.headers) is stays
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "aiohttp" not in answer.headers["Server"].lower()
